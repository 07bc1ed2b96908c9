{#
    A condition is met (true), open (unknown) or neither (false). A literal is unknown where the
    respondent stopped before its question, and false where they went on without an answer; a
    clause is at most what its least literal is, a condition what its best clause is.
#}
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

clauses_asked as (
    select * from {{ ref('int_clauses_asked') }}
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

respondents_stopped as (
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
),

stops as (
    select distinct
        edition_key,
        stop_position,
    from respondents_stopped
    where stop_position is not null
),

{# The options of all questions after a stop. #}
ahead as (
    select
        stops.edition_key,
        stops.stop_position,
        bit_or(options_asked.option_bit) as options_ahead,
    from stops
    inner join questions_asked
        on
            stops.edition_key = questions_asked.edition_key
            and stops.stop_position < questions_asked.position
    inner join options_asked
        on
            questions_asked.edition_key = options_asked.edition_key
            and questions_asked.question_key = options_asked.question_key
    group by all
),

unfinished as (
    select
        respondent_choices.edition_key,
        respondent_choices.respondent_key,
        ahead.options_ahead & ~respondent_choices.answered_options as open_options,
        respondent_choices.chosen_options | open_options as possibly_chosen_options,
        respondent_choices.rejected_options | open_options as possibly_rejected_options,
    from respondents_stopped
    inner join ahead using (edition_key, stop_position)
    inner join respondent_choices using (respondent_key)
),

possible as (
    select
        unfinished.respondent_key,
        bit_or(clauses_asked.condition_bit) as possible_conditions,
    from unfinished
    inner join clauses_asked
        on
            unfinished.edition_key = clauses_asked.edition_key
            and {{ meets_clause(
                'clauses_asked',
                'unfinished.possibly_chosen_options', 'unfinished.possibly_rejected_options'
            ) }}
    group by all
),

routed as (
    select
        respondents_stopped.*,
        respondent_choices.answered_questions,
        respondent_choices.met_conditions,
        coalesce(possible.possible_conditions, respondent_choices.met_conditions)
        & ~respondent_choices.met_conditions as open_conditions,
    from respondents_stopped
    inner join respondent_choices using (edition_key, respondent_key)
    left join possible using (respondent_key)
)

select * from routed
