"""When an answer was begun and ended: a closed list of forms, nothing that only looks like one."""

from collections.abc import Iterator

import duckdb

from ingest.codebook.loading import describe_place
from ingest.shared.problems import Problem

# A day, with or without a time to the minute, second or less, with or without an offset.
ISO = (
    r"\d{4}-\d{2}-\d{2}"
    r"([T ]\d{2}:\d{2}(:\d{2}([.]\d{1,9})?)?( ?(Z|[+-]\d{2}:?\d{2}))?)?"
)
HAS_OFFSET = r".*\d( ?(Z|[+-]\d{2}:?\d{2}))"
# An offset is converted: the moment is that of UTC.
AS_ISO = f"""
    case
        when not regexp_full_match(corrected_cells.match_text, '{ISO}') then null
        when length(corrected_cells.match_text) > 16
            and regexp_full_match(corrected_cells.match_text, '{HAS_OFFSET}')
            then make_timestamp(epoch_us(try_cast(corrected_cells.match_text as timestamptz)))
        else try_cast(corrected_cells.match_text as timestamp)
    end
"""


def read_moments(connection: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    """Create `raw.moments`: when each row began and ended, where that can be read.

    A stamp is ISO 8601, or has the `date_format` of its edition. Yields a problem for each
    format that is none.
    """
    connection.execute("""
        create table raw.moments (
            edition_key integer, row_number integer, role varchar, moment timestamp
        );
        comment on table raw.moments is
            'One row per row of an export and moment that it tells: started_at, completed_at.';
    """)
    for edition, row, date_format in connection.execute(
        "select edition_key, _row, date_format from codebook.editions order by 1"
    ).fetchall():
        try:
            connection.execute(
                f"""
                insert into raw.moments
                select * from (
                    select
                        edition_key, row_number, role,
                        coalesce(
                            -- `infinity` and `epoch` are moments to DuckDB only.
                            if(
                                regexp_matches(corrected_cells.match_text, '[0-9]'),
                                try_strptime(corrected_cells.match_text, $format), null
                            ),
                            {AS_ISO}
                        )
                            as moment
                    from raw.corrected_cells
                    inner join raw.export_columns using (edition_key, column_number)
                    where edition_key = $edition and role in ('started_at', 'completed_at')
                )
                where isfinite(moment)
                """,
                {"edition": edition, "format": date_format or "%Y-%m-%dT%H:%M:%S"},
            )
        except duckdb.InvalidInputException:
            place = describe_place("editions", row, "date_format")
            action = "Write it as in %d/%m/%Y %H:%M:%S, or %d/%m/%Y %I:%M:%S %p."
            yield Problem(place, f"{date_format!r} is no form of dates.", action)
