{#
    The mean of a scale is a sum of its options, and may be published where they all are. Numbers
    and indices are for analysts.
#}
with

scales as (
    select * from {{ ref('mart_scale_results') }}
    where base = 'municipalities' and top_two_share is not null
),

results as (
    select * from {{ ref('question_results') }}
    where base = 'municipalities' and breakdown = 'total'
),

withheld as (
    select distinct
        edition_key,
        question_key,
    from results
    where suppression is not null
),

options as (
    select
        question_key,
        min(score) as lowest_score,
        max(score) as highest_score,
    from {{ ref('int_options_asked') }}
    where not is_missing
    group by all
),

released as (
    select
        scales.edition_key,
        scales.base,
        scales.question_key,
        scales.question_label,
        scales.base_count,
        scales.mean,
        scales.mean_low,
        scales.mean_high,
        scales.median,
        scales.top_two_share,
        scales.top_two_low,
        scales.top_two_high,
        options.lowest_score,
        options.highest_score,
        scales.is_indicative,
        scales.is_synthetic,
    from scales
    anti join withheld using (edition_key, question_key)
    inner join options using (question_key)
)

select * from released
