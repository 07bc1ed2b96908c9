with

coded_results as (
    select * from {{ ref('mart_coded_results') }}
),

release_rules as (
    select value as min_count from {{ source('codebook', 'release_rules') }}
    where rule = 'min_municipality_count'
),

coded_answers as (
    select * from {{ ref('fct_coded_answers') }}
),

respondents as (
    select * from {{ ref('dim_respondents') }}
),

{# Several colleagues of one municipality are one; without a frame each is for themselves. #}
units as (
    select
        coded_answers.edition_key,
        coded_answers.code_key,
        count(distinct coalesce(respondents.municipality_key, respondents.respondent_key))
            as unit_count,
    from coded_answers
    inner join respondents using (respondent_key)
    group by all
),

released as (
    select coded_results.*
    from coded_results
    inner join units using (edition_key, code_key)
    cross join release_rules
    where units.unit_count >= release_rules.min_count
)

select * from released
