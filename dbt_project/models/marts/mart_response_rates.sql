with

municipality_editions as (
    select * from {{ ref('fct_municipality_editions') }}
),

municipalities as (
    select * from {{ ref('dim_municipalities') }}
),

editions as (
    select * from {{ ref('dim_editions') }}
),

levels as (
    select
        municipality_editions.edition_key,
        editions.is_synthetic,
        municipality_editions.is_participating,
        unnest([
            { 'breakdown': 'total', 'level': 'total' },
            { 'breakdown': 'province', 'level': municipalities.province },
            {
                'breakdown': 'size_category',
                'level': municipality_editions.size_category_label
            }
        ]) as placed,
    from municipality_editions
    inner join municipalities using (municipality_key)
    inner join editions using (edition_key)
),

rates as (
    select
        edition_key,
        placed.breakdown,
        placed.level,
        count(*)::integer as frame_count,
        (count(*) filter (is_participating))::integer as participating_count,
        count(*) filter (is_participating) / count(*) as response_rate,
        is_synthetic,
    from levels
    group by all
),

compared as (
    select
        *,
        sum(participating_count) over whole / sum(frame_count) over whole as overall_rate,
    from rates
    where breakdown <> 'total'
    window whole as (partition by edition_key, breakdown)
),

{#
    The representativity indicator R = 1 - 2 S, where S is the standard deviation of the response
    rates of the levels over the frame (Schouten, Cobben and Bethlehem 2009, Survey Methodology 35,
    101-113): 1 where all levels responded alike.
#}
spread as (
    select
        edition_key,
        breakdown,
        if(
            count(*) < 2, null,
            1 - 2 * sqrt(
                sum(frame_count * power(response_rate - overall_rate, 2))
                / nullif(sum(frame_count) - 1, 0)
            )
        ) as r_indicator,
    from compared
    group by all
)

select
    rates.*,
    spread.r_indicator,
from rates
left join spread using (edition_key, breakdown)
