with

question_states as (
    select * from {{ ref('int_question_states') }}
),

selected as (
    select
        respondent_key,
        edition_key,
        question_key,
        state,
    from question_states
)

select * from selected
