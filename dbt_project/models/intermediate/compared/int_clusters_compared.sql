{#
    Units are respondents or municipalities; their cluster is the municipality that the unit is, or
    answers for, as it stands in the frame of the later edition; one that was divided, and stands in
    none, is a cluster of its own. Options are those that the two editions share. A panel is made of
    those that were counted for the option in both.
#}
with

questions_compared as (
    select * from {{ ref('int_questions_compared') }}
),

options_shared as (
    select * from {{ ref('int_options_shared') }}
),

populations as (
    select * from {{ ref('int_answer_populations') }}
),

counts as (
    select * from {{ ref('int_municipality_counts') }}
),

municipality_answers as (
    select * from {{ ref('int_municipality_answers') }}
),

municipality_frames as (
    select * from {{ ref('int_municipality_frames') }}
),

compared as (
    select
        options_shared.*,
        questions_compared.from_question_key,
        if(
            options_shared.edition_key = options_shared.from_edition_key, 'from', 'to'
        ) as side,
        unnest(['cross_section', 'common_base', 'panel']) as population,
        {# An edition by itself is the same whatever it is compared with. #}
        if(population = 'cross_section', edition_key, from_edition_key) as own_from_edition_key,
        if(population = 'cross_section', edition_key, to_edition_key) as own_to_edition_key,
    from options_shared
    inner join questions_compared using (from_edition_key, to_edition_key, question_key)
),

respondents as (
    select
        compared.from_edition_key,
        compared.to_edition_key,
        compared.population,
        'respondents' as base,
        compared.side,
        compared.question_key,
        compared.from_question_key,
        compared.option_key,
        populations.municipality_key,
        counts.selected_count,
        counts.respondent_count as unit_count,
    from compared
    inner join populations
        on
            compared.own_from_edition_key = populations.from_edition_key
            and compared.own_to_edition_key = populations.to_edition_key
            and compared.population = populations.population
            and compared.edition_key = populations.edition_key
            and compared.asked_question_key = populations.question_key
    inner join counts
        on
            compared.edition_key = counts.edition_key
            and compared.counted_option_key = counts.option_key
            and populations.answering_municipality_key = counts.municipality_key
            and populations.other_condition_key is not distinct from counts.other_condition_key
),

municipalities as (
    select
        compared.from_edition_key,
        compared.to_edition_key,
        compared.population,
        'municipalities' as base,
        compared.side,
        compared.question_key,
        compared.from_question_key,
        compared.option_key,
        municipality_answers.municipality_key,
        bool_or(municipality_answers.is_selected)::integer as selected_count,
        1 as unit_count,
    from compared
    inner join municipality_answers
        on
            compared.own_from_edition_key = municipality_answers.from_edition_key
            and compared.own_to_edition_key = municipality_answers.to_edition_key
            and compared.population = municipality_answers.population
            and compared.edition_key = municipality_answers.edition_key
            and compared.asked_question_key = municipality_answers.question_key
            and list_contains(compared.counted_option_keys, municipality_answers.option_key)
    group by all
),

units as (
    select * from respondents
    union all by name
    select * from municipalities
),

clusters as (
    select
        units.from_edition_key,
        units.to_edition_key,
        units.population,
        units.base,
        units.question_key,
        units.from_question_key,
        units.option_key,
        coalesce(municipality_frames.frame_municipality_key, units.municipality_key) as cluster_key,
        coalesce(sum(units.selected_count) filter (units.side = 'from'), 0)::bigint
            as from_selected_count,
        coalesce(sum(units.unit_count) filter (units.side = 'from'), 0)::bigint
            as from_unit_count,
        coalesce(sum(units.selected_count) filter (units.side = 'to'), 0)::bigint
            as to_selected_count,
        coalesce(sum(units.unit_count) filter (units.side = 'to'), 0)::bigint
            as to_unit_count,
    from units
    left join municipality_frames
        on
            units.municipality_key = municipality_frames.municipality_key
            and units.to_edition_key = municipality_frames.frame_edition_key
    group by all
    having units.population <> 'panel' or (from_unit_count > 0 and to_unit_count > 0)
)

select * from clusters
