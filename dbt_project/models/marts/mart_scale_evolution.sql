{#
    Scales of two editions that may be compared: the same scores under the same labels, asked of
    the same people.
#}
with

scales_compared as (
    select * from {{ ref('int_scales_compared') }}
),

comparisons as (
    select * from {{ ref('mart_question_comparisons') }}
    where
        comparability <> 'not_comparable'
        and not has_other_universe
        and not has_other_option_universes
),

results as (
    select * from {{ ref('mart_scale_results') }}
),

options_asked as (
    select * from {{ ref('int_options_asked') }}
),

scales as (
    select
        edition_key,
        question_key,
        list(option_code || score order by option_code) as scores,
    from options_asked
    where score is not null
    group by all
),

compared as (
    select
        scales_compared.from_edition_key,
        scales_compared.to_edition_key,
        scales_compared.base,
        scales_compared.question_key,
        earlier.base_count as from_base_count,
        later.base_count as to_base_count,
        earlier.mean as from_mean,
        later.mean as to_mean,
        scales_compared.mean_change,
        scales_compared.mean_change_low,
        scales_compared.mean_change_high,
        scales_compared.superiority,
        scales_compared.superiority_low,
        scales_compared.superiority_high,
        comparisons.comparability,
        comparisons.reason,
        case
            when scales_compared.superiority_low is null then 'too_few'
            when scales_compared.superiority_low > 0.5 then 'increase'
            when scales_compared.superiority_high < 0.5 then 'decrease'
            else 'not_distinguishable'
        end as verdict,
        earlier.is_synthetic or later.is_synthetic as is_synthetic,
    from scales_compared
    inner join comparisons using (from_edition_key, to_edition_key, question_key)
    inner join results as earlier
        on
            scales_compared.from_edition_key = earlier.edition_key
            and scales_compared.base = earlier.base
            and scales_compared.question_key = earlier.question_key
    inner join results as later
        on
            scales_compared.to_edition_key = later.edition_key
            and scales_compared.base = later.base
            and scales_compared.question_key = later.question_key
    left join scales as earlier_scale
        on
            scales_compared.from_edition_key = earlier_scale.edition_key
            and scales_compared.question_key = earlier_scale.question_key
    left join scales as later_scale
        on
            scales_compared.to_edition_key = later_scale.edition_key
            and scales_compared.question_key = later_scale.question_key
    where earlier_scale.scores is not distinct from later_scale.scores
)

select * from compared
