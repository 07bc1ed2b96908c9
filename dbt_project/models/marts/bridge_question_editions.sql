with

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
),

comparability as (
    select * from {{ source('codebook', 'comparability') }}
    qualify row_number() over (
        partition by to_edition_key, question_key
        order by from_edition_key desc
    ) = 1
),

judged as (
    select
        questions_asked.edition_key,
        questions_asked.question_key,
        questions_asked.number,
        questions_asked.position::integer as position,
        questions_asked.wording,
        questions_asked.universe,
        questions_asked.evidence,
        comparability.verdict as comparability,
        comparability.reason as comparability_reason,
        questions_asked.is_required,
    from questions_asked
    left join comparability
        on
            questions_asked.edition_key = comparability.to_edition_key
            and questions_asked.codebook_question_key = comparability.question_key
)

select * from judged
