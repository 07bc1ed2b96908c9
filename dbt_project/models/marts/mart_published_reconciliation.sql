with

published_figures as (
    select * from {{ source('codebook', 'published_figures') }}
),

published_anomalies as (
    select * from {{ source('codebook', 'published_anomalies') }}
    where option_code is not null
),

results as (
    select * from {{ ref('mart_question_results') }}
    where base = 'respondents'
),

compared as (
    select
        published_figures.edition_key,
        published_figures.section,
        published_figures.question_key,
        published_figures.option_code,
        published_figures.published_base_count,
        results.base_count as computed_base_count,
        published_figures.published_count,
        results.selected_count as computed_count,
        published_figures.published_percentage,
        {{ percentage_half_up('results.selected_count', 'results.base_count', 2) }}
        ::decimal(9, 2) as computed_percentage_exact,
        {# A published percentage with decimals is compared with as many. #}
        if(
            published_figures.published_percentage % 1 = 0
            or published_figures.published_percentage is null,
            results.percentage,
            computed_percentage_exact
        )::decimal(9, 2) as computed_percentage,
        published_anomalies.explanation,
        published_anomalies.computed_count = results.selected_count
        and published_anomalies.computed_base_count = results.base_count as is_as_explained,
    from published_figures
    left join results
        using (edition_key, question_key, option_code)
    left join published_anomalies
        using (edition_key, question_key, option_code)
),

judged as (
    select
        edition_key,
        section,
        question_key,
        option_code,
        published_base_count,
        computed_base_count,
        published_count,
        computed_count,
        published_percentage,
        computed_percentage,
        case
            when
                coalesce(published_base_count = computed_base_count, false)
                and coalesce(published_count, computed_count) = computed_count
                and coalesce(published_percentage, computed_percentage) = computed_percentage
                then 'match'
            when is_as_explained then 'known_anomaly'
            else 'mismatch'
        end as status,
        if(status = 'known_anomaly', explanation, null) as note,
    from compared
)

select * from judged
