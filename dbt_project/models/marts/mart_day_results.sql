{# Of respondents: a day has no rule by which colleagues give one answer. #}
with

day_answers as (
    select * from {{ ref('fct_day_answers') }}
),

editions as (
    select * from {{ ref('dim_editions') }}
),

summed as (
    select
        day_answers.edition_key,
        day_answers.question_key,
        count(*)::integer as base_count,
        min(day_answers.answered_day) as earliest_day,
        quantile_disc(day_answers.answered_day, 0.5) as median_day,
        max(day_answers.answered_day) as latest_day,
        count(*) < {{ var('indicative_base_count') }} as is_indicative,
        any_value(editions.is_synthetic) as is_synthetic,
    from day_answers
    inner join editions using (edition_key)
    group by all
)

select * from summed
