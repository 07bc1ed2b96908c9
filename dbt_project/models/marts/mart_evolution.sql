{#
    A change stands here only where the codebook judged the question comparable, the option is
    shared, and who was asked is the same; else the reason stands in its place.
#}
{# Of a change, or where there is none of what each edition has. #}
{% set sides = {'from': 'earlier', 'to': 'later'} %}
{% set selected, base = {}, {} %}
{% for side, results in sides.items() %}
    {% do selected.update(
        {side: 'coalesce(changes.' ~ side ~ '_selected_count, ' ~ results ~ '.selected_count)'}
    ) %}
    {% do base.update(
        {side: 'coalesce(changes.' ~ side ~ '_base_count, ' ~ results ~ '.base_count)'}
    ) %}
{% endfor %}

with

editions as (
    select * from {{ ref('dim_editions') }}
),

questions_compared as (
    select * exclude (codebook_question_key) from {{ ref('int_questions_compared') }}
),

options_compared as (
    select * from {{ ref('int_options_compared') }}
),

options_asked as (
    select * from {{ ref('int_options_asked') }}
),

results as (
    select * from {{ ref('mart_question_results') }}
),

changes as (
    select * from {{ ref('int_changes_tested') }}
),

audited as (
    select * from {{ ref('mart_routing_audit') }}
),

{# Of options that are compared as one, as one. #}
levels as (
    select
        options_shared.from_edition_key,
        options_shared.to_edition_key,
        options_shared.option_key,
        levels_estimated.base,
        {% for side in ['from', 'to'] %}
            {% for column in ['share_weighted', 'weighted_low', 'weighted_high'] %}
                max(
                    if(
                        options_shared.edition_key = options_shared.{{ side }}_edition_key,
                        levels_estimated.{{ column }}, null
                    )
                ) as {{ side }}_{{ column }},
            {% endfor %}
        {% endfor %}
    from {{ ref('int_options_shared') }} as options_shared
    inner join {{ ref('int_levels_estimated') }} as levels_estimated
        on
            options_shared.edition_key = levels_estimated.edition_key
            and options_shared.counted_option_key = levels_estimated.option_key
    group by all
),

colleague_changes as (
    select * from {{ ref('mart_colleague_changes') }}
),

municipalities as (
    select * from {{ ref('dim_municipalities') }}
),

colleagues as (
    select
        from_edition_key,
        to_edition_key,
        string_agg(
            if(from_municipality_count > 1, municipalities.name, null), ', '
            order by municipalities.name
        ) as pooled_names,
        count_if(to_respondent_count > from_respondent_count) as more_colleagues_count,
    from colleague_changes
    inner join municipalities using (municipality_key)
    group by all
),

headlines as (
    select {{ asked_key('question_key', 'item_code') }} || '.' || option_code as option_key
    from {{ source('codebook', 'headlines') }}
),

{# A share of municipalities rises with the number of colleagues. #}
counted_any as (
    select question_key as codebook_question_key
    from {{ source('codebook', 'questions') }}
    where municipality_rule = 'any'
),

{# Also those who were asked and chose nothing. #}
asked as (
    select
        edition_key,
        question_key,
        'respondents' as base,
        asked_count,
    from audited
    union all by name
    select
        edition_key,
        question_key,
        'municipalities' as base,
        asked_municipality_count as asked_count,
    from audited
),

reason_texts as (
    select map(list(code), list(text)) as text_by_code
    from {{ source('vocabulary', 'texts') }}
    where language = '{{ var('language') }}' and list = 'reasons'
),

question_lineage as (
    select
        edition_key,
        reason,
        unnest([
            {{ asked_key('question_key', 'item_code') }},
            {{ asked_key('from_question_key', 'from_item_code') }}
        ]) as question_key,
    from {{ source('codebook', 'question_lineage') }}
    where lineage <> 'continued'
),

pairs as (
    select
        earlier.edition_key as from_edition_key,
        later.edition_key as to_edition_key,
        earlier.is_synthetic or later.is_synthetic as is_synthetic,
    from editions as earlier
    inner join editions as later on earlier.edition_key < later.edition_key
),

offered as (
    select
        pairs.from_edition_key,
        pairs.to_edition_key,
        coalesce(questions_compared.question_key, options_asked.question_key) as question_key,
        options_asked.trend_key,
        arg_max(options_asked.codebook_question_key, options_asked.edition_key)
            as codebook_question_key,
        options_asked.option_code,
        arg_max(options_asked.is_exclusive, options_asked.edition_key) as is_exclusive,
        bool_or(options_asked.has_own_universe) as has_own_universe,
        arg_max(options_asked.label, options_asked.edition_key) as label,
        bool_or(options_asked.edition_key = pairs.from_edition_key) as is_in_from,
        bool_or(options_asked.edition_key = pairs.to_edition_key) as is_in_to,
    from pairs
    inner join options_asked
        on options_asked.edition_key in (pairs.from_edition_key, pairs.to_edition_key)
    left join questions_compared using (from_edition_key, to_edition_key, trend_key)
    group by all
),

descents as (
    select
        trend_key,
        from_edition_key,
        to_edition_key,
        shared_option_code,
        unnest(list_distinct([from_option_code, to_option_code])) as option_code,
        descent,
    from options_compared
),

placed as (
    select
        offered.*,
        questions_compared.question_key is not null as is_asked_in_both,
        coalesce(questions_compared.from_question_key, offered.question_key) as from_question_key,
        counted_any.codebook_question_key is not null as counts_any,
        questions_compared.comparability,
        questions_compared.reason as comparability_reason,
        questions_compared.has_other_universe,
        questions_compared.has_other_option_universes,
        questions_compared.from_universe,
        questions_compared.to_universe,
        any_value(descents.shared_option_code) as shared_option_code,
        any_value(descents.descent) as descent,
    from offered
    left join questions_compared using (from_edition_key, to_edition_key, question_key)
    left join descents
        on
            offered.from_edition_key = descents.from_edition_key
            and offered.to_edition_key = descents.to_edition_key
            and offered.trend_key = descents.trend_key
            and offered.option_code = descents.option_code
    left join counted_any using (codebook_question_key)
    group by all
),

{# What stands in one list only can draw answers from the others, or gave them some. #}
lists_changed as (
    select
        from_edition_key,
        to_edition_key,
        question_key,
        {% for name, condition in {
            'new_labels': 'is_in_to and not is_exclusive',
            'new_exclusive_labels': 'is_in_to and is_exclusive',
            'gone_labels': 'is_in_from',
        }.items() %}
            string_agg('‘' || label || '’', ', ' order by option_code)
            filter ({{ condition }}) as {{ name }},
        {% endfor %}
    from placed
    where is_asked_in_both and shared_option_code is null and is_in_from <> is_in_to
    group by all
),

{# Questions that became several, or several that became one, and what they became. #}
questions_parted as (
    select
        pairs.from_edition_key,
        pairs.to_edition_key,
        question_lineage.question_key,
        string_agg(distinct question_lineage.reason, ' ' order by question_lineage.reason)
            as reason,
    from pairs
    inner join question_lineage
        on
            pairs.from_edition_key < question_lineage.edition_key
            and pairs.to_edition_key >= question_lineage.edition_key
    group by all
),

described as (
    select
        placed.from_edition_key,
        placed.to_edition_key,
        placed.question_key,
        placed.from_question_key,
        {# What a question that continues another no longer offers has the key that it had. #}
        if(placed.is_in_to, placed.question_key, placed.from_question_key)
        || '.' || placed.option_code as option_key,
        placed.option_code,
        placed.label as option_label,
        placed.has_other_universe,
        placed.comparability,
        placed.option_code = placed.shared_option_code as is_shared,
        case
            when not placed.is_asked_in_both and questions_parted.question_key is not null
                then {{ reason('reviewed', 'questions_parted.reason') }}
            when not placed.is_asked_in_both
                then {{ reason('asked_once') }}
            when placed.comparability is null
                then {{ reason('not_reviewed') }}
            when placed.comparability = 'not_comparable'
                then {{ reason('reviewed', 'placed.comparability_reason') }}
            when placed.has_other_option_universes
                then {{ reason('option_universes_changed') }}
            when placed.shared_option_code is null and placed.is_in_from and placed.is_in_to
                then {{ reason('splits_and_merges_cross') }}
            when placed.shared_option_code is null and placed.is_in_to
                then {{ reason('option_is_new') }}
            when placed.shared_option_code is null
                then {{ reason('option_was_dropped') }}
            when placed.option_code <> placed.shared_option_code
                then {{ reason('part_of_another', 'placed.shared_option_code', 'placed.descent') }}
        end as obstacle,
        list_filter(
            [
                {{ reason('reviewed', 'placed.comparability_reason') }},
                case placed.descent
                    when 'split' then {{ reason('split_since') }}
                    when 'merged' then {{ reason('merged_since') }}
                end,
                {% for code, labels in {
                    'new_neighbours': 'new_labels',
                    'new_exclusive': 'new_exclusive_labels',
                    'gone_neighbours': 'gone_labels',
                }.items() %}
                    if(
                        lists_changed.{{ labels }} is null,
                        null, {{ reason(code, 'lists_changed.' ~ labels) }}
                    ){{ ',' if not loop.last }}
                {% endfor %}
            ],
            lambda part: part is not null
        ) as cautions,
        lists_changed.question_key is not null as has_other_list,
        placed.has_own_universe,
        placed.counts_any,
        placed.from_universe,
        placed.to_universe,
    from placed
    left join lists_changed using (from_edition_key, to_edition_key, question_key)
    left join questions_parted using (from_edition_key, to_edition_key, question_key)
),

bases as (
    select 'respondents' as base
    union all by name
    {# Without a frame there are respondents only. #}
    select distinct 'municipalities' as base
    from editions
    where frame_size > 0
),

populations as (
    select unnest(['cross_section', 'common_base']) as population
    union all by name
    {# Who is the same, only the frame tells. #}
    select distinct 'panel' as population
    from editions
    where frame_size > 0
),

cells as (
    select
        described.*,
        bases.base,
        populations.population,
        case
            when described.obstacle is not null then described.obstacle
            when populations.population = 'cross_section' and described.has_other_universe
                then {{ reason(
                    'universe_changed', 'described.from_universe', 'described.to_universe'
                ) }}
        end as reason_against,
    from described
    cross join bases
    cross join populations
    where
        populations.population = 'cross_section'
        or (described.obstacle is null and populations.population = 'panel')
        or (
            described.obstacle is null
            and populations.population = 'common_base'
            and described.has_other_universe
        )
),

evolution as (
    select
        coalesce(
            cells.reason_against,
            if(changes.change is null, {{ reason('nobody_answered') }}, null)
        ) as why_not,
        cells.from_edition_key,
        cells.to_edition_key,
        cells.base,
        cells.population,
        cells.question_key,
        cells.option_key,
        cells.option_code,
        cells.option_label,
        cells.counts_any and cells.base = 'municipalities' as is_of_any,
        {% for side in sides %}
            {{ selected[side] }} as {{ side }}_selected_count,
            {{ base[side] }} as {{ side }}_base_count,
        {% endfor %}
        coalesce(changes.overlap_count, 0) as overlap_count,
        coalesce(changes.from_share, earlier.share) as from_share,
        coalesce(changes.to_share, later.share) as to_share,
        if(
            cells.has_other_list and not cells.has_own_universe
            and cells.population = 'cross_section', earlier_asked.asked_count, null
        ) as from_asked_count,
        if(from_asked_count is null, null, later_asked.asked_count) as to_asked_count,
        {{ selected['from'] }} / from_asked_count as from_share_of_asked,
        {{ selected['to'] }} / to_asked_count as to_share_of_asked,
        if(why_not is null, changes.change, null) as change,
        if(why_not is null, changes.change_low, null) as change_low,
        if(why_not is null, changes.change_high, null) as change_high,
        if(why_not is null, changes.p_value, null) as p_value,
        if(
            why_not is null, levels.to_share_weighted - levels.from_share_weighted, null
        ) as change_weighted,
        change_weighted - {{ square_and_add(
            'levels.to_share_weighted - levels.to_weighted_low',
            'levels.from_weighted_high - levels.from_share_weighted',
            'changes.correlation'
        ) }} as change_weighted_low,
        change_weighted + {{ square_and_add(
            'levels.to_weighted_high - levels.to_share_weighted',
            'levels.from_share_weighted - levels.from_weighted_low',
            'changes.correlation'
        ) }} as change_weighted_high,
        case
            when why_not is not null then 'not_comparable'
            when cells.has_other_list then 'comparable_with_caution'
            else cells.comparability
        end as comparability,
        if(
            why_not is null,
            cells.cautions || list_filter(
                [
                    if(changes.change_low is null, {{ reason('too_few_clusters') }}, null),
                    if(
                        is_of_any
                        and cells.population = 'panel'
                        and colleagues.pooled_names is not null,
                        {{ reason('pooled_predecessors', 'colleagues.pooled_names') }}, null
                    ),
                    if(
                        is_of_any and colleagues.more_colleagues_count > 0,
                        {{ reason('more_colleagues', 'colleagues.more_colleagues_count') }}, null
                    )
                ],
                lambda part: part is not null
            ),
            [why_not]
        ) as reasons,
        case
            when why_not is not null then 'not_comparable'
            when changes.change_low is null then 'too_few'
            when changes.p_value >= 1 - {{ var('confidence') }} then 'not_distinguishable'
            when changes.change_low > 0 then 'increase'
            when changes.change_high < 0 then 'decrease'
            else 'not_distinguishable'
        end as verdict,
        verdict in ('increase', 'decrease', 'not_distinguishable')
        and verdict <> case
            when change_weighted_low > 0 then 'increase'
            when change_weighted_high < 0 then 'decrease'
            when change_weighted_low is null then verdict
            else 'not_distinguishable'
        end as hangs_on_weighting,
        coalesce(least({{ base['from'] }}, {{ base['to'] }}), 0)
        < {{ var('indicative_base_count') }} as is_indicative,
        '{{ var('interval_label') }}' as interval_label,
        pairs.is_synthetic,
    from cells
    inner join pairs using (from_edition_key, to_edition_key)
    left join colleagues using (from_edition_key, to_edition_key)
    left join changes
        using (from_edition_key, to_edition_key, base, population, question_key, option_key)
    left join levels
        on
            cells.population = 'cross_section'
            and cells.from_edition_key = levels.from_edition_key
            and cells.to_edition_key = levels.to_edition_key
            and cells.option_key = levels.option_key
            and cells.base = levels.base
    left join asked as earlier_asked
        on
            cells.from_edition_key = earlier_asked.edition_key
            and cells.from_question_key = earlier_asked.question_key
            and cells.base = earlier_asked.base
    left join asked as later_asked
        on
            cells.to_edition_key = later_asked.edition_key
            and cells.question_key = later_asked.question_key
            and cells.base = later_asked.base
    left join results as earlier
        on
            cells.population = 'cross_section'
            and cells.from_edition_key = earlier.edition_key
            and cells.base = earlier.base
            and cells.from_question_key = earlier.question_key
            and cells.option_code = earlier.option_code
    left join results as later
        on
            cells.population = 'cross_section'
            and cells.to_edition_key = later.edition_key
            and cells.base = later.base
            and cells.option_key = later.option_key
),

{#
    Benjamini and Hochberg: the least p x count / rank of those that are at least as large. Headlines
    are a family of their own.
#}
ranked as (
    select
        evolution.*,
        headlines.option_key is not null as is_headline,
        p_value * count(p_value) over family / row_number() over (
            partition by from_edition_key, to_edition_key, base, population, is_headline
            order by p_value nulls last, option_key
        ) as p_over_rank,
    from evolution
    left join headlines using (option_key)
    window family as (partition by from_edition_key, to_edition_key, base, population, is_headline)
),

adjusted as (
    select
        * exclude (p_over_rank),
        if(
            p_value is null, null,
            least(1, min(p_over_rank) over (
                partition by from_edition_key, to_edition_key, base, population, is_headline
                order by p_value desc nulls last, option_key desc
                rows between unbounded preceding and current row
            ))
        ) as q_value,
    from ranked
),

told as (
    select
        evolution.* exclude (why_not, is_of_any),
        reasons[1]['code'] as reason_code,
        {{ say_reasons('reasons', 'reason_texts.text_by_code') }} as reason,
    from adjusted as evolution
    cross join reason_texts
)

select
    * exclude (
        from_selected_count,
        to_selected_count,
        from_base_count,
        to_base_count,
        overlap_count
    ),
    from_selected_count::integer as from_selected_count,
    to_selected_count::integer as to_selected_count,
    from_base_count::integer as from_base_count,
    to_base_count::integer as to_base_count,
    overlap_count::integer as overlap_count,
from told
