with

respondents as (
    select
        edition_key,
        count(*) as respondent_count,
    from {{ ref('dim_respondents') }}
    group by all
),

questions as (
    select
        edition_key,
        count(*) as question_count,
    from {{ ref('bridge_question_editions') }}
    group by all
),

responses as (
    select
        edition_key,
        count(*) as response_count,
    from {{ ref('fct_question_responses') }}
    group by all
)

select *
from respondents
full join questions using (edition_key)
full join responses using (edition_key)
where respondent_count * question_count is distinct from response_count
