with

answers_routed as (
    select * from {{ ref('int_answers_routed') }}
    where not is_on_route
),

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
),

routing_targets as (
    select * from {{ source('codebook', 'routing_targets') }}
),

options_asked as (
    select * from {{ ref('int_options_asked') }}
),

explained as (
    select
        answers_routed.edition_key,
        answers_routed.respondent_key,
        answers_routed.question_key,
        answers_routed.option_code,
        options_asked.label as option_label,
        coalesce(routing_targets.universe, questions_asked.universe) as universe,
    from answers_routed
    inner join questions_asked using (edition_key, question_key)
    left join options_asked using (edition_key, question_key, option_code)
    left join routing_targets using (edition_key, question_key, option_code)
)

select * from explained
