{# Who was asked, or stopped before, and who of them answered: one colleague suffices. #}
with

respondents_routed as (
    select * from {{ ref('int_respondents_routed') }}
),

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
),

located as (
    select * from {{ ref('int_respondents_located') }}
),

asked as (
    select
        questions_asked.edition_key,
        questions_asked.question_key,
        located.municipality_key,
        bool_or(
            {{ has_bit('respondents_routed.questions_on_route', 'questions_asked.position') }}
        ) as has_answered,
    from respondents_routed
    inner join questions_asked using (edition_key)
    inner join located using (edition_key, respondent_key)
    where
        {{ has_bit('respondents_routed.met_conditions', 'questions_asked.condition_key') }}
        or {{ has_bit('respondents_routed.open_conditions', 'questions_asked.condition_key') }}
    group by all
)

select * from asked
