{#
    Which change the next edition could see, if as many answer it and none of them twice: both shares
    at 50%, where they vary most (Cohen 1988, Statistical Power Analysis, chapter 6, with the
    variance of sampling without replacement).
#}
with

results as (
    select * from {{ ref('mart_question_results') }}
    where base = 'municipalities'
),

bases as (
    select * from {{ ref('int_question_bases') }}
),

counted as (
    select
        results.edition_key,
        results.question_key,
        max(results.base_count) as base_count,
        any_value(bases.sampled_share) as sampled_share,
        any_value(results.is_synthetic) as is_synthetic,
    from results
    inner join bases using (edition_key, question_key)
    group by all
),

sized as (
    select
        *,
        base_count / sampled_share as reach,
        base_count * (reach - 1) / nullif(reach - base_count, 0) as size,
        0.5 * power({{ var('detection_z') }} / ({{ var('notable_difference') }} / 100.0), 2)
            as needed_size,
    from counted
    where base_count > 0
),

powered as (
    select
        edition_key,
        question_key,
        base_count,
        {{ var('detection_z') }} * sqrt(0.5 / size) as detectable_change,
        ceil(needed_size * reach / (reach - 1 + needed_size))::integer as needed_count,
        is_synthetic,
    from sized
)

select * from powered
