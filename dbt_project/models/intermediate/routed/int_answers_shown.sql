{#
    What fct_answers has. A view, as what is counted of it and the fact itself each need it once:
    making it twice costs less than writing and reading it.
#}
{{ config(materialized='view') }}

with

respondents_routed as (
    select * from {{ ref('int_respondents_routed') }}
),

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
),

options_asked as (
    select * from {{ ref('int_options_asked') }}
),

offered as (
    select
        options_asked.edition_key,
        options_asked.question_key,
        options_asked.option_key,
        options_asked.option_number,
        options_asked.condition_key,
        questions_asked.position,
    from options_asked
    inner join questions_asked using (edition_key, question_key)
),

shown as (
    select
        respondents_routed.respondent_key,
        respondents_routed.edition_key,
        offered.question_key,
        offered.option_key,
        {{ has_bit('respondents_routed.options_on_route', 'offered.option_number') }}
            as is_selected,
    from respondents_routed
    inner join offered using (edition_key)
    where
        {{ has_bit('respondents_routed.questions_on_route', 'offered.position') }}
        and {{ has_bit('respondents_routed.met_conditions', 'offered.condition_key') }}
)

select * from shown
