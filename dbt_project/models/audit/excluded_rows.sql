with

export_rows as (
    select * from {{ source('raw', 'export_rows') }}
    where exclusion_reason is not null
),

exports as (
    select * from {{ source('raw', 'exports') }}
),

excluded as (
    select
        export_rows.edition_key,
        exports.source_file,
        export_rows.row_number,
        export_rows.exclusion_reason,
        export_rows.filled_cell_count,
    from export_rows
    inner join exports using (edition_key)
)

select * from excluded
