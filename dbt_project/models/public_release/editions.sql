with

editions as (
    select * from {{ ref('dim_editions') }}
),

respondents as (
    select
        edition_key,
        count(*)::integer as respondent_count,
        (count(*) filter (status = 'complete'))::integer as complete_count,
    from {{ ref('dim_respondents') }}
    group by all
),

described as (
    select
        editions.edition_key,
        editions.edition_name,
        editions.label,
        editions.source_note,
        editions.frame_size,
        respondents.respondent_count,
        respondents.complete_count,
        editions.is_baseline,
        editions.is_synthetic,
        editions.field_start_date,
        editions.field_end_date,
        editions.frame_date,
    from editions
    left join respondents using (edition_key)
)

select * from described
