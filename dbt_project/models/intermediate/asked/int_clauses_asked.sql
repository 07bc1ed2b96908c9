{#
    A literal asks that a criterion is met or, negated, that it is failed: its question was answered
    otherwise. Absent: that it is not met, not failed, be it for want of an answer. A condition is
    left out where the edition does not ask all that it hangs on.
#}
{% set sides = {
    'met_criteria': 'not is_negated and not is_absent',
    'failed_criteria': 'is_negated and not is_absent',
    'unmet_criteria': 'not is_negated and is_absent',
    'unfailed_criteria': 'is_negated and is_absent',
} %}

with

routing_literals as (
    select * from {{ source('codebook', 'routing_literals') }}
),

criteria_asked as (
    select * from {{ ref('int_criteria_asked') }}
),

editions as (
    select distinct edition_key from criteria_asked
),

literals as (
    select
        editions.edition_key,
        routing_literals.condition_key,
        routing_literals.clause_number,
        routing_literals.is_negated,
        routing_literals.is_absent,
        criteria_asked.criterion_bit,
    from routing_literals
    cross join editions
    left join criteria_asked using (edition_key, criterion)
),

clauses as (
    select
        edition_key,
        condition_key,
        clause_number,
        {% for name, condition in sides.items() %}
            bit_or(if({{ condition }}, criterion_bit, xor(criterion_bit, criterion_bit)))
                as {{ name }},
        {% endfor %}
        count(*) as literal_count,
        bool_and(criterion_bit is not null) as is_asked,
    from literals
    group by all
),

asked as (
    select
        * exclude (is_asked),
        {{ one_bit('condition_key', '(select max(condition_key) + 1 from routing_literals)') }}
            as condition_bit,
    from clauses
    qualify bool_and(is_asked) over (partition by edition_key, condition_key)
)

select * from asked
