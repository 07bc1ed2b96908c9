{# The verdict that stands here is that on the latest earlier edition which anybody judged. #}
with

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
),

questions_compared as (
    select * from {{ ref('int_questions_compared') }}
    where comparability is not null
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
        questions_compared.comparability,
        questions_compared.reason as comparability_reason,
        questions_asked.is_required,
    from questions_asked
    left join questions_compared
        on
            questions_asked.edition_key = questions_compared.to_edition_key
            and questions_asked.question_key = questions_compared.question_key
)

select * from judged
