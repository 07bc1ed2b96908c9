{#
    A literal asks that a question was answered with (or without) one option. It is unanswered
    where no answer stands there at all; what that means depends on where the respondent stopped,
    which in turn depends on which answers were on route. The conditions of other editions are
    asked of a respondent as well, so that two universes can be intersected.
#}
with

respondents as (
    select * from {{ ref('stg_raw__respondents') }}
),

literals as (
    select * exclude (edition_key) from {{ source('codebook', 'routing_literals') }}
),

answers as (
    select * from {{ ref('stg_raw__answers') }}
),

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
),

options_asked as (
    select * from {{ ref('int_options_asked') }}
),

choices as (
    select
        edition_key,
        respondent_key,
        question_key,
        list(option_code) as option_codes,
    from answers
    group by all
),

literals_met as (
    select
        respondents.edition_key,
        respondents.respondent_key,
        literals.condition_key,
        literals.clause_number,
        literals.question_key,
        literals.option_code,
        literals.is_negated,
        questions_asked.position,
        options_asked.option_key is not null as is_asked,
        choices.question_key is not null as is_answered,
        coalesce(
            list_contains(choices.option_codes, literals.option_code) <> literals.is_negated,
            false
        ) as is_met,
    from respondents
    cross join literals
    left join questions_asked using (edition_key, question_key)
    left join options_asked using (edition_key, question_key, option_code)
    left join choices using (edition_key, respondent_key, question_key)
)

select * from literals_met
