with

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
    where has_options
),

option_editions as (
    select * from {{ source('codebook', 'option_editions') }}
),

options as (
    select * from {{ source('codebook', 'options') }}
),

routing_targets as (
    select * from {{ source('codebook', 'routing_targets') }}
),

options_asked as (
    select
        questions_asked.edition_key,
        questions_asked.question_key,
        options.option_code,
        questions_asked.question_key || '.' || options.option_code as option_key,
        questions_asked.codebook_question_key,
        questions_asked.trend_key,
        option_editions.label,
        options.position,
        options.is_exclusive,
        options.is_missing,
        options.score,
        {# A band of a number ends where the next begins; the lowest and the highest have no end. #}
        if(
            questions_asked.has_numbers, coalesce(options.at_least::double, '-infinity'), null
        ) as at_least,
        if(
            questions_asked.has_numbers,
            lead(options.at_least::double, 1, 'infinity') over (
                partition by questions_asked.edition_key, questions_asked.question_key
                order by options.position
            ),
            null
        ) as below,
        option_editions.lineage,
        coalesce(routing_targets.condition_key, questions_asked.condition_key) as condition_key,
        routing_targets.condition_key is not null as has_own_universe,
        row_number() over (
            partition by questions_asked.edition_key
            order by questions_asked.position, options.position, options.option_code
        ) as option_number,
    from questions_asked
    inner join option_editions
        on
            questions_asked.edition_key = option_editions.edition_key
            and questions_asked.codebook_question_key = option_editions.question_key
    inner join options
        on
            option_editions.question_key = options.question_key
            and option_editions.option_code = options.option_code
    left join routing_targets
        on
            questions_asked.edition_key = routing_targets.edition_key
            and questions_asked.question_key = routing_targets.question_key
            and options.option_code = routing_targets.option_code
),

with_bits as (
    select
        *,
        {{ one_bit('option_number', 'max(option_number) over () + 1') }} as option_bit,
    from options_asked
)

select * from with_bits
