with

unit_answers as (
    select * from {{ ref('int_unit_answers') }}
),

clusters as (
    select
        from_edition_key,
        to_edition_key,
        population,
        base,
        question_key,
        option_key,
        cluster_key,
        count(*) filter (side = 'from' and is_selected) as from_selected_count,
        count(*) filter (side = 'from') as from_unit_count,
        count(*) filter (side = 'to' and is_selected) as to_selected_count,
        count(*) filter (side = 'to') as to_unit_count,
    from unit_answers
    group by all
)

select * from clusters
