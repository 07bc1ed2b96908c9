{#
    The change of the cross-section is that of the stayers, plus what joiners add, plus what leavers
    take away: p2 - p1 = (s2 - s1) + (p2 - s2) - (p1 - s1).
#}
with

evolution as (
    select * from {{ ref('mart_evolution') }}
    where population = 'cross_section' and verdict <> 'not_comparable'
),

clusters as (
    select * from {{ ref('int_clusters_compared') }}
    where population = 'cross_section'
),

marked as (
    select
        *,
        from_unit_count > 0 and to_unit_count > 0 as is_stayer,
    from clusters
),

summed as (
    select
        from_edition_key,
        to_edition_key,
        base,
        question_key,
        option_key,
        sum(from_selected_count) / nullif(sum(from_unit_count), 0) as from_share,
        sum(to_selected_count) / nullif(sum(to_unit_count), 0) as to_share,
        sum(from_selected_count) filter (is_stayer)
        / sum(from_unit_count) filter (is_stayer) as stayers_from_share,
        sum(to_selected_count) filter (is_stayer)
        / sum(to_unit_count) filter (is_stayer) as stayers_to_share,
        (count(*) filter (is_stayer))::integer as stayer_count,
        (count(*) filter (from_unit_count = 0))::integer as joiner_count,
        (count(*) filter (to_unit_count = 0))::integer as leaver_count,
    from marked
    group by all
),

split_up as (
    select
        evolution.from_edition_key,
        evolution.to_edition_key,
        evolution.base,
        evolution.question_key,
        evolution.option_key,
        evolution.change,
        summed.stayers_to_share - summed.stayers_from_share as stayers_change,
        summed.to_share - summed.stayers_to_share as joiners_effect,
        summed.stayers_from_share - summed.from_share as leavers_effect,
        summed.stayer_count,
        summed.joiner_count,
        summed.leaver_count,
        evolution.is_synthetic,
    from evolution
    inner join summed using (from_edition_key, to_edition_key, base, question_key, option_key)
)

select * from split_up
