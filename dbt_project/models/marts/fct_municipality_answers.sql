with

municipality_answers as (
    select * from {{ ref('int_municipality_answers') }}
    where from_edition_key = to_edition_key
),

municipalities as (
    select * from {{ ref('dim_municipalities') }}
),

answers as (
    select
        municipality_key,
        edition_key,
        question_key,
        option_key,
        is_selected,
    from municipality_answers
    semi join municipalities using (municipality_key)
)

select * from answers
