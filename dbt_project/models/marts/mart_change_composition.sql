{#
    The change of the cross-section is that of the stayers, plus what joiners add, plus what leavers
    take away: p2 - p1 = (s2 - s1) + (p2 - s2) - (p1 - s1). Of municipalities it is also what
    changed within size categories, plus what another mix of sizes makes of it (Kitagawa 1955,
    J. Am. Stat. Assoc. 50, 1168-1194); in a category where one edition has no answers, the other's
    stand for them.
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

options_shared as (
    select * from {{ ref('int_options_shared') }}
),

units as (
    select * from {{ ref('int_units') }}
    where base = 'municipalities'
),

by_size as (
    select
        options_shared.from_edition_key,
        options_shared.to_edition_key,
        options_shared.option_key,
        units.size_position,
        {% for side in ['from', 'to'] %}
            count_if(units.edition_key = options_shared.{{ side }}_edition_key) as {{ side }}_count,
            avg(
                if(
                    units.edition_key = options_shared.{{ side }}_edition_key,
                    units.selected_count, null
                )
            ) as {{ side }}_rate,
        {% endfor %}
    from options_shared
    inner join units
        on
            options_shared.edition_key = units.edition_key
            and options_shared.counted_option_key = units.option_key
    group by all
),

mixed as (
    select
        *,
        from_count / sum(from_count) over whole as from_weight,
        to_count / sum(to_count) over whole as to_weight,
        coalesce(from_rate, to_rate) as known_from_rate,
        coalesce(to_rate, from_rate) as known_to_rate,
    from by_size
    window whole as (partition by from_edition_key, to_edition_key, option_key)
),

kitagawa as (
    select
        from_edition_key,
        to_edition_key,
        option_key,
        'municipalities' as base,
        sum((from_weight + to_weight) / 2 * (known_to_rate - known_from_rate)) as rate_effect,
        sum((known_from_rate + known_to_rate) / 2 * (to_weight - from_weight)) as size_effect,
    from mixed
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
        kitagawa.rate_effect,
        kitagawa.size_effect,
        evolution.is_synthetic,
    from evolution
    inner join summed using (from_edition_key, to_edition_key, base, question_key, option_key)
    left join kitagawa using (from_edition_key, to_edition_key, base, option_key)
)

select * from split_up
