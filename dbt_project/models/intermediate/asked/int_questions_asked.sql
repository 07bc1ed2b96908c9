{# What a question of a later edition continues has its trend: the key of the last of them. #}
with recursive

continued as (
    select
        {{ asked_key('question_key', 'item_code') }} as question_key,
        {{ asked_key('from_question_key', 'from_item_code') }} as from_question_key,
    from {{ source('codebook', 'question_lineage') }}
    where lineage = 'continued'
),

trends as (
    select
        from_question_key as question_key,
        question_key as trend_key,
    from continued

    union

    select
        trends.question_key,
        continued.question_key as trend_key,
    from trends
    inner join continued on trends.trend_key = continued.from_question_key
),

last_trends as (
    select * from trends
    anti join continued on trends.trend_key = continued.from_question_key
),

question_editions as (
    select * from {{ source('codebook', 'question_editions') }}
),

item_editions as (
    select * from {{ source('codebook', 'item_editions') }}
),

questions as (
    select * from {{ source('codebook', 'questions') }}
),

question_items as (
    select * from {{ source('codebook', 'question_items') }}
),

routing_targets as (
    select * from {{ source('codebook', 'routing_targets') }}
    where option_code is null
),

asked as (
    select
        question_editions.edition_key,
        question_editions.question_key,
        cast(null as varchar) as parent_question_key,
        question_editions.question_key as codebook_question_key,
        questions.type,
        questions.is_closed or questions.has_bands as is_closed,
        questions.takes_several,
        questions.is_number and questions.role is null as has_numbers,
        questions.is_date as has_days,
        questions.has_rows,
        question_editions.number,
        question_editions.wording,
        question_editions.evidence,
        question_editions.is_required,
        question_editions.position as question_position,
        0 as item_position,
    from question_editions
    inner join questions using (question_key)

    union all by name

    select
        item_editions.edition_key,
        item_editions.question_key || '.' || item_editions.item_code as question_key,
        item_editions.question_key as parent_question_key,
        item_editions.question_key as codebook_question_key,
        'matrix_row' as type,
        questions.is_closed or questions.has_bands as is_closed,
        questions.takes_several,
        questions.is_number as has_numbers,
        false as has_days,
        false as has_rows,
        question_editions.number,
        item_editions.wording,
        question_editions.evidence,
        question_editions.is_required,
        question_editions.position as question_position,
        question_items.position as item_position,
    from item_editions
    inner join question_editions using (edition_key, question_key)
    inner join questions using (question_key)
    inner join question_items using (question_key, item_code)
),

placed as (
    select
        asked.* exclude (question_position, item_position),
        {# The options of a matrix are those of its rows. #}
        asked.is_closed and not asked.has_rows as has_options,
        row_number() over (
            partition by asked.edition_key
            order by asked.question_position, asked.item_position
        ) as position,
        coalesce(last_trends.trend_key, asked.question_key) as trend_key,
        routing_targets.condition_key,
        routing_targets.condition,
        routing_targets.universe,
    from asked
    left join last_trends using (question_key)
    left join routing_targets using (edition_key, question_key)
),

with_bits as (
    select
        *,
        {{ one_bit('position', 'max(position) over () + 1') }} as question_bit,
    from placed
)

select * from with_bits
