with recursive
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

parts as (
    select
        nis_code as part_nis_code,
        successor_nis_code as nis_code,
    from municipalities
    where successor_nis_code is not null
    union
    select
        parts.part_nis_code,
        municipalities.successor_nis_code as nis_code,
    from parts
    inner join municipalities using (nis_code)
    where municipalities.successor_nis_code is not null
),

{# A merger stands where the first of its parts stood, however many mergers ago. #}
merged as (
    select
        parts.nis_code,
        min_by(tiles.tile_column, part_nis_code) as tile_column,
        min_by(tiles.tile_row, part_nis_code) as tile_row,
    from parts
    inner join tiles on parts.part_nis_code = tiles.nis_code
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
