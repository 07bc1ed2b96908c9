with

municipality_editions as (
    select * from {{ ref('int_municipality_editions') }}
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
        count(*)::integer as frame_count,
        count(participating.municipality_key)::integer as participating_count,
        participating_count / frame_count as participating_share,
    from municipality_editions
    left join participating using (edition_key, municipality_key)
    group by all
)

select * from counted
