{#
    Kleene's three values as numbers: 0 false, 1 unknown, 2 true; "and" is the least, "or" the
    greatest. An unanswered literal is unknown where the respondent stopped before its question
    and false where they went on. A condition of another edition is left out where this one did
    not ask all that it hangs on.
#}
with

literals_met as (
    select * from {{ ref('int_literals_met') }}
),

respondents_stopped as (
    select * from {{ ref('int_respondents_stopped') }}
),

literals_evaluated as (
    select
        literals_met.edition_key,
        literals_met.respondent_key,
        literals_met.condition_key,
        literals_met.clause_number,
        literals_met.is_asked,
        case
            when literals_met.is_met then 2
            when literals_met.is_answered then 0
            when literals_met.position > respondents_stopped.stop_position then 1
            else 0
        end as truth,
    from literals_met
    inner join respondents_stopped using (edition_key, respondent_key)
),

clauses_evaluated as (
    select
        edition_key,
        respondent_key,
        condition_key,
        clause_number,
        bool_and(is_asked) as is_asked,
        min(truth) as truth,
    from literals_evaluated
    group by all
),

conditions_evaluated as (
    select
        edition_key,
        respondent_key,
        condition_key,
        max(truth) as truth,
    from clauses_evaluated
    group by all
    having bool_and(is_asked)
)

select * from conditions_evaluated
