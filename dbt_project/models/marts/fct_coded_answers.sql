with

answers_coded as (
    select * from {{ ref('int_answers_coded') }}
    where is_decided
),

codes as (
    select * from {{ ref('dim_open_codes') }}
),

decided as (
    select distinct
        edition_key,
        respondent_key,
        question_key,
        option_code,
        codes,
    from answers_coded
),

answers as (
    select
        decided.respondent_key,
        decided.edition_key,
        decided.question_key,
        codes.code_key,
        list_contains(decided.codes, codes.code) as is_selected,
    from decided
    inner join codes
        on
            decided.question_key = codes.question_key
            and decided.option_code is not distinct from codes.option_code
)

select * from answers
