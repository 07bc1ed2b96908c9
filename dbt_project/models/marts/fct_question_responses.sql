{# A matrix takes its state from its rows, in this order of precedence. #}
{% set precedence = ['answered', 'skipped', 'not_reached', 'off_route', 'not_shown'] %}

with

respondents_routed as (
    select * from {{ ref('int_respondents_routed') }}
),

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
),

own_states as (
    select
        respondents_routed.edition_key,
        respondents_routed.respondent_key,
        questions_asked.question_key,
        questions_asked.parent_question_key,
        {{ has_bit('respondents_routed.met_conditions', 'questions_asked.condition_key') }}
            as is_met,
        case
            when {{ has_bit('respondents_routed.questions_on_route', 'questions_asked.position') }}
                then 'answered'
            when
                not is_met
                and {{ has_bit(
                    'respondents_routed.answered_questions', 'questions_asked.position'
                ) }}
                then 'off_route'
            when
                not is_met
                and not {{ has_bit(
                    'respondents_routed.open_conditions', 'questions_asked.condition_key'
                ) }}
                then 'not_shown'
            when questions_asked.position > respondents_routed.stop_position then 'not_reached'
            else 'skipped'
        end as state,
    from respondents_routed
    inner join questions_asked using (edition_key)
    where not questions_asked.has_rows
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
    select
        respondent_key,
        edition_key,
        question_key,
        state,
    from own_states
    union all by name
    select * from matrix_states
)

select * from states
