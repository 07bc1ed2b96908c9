with

answers_shown as (
    select * from {{ ref('int_answers_shown') }}
)

select * from answers_shown
