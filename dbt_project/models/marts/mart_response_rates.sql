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
)

select * from rates
