with

editions as (
    select * from {{ source('codebook', 'editions') }}
),

exports as (
    select * from {{ source('raw', 'exports') }}
),

frame as (
    select
        edition_key,
        count(*)::integer as frame_size,
    from {{ ref('int_municipality_editions') }}
    group by all
),

joined as (
    select
        editions.edition_key,
        coalesce(editions.edition_name, editions.edition_key::varchar) as edition_name,
        editions.label,
        editions.tool,
        editions.source_note,
        exports.source_file,
        exports.source_sha256,
        coalesce(frame.frame_size, 0) as frame_size,
        editions.is_baseline,
        editions.is_synthetic,
        exports.has_lasting_person_keys,
        editions.field_start_date,
        editions.field_end_date,
        editions.frame_date,
    from editions
    inner join exports using (edition_key)
    left join frame using (edition_key)
)

select * from joined
