with

municipalities as (
    select * from {{ source('codebook', 'municipalities') }}
),

successions as (
    select * from {{ source('codebook', 'municipality_successions') }}
),

municipality_editions as (
    select * from {{ ref('int_municipality_editions') }}
),

followed as (
    select
        successions.edition_key as frame_edition_key,
        {{ municipality_key('municipalities.nis_code', 'municipalities.valid_from') }}
            as municipality_key,
        municipality_editions.municipality_key as frame_municipality_key,
    from municipalities
    inner join successions using (nis_code, valid_from)
    inner join municipality_editions
        on
            successions.edition_key = municipality_editions.edition_key
            and successions.frame_nis_code = municipality_editions.nis_code
)

select * from followed
