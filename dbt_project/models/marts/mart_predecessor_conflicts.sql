with

municipality_answers as (
    select * from {{ ref('int_municipality_answers') }}
    where from_edition_key = to_edition_key and is_selected
),

questions_compared as (
    select * from {{ ref('int_questions_compared') }}
),

municipality_frames as (
    select * from {{ ref('int_municipality_frames') }}
),

options_asked as (
    select * from {{ ref('int_options_asked') }}
),

municipalities as (
    select * from {{ ref('dim_municipalities') }}
),

questions as (
    select * from {{ ref('dim_questions') }}
),

predecessor_answers as (
    select
        questions_compared.from_edition_key,
        questions_compared.to_edition_key,
        municipality_frames.frame_municipality_key as municipality_key,
        municipality_answers.question_key,
        municipalities.name,
        string_agg(options_asked.label, ' + ' order by options_asked.position) as answer,
    from municipality_answers
    inner join questions_compared
        on
            municipality_answers.edition_key = questions_compared.from_edition_key
            and municipality_answers.question_key = questions_compared.from_question_key
    inner join municipality_frames
        on
            municipality_answers.municipality_key = municipality_frames.municipality_key
            and questions_compared.to_edition_key = municipality_frames.frame_edition_key
    inner join municipalities
        on municipality_answers.municipality_key = municipalities.municipality_key
    inner join options_asked
        on
            municipality_answers.edition_key = options_asked.edition_key
            and municipality_answers.option_key = options_asked.option_key
    group by all
),

conflicts as (
    select
        predecessor_answers.from_edition_key,
        predecessor_answers.to_edition_key,
        predecessor_answers.municipality_key,
        predecessor_answers.question_key,
        questions.municipality_rule,
        string_agg(
            predecessor_answers.name || ': ' || predecessor_answers.answer,
            '; ' order by predecessor_answers.name
        ) as answers,
    from predecessor_answers
    inner join questions using (question_key)
    group by all
    having count(distinct predecessor_answers.answer) > 1
)

select * from conflicts
