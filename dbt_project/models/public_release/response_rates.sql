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
    select rates.*
    from rates
    inner join rules
        on rates.frame_count >= rules.value or rates.breakdown = 'total'
)

select * from released
