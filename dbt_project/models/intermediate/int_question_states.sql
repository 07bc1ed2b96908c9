{# A matrix takes its state from its rows, in this order of precedence. #}
{% set precedence = ['answered', 'skipped', 'not_reached', 'off_route', 'not_shown'] %}

with

respondents_stopped as (
    select * from {{ ref('int_respondents_stopped') }}
),

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
),

conditions_evaluated as (
    select * from {{ ref('int_conditions_evaluated') }}
),

answers_routed as (
    select * from {{ ref('int_answers_routed') }}
),

question_answers as (
    select
        edition_key,
        respondent_key,
        question_key,
        bool_or(is_on_route) as has_answer_on_route,
    from answers_routed
    group by all
),

own_states as (
    select
        respondents_stopped.edition_key,
        respondents_stopped.respondent_key,
        questions_asked.question_key,
        questions_asked.parent_question_key,
        case
            when question_answers.has_answer_on_route then 'answered'
            when
                question_answers.question_key is not null
                and coalesce(conditions_evaluated.truth, 2) < 2
                then 'off_route'
            when coalesce(conditions_evaluated.truth, 2) = 0 then 'not_shown'
            when questions_asked.position > respondents_stopped.stop_position then 'not_reached'
            else 'skipped'
        end as state,
    from respondents_stopped
    inner join questions_asked using (edition_key)
    left join conditions_evaluated using (edition_key, respondent_key, condition_key)
    left join question_answers using (edition_key, respondent_key, question_key)
    where questions_asked.type <> 'matrix'
),

matrix_states as (
    select
        edition_key,
        respondent_key,
        parent_question_key as question_key,
        case
            {% for state in precedence %}
                when bool_or(state = '{{ state }}') then '{{ state }}'
            {% endfor %}
        end as state,
    from own_states
    where parent_question_key is not null
    group by all
),

states as (
    select * exclude (parent_question_key) from own_states
    union all by name
    select * from matrix_states
)

select * from states
