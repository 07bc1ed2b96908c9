with

rates as (
    select * from {{ ref('mart_response_rates') }}
),

rules as (
    select * from {{ source('codebook', 'release_rules') }}
    where rule = 'min_municipality_count'
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
        rates.is_synthetic,
    from rates
    inner join rules
        on rates.frame_count >= rules.value or rates.breakdown = 'total'
)

select * from released
