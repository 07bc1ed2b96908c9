{#
    A literal asks that a question was answered with (or without) one option. It is unanswered
    where no answer stands there at all; what that means depends on where the respondent stopped,
    which in turn depends on which answers were on route.
#}
with

respondents as (
    select * from {{ ref('stg_raw__respondents') }}
),

literals as (
    select * from {{ source('codebook', 'routing_literals') }}
),

answers as (
    select * from {{ ref('stg_raw__answers') }}
),

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
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
        literals.edition_key,
        respondents.respondent_key,
        literals.condition_key,
        literals.clause_number,
        literals.question_key,
        literals.option_code,
        literals.is_negated,
        questions_asked.position,
        choices.question_key is not null as is_answered,
        coalesce(
            list_contains(choices.option_codes, literals.option_code) <> literals.is_negated,
            false
        ) as is_met,
    from literals
    inner join respondents using (edition_key)
    inner join questions_asked using (edition_key, question_key)
    left join choices using (edition_key, respondent_key, question_key)
)

select * from literals_met
