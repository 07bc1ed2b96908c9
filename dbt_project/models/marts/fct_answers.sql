with

question_states as (
    select * from {{ ref('int_question_states') }}
    where state = 'answered'
),

options_asked as (
    select * from {{ ref('int_options_asked') }}
),

conditions_evaluated as (
    select * from {{ ref('int_conditions_evaluated') }}
),

answers_routed as (
    select * from {{ ref('int_answers_routed') }}
    where is_on_route
),

shown as (
    select
        question_states.respondent_key,
        question_states.edition_key,
        question_states.question_key,
        options_asked.option_key,
        answers_routed.option_code is not null as is_selected,
    from question_states
    inner join options_asked using (edition_key, question_key)
    left join conditions_evaluated
        on
            question_states.respondent_key = conditions_evaluated.respondent_key
            and options_asked.condition_key = conditions_evaluated.condition_key
    left join answers_routed
        on
            question_states.respondent_key = answers_routed.respondent_key
            and options_asked.question_key = answers_routed.question_key
            and options_asked.option_code = answers_routed.option_code
    where coalesce(conditions_evaluated.truth, 2) = 2
)

select * from shown
