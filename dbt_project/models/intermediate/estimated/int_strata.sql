with

municipality_editions as (
    select * from {{ ref('int_municipality_editions') }}
),

size_categories as (
    select * from {{ source('codebook', 'size_categories') }}
),

participating as (
    select distinct
        edition_key,
        municipality_key,
    from {{ ref('int_respondents_located') }}
),

counted as (
    select
        municipality_editions.edition_key,
        coalesce(size_categories.position, 0) as size_position,
        municipality_editions.province,
        count(*)::integer as frame_count,
        count(participating.municipality_key)::integer as participating_count,
    from municipality_editions
    left join size_categories using (size_category)
    left join participating using (edition_key, municipality_key)
    group by all
)

select * from counted
