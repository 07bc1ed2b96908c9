with

results as (
    select * from {{ ref('mart_question_results') }}
),

municipality_figures as (
    select
        *,
        len(municipality_keys) as base_count,
    from {{ ref('int_figures') }}
),

released as (
    select * from {{ ref('int_figures_released') }}
),

editions as (
    select * from {{ ref('dim_editions') }}
),

rules as (
    select
        max(value) filter (rule = 'min_municipality_count') as minimum_count,
        coalesce(max(value) filter (rule = 'guard_answers'), 0) as guards_answers,
    from {{ source('codebook', 'release_rules') }}
),

questions as (
    select * from {{ ref('dim_questions') }}
),

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
),

routing_literals as (
    select * from {{ source('codebook', 'routing_literals') }}
),

withheld_routes as (
    select distinct
        questions_asked.edition_key,
        questions_asked.question_key,
    from questions_asked
    inner join routing_literals using (condition_key)
    inner join released
        on
            questions_asked.edition_key = released.edition_key
            and routing_literals.question_key = released.question_key
    where
        released.kind = 'total'
        and released.suppression is not null
),

{# A level in which nobody answered has a row as well, and is withheld like any of few. #}
levels as (
    select distinct
        edition_key,
        kind,
        level,
    from released
    where kind in ('size_category', 'province')
),

figures as (
    select
        edition_key,
        base,
        'total' as breakdown,
        'total' as level,
        question_key,
        option_key,
        option_code,
        question_label,
        option_label,
        option_position,
        selected_count,
        base_count,
        share_low,
        share_high,
        interval_label,
        is_indicative,
        share_weighted,
        weighted_low,
        weighted_high,
        effective_base,
        is_weighting_notable,
    from results
    union all by name
    select
        results.edition_key,
        results.base,
        levels.kind as breakdown,
        levels.level,
        results.question_key,
        results.option_key,
        results.option_code,
        results.question_label,
        results.option_label,
        results.option_position,
        coalesce(municipality_figures.selected_count, 0) as selected_count,
        coalesce(municipality_figures.base_count, 0) as base_count,
        coalesce(municipality_figures.base_count, 0) < {{ var('indicative_base_count') }}
            as is_indicative,
    from results
    inner join levels using (edition_key)
    left join municipality_figures
        on
            results.edition_key = municipality_figures.edition_key
            and results.option_key = municipality_figures.option_key
            and levels.kind = municipality_figures.kind
            and levels.level = municipality_figures.level
    where results.base = 'municipalities'
),

judged as (
    select
        figures.*,
        editions.is_synthetic,
        rules.minimum_count,
        {# Who takes away its own answer must not learn that all others of a level agree. #}
        rules.guards_answers = 0
        or figures.breakdown = 'total'
        or min(figures.base_count - figures.selected_count)
            over (
                partition by
                    figures.edition_key,
                    figures.base,
                    figures.breakdown,
                    figures.level,
                    if(questions.takes_several, figures.option_key, figures.question_key)
            )
        > 1 as has_others,
        {# That a question reached nobody follows from what it hangs on, where that is published. #}
        if(
            released.municipality_count is null,
            if(
                figures.breakdown = 'total'
                and figures.base_count = 0
                and withheld_routes.question_key is null,
                null, 'primary'
            ),
            released.suppression
        ) as suppression,
        coalesce(released.is_weighted_released, false) and figures.base = 'municipalities'
            as is_weighted_released,
    from figures
    inner join editions using (edition_key)
    inner join questions using (question_key)
    cross join rules
    left join withheld_routes
        on
            figures.edition_key = withheld_routes.edition_key
            and figures.question_key = withheld_routes.question_key
    left join released
        on
            figures.edition_key = released.edition_key
            and figures.option_key = released.option_key
            and figures.breakdown = released.kind
            and figures.level = released.level
),

withheld as (
    select
        edition_key,
        base,
        breakdown,
        level,
        question_key,
        option_key,
        option_code,
        question_label,
        option_label,
        option_position,
        suppression,
        if(suppression is null, selected_count, null)::integer as selected_count,
        if(suppression is null, base_count, null)::integer as base_count,
        if(suppression is null, selected_count / nullif(base_count, 0), null) as share,
        if(suppression is null, share_low, null) as share_low,
        if(suppression is null, share_high, null) as share_high,
        if(suppression is null, interval_label, null) as interval_label,
        if(
            suppression is null,
            {{ percentage_half_up('selected_count', 'base_count', 0) }}, null
        )::integer as percentage,
        if(suppression is null, is_indicative, null) as is_indicative,
        if(is_weighted_released, share_weighted, null) as share_weighted,
        if(is_weighted_released, weighted_low, null) as weighted_low,
        if(is_weighted_released, weighted_high, null) as weighted_high,
        if(is_weighted_released, effective_base, null) as effective_base,
        if(is_weighted_released, is_weighting_notable, null) as is_weighting_notable,
        suppression is null and base_count > minimum_count and has_others
            as is_safe_beside_own_answer,
        is_synthetic,
    from judged
)

select * from withheld
