{#
    Who could have answered a question, and how many of them did: those who were asked and skipped
    it or stopped before it are as if they had not taken part.
#}
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

strata as (
    select * from {{ ref('int_strata') }}
),

participation as (
    select
        edition_key,
        sum(participating_count) / sum(frame_count) as participating_share,
    from strata
    group by all
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
),

counted as (
    select
        edition_key,
        question_key,
        count_if(has_answered) / count(*) as answering_share,
    from asked
    group by all
),

shares as (
    select
        counted.*,
        participation.participating_share * counted.answering_share as sampled_share,
    from counted
    inner join participation using (edition_key)
)

select * from shares
