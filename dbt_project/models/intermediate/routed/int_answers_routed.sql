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

routed as (
    select
        answers.edition_key,
        answers.respondent_key,
        answers.question_key,
        answers.option_code,
        answers.number,
        {{ has_bit(
            'respondent_choices.met_conditions',
            'coalesce(options_asked.condition_key, questions_asked.condition_key)'
        ) }} as is_on_route,
    from answers
    inner join respondent_choices using (edition_key, respondent_key)
    inner join questions_asked using (edition_key, question_key)
    left join options_asked using (edition_key, question_key, option_code)
)

select * from routed
