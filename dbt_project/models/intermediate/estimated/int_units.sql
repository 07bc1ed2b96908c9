{#
    Who was counted for an option, municipality by municipality: its respondents, or itself as one
    answer. Options that another edition compares as one stand here as one as well.
#}
with

counts as (
    select * from {{ ref('int_municipality_counts') }}
    where other_condition_key is null
),

municipality_answers as (
    select * from {{ ref('int_municipality_answers') }}
    where from_edition_key = to_edition_key
),

options_shared as (
    select distinct
        edition_key,
        counted_option_key,
        counted_option_keys,
    from {{ ref('int_options_shared') }}
    where len(counted_option_keys) > 1
),

municipality_editions as (
    select * from {{ ref('int_municipality_editions') }}
),

size_categories as (
    select * from {{ source('codebook', 'size_categories') }}
),

pooled as (
    select
        municipality_answers.edition_key,
        municipality_answers.question_key,
        options_shared.counted_option_key as option_key,
        municipality_answers.municipality_key,
        bool_or(municipality_answers.is_selected) as is_selected,
    from municipality_answers
    inner join options_shared
        on
            municipality_answers.edition_key = options_shared.edition_key
            and list_contains(options_shared.counted_option_keys, municipality_answers.option_key)
    group by all
),

single_answers as (
    select
        edition_key,
        question_key,
        option_key,
        municipality_key,
        is_selected,
    from municipality_answers
    union all by name
    select * from pooled
),

units as (
    select
        edition_key,
        'respondents' as base,
        question_key,
        option_key,
        municipality_key,
        selected_count::integer as selected_count,
        respondent_count::integer as unit_count,
    from counts
    union all by name
    select
        edition_key,
        'municipalities' as base,
        question_key,
        option_key,
        municipality_key,
        is_selected::integer as selected_count,
        1 as unit_count,
    from single_answers
),

placed as (
    select
        units.*,
        coalesce(size_categories.position, 0) as size_position,
        municipality_editions.province,
    from units
    left join municipality_editions using (edition_key, municipality_key)
    left join size_categories using (size_category)
)

select * from placed
