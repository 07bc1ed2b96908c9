with

respondents as (
    select * from {{ ref('stg_raw__respondents') }}
),

cells as (
    select * from {{ source('raw', 'corrected_cells') }}
),

columns as (
    select * from {{ source('raw', 'export_columns') }}
    where is_answer
),

cell_options as (
    select * from {{ source('raw', 'cell_options') }}
),

numbers as (
    select * from {{ source('raw', 'numbers') }}
),

questions as (
    select * from {{ source('codebook', 'questions') }}
),

answers as (
    select
        respondents.edition_key,
        respondents.respondent_key,
        columns.question_key,
        cell_options.option_code,
        numbers.number,
    from respondents
    inner join cells using (edition_key, row_number)
    inner join columns using (edition_key, column_number)
    inner join questions on split_part(columns.question_key, '.', 1) = questions.question_key
    left join cell_options
        on
            cells.edition_key = cell_options.edition_key
            and questions.question_key = cell_options.question_key
            and cells.match_text = cell_options.match_text
            and coalesce(columns.option_code = cell_options.option_code, true)
    left join numbers
        on
            cells.edition_key = numbers.edition_key
            and columns.question_key = numbers.question_key
            and cells.match_text = numbers.match_text
    where
        columns.role <> 'ranking'
        and (not questions.is_closed or cell_options.is_selected)
),

{# A cell that ranks answers each row that it names. #}
ranked as (
    select
        respondents.edition_key,
        respondents.respondent_key,
        numbers.question_key,
        cast(null as varchar) as option_code,
        numbers.number,
    from respondents
    inner join cells using (edition_key, row_number)
    inner join columns using (edition_key, column_number)
    inner join numbers
        on
            cells.edition_key = numbers.edition_key
            and columns.question_key = split_part(numbers.question_key, '.', 1)
            and cells.match_text = numbers.match_text
    where columns.role = 'ranking'
),

every_answer as (
    select * from answers
    union all by name
    select * from ranked
)

select * from every_answer
