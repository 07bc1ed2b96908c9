{# In a panel, municipalities that merged are the one that they became. #}
with

counts as (
    select distinct
        edition_key,
        municipality_key,
        question_key,
        other_condition_key,
    from {{ ref('int_municipality_counts') }}
),

question_populations as (
    select * from {{ ref('int_question_populations') }}
),

municipality_frames as (
    select * from {{ ref('int_municipality_frames') }}
),

answered as (
    select
        question_populations.*,
        counts.municipality_key as answering_municipality_key,
    from question_populations
    inner join counts
        on
            question_populations.edition_key = counts.edition_key
            and question_populations.question_key = counts.question_key
            and question_populations.other_condition_key
            is not distinct from counts.other_condition_key
),

panel as (
    select
        answered.*,
        municipality_frames.frame_municipality_key as municipality_key,
    from answered
    inner join municipality_frames
        on
            answered.answering_municipality_key = municipality_frames.municipality_key
            and answered.to_edition_key = municipality_frames.frame_edition_key
    where answered.population = 'panel'
    window
        both_editions as (
            partition by
                answered.from_edition_key, answered.to_edition_key,
                answered.compared_question_key,
                municipality_frames.frame_municipality_key
        )
    qualify count(distinct answered.edition_key) over both_editions = 2
),

populations as (
    select
        *,
        answering_municipality_key as municipality_key,
    from answered
    where population <> 'panel'
    union all by name
    select * from panel
)

select * from populations
