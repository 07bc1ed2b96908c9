{#
    Units are respondents or municipalities; their cluster is the municipality that the unit is, or
    answers for, as it stands in the frame of the later edition. Options are those that the two
    editions share.
#}
with

items_compared as (
    select * from {{ ref('int_items_compared') }}
),

options_compared as (
    select * from {{ ref('int_options_compared') }}
),

options_asked as (
    select * from {{ ref('int_options_asked') }}
),

populations as (
    select * from {{ ref('int_answer_populations') }}
),

respondent_answers as (
    select * from {{ ref('fct_answers') }}
),

municipality_answers as (
    select * from {{ ref('int_municipality_answers') }}
),

municipality_frames as (
    select * from {{ ref('int_municipality_frames') }}
),

units as (
    select
        populations.from_edition_key,
        populations.to_edition_key,
        populations.population,
        'respondents' as base,
        populations.edition_key,
        populations.respondent_key as unit_key,
        populations.municipality_key,
        respondent_answers.question_key,
        respondent_answers.option_key,
        respondent_answers.is_selected,
    from respondent_answers
    inner join populations using (edition_key, respondent_key, question_key)

    union all by name

    select
        *,
        'municipalities' as base,
        municipality_key as unit_key,
    from municipality_answers
),

pair_units as (
    select
        units.* exclude (from_edition_key, to_edition_key),
        items_compared.from_edition_key,
        items_compared.to_edition_key,
        items_compared.codebook_question_key,
        if(units.edition_key = items_compared.from_edition_key, 'from', 'to') as side,
    from units
    inner join items_compared
        on
            units.question_key = items_compared.question_key
            and if(
                units.population = 'cross_section',
                units.edition_key
                in (items_compared.from_edition_key, items_compared.to_edition_key),
                units.from_edition_key = items_compared.from_edition_key
                and units.to_edition_key = items_compared.to_edition_key
            )
),

shared as (
    select
        pair_units.from_edition_key,
        pair_units.to_edition_key,
        pair_units.population,
        pair_units.base,
        pair_units.side,
        pair_units.question_key,
        pair_units.question_key || '.' || options_compared.shared_option_code as option_key,
        pair_units.unit_key,
        municipality_frames.frame_municipality_key as cluster_key,
        bool_or(pair_units.is_selected) as is_selected,
    from pair_units
    inner join options_asked using (edition_key, option_key)
    inner join options_compared
        on
            pair_units.codebook_question_key = options_compared.question_key
            and pair_units.from_edition_key = options_compared.from_edition_key
            and pair_units.to_edition_key = options_compared.to_edition_key
            and options_asked.option_code
            = if(
                pair_units.side = 'from',
                options_compared.from_option_code, options_compared.to_option_code
            )
    inner join municipality_frames
        on
            pair_units.municipality_key = municipality_frames.municipality_key
            and pair_units.to_edition_key = municipality_frames.frame_edition_key
    group by all
)

select * from shared
