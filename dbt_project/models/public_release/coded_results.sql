with

coded_results as (
    select * from {{ ref('mart_coded_results') }}
),

release_rules as (
    select value as min_count from {{ source('codebook', 'release_rules') }}
    where rule = 'min_municipality_count'
),

released as (
    select coded_results.*
    from coded_results
    cross join release_rules
    where coded_results.base_count >= release_rules.min_count
)

select * from released
