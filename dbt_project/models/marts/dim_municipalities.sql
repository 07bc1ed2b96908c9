with

municipalities as (
    select * from {{ source('codebook', 'municipalities') }}
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
    from municipalities
)

select * from keyed
