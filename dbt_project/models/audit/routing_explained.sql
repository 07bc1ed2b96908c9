{#
    A condition holds where one of its clauses does, a clause where all its literals do. What a
    respondent did is looked up in bits, literal by literal, only for who is asked about.
#}
{{ config(materialized='view') }}

with

respondents_routed as (
    select * from {{ ref('int_respondents_routed') }}
),

respondent_choices as (
    select * from {{ ref('int_respondent_choices') }}
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

routing_targets as (
    select * from {{ source('codebook', 'routing_targets') }}
    where condition_key is not null
),

routing_literals as (
    select * from {{ source('codebook', 'routing_literals') }}
),

texts as (
    select
        {% for code in [
            'is', 'includes', 'rejected', 'number', 'count', 'answered', 'unanswered', 'not', 'and'
        ] %}
            max(text) filter (list = 'routing' and code = '{{ code }}') as {{ code }}_text,
        {% endfor %}
        map_from_entries(
            list((code, text)) filter (list = 'comparisons')
        ) as comparisons,
    from {{ source('vocabulary', 'texts') }}
    where language = '{{ var('language') }}'
),

literals as (
    select
        routing_targets.edition_key,
        routing_targets.question_key,
        routing_targets.option_code,
        routing_targets.condition_key,
        routing_targets.universe,
        routing_literals.clause_number,
        routing_literals.is_negated,
        routing_literals.is_absent,
        criteria_asked.position as source_position,
        criteria_asked.criterion_number,
        case
            when criteria_asked.measure = 'any' and routing_literals.is_absent
                then texts.unanswered_text
            when criteria_asked.measure = 'any' then texts.answered_text
            when criteria_asked.measure = 'number' then texts.number_text
            when criteria_asked.measure = 'count' then texts.count_text
            when routing_literals.is_negated then texts.rejected_text
            when sources.takes_several then texts.includes_text
            else texts.is_text
        end as template,
        replace(
            replace(
                replace(
                    if(
                        routing_literals.is_absent and criteria_asked.measure <> 'any',
                        replace(texts.not_text, '{0}', template), template
                    ),
                    '{0}', coalesce(parents.wording || ' - ', '') || sources.wording
                ),
                '{1}',
                coalesce(options_asked.label, texts.comparisons[criteria_asked.comparison])
            ),
            '{2}', coalesce(format('{:.15g}', criteria_asked.number), '')
        ) as words,
        texts.and_text,
        row_number() over (
            partition by
                routing_targets.edition_key, routing_targets.question_key,
                routing_targets.option_code, routing_literals.clause_number
            order by criteria_asked.criterion_number, routing_literals.is_negated
        ) as literal_number,
    from routing_targets
    inner join routing_literals using (condition_key)
    inner join criteria_asked
        on
            routing_targets.edition_key = criteria_asked.edition_key
            and routing_literals.criterion = criteria_asked.criterion
    inner join questions_asked as sources
        on
            routing_targets.edition_key = sources.edition_key
            and criteria_asked.question_key = sources.question_key
    left join questions_asked as parents
        on
            sources.edition_key = parents.edition_key
            and sources.parent_question_key = parents.question_key
    left join options_asked
        on
            criteria_asked.edition_key = options_asked.edition_key
            and criteria_asked.question_key = options_asked.question_key
            and criteria_asked.option_code = options_asked.option_code
    cross join texts
),

judged as (
    select
        literals.*,
        respondents_routed.respondent_key,
        case
            when {{ has_bit(
                'respondent_choices.answered_questions', 'literals.source_position'
            ) }}
                then
                    {{ has_bit(
                        'respondent_choices.met_criteria', 'literals.criterion_number'
                    ) }} = (literals.is_negated = literals.is_absent)
            when
                coalesce(
                    literals.source_position <= respondents_routed.stop_position,
                    respondents_routed.stop_position is null
                )
                then literals.is_absent
        end as holds,
        case
            when {{ has_bit('respondents_routed.met_conditions', 'literals.condition_key') }}
                then 'true'
            when {{ has_bit('respondents_routed.open_conditions', 'literals.condition_key') }}
                then 'unknown'
            else 'false'
        end as outcome,
    from literals
    inner join respondents_routed using (edition_key)
    inner join respondent_choices using (edition_key, respondent_key)
),

clauses as (
    select
        respondent_key,
        edition_key,
        question_key,
        option_code,
        universe,
        outcome,
        clause_number,
        string_agg(
            if(literal_number > 1, and_text || ' ', '') || words, ' ' order by literal_number
        ) as clause,
        case
            when bool_and(coalesce(holds, false)) then 'true'
            when bool_or(not holds) then 'false'
            else 'unknown'
        end as clause_outcome,
    from judged
    group by all
)

select * from clauses
