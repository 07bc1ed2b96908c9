with

editions as (
    select * from {{ ref('dim_editions') }}
),

described as (
    select
        edition_key,
        label,
        source_note,
        frame_size,
        is_baseline,
        is_synthetic,
        field_start_date,
        field_end_date,
        frame_date,
    from editions
)

select * from described
