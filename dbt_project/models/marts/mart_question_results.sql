with

options_asked as (
    select * from {{ ref('int_options_asked') }}
),

questions as (
    select * from {{ ref('dim_questions') }}
),

respondent_answers as (
    select * from {{ ref('fct_answers') }}
),

municipality_answers as (
    select * from {{ ref('int_municipality_answers') }}
    where from_edition_key = to_edition_key
),

editions as (
    select * from {{ ref('dim_editions') }}
),

levels as (
    select * from {{ ref('int_levels_estimated') }}
),

bases as (
    select 'respondents' as base
    union all by name
    {# Without a frame there are respondents only. #}
    select distinct 'municipalities' as base
    from editions
    where frame_size > 0
),

answers as (
    select
        edition_key,
        'respondents' as base,
        option_key,
        is_selected,
    from respondent_answers
    union all by name
    select
        edition_key,
        'municipalities' as base,
        option_key,
        is_selected,
    from municipality_answers
),

counted as (
    select
        edition_key,
        base,
        option_key,
        count(*) filter (is_selected) as selected_count,
        count(*) as base_count,
    from answers
    group by all
),

results as (
    select
        options_asked.edition_key,
        bases.base,
        options_asked.question_key,
        options_asked.option_key,
        options_asked.option_code,
        questions.label as question_label,
        options_asked.label as option_label,
        options_asked.position as option_position,
        editions.is_synthetic,
        coalesce(counted.selected_count, 0)::integer as selected_count,
        coalesce(counted.base_count, 0)::integer as base_count,
        counted.selected_count / counted.base_count as share,
    from options_asked
    cross join bases
    inner join questions using (question_key)
    inner join editions using (edition_key)
    left join counted using (edition_key, base, option_key)
),

with_intervals as (
    select
        edition_key,
        base,
        question_key,
        option_key,
        option_code,
        question_label,
        option_label,
        option_position,
        selected_count,
        base_count,
        share,
        {{ percentage_half_up('selected_count', 'base_count', 0) }}::integer as percentage,
        levels.share_low,
        levels.share_high,
        '{{ var('interval_label') }}' as interval_label,
        base_count < {{ var('indicative_base_count') }}
        or coalesce(levels.effective_base < {{ var('indicative_base_count') }}, false)
        or coalesce(levels.share_high - levels.share_low >= {{ var('indicative_width') }}, false)
            as is_indicative,
        levels.share_weighted,
        levels.weighted_low,
        levels.weighted_high,
        levels.share_raked,
        levels.design_effect,
        levels.effective_base,
        not levels.share_weighted between levels.share_low and levels.share_high
            as is_weighting_notable,
        is_synthetic,
    from results
    left join levels using (edition_key, base, question_key, option_key)
)

select * from with_intervals
