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

criteria_asked as (
    select * from {{ ref('int_criteria_asked') }}
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
            {{ no_bits('(select coalesce(max(option_number), 0) + 1 from options_asked)') }}
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

{# The criteria of all questions after a stop. #}
ahead as (
    select
        stops.edition_key,
        stops.stop_position,
        bit_or(criteria_asked.criterion_bit) as criteria_ahead,
    from stops
    inner join criteria_asked
        on
            stops.edition_key = criteria_asked.edition_key
            and stops.stop_position < criteria_asked.position
    group by all
),

unfinished as (
    select
        respondent_choices.edition_key,
        respondent_choices.respondent_key,
        respondent_choices.met_criteria,
        respondent_choices.failed_criteria,
        ahead.criteria_ahead & ~(met_criteria | failed_criteria) as open_criteria,
        met_criteria | open_criteria as perhaps_met_criteria,
        failed_criteria | open_criteria as perhaps_failed_criteria,
    from respondents_stopped
    inner join ahead using (edition_key, stop_position)
    inner join respondent_choices using (respondent_key)
),

judged as (
    select
        unfinished.respondent_key,
        bit_or(clauses_asked.condition_bit) filter (
            {{ meets_clause(
                'clauses_asked', 'unfinished.met_criteria', 'unfinished.failed_criteria',
                'unfinished.perhaps_met_criteria', 'unfinished.perhaps_failed_criteria'
            ) }}
        ) as surely_met_conditions,
        bit_or(clauses_asked.condition_bit) filter (
            {{ meets_clause(
                'clauses_asked',
                'unfinished.perhaps_met_criteria', 'unfinished.perhaps_failed_criteria',
                'unfinished.met_criteria', 'unfinished.failed_criteria'
            ) }}
        ) as possible_conditions,
    from unfinished
    inner join clauses_asked using (edition_key)
    group by all
),

{# Who went on to the end left nothing open. #}
known as (
    select
        respondent_choices.respondent_key,
        respondent_choices.answered_questions,
        xor(respondent_choices.met_conditions, respondent_choices.met_conditions) as no_conditions,
        if(
            judged.respondent_key is null,
            respondent_choices.met_conditions,
            coalesce(judged.surely_met_conditions, no_conditions)
        ) as known_conditions,
        coalesce(judged.possible_conditions, no_conditions) & ~known_conditions as open_conditions,
    from respondent_choices
    left join judged using (respondent_key)
),

routed as (
    select
        respondents_stopped.*,
        known.answered_questions,
        known.known_conditions as met_conditions,
        known.open_conditions,
    from respondents_stopped
    inner join known using (respondent_key)
)

select * from routed
