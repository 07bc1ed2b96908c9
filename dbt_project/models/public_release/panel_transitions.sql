with

transitions as (
    select * from {{ ref('mart_panel_transitions') }}
),

evolution as (
    select * from {{ ref('evolution') }}
    where
        population = 'panel'
        and base = 'municipalities'
),

withheld as (
    select
        from_edition_key,
        to_edition_key,
        question_key,
        option_key,
        evolution.suppression,
        if(evolution.suppression is null, kept_count, null) as kept_count,
        if(evolution.suppression is null, adopted_count, null) as adopted_count,
        if(evolution.suppression is null, dropped_count, null) as dropped_count,
        if(evolution.suppression is null, never_count, null) as never_count,
        if(evolution.suppression is null, municipality_count, null) as municipality_count,
        transitions.is_synthetic,
    from transitions
    inner join evolution using (from_edition_key, to_edition_key, question_key, option_key)
)

select * from withheld
