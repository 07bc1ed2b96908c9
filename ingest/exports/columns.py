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

    A problem is a header that it does not know, one that it expects and that is missing, one
    that stands there twice, and anything under a blank header.
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
    known: dict[str, int] = {}
    for number, header in headers.items():
        if to_match_text(header) in expected:
            known.setdefault(to_match_text(header), number)
    return {number: headers[number] for number in known.values()}, problems


def _check_headers(
    export: ExportFile, grid: Grid, headers: dict[int, str], expected: dict[str, str]
) -> Iterator[Problem]:
    header_row = export.header_row_count
    first: dict[str, int] = {}
    missing = dict(expected)
    for number, header in headers.items():
        match_text = to_match_text(header)
        place = describe_export(export, grid.sheet, f"{to_column_letter(number)}{header_row}")
        if match_text in first:
            other = to_column_letter(first[match_text])
            what = f"The header {shorten(header)!r} also stands in column {other}."
            yield Problem(place, what, "Export it again with one column for each.")
        first.setdefault(match_text, number)
        missing.pop(match_text, None)
    for number, header in headers.items():
        if to_match_text(header) not in expected:
            place = describe_export(export, grid.sheet, f"{to_column_letter(number)}{header_row}")
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
    for number in range(1, len(grid.headers) + 1):
        if number in headers:
            continue
        for row, cells in enumerate(grid.rows, start=grid.first_row_number):
            if cells[number - 1] is not None:
                place = describe_export(export, grid.sheet, f"{to_column_letter(number)}{row}")
                action = "Give it its header."
                yield Problem(place, "Something stands under a blank header.", action)
                break
