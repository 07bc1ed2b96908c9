with

rates as (
    select * from {{ ref('mart_response_rates') }}
),

rules as (
    select * from {{ source('codebook', 'release_rules') }}
    where rule = 'min_municipality_count'
),

totals as (
    select
        edition_key,
        response_rate as total_rate,
    from rates
    where breakdown = 'total'
),

{# Who took part is known; how many of a level did says nothing of an answer. #}
released as (
    select
        rates.edition_key,
        rates.breakdown,
        rates.level,
        rates.frame_count,
        rates.participating_count,
        rates.response_rate,
        {{ percentage_half_up('rates.participating_count', 'rates.frame_count', 0) }}::integer
            as percentage,
        round(100 * (rates.response_rate - totals.total_rate))::integer as difference,
        case
            when difference >= {{ var('notable_difference') }} then 'over'
            when difference <= -{{ var('notable_difference') }} then 'under'
            else 'even'
        end as representation,
        rates.r_indicator,
        rates.is_synthetic,
    from rates
    inner join totals using (edition_key)
    inner join rules
        on rates.frame_count >= rules.value or rates.breakdown = 'total'
)

select * from released
