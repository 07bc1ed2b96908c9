with

municipalities as (
    select * from {{ source('codebook', 'municipalities') }}
),

{# A merger that is rehearsed ends what it is made of. #}
rehearsed as (
    select distinct
        nis_code as successor_nis_code,
        valid_from as valid_to,
        true as is_ended_by_rehearsal,
    from municipalities
    where is_rehearsal
),

tiles as (
    select * from {{ source('codebook', 'municipality_tiles') }}
),

{# A merger stands where the first of its parts stood. #}
merged as (
    select
        successor_nis_code as nis_code,
        min_by(tiles.tile_column, nis_code) as tile_column,
        min_by(tiles.tile_row, nis_code) as tile_row,
    from municipalities
    inner join tiles using (nis_code)
    group by all
),

keyed as (
    select
        {{ municipality_key('nis_code', 'valid_from') }} as municipality_key,
        nis_code,
        name,
        province,
        arrondissement,
        successor_nis_code,
        part_of_nis_code,
        is_centrum_city,
        valid_from,
        valid_to,
        is_rehearsal,
        coalesce(is_ended_by_rehearsal, false) as is_ended_by_rehearsal,
        coalesce(tiles.tile_column, merged.tile_column) as tile_column,
        coalesce(tiles.tile_row, merged.tile_row) as tile_row,
    from municipalities
    left join tiles using (nis_code)
    left join merged using (nis_code)
    left join rehearsed using (successor_nis_code, valid_to)
)

select * from keyed
