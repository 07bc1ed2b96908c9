{# Where there is no frame, who answers speaks for themselves alone: a unit of one. #}
with

respondents as (
    select * from {{ ref('stg_raw__respondents') }}
),

municipality_names as (
    select * from {{ source('codebook', 'municipality_names') }}
),

municipality_editions as (
    select * from {{ ref('int_municipality_editions') }}
),

frames as (
    select count(*) > 0 as has_frame
    from municipality_editions
),

located as (
    select
        respondents.edition_key,
        respondents.respondent_key,
        if(
            frames.has_frame, municipality_editions.municipality_key, respondents.respondent_key
        ) as municipality_key,
        coalesce(named.method, coded.method) as location_method,
        coded.nis_code <> named.nis_code as has_other_postal_code,
    from respondents
    cross join frames
    left join municipality_names as named
        on
            respondents.edition_key = named.edition_key
            and respondents.municipality_match_text = named.match_text
            and named.role = 'municipality'
    left join municipality_names as coded
        on
            respondents.edition_key = coded.edition_key
            and respondents.postal_code_match_text = coded.match_text
            and coded.role = 'postal_code'
    left join municipality_editions
        on
            respondents.edition_key = municipality_editions.edition_key
            and coalesce(named.nis_code, coded.nis_code) = municipality_editions.nis_code
)

select * from located
