with

answers as (
    select * from {{ ref('fct_answers') }}
),

respondents as (
    select * from {{ ref('dim_respondents') }}
),

options_asked as (
    select * from {{ ref('int_options_asked') }}
),

municipality_answers as (
    select * from {{ ref('int_municipality_answers') }}
    where is_selected and from_edition_key = to_edition_key
),

questions as (
    select * from {{ ref('dim_questions') }}
),

colleague_answers as (
    select
        answers.edition_key,
        respondents.municipality_key,
        answers.question_key,
        answers.respondent_key,
        string_agg(options_asked.label, ' + ' order by options_asked.position)
        filter (answers.is_selected) as answer,
    from answers
    inner join respondents using (edition_key, respondent_key)
    inner join options_asked using (edition_key, option_key)
    group by all
),

disagreements as (
    select
        edition_key,
        municipality_key,
        question_key,
        count(*)::integer as respondent_count,
        string_agg(respondent_key || ': ' || answer, '; ' order by respondent_key) as answers,
    from colleague_answers
    group by all
    having count(distinct answer) > 1
),

adopted as (
    select
        municipality_answers.edition_key,
        municipality_answers.municipality_key,
        municipality_answers.question_key,
        string_agg(options_asked.label, ' + ' order by options_asked.position) as adopted_answer,
    from municipality_answers
    inner join options_asked using (edition_key, option_key)
    group by all
),

explained as (
    select
        disagreements.edition_key,
        disagreements.municipality_key,
        disagreements.question_key,
        questions.municipality_rule,
        disagreements.answers,
        adopted.adopted_answer,
        disagreements.respondent_count,
    from disagreements
    inner join adopted using (edition_key, municipality_key, question_key)
    inner join questions using (question_key)
)

select * from explained
