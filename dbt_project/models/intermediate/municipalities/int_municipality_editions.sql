with

municipalities as (
    select * from {{ source('codebook', 'municipalities') }}
),

municipality_frames as (
    select * from {{ source('codebook', 'municipality_frames') }}
),

size_categories as (
    select * from {{ source('codebook', 'size_categories') }}
),

frame as (
    select
        municipality_frames.edition_key,
        {{ municipality_key('municipalities.nis_code', 'municipalities.valid_from') }}
            as municipality_key,
        municipalities.nis_code,
        municipalities.name,
        municipalities.province,
        municipalities.is_centrum_city,
        municipality_frames.population,
        municipalities.is_rehearsal or coalesce(municipality_frames.has_rehearsed_population, false)
            as is_rehearsal,
    from municipality_frames
    inner join municipalities using (nis_code, valid_from)
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
