with

editions as (
    select * from {{ source('codebook', 'editions') }}
),

municipalities as (
    select * from {{ source('codebook', 'municipalities') }}
),

populations as (
    select * from {{ source('codebook', 'populations') }}
),

size_categories as (
    select * from {{ source('codebook', 'size_categories') }}
),

frame as (
    select
        editions.edition_key,
        {{ municipality_key('municipalities.nis_code', 'municipalities.valid_from') }}
            as municipality_key,
        municipalities.nis_code,
        municipalities.name,
        municipalities.province,
        municipalities.is_centrum_city,
        populations.population,
    from editions
    inner join municipalities
        on
            editions.frame_date >= municipalities.valid_from
            and editions.frame_date < coalesce(municipalities.valid_to, 'infinity')
    inner join populations
        on
            municipalities.nis_code = populations.nis_code
            and year(editions.frame_date) = populations.year
),

sized as (
    select
        frame.*,
        size_categories.size_category,
        size_categories.label as size_category_label,
    from frame
    left join size_categories
        on
            coalesce(frame.is_centrum_city = size_categories.is_centrum_city, true)
            and frame.population >= coalesce(size_categories.min_population, 0)
            and frame.population < coalesce(size_categories.max_population, 2147483647)
    qualify row_number() over (
        partition by frame.edition_key, frame.municipality_key
        order by size_categories.position
    ) = 1
)

select * from sized
