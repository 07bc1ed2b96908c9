"""The header of an export matched to the columns that the codebook expects."""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from ingest.exports.files import ExportFile, Grid, describe_export
from ingest.shared.problems import Problem, name_candidates, shorten
from ingest.shared.text import to_column_letter, to_match_text
from vocabulary.lists import AnswerRole


@dataclass(frozen=True)
class Expected:
    """The columns that the codebook names for an edition, by their headers' form for comparing.

    `headers` has their headers, `targets` what each of them holds, `others` those that are
    another column of the same, `absent` the headers of options whose columns are left out.
    """

    headers: dict[str, str]
    targets: dict[str, str]
    others: set[str]
    absent: set[str]


def list_expected(connection: duckdb.DuckDBPyConnection, edition: int) -> Expected:
    """Return the columns that the codebook names for an edition."""
    rows = connection.execute(
        f"""
        select
            match_text, header, role = '{AnswerRole.ABSENT}', same_as is not null,
            if(
                role = '{AnswerRole.IGNORED}',
                concat_ws(' ', role, match_text),
                concat_ws(' ', role, question_key, item_code, option_code)
            )
        from codebook.export_columns where edition_key = ?
        """,
        [edition],
    ).fetchall()
    return Expected(
        headers={match: header for match, header, is_absent, *_ in rows if not is_absent},
        targets={match: target for match, *_, target in rows},
        others={match for match, _, _, is_other, _ in rows if is_other},
        absent={match for match, _, is_absent, *_ in rows if is_absent},
    )


def match_columns(
    expected: Expected, files: list[tuple[ExportFile, Grid]]
) -> tuple[list[dict[int, str]], list[Problem]]:
    """Return the headers that the codebook knows, by column number from 1, and the problems.

    There is one dictionary for each of the edition's files. A problem is a header that the
    codebook does not know, and one that it expects and that is missing from all of them.
    """
    problems: list[Problem] = []
    every = [list_headers(grid) for _, grid in files]
    present = {to_match_text(header) for headers in every for header in headers.values()}
    missing = {m: header for m, header in expected.headers.items() if m not in present}
    known = []
    for (export, grid), headers in zip(files, every, strict=True):
        own = {n: h for n, h in headers.items() if to_match_text(h) in expected.headers}
        known.append(own)
        if not own:
            what = f"Its {len(headers)} headers are none that the codebook knows."
            action = "Mend sheet, encoding or delimiter in editions.csv, or add its columns."
            problems.append(Problem(describe_export(export, grid.sheet), what, action))
        else:
            problems.extend(_check_headers(export, grid, headers, expected, missing))
    if all(known):
        export, grid = files[0]
        unknown = [
            header
            for headers, own in zip(every, known, strict=True)
            for number, header in headers.items()
            if number not in own
        ]
        for header in missing.values():
            action = (
                "Export it again, or remove the column from export_columns.csv; where the tool"
                " leaves out an option that nobody chose, give it the role absent there."
            )
            candidates = name_candidates(header, unknown)
            place = describe_export(export, grid.sheet)
            problems.append(Problem(place, f"Column {header!r} is missing.", action, candidates))
    return known, problems


def list_headers(grid: Grid) -> dict[int, str]:
    """Return the headers of a grid that are not blank, by column number from 1."""
    return {number: text for number, text in enumerate(grid.headers, start=1) if text is not None}


def _check_headers(
    export: ExportFile,
    grid: Grid,
    headers: dict[int, str],
    expected: Expected,
    missing: dict[str, str],
) -> Iterator[Problem]:
    for number, header in headers.items():
        match = to_match_text(header)
        cell = f"{to_column_letter(number)}{export.header_row_count}"
        place = describe_export(export, grid.sheet, cell)
        if match in expected.absent:
            what = f"{shorten(header)!r} is here, and the codebook says that it is absent."
            yield Problem(place, what, "Give it its role in export_columns.csv.")
        elif match not in expected.headers:
            action = "Add a row to export_columns.csv, or mend the header there."
            candidates = name_candidates(shorten(header), missing.values())
            what = f"The codebook has no column {shorten(header)!r}."
            yield Problem(place, what, action, candidates)
