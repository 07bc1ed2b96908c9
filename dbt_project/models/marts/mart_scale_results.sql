{# One sentence where there are five options: what was answered on a scale, or as a number. #}
with

scores as (
    select * from {{ ref('int_scores') }}
),

scales_estimated as (
    select * from {{ ref('int_scales_estimated') }}
),

questions as (
    select * from {{ ref('dim_questions') }}
),

indices as (
    select * from {{ source('codebook', 'indices') }}
),

editions as (
    select * from {{ ref('dim_editions') }}
),

{# One row per answer. #}
answers as (
    select
        edition_key,
        base,
        question_key,
        score,
        is_top_two,
        unnest(range(unit_count)) as unit,
    from scores
),

summed as (
    select
        edition_key,
        base,
        question_key,
        count(*)::integer as base_count,
        avg(score) as mean,
        quantile_cont(score, 0.25) as lower_quartile,
        quantile_cont(score, 0.5) as median,
        quantile_cont(score, 0.75) as upper_quartile,
        avg(is_top_two::integer) as top_two_share,
    from answers
    group by all
),

described as (
    select
        summed.edition_key,
        summed.base,
        summed.question_key,
        coalesce(questions.label, indices.label) as question_label,
        indices.index_key is not null as is_index,
        summed.base_count,
        summed.mean,
        scales_estimated.mean_low,
        scales_estimated.mean_high,
        summed.lower_quartile,
        summed.median,
        summed.upper_quartile,
        summed.top_two_share,
        if(summed.top_two_share is null, null, scales_estimated.top_two_low) as top_two_low,
        if(summed.top_two_share is null, null, scales_estimated.top_two_high) as top_two_high,
        summed.base_count < {{ var('indicative_base_count') }} as is_indicative,
        editions.is_synthetic,
    from summed
    inner join scales_estimated using (edition_key, base, question_key)
    left join questions using (question_key)
    left join indices on summed.question_key = indices.index_key
    inner join editions using (edition_key)
)

select * from described
