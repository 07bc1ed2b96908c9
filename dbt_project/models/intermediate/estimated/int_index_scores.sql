{#
    Points that a municipality gathers over the questions of an index. A question that it was not
    shown adds nothing; one that it was asked and left leaves it without a score.
#}
with

indices as (
    select * from {{ source('codebook', 'indices') }}
),

index_items as (
    select * from {{ source('codebook', 'index_items') }}
),

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
),

municipalities_asked as (
    select * from {{ ref('int_municipalities_asked') }}
),

answers as (
    select * from {{ ref('int_municipality_answers') }}
    where from_edition_key = to_edition_key and is_selected
),

points_declared as (
    select
        index_items.index_key,
        indices.within_question,
        {{ asked_key('index_items.question_key', 'index_items.item_code') }} as asked_key,
        index_items.option_code,
        index_items.points::double as points,
    from index_items
    inner join indices using (index_key)
),

items as (
    select
        index_key,
        within_question,
        asked_key as question_key,
        asked_key || '.' || option_code as option_key,
        points,
    from points_declared
),

index_questions as (
    select distinct
        index_key,
        question_key,
        count(distinct question_key) over (partition by index_key) as question_count,
    from items
),

{# An edition has an index where it asks all of its questions. #}
index_editions as (
    select
        questions_asked.edition_key,
        index_questions.index_key,
    from index_questions
    inner join questions_asked using (question_key)
    group by all
    having count(*) = any_value(index_questions.question_count)
),

whole as (
    select
        index_editions.edition_key,
        index_editions.index_key,
        municipalities_asked.municipality_key,
    from index_editions
    inner join index_questions using (index_key)
    inner join municipalities_asked using (edition_key, question_key)
    group by all
    having bool_and(municipalities_asked.has_answered)
),

points as (
    select
        answers.edition_key,
        items.index_key,
        answers.municipality_key,
        items.question_key,
        if(any_value(items.within_question) = 'sum', sum(items.points), max(items.points))
            as points,
    from answers
    inner join items using (option_key)
    group by all
),

scored as (
    select
        whole.edition_key,
        whole.index_key,
        whole.municipality_key,
        coalesce(sum(points.points), 0) as score,
    from whole
    left join points using (edition_key, index_key, municipality_key)
    group by all
)

select * from scored
