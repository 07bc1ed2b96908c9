{#
    Which municipalities a figure that could be published is made of, and how many of them chose the
    option: in total, in a size category or province, in the part of an edition that another shares
    (common_base), or in both (panel).
#}
with

municipality_answers as (
    select * from {{ ref('int_municipality_answers') }}
),

populations as (
    select * from {{ ref('int_answer_populations') }}
    where population = 'common_base'
),

clusters as (
    select * from {{ ref('int_clusters_compared') }}
    where
        population = 'panel'
        and base = 'municipalities'
),

options_shared as (
    select * from {{ ref('int_options_shared') }}
),

municipality_frames as (
    select * from {{ ref('int_municipality_frames') }}
),

municipality_editions as (
    select * from {{ ref('int_municipality_editions') }}
),

questions as (
    select * from {{ ref('int_questions_asked') }}
),

own as (
    select
        edition_key,
        question_key,
        option_key,
        municipality_key,
        is_selected,
    from municipality_answers
    where from_edition_key = to_edition_key
),

placed as (
    select
        own.*,
        unnest([
            { 'kind': 'total', 'level': 'total' },
            { 'kind': 'size_category', 'level': municipality_editions.size_category_label },
            { 'kind': 'province', 'level': municipality_editions.province }
        ]) as place,
    from own
    left join municipality_editions using (edition_key, municipality_key)
),

shared as (
    select
        own.*,
        populations.population,
        populations.from_edition_key,
        populations.to_edition_key,
    from own
    inner join populations using (edition_key, question_key, municipality_key)
),

panel as (
    select distinct
        own.*,
        clusters.population,
        clusters.from_edition_key,
        clusters.to_edition_key,
    from clusters
    inner join options_shared using (from_edition_key, to_edition_key, option_key)
    inner join municipality_frames
        on
            clusters.cluster_key = municipality_frames.frame_municipality_key
            and clusters.to_edition_key = municipality_frames.frame_edition_key
    inner join own
        on
            options_shared.edition_key = own.edition_key
            and municipality_frames.municipality_key = own.municipality_key
            and list_contains(options_shared.counted_option_keys, own.option_key)
),

paired as (
    select * from shared
    union all by name
    select * from panel
),

members as (
    select
        edition_key,
        question_key,
        option_key,
        municipality_key,
        is_selected,
        place['kind'] as kind,
        place['level'] as level,
    from placed
    {# Without a frame there are no sizes and provinces. #}
    where place['level'] is not null
    union all by name
    select
        edition_key,
        question_key,
        option_key,
        municipality_key,
        is_selected,
        population as kind,
        from_edition_key || '-' || to_edition_key as level,
    from paired
),

figures as (
    select
        edition_key,
        question_key,
        option_key,
        kind,
        level,
        takes_several,
        list(municipality_key order by municipality_key) as municipality_keys,
        count(*) filter (is_selected)::integer as selected_count,
        coalesce(list(municipality_key order by municipality_key) filter (is_selected), [])
            as selected_keys,
    from members
    inner join questions using (edition_key, question_key)
    group by all
)

select * from figures
