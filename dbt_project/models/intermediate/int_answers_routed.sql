with

answers as (
    select * from {{ ref('stg_raw__answers') }}
),

literals_met as (
    select * from {{ ref('int_literals_met') }}
),

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
),

options_asked as (
    select * from {{ ref('int_options_asked') }}
),

clauses_met as (
    select
        edition_key,
        respondent_key,
        condition_key,
        clause_number,
        bool_and(is_met) as is_met,
    from literals_met
    group by all
),

conditions_met as (
    select
        edition_key,
        respondent_key,
        condition_key,
        bool_or(is_met) as is_met,
    from clauses_met
    group by all
),

routed as (
    select
        answers.edition_key,
        answers.respondent_key,
        answers.question_key,
        answers.option_code,
        questions_asked.position,
        coalesce(conditions_met.is_met, true) as is_on_route,
    from answers
    inner join questions_asked using (edition_key, question_key)
    left join options_asked using (edition_key, question_key, option_code)
    left join conditions_met
        on
            answers.edition_key = conditions_met.edition_key
            and answers.respondent_key = conditions_met.respondent_key
            and coalesce(options_asked.condition_key, questions_asked.condition_key)
            = conditions_met.condition_key
)

select * from routed
