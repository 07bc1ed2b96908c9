with

applied_corrections as (
    select * from {{ source('raw', 'applied_corrections') }}
),

corrections as (
    select
        edition_key,
        respondent_key,
        question_key,
        option_code,
        column_letter,
        row_number,
        raw_value,
        expected_value,
        new_value,
        reason,
        corrected_on,
    from applied_corrections
)

select * from corrections
