{# How many answered stands beside the figures themselves, where those may be published. #}
with

power as (
    select * from {{ ref('mart_power') }}
),

withheld as (
    select distinct
        edition_key,
        question_key,
    from {{ ref('question_results') }}
    where breakdown = 'total' and suppression is not null
),

released as (
    select
        power.edition_key,
        power.question_key,
        power.base_count,
        power.detectable_change,
        power.needed_count,
        power.is_synthetic,
    from power
    anti join withheld using (edition_key, question_key)
)

select * from released
