with

question_responses as (
    select * from {{ ref('fct_question_responses') }}
),

respondents as (
    select * from {{ ref('dim_respondents') }}
),

audited as (
    select
        question_responses.edition_key,
        question_responses.question_key,
        count(*)::integer as respondent_count,
        (count(*) filter (state in ('answered', 'skipped')))::integer as asked_count,
        count(distinct if(state in ('answered', 'skipped'), municipality_key, null))::integer
            as asked_municipality_count,
        (count(*) filter (state = 'answered'))::integer as answered_count,
        (count(*) filter (state = 'skipped'))::integer as skipped_count,
        (count(*) filter (state = 'not_shown'))::integer as not_shown_count,
        (count(*) filter (state = 'not_reached'))::integer as not_reached_count,
        (count(*) filter (state = 'off_route'))::integer as off_route_count,
    from question_responses
    inner join respondents using (respondent_key)
    group by all
)

select * from audited
