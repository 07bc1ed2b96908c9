with

evolution as (
    select * from {{ ref('mart_evolution') }}
    where
        population = 'panel'
        and base = 'municipalities'
        and verdict <> 'not_comparable'
),

clusters as (
    select * from {{ ref('int_clusters_compared') }}
    where
        population = 'panel'
        and base = 'municipalities'
),

moves as (
    select
        from_edition_key,
        to_edition_key,
        question_key,
        option_key,
        clusters.from_selected_count > 0 as is_selected_before,
        clusters.to_selected_count > 0 as is_selected_after,
        evolution.is_synthetic,
    from clusters
    inner join evolution using (from_edition_key, to_edition_key, question_key, option_key)
),

transitions as (
    select
        from_edition_key,
        to_edition_key,
        question_key,
        option_key,
        (count(*) filter (is_selected_before and is_selected_after))::integer as kept_count,
        (count(*) filter (not is_selected_before and is_selected_after))::integer
            as adopted_count,
        (count(*) filter (is_selected_before and not is_selected_after))::integer
            as dropped_count,
        (count(*) filter (not is_selected_before and not is_selected_after))::integer
            as never_count,
        count(*)::integer as municipality_count,
        is_synthetic,
    from moves
    group by all
)

select * from transitions
