{#
    All that is counted of municipalities, in one pass over the answers. Seniority says which of
    two colleagues goes before the other: the more complete, then the later.
#}
with

answers as (
    select * from {{ ref('int_answers_shown') }}
),

{# Numbers that options divide into bands. #}
numbers as (
    select * from {{ ref('int_answers_routed') }}
    where is_on_route and number is not null and option_code is not null
),

respondents as (
    select * from {{ ref('stg_raw__respondents') }}
),

located as (
    select * from {{ ref('int_respondents_located') }}
),

respondents_routed as (
    select * from {{ ref('int_respondents_routed') }}
),

options_shared as (
    select * from {{ ref('int_options_shared') }}
    where len(counted_option_keys) > 1
),

question_populations as (
    select * from {{ ref('int_question_populations') }}
),

ranked as (
    select
        respondents.respondent_key,
        located.municipality_key,
        respondents_routed.met_conditions,
        row_number() over (
            partition by respondents.edition_key
            order by
                respondents.is_complete desc,
                respondents_routed.answered_question_count desc,
                respondents.completed_at desc nulls last,
                respondents.started_at desc nulls last,
                respondents.respondent_key asc
        ) as seniority,
    from respondents
    inner join located using (respondent_key)
    inner join respondents_routed using (respondent_key)
),

pools as (
    select distinct
        edition_key,
        counted_option_key,
        unnest(counted_option_keys) as option_key,
    from options_shared
),

pooled as (
    select
        answers.edition_key,
        answers.respondent_key,
        answers.question_key,
        pools.counted_option_key as option_key,
        bool_or(answers.is_selected) as is_selected,
    from answers
    inner join pools using (edition_key, option_key)
    group by all
),

counted as (
    select
        edition_key,
        respondent_key,
        question_key,
        option_key,
        is_selected,
    from answers
    union all by name
    select * from pooled
),

conditions as (
    select distinct
        edition_key,
        question_key,
        other_condition_key,
    from question_populations
),

counts as (
    select
        counted.edition_key,
        ranked.municipality_key,
        counted.question_key,
        counted.option_key,
        conditions.other_condition_key,
        count(*) filter (counted.is_selected) as selected_count,
        count(*) as respondent_count,
        min(ranked.seniority) filter (counted.is_selected) as first_seniority,
        sum(numbers.number) filter (counted.is_selected) as number_total,
    from counted
    inner join ranked using (respondent_key)
    inner join conditions using (edition_key, question_key)
    left join numbers using (respondent_key, question_key)
    where {{ has_bit('ranked.met_conditions', 'conditions.other_condition_key') }}
    group by all
)

select * from counts
