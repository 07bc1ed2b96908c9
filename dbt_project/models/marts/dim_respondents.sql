with

respondents as (
    select * from {{ ref('stg_raw__respondents') }}
),

located as (
    select * from {{ ref('int_respondents_located') }}
),

editions as (
    select * from {{ source('codebook', 'editions') }}
),

question_responses as (
    select * from {{ ref('fct_question_responses') }}
),

answers_routed as (
    select * from {{ ref('int_answers_routed') }}
    where is_on_route
),

questions as (
    select * from {{ source('codebook', 'questions') }}
),

functions as (
    select
        answers_routed.respondent_key,
        answers_routed.option_code as function_code,
    from answers_routed
    inner join questions using (question_key)
    where questions.role = 'function'
),

joined as (
    select
        respondents.respondent_key,
        respondents.edition_key,
        if(located.location_method is null, null, located.municipality_key) as municipality_key,
        respondents.person_key,
        functions.function_code,
        if(respondents.is_complete, 'complete', 'partial') as status,
        located.location_method,
        respondents.duration_seconds,
        respondents.is_complete,
        coalesce(question_responses.state = 'answered', false) as is_in_analysis,
        respondents.started_at,
        respondents.completed_at,
    from respondents
    inner join located using (respondent_key)
    inner join editions on respondents.edition_key = editions.edition_key
    left join question_responses
        on
            respondents.respondent_key = question_responses.respondent_key
            and editions.analysis_question_key = question_responses.question_key
    left join functions on respondents.respondent_key = functions.respondent_key
)

select * from joined
