with

answers as (
    select * from {{ ref('stg_raw__answers') }}
),

respondent_choices as (
    select * from {{ ref('int_respondent_choices') }}
),

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
),

options_asked as (
    select * from {{ ref('int_options_asked') }}
),

bands as (
    select * from options_asked
    where at_least is not null
),

routed as (
    select
        answers.edition_key,
        answers.respondent_key,
        answers.question_key,
        coalesce(answers.option_code, bands.option_code) as option_code,
        answers.number,
        {{ has_bit(
            'respondent_choices.met_conditions',
            'coalesce(options_asked.condition_key, questions_asked.condition_key)'
        ) }} as is_on_route,
    from answers
    inner join respondent_choices using (edition_key, respondent_key)
    inner join questions_asked using (edition_key, question_key)
    left join options_asked using (edition_key, question_key, option_code)
    left join bands
        on
            answers.edition_key = bands.edition_key
            and answers.question_key = bands.question_key
            and answers.number >= bands.at_least
            and answers.number < bands.below
)

select * from routed
