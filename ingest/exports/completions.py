"""Who reached the end of the questionnaire, by the rule of the edition."""

import duckdb

from vocabulary.lists import CompletionRule, MetadataRole, quote

COMPLETIONS = f"""
    create table raw.completions as
    with told as (
        select
            export_rows.edition_key, export_rows.row_number,
            bool_or(told.value) as value,
            count(export_cells.row_number) filter (
                export_columns.role = '{MetadataRole.IS_COMPLETE}'
            ) > 0 as is_marked,
            count(export_cells.row_number) > 0 as is_filled,
            bool_or(export_columns.role = '{MetadataRole.IS_COMPLETE}') as has_mark
        from raw.export_rows
        left join raw.export_columns
            on export_columns.edition_key = export_rows.edition_key
            and export_columns.role in (
                {quote([MetadataRole.IS_COMPLETE, MetadataRole.COMPLETED_AT])}
            )
        left join raw.export_cells
            on export_cells.edition_key = export_rows.edition_key
            and export_cells.row_number = export_rows.row_number
            and export_cells.column_number = export_columns.column_number
        left join codebook.metadata_values as told
            on told.edition_key = export_rows.edition_key
            and told.role = export_columns.role and told.match_text = export_cells.match_text
        group by all
    )
    select
        edition_key, row_number,
        case complete_when
            when '{CompletionRule.ALWAYS}' then true
            when '{CompletionRule.FILLED}' then if(has_mark, is_marked, is_filled)
            else value
        end as is_complete
    from told inner join codebook.editions using (edition_key);
    comment on table raw.completions is
        'One row per row of an export: whether its respondent reached the end, where that is told.';
"""


def read_completions(connection: duckdb.DuckDBPyConnection) -> None:
    """Create `raw.completions`: by the words of metadata_values.csv, a filled column, or always."""
    connection.execute(COMPLETIONS)
