with

coded_answers as (
    select * from {{ ref('fct_coded_answers') }}
),

codes as (
    select * from {{ ref('dim_open_codes') }}
),

editions as (
    select * from {{ ref('dim_editions') }}
),

counted as (
    select
        edition_key,
        code_key,
        (count(*) filter (is_selected))::integer as selected_count,
        count(*)::integer as base_count,
    from coded_answers
    group by all
),

results as (
    select
        counted.edition_key,
        codes.question_key,
        counted.code_key,
        codes.code,
        codes.label as code_label,
        codes.position as code_position,
        counted.selected_count,
        counted.base_count,
        counted.selected_count / counted.base_count as share,
        {{ percentage_half_up('counted.selected_count', 'counted.base_count', 0) }}::integer
            as percentage,
        counted.base_count < {{ var('indicative_base_count') }} as is_indicative,
        editions.is_synthetic,
    from counted
    inner join codes using (code_key)
    inner join editions using (edition_key)
)

select * from results
