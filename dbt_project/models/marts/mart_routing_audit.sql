with

question_responses as (
    select * from {{ ref('fct_question_responses') }}
),

audited as (
    select
        edition_key,
        question_key,
        count(*)::integer as respondent_count,
        (count(*) filter (state in ('answered', 'skipped')))::integer as asked_count,
        (count(*) filter (state = 'answered'))::integer as answered_count,
        (count(*) filter (state = 'skipped'))::integer as skipped_count,
        (count(*) filter (state = 'not_shown'))::integer as not_shown_count,
        (count(*) filter (state = 'not_reached'))::integer as not_reached_count,
        (count(*) filter (state = 'off_route'))::integer as off_route_count,
    from question_responses
    group by all
)

select * from audited
