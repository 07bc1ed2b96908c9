{#
    With `any`, one colleague's answer is the municipality's: the more there are, and the more
    municipalities are pooled in it, the more options it has.
#}
with

respondents as (
    select * from {{ ref('dim_respondents') }}
),

municipality_frames as (
    select * from {{ ref('int_municipality_frames') }}
),

editions as (
    select * from {{ ref('dim_editions') }}
),

counted as (
    select
        edition_key,
        municipality_key,
        count(*)::integer as respondent_count,
    from respondents
    group by all
),

compared as (
    select
        earlier.edition_key as from_edition_key,
        later.edition_key as to_edition_key,
        later.municipality_key,
        count(*)::integer as from_municipality_count,
        sum(earlier.respondent_count)::integer as from_respondent_count,
        any_value(later.respondent_count) as to_respondent_count,
    from counted as earlier
    inner join municipality_frames
        on
            earlier.municipality_key = municipality_frames.municipality_key
            and earlier.edition_key < municipality_frames.frame_edition_key
    inner join counted as later
        on
            municipality_frames.frame_edition_key = later.edition_key
            and municipality_frames.frame_municipality_key = later.municipality_key
    group by all
),

marked as (
    select
        compared.*,
        earlier.is_synthetic or later.is_synthetic as is_synthetic,
    from compared
    inner join editions as earlier on compared.from_edition_key = earlier.edition_key
    inner join editions as later on compared.to_edition_key = later.edition_key
)

select * from marked
