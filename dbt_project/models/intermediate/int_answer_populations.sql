{#
    Which respondents count for a question, and with which municipality, when one edition is looked
    at by itself (from and to are the same) and when two are compared: on the part of the universe
    that they share (common_base), or as the same municipalities in both, mergers followed (panel).
#}
with

answered as (
    select * from {{ ref('int_question_states') }}
    where state = 'answered'
),

respondents_located as (
    select * from {{ ref('int_respondents_located') }}
),

items_compared as (
    select * from {{ ref('int_items_compared') }}
),

conditions_evaluated as (
    select * from {{ ref('int_conditions_evaluated') }}
),

municipality_frames as (
    select * from {{ ref('int_municipality_frames') }}
),

located as (
    select
        answered.edition_key,
        answered.respondent_key,
        answered.question_key,
        respondents_located.municipality_key,
    from answered
    inner join respondents_located using (respondent_key)
),

sides as (
    select
        located.*,
        items_compared.from_edition_key,
        items_compared.to_edition_key,
        items_compared.has_other_universe,
        if(
            located.edition_key = items_compared.from_edition_key,
            items_compared.to_condition_key, items_compared.from_condition_key
        ) as other_condition_key,
    from located
    inner join items_compared
        on
            located.question_key = items_compared.question_key
            and located.edition_key
            in (items_compared.from_edition_key, items_compared.to_edition_key)
),

own as (
    select
        edition_key as from_edition_key,
        edition_key as to_edition_key,
        'cross_section' as population,
        edition_key,
        respondent_key,
        question_key,
        municipality_key,
    from located
),

{# Those whom the other edition would have asked as well. #}
shared as (
    select sides.* exclude (other_condition_key)
    from sides
    left join conditions_evaluated
        on
            sides.respondent_key = conditions_evaluated.respondent_key
            and sides.other_condition_key = conditions_evaluated.condition_key
    where
        not sides.has_other_universe
        or sides.other_condition_key is null
        or conditions_evaluated.truth = 2
),

common_base as (
    select
        from_edition_key,
        to_edition_key,
        'common_base' as population,
        edition_key,
        respondent_key,
        question_key,
        municipality_key,
    from shared
    where has_other_universe
),

panel as (
    select
        shared.from_edition_key,
        shared.to_edition_key,
        'panel' as population,
        shared.edition_key,
        shared.respondent_key,
        shared.question_key,
        municipality_frames.frame_municipality_key as municipality_key,
    from shared
    inner join municipality_frames
        on
            shared.municipality_key = municipality_frames.municipality_key
            and shared.to_edition_key = municipality_frames.frame_edition_key
    window
        both_editions as (
            partition by
                shared.from_edition_key, shared.to_edition_key, shared.question_key,
                municipality_frames.frame_municipality_key
        )
    qualify min(shared.edition_key) over both_editions < max(shared.edition_key) over both_editions
),

populations as (
    select * from own
    union all by name
    select * from common_base
    union all by name
    select * from panel
)

select * from populations
