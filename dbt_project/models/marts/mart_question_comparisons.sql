with

questions_compared as (
    select * from {{ ref('int_questions_compared') }}
),

judged as (
    select
        from_edition_key,
        to_edition_key,
        question_key,
        comparability,
        reason,
        has_other_universe,
        has_other_option_universes,
    from questions_compared
)

select * from judged
