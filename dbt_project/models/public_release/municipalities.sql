{# Who took part is known: that a municipality answered says nothing of an answer. #}
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

described as (
    select
        municipality_editions.edition_key,
        municipality_editions.municipality_key,
        municipalities.nis_code,
        municipalities.name,
        municipalities.province,
        municipalities.arrondissement,
        municipalities.tile_column,
        municipalities.tile_row,
        municipality_editions.size_category_label,
        municipality_editions.population,
        municipality_editions.respondent_count,
        municipality_editions.is_participating,
        editions.is_synthetic,
    from municipality_editions
    inner join municipalities using (municipality_key)
    inner join editions using (edition_key)
)

select * from described
