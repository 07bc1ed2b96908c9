{#
    What routing conditions hold an answer against: an option chosen, a number or a count compared,
    or any answer at all. An edition has those of the questions and options that it asks, also where
    only another edition routes on them.
#}
with

routing_literals as (
    select * from {{ source('codebook', 'routing_literals') }}
),

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
),

options_asked as (
    select * from {{ ref('int_options_asked') }}
),

criteria as (
    select distinct
        criterion,
        question_key,
        measure,
        option_code,
        comparison,
        number,
    from routing_literals
),

asked as (
    select
        questions_asked.edition_key,
        criteria.*,
        questions_asked.position,
        options_asked.option_number,
        row_number() over (
            partition by questions_asked.edition_key
            order by questions_asked.position, options_asked.option_number, criteria.criterion
        ) as criterion_number,
    from criteria
    inner join questions_asked using (question_key)
    left join options_asked using (edition_key, question_key, option_code)
    where
        criteria.option_code is null
        or options_asked.option_code is not null
),

with_bits as (
    select
        *,
        {{ one_bit('criterion_number', 'max(criterion_number) over () + 1') }} as criterion_bit,
    from asked
)

select * from with_bits
