with

respondents as (
    select * from {{ ref('stg_raw__respondents') }}
),

cells as (
    select * from {{ source('raw', 'export_cells') }}
),

columns as (
    select * from {{ source('raw', 'export_columns') }}
    where role in ('question', 'option')
),

spellings as (
    select * from {{ source('codebook', 'option_spellings') }}
),

questions as (
    select * from {{ source('codebook', 'questions') }}
),

answers as (
    select
        respondents.edition_key,
        respondents.respondent_key,
        columns.question_key,
        spellings.option_code,
    from respondents
    inner join cells using (edition_key, row_number)
    inner join columns using (edition_key, column_number)
    inner join questions on split_part(columns.question_key, '.', 1) = questions.question_key
    left join spellings
        on
            cells.edition_key = spellings.edition_key
            and questions.question_key = spellings.question_key
            and cells.match_text = spellings.match_text
            and coalesce(columns.option_code = spellings.option_code, true)
    where
        questions.type in ('text', 'integer')
        or spellings.is_selected
)

select * from answers
