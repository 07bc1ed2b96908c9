with

municipality_editions as (
    select * from {{ ref('int_municipality_editions') }}
),

published_size_categories as (
    select * from {{ source('codebook', 'published_size_categories') }}
),

respondents as (
    select
        edition_key,
        municipality_key,
        count(*)::integer as respondent_count,
        bool_or(is_in_analysis) as is_in_analysis,
    from {{ ref('dim_respondents') }}
    group by all
),

joined as (
    select
        municipality_editions.edition_key,
        municipality_editions.municipality_key,
        municipality_editions.size_category,
        municipality_editions.size_category_label,
        published_size_categories.size_category as published_size_category,
        municipality_editions.population,
        coalesce(respondents.respondent_count, 0) as respondent_count,
        respondents.municipality_key is not null as is_participating,
        coalesce(respondents.is_in_analysis, false) as is_in_analysis,
        municipality_editions.is_rehearsal,
    from municipality_editions
    left join published_size_categories using (edition_key, nis_code)
    left join respondents using (edition_key, municipality_key)
)

select * from joined
