with

answers as (
    select * from {{ ref('int_answers_routed') }}
    where is_on_route and number is not null
),

questions as (
    select * from {{ source('codebook', 'questions') }}
    where is_number and role is null
),

numbers as (
    select
        answers.respondent_key,
        answers.edition_key,
        answers.question_key,
        answers.number,
    from answers
    inner join questions using (question_key)
)

select * from numbers
