{#
    A literal asks that an option was chosen or, negated, that it was rejected: its question was
    answered without it. A condition is left out where the edition does not ask all that it hangs on.
#}
with

routing_literals as (
    select * from {{ source('codebook', 'routing_literals') }}
),

options_asked as (
    select * from {{ ref('int_options_asked') }}
),

editions as (
    select distinct edition_key from options_asked
),

literals as (
    select
        editions.edition_key,
        routing_literals.condition_key,
        routing_literals.clause_number,
        routing_literals.is_negated,
        options_asked.option_bit,
        xor(option_bit, option_bit) as no_options,
    from routing_literals
    cross join editions
    left join options_asked using (edition_key, question_key, option_code)
),

clauses as (
    select
        edition_key,
        condition_key,
        clause_number,
        bit_or(if(is_negated, no_options, option_bit)) as chosen_options,
        bit_or(if(is_negated, option_bit, no_options)) as rejected_options,
        count(*) as literal_count,
        bool_and(option_bit is not null) as is_asked,
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
