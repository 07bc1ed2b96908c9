{#
    From the cells of the export to the marts: no ticked option gets lost or doubled, and no number
    that is in a band.
#}
with

cells as (
    select
        cells.edition_key,
        cells.match_text,
        columns.question_key,
        split_part(columns.question_key, '.', 1) as codebook_question_key,
        columns.option_code,
    from {{ source('raw', 'corrected_cells') }} as cells
    inner join {{ source('raw', 'export_rows') }} as export_rows
        using (edition_key, row_number)
    inner join {{ source('raw', 'export_columns') }} as columns
        using (edition_key, column_number)
    where export_rows.exclusion_reason is null and columns.is_answer
),

found as (
    select cells.edition_key
    from cells
    inner join {{ source('raw', 'cell_options') }} as cell_options
        on
            cells.edition_key = cell_options.edition_key
            and cells.codebook_question_key = cell_options.question_key
            and cells.match_text = cell_options.match_text
            and coalesce(cells.option_code = cell_options.option_code, true)
    where cell_options.is_selected
    union all by name
    {# In a cell that ranks stand the numbers of several rows. #}
    select cells.edition_key
    from cells
    inner join {{ source('codebook', 'questions') }} as questions
        on cells.codebook_question_key = questions.question_key
    inner join {{ source('raw', 'numbers') }} as numbers
        on
            cells.edition_key = numbers.edition_key
            and cells.match_text = numbers.match_text
            and (
                cells.question_key = numbers.question_key
                or (
                    questions.has_rows
                    and starts_with(numbers.question_key, cells.question_key || '.')
                )
            )
    where questions.has_bands
),

choices as (
    select
        edition_key,
        count(*) as choice_count,
    from found
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
