"""The header of an export matched to the columns that the codebook expects."""

from collections.abc import Iterator

import duckdb

from ingest.exports.files import ExportFile, Grid, describe_export
from ingest.shared.problems import Problem, name_candidates, shorten
from ingest.shared.text import to_column_letter, to_match_text


def list_expected(connection: duckdb.DuckDBPyConnection, export: ExportFile) -> dict[str, str]:
    """Return the headers that the codebook names for an edition, by their form for comparing."""
    return dict(
        connection.execute(
            "select match_text, header from codebook.export_columns where edition_key = ?",
            [export.edition_key],
        ).fetchall()
    )


def match_columns(
    connection: duckdb.DuckDBPyConnection, export: ExportFile, grid: Grid
) -> tuple[dict[int, str], list[Problem]]:
    """Return the headers that the codebook knows, by column number from 1, and the problems.

    A problem is a header that it does not know, and one that it expects and that is missing.
    """
    expected = list_expected(connection, export)
    headers = {
        number: text for number, text in enumerate(grid.headers, start=1) if text is not None
    }
    problems = list(_check_headers(export, grid, headers, expected))
    if not any(to_match_text(header) in expected for header in headers.values()):
        what = f"Its {len(headers)} headers are none that the codebook knows."
        action = "Mend sheet, encoding or delimiter in editions.csv, or add its columns."
        return {}, [Problem(describe_export(export, grid.sheet), what, action)]
    known = {
        number: header for number, header in headers.items() if to_match_text(header) in expected
    }
    return known, problems


def _check_headers(
    export: ExportFile, grid: Grid, headers: dict[int, str], expected: dict[str, str]
) -> Iterator[Problem]:
    present = {to_match_text(header) for header in headers.values()}
    missing = {match: header for match, header in expected.items() if match not in present}
    for number, header in headers.items():
        if to_match_text(header) not in expected:
            cell = f"{to_column_letter(number)}{export.header_row_count}"
            place = describe_export(export, grid.sheet, cell)
            action = "Add a row to export_columns.csv, or mend the header there."
            candidates = name_candidates(shorten(header), missing.values())
            what = f"The codebook has no column {shorten(header)!r}."
            yield Problem(place, what, action, candidates)
    unknown = [header for header in headers.values() if to_match_text(header) not in expected]
    for header in missing.values():
        action = "Export it again, or remove the column from export_columns.csv."
        candidates = name_candidates(header, unknown)
        place = describe_export(export, grid.sheet)
        yield Problem(place, f"Column {header!r} is missing.", action, candidates)
