{#
    A condition is met (true), open (unknown) or neither (false). A literal is unknown where the
    respondent stopped before its question, and false where they went on without an answer; a
    clause is at most what its least literal is, a condition what its best clause is.
#}
with

respondent_choices as (
    select * from {{ ref('int_respondent_choices') }}
),

respondents_stopped as (
    select * from {{ ref('int_respondents_stopped') }}
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
