{#
    What each coder gave each open answer; and whether the answer is decided: by the coder who decides,
    or because all coders gave it the same codes.
#}
with

coded_answers as (
    select * from {{ source('codebook', 'coded_answers') }}
),

respondents_routed as (
    select * from {{ ref('int_respondents_routed') }}
),

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
),

given as (
    select
        edition_key,
        respondent_key,
        question_key,
        option_code,
        coder,
        coder = '{{ var('deciding_coder') }}' as is_deciding,
        list_sort(list(code)) as codes,
    from coded_answers
    inner join respondents_routed using (edition_key, respondent_key)
    inner join questions_asked using (edition_key, question_key)
    where {{ has_bit('respondents_routed.met_conditions', 'questions_asked.condition_key') }}
    group by all
),

decided as (
    select
        *,
        is_deciding or not bool_or(is_deciding) over answer
        and min(codes) over answer = max(codes) over answer as is_decided,
    from given
    window answer as (partition by respondent_key, question_key, option_code)
)

select * from decided
