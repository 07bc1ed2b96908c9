with

questions_compared as (
    select * from {{ ref('int_questions_compared') }}
),

contradictions as (
    select
        from_edition_key,
        to_edition_key,
        question_key,
        string_agg(distinct contradiction, ', ' order by contradiction) as unseen,
    from {{ ref('mart_verdict_contradictions') }}
    where not is_seen
    group by all
),

judged as (
    select
        from_edition_key,
        to_edition_key,
        question_key,
        questions_compared.comparability,
        questions_compared.reason,
        contradictions.unseen,
        questions_compared.has_other_universe,
        questions_compared.has_other_option_universes,
    from questions_compared
    left join contradictions using (from_edition_key, to_edition_key, question_key)
)

select * from judged
