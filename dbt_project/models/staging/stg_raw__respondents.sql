with

counted_rows as (
    select * from {{ source('raw', 'export_rows') }}
    where exclusion_reason is null
),

cells as (
    select * from {{ source('raw', 'corrected_cells') }}
),

columns as (
    select * from {{ source('raw', 'export_columns') }}
),

moments as (
    select * from {{ source('raw', 'moments') }}
),

questions as (
    select * from {{ source('codebook', 'questions') }}
),

completions as (
    select * from {{ source('raw', 'completions') }}
),

attributes as (
    select
        cells.edition_key,
        cells.row_number,
        cells.match_text,
        coalesce(questions.role, columns.role) as role,
    from cells
    inner join columns using (edition_key, column_number)
    left join questions
        on
            columns.role = 'question'
            and columns.question_key = questions.question_key
    where coalesce(questions.role, columns.role) in (
        'municipality', 'postal_code', 'duration_seconds'
    )
),

respondents as (
    select
        counted_rows.edition_key,
        counted_rows.row_number,
        counted_rows.respondent_key,
        counted_rows.person_key,
        max(attributes.match_text) filter (attributes.role = 'municipality')
            as municipality_match_text,
        max(attributes.match_text) filter (attributes.role = 'postal_code')
            as postal_code_match_text,
        any_value(completions.is_complete) as is_complete,
        any_value(started.moment) as started_at,
        any_value(completed.moment) as completed_at,
        max(try_cast(attributes.match_text as integer))
        filter (attributes.role = 'duration_seconds') as duration_seconds,
    from counted_rows
    left join attributes using (edition_key, row_number)
    left join moments as started
        on
            counted_rows.edition_key = started.edition_key
            and counted_rows.row_number = started.row_number
            and started.role = 'started_at'
    left join moments as completed
        on
            counted_rows.edition_key = completed.edition_key
            and counted_rows.row_number = completed.row_number
            and completed.role = 'completed_at'
    left join completions
        on
            counted_rows.edition_key = completions.edition_key
            and counted_rows.row_number = completions.row_number
    group by all
)

select * from respondents
