with

evolution as (
    select * from {{ ref('mart_evolution') }}
),

released as (
    select * from {{ ref('int_figures_released') }}
),

rules as (
    select coalesce(max(value), 0) as guards_answers
    from {{ source('codebook', 'release_rules') }}
    where rule = 'guard_answers'
),

options_shared as (
    select * from {{ ref('int_options_shared') }}
),

{# A comparison is of whole questions: it goes where one of its sides would be withheld. #}
sides as (
    select
        edition_key,
        question_key,
        if(kind = 'total', 'cross_section', kind) as population,
        if(kind = 'total', null, level) as pair,
        bool_and(suppression is null) as is_released,
    from released
    where kind in ('total', 'common_base', 'panel')
    group by all
),

{# Weighted where both sides may be; of options compared as one, there is no class that is known. #}
weighted as (
    select
        options_shared.from_edition_key,
        options_shared.to_edition_key,
        options_shared.option_key,
        'municipalities' as base,
        'cross_section' as population,
        count_if(released.is_weighted_released) = 2 as is_weighted_released,
    from options_shared
    inner join released
        on
            options_shared.edition_key = released.edition_key
            and options_shared.counted_option_key = released.option_key
    where released.kind = 'total'
    group by all
),

judged as (
    select
        evolution.*,
        coalesce(weighted.is_weighted_released, false) as is_weighted_released,
        {# Options compared as one have a figure of their own, which all may have in common. #}
        rules.guards_answers = 1
        and bool_or(population <> 'cross_section' and 1 in (from_share, to_share)) over (
            partition by from_edition_key, to_edition_key, base, population, evolution.question_key
        ) as is_of_all,
        coalesce(from_side.is_released, false) as is_from_released,
        coalesce(to_side.is_released, false) as is_to_released,
    from evolution
    cross join rules
    left join weighted using (from_edition_key, to_edition_key, option_key, base, population)
    left join sides as from_side
        on
            evolution.from_edition_key = from_side.edition_key
            and evolution.question_key = from_side.question_key
            and evolution.population = from_side.population
            and coalesce(
                from_side.pair = evolution.from_edition_key || '-' || evolution.to_edition_key, true
            )
    left join sides as to_side
        on
            evolution.to_edition_key = to_side.edition_key
            and evolution.question_key = to_side.question_key
            and evolution.population = to_side.population
            and coalesce(
                to_side.pair = evolution.from_edition_key || '-' || evolution.to_edition_key, true
            )
),

{# A side that the edition does not have has no figure to withhold. #}
shown as (
    select
        *,
        (is_from_released or from_base_count is null or from_base_count = 0)
        and (is_to_released or to_base_count is null or to_base_count = 0)
        and not coalesce(is_of_all, false) as is_released,
    from judged
),

{# Where others are asked, the figure to go by is that of who was asked in both editions. #}
withheld as (
    select
        from_edition_key,
        to_edition_key,
        base,
        population,
        question_key,
        option_key,
        option_code,
        option_label,
        if(is_released, null, 'withheld') as suppression,
        if(is_released, from_share, null) as from_share,
        if(is_released, to_share, null) as to_share,
        if(is_released, from_base_count, null) as from_base_count,
        if(is_released, to_base_count, null) as to_base_count,
        if(is_released, from_asked_count, null) as from_asked_count,
        if(is_released, to_asked_count, null) as to_asked_count,
        if(is_released, from_share_of_asked, null) as from_share_of_asked,
        if(is_released, to_share_of_asked, null) as to_share_of_asked,
        if(is_released, change, null) as change,
        if(is_released, change_low, null) as change_low,
        if(is_released, change_high, null) as change_high,
        if(is_released, p_value, null) as p_value,
        if(is_released, q_value, null) as q_value,
        if(is_released and is_weighted_released, change_weighted, null) as change_weighted,
        if(is_released and is_weighted_released, change_weighted_low, null)
            as change_weighted_low,
        if(is_released and is_weighted_released, change_weighted_high, null)
            as change_weighted_high,
        if(is_released and is_weighted_released, hangs_on_weighting, null) as hangs_on_weighting,
        is_headline,
        population
        = if(
            bool_or(population = 'common_base') over (
                partition by from_edition_key, to_edition_key, base, option_key
            ),
            'common_base',
            'cross_section'
        ) as is_main,
        comparability,
        reason_code,
        reason,
        reasons,
        if(is_released, verdict, null) as verdict,
        interval_label,
        if(is_released, is_indicative, null) as is_indicative,
        is_synthetic,
    from shown
)

select * from withheld
