with

respondents as (
    select * from {{ ref('stg_raw__respondents') }}
),

answers_routed as (
    select * from {{ ref('int_answers_routed') }}
    where is_on_route
),

stopped as (
    select
        respondents.edition_key,
        respondents.respondent_key,
        respondents.is_complete,
        count(distinct answers_routed.question_key) as answered_question_count,
        max(coalesce(answers_routed.position, 0))
        filter (not respondents.is_complete) as stop_position,
    from respondents
    left join answers_routed using (edition_key, respondent_key)
    group by all
)

select * from stopped
