with

respondent_choices as (
    select * from {{ ref('int_respondent_choices') }}
),

answers_routed as (
    select * from {{ ref('int_answers_routed') }}
    where is_on_route
),

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
),

options_asked as (
    select * from {{ ref('int_options_asked') }}
),

on_route as (
    select
        answers_routed.respondent_key,
        bit_or(questions_asked.question_bit) as questions_on_route,
        bit_or(options_asked.option_bit) as options_on_route,
        max(questions_asked.position) as last_position,
    from answers_routed
    inner join questions_asked using (edition_key, question_key)
    left join options_asked using (edition_key, question_key, option_code)
    group by all
),

stopped as (
    select
        respondent_choices.edition_key,
        respondent_choices.respondent_key,
        respondent_choices.is_complete,
        {# Nobody answered on route what they did not answer. #}
        coalesce(
            on_route.questions_on_route,
            xor(respondent_choices.answered_questions, respondent_choices.answered_questions)
        ) as questions_on_route,
        coalesce(
            on_route.options_on_route,
            xor(respondent_choices.chosen_options, respondent_choices.chosen_options)
        ) as options_on_route,
        coalesce(bit_count(on_route.questions_on_route), 0) as answered_question_count,
        if(
            respondent_choices.is_complete, null, coalesce(on_route.last_position, 0)
        ) as stop_position,
    from respondent_choices
    left join on_route using (respondent_key)
)

select * from stopped
