with

questions as (
    select * from {{ ref('dim_questions') }}
    where not has_rows
),

options as (
    select * from {{ source('codebook', 'options') }}
),

keyed as (
    select
        questions.question_key || '.' || options.option_code as option_key,
        questions.question_key,
        options.option_code,
        options.label,
        options.position,
        options.is_exclusive,
        options.is_missing,
    from questions
    inner join options
        on coalesce(questions.parent_question_key, questions.question_key) = options.question_key
)

select * from keyed
