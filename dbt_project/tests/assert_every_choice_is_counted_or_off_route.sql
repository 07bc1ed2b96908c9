{# From the cells of the export to the marts: no ticked option gets lost or doubled. #}
with

choices as (
    select
        cells.edition_key,
        count(*) as choice_count,
    from {{ source('raw', 'corrected_cells') }} as cells
    inner join {{ source('raw', 'export_rows') }} as export_rows
        using (edition_key, row_number)
    inner join {{ source('raw', 'export_columns') }} as columns
        using (edition_key, column_number)
    inner join {{ source('raw', 'cell_options') }} as cell_options
        on
            cells.edition_key = cell_options.edition_key
            and split_part(columns.question_key, '.', 1) = cell_options.question_key
            and cells.match_text = cell_options.match_text
            and coalesce(columns.option_code = cell_options.option_code, true)
    where
        export_rows.exclusion_reason is null
        and columns.is_answer
        and cell_options.is_selected
    group by all
),

counted as (
    select
        edition_key,
        count(*) as counted_count,
    from {{ ref('fct_answers') }}
    where is_selected
    group by all
),

off_route as (
    select
        edition_key,
        count(option_code) as off_route_count,
    from {{ ref('off_route_answers') }}
    group by all
)

select *
from choices
full join counted using (edition_key)
left join off_route using (edition_key)
where choice_count is distinct from counted_count + coalesce(off_route_count, 0)
