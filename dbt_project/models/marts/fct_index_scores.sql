with

index_scores as (
    select * from {{ ref('int_index_scores') }}
),

editions as (
    select * from {{ ref('dim_editions') }}
),

municipalities as (
    select * from {{ ref('dim_municipalities') }}
),

described as (
    select
        index_scores.edition_key,
        index_scores.index_key,
        index_scores.municipality_key,
        index_scores.score,
        editions.is_synthetic,
    from index_scores
    inner join editions using (edition_key)
    semi join municipalities using (municipality_key)
)

select * from described
