with

questions as (
    select * from {{ source('codebook', 'questions') }}
),

question_items as (
    select * from {{ source('codebook', 'question_items') }}
),

parts as (
    select * from {{ source('codebook', 'parts') }}
),

concepts as (
    select * from {{ source('codebook', 'concepts') }}
),

described as (
    select
        questions.question_key,
        questions.part,
        parts.label as part_label,
        questions.type,
        questions.label,
        questions.concept,
        concepts.label as concept_label,
        questions.municipality_rule,
        questions.is_closed or questions.has_bands as is_closed,
        questions.takes_several,
        {# A postal code is written in digits, and tells of a place. #}
        questions.is_number and questions.role is null as is_number,
        questions.is_date,
        questions.has_rows,
        questions.is_ordered,
    from questions
    inner join parts using (part)
    inner join concepts using (concept)
),

with_rows as (
    select
        question_key,
        cast(null as varchar) as parent_question_key,
        * exclude (question_key),
    from described

    union all by name

    select
        described.question_key || '.' || question_items.item_code as question_key,
        described.question_key as parent_question_key,
        described.* exclude (question_key) replace (
            'matrix_row' as type,
            false as has_rows,
            described.label || ' - ' || question_items.label as label
        ),
    from described
    inner join question_items using (question_key)
)

select * from with_rows
