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
    from municipalities
    left join rehearsed using (successor_nis_code, valid_to)
)

select * from keyed
