with

answers as (
    select * from {{ ref('int_answers_routed') }}
    where is_on_route and number is not null
),

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
    where has_numbers
),

numbers as (
    select
        answers.respondent_key,
        answers.edition_key,
        answers.question_key,
        answers.number,
    from answers
    inner join questions_asked using (edition_key, question_key)
)

select * from numbers
