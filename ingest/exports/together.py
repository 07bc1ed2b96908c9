"""The files of an edition as one grid: other respondents below, other columns beside."""

from dataclasses import dataclass, field

import duckdb
import pandas as pd

from ingest.exports.columns import Expected
from ingest.exports.files import ExportFile, Grid, describe_export, refuse
from ingest.shared.problems import Problem
from ingest.shared.tables import insert_rows
from ingest.shared.text import to_column_letter, to_match_text
from vocabulary.lists import ANSWERED_IN, FileContent, MetadataRole, quote

TABLES = """
    create table raw.export_files (
        edition_key integer, file_number integer, source_file varchar, source_sha256 varchar,
        sheet varchar, row_count integer, column_count integer
    );
    create table raw.row_origins (
        edition_key integer, row_number integer, source_file varchar, sheet varchar,
        file_row_number integer
    );
    create table raw.cell_origins (
        edition_key integer, row_number integer, column_number integer,
        source_file varchar, sheet varchar, cell varchar
    );
    create table raw.other_cells (
        edition_key integer, row_number integer, column_number integer,
        source_file varchar, sheet varchar, cell varchar, cell_text varchar, match_text varchar,
        is_public boolean
    );
    create view raw.row_places as
    select
        export_rows.edition_key, export_rows.row_number,
        coalesce(row_origins.source_file, export_files.source_file) as source_file,
        if(row_origins.row_number is null, export_files.sheet, row_origins.sheet) as sheet,
        coalesce(row_origins.file_row_number, export_rows.row_number) as file_row_number
    from raw.export_rows
    inner join raw.export_files
        on export_files.edition_key = export_rows.edition_key and file_number = 1
    left join raw.row_origins
        on row_origins.edition_key = export_rows.edition_key
        and row_origins.row_number = export_rows.row_number;
    create table raw.file_gaps (
        edition_key integer, source_file varchar, question_key varchar, respondent_count integer
    );
    comment on table raw.file_gaps is
        'One row per file that lacks what other files of its edition have: a question that it has '
        'no column for, or (no question) respondents that it has no row for, and of how many.';
    comment on table raw.export_files is
        'One row per file that an edition was landed from; the first is that of editions.csv.';
    comment on table raw.row_origins is
        'One row per row that stands in another file than the first, with its place there.';
    comment on table raw.cell_origins is
        'One row per cell that stands in another file or column than its row and column say.';
    comment on table raw.other_cells is
        'One row per cell kept aside: another column of the same is filled in its row too.';
    comment on view raw.row_places is 'One row per row of an export: its file and row there.';
"""


# The question of each target that holds answers.
TARGETS = f"""
    select distinct
        concat_ws(' ', role, question_key, item_code, option_code),
        question_key || coalesce('.' || item_code, '')
    from codebook.export_columns
    where edition_key = ? and role in ({quote(ANSWERED_IN)})
"""


@dataclass(frozen=True)
class Together:
    """The cells of an edition's files in one grid.

    `headers` has the header of each column by its number, and `letters` what it is called in
    its own file. `rows` are numbered by `numbers`, those of the first file as they are there.
    The rest has what stands elsewhere than its numbers say: see the tables in schema `raw`.
    """

    headers: dict[int, str]
    letters: dict[int, str]
    numbers: list[int]
    rows: list[list[str | None]]
    row_origins: list[tuple[object, ...]] = field(default_factory=list)
    cell_origins: list[tuple[object, ...]] = field(default_factory=list)
    other_cells: list[tuple[object, ...]] = field(default_factory=list)


def keep_own_rows(
    connection: duckdb.DuckDBPyConnection,
    export: ExportFile,
    grid: Grid,
    headers: dict[int, str],
    expected: Expected,
) -> tuple[Grid, list[Problem]]:
    """Return the rows that are of the edition, where a column says it, and the problems.

    A problem is a value of that column by which no edition knows its rows.
    """
    column = _find_role(expected, headers, MetadataRole.EDITION)
    if column is None:
        return grid, []
    known = connection.execute(
        "select match_text, list(edition_key) from codebook.metadata_values"
        f" where role = '{MetadataRole.EDITION}' and value group by all"
    ).fetchall()
    editions = dict(known)
    kept, problems = [], []
    for number, row in zip(grid.numbers, grid.rows, strict=True):
        text = row[column - 1]
        of = editions.get(to_match_text(text), []) if text is not None else []
        if export.edition_key in of:
            kept.append((number, row))
        elif not of and any(row):
            what = f"{headers[column]!r} holds {text!r}, and no edition has rows by that."
            action = (
                "Add it to metadata_values.csv with role edition and value yes, at its edition."
            )
            place = describe_export(export, grid.sheet, f"{to_column_letter(column)}{number}")
            problems.append(Problem(place, what, action))
    if not kept and not problems:
        what = "None of its rows is of this edition."
        action = "Mend the value with role edition in metadata_values.csv, or name its own file."
        problems.append(Problem(describe_export(export, grid.sheet), what, action))
    rows = [row for _, row in kept]
    return Grid(grid.sheet, grid.headers, rows, [number for number, _ in kept]), problems


def bring_together(
    parts: list[tuple[ExportFile, Grid, dict[int, str]]], expected: Expected
) -> tuple[Together, list[Problem]]:
    """Return the files of an edition as one grid, and the rows that fit in nowhere.

    Columns that the codebook calls the same are one: of two filled cells the first counts, and
    the other is kept aside to be compared with it.
    """
    (_, first, headers), *others = parts
    targets = [{number: expected.targets[to_match_text(header)] for number, header in own.items()}
               for *_, own in parts]  # fmt: skip
    if not others and len(set(targets[0].values())) == len(targets[0]):
        letters = {number: to_column_letter(number) for number in headers}
        return Together(headers, letters, first.numbers, first.rows), []
    return _Joiner(expected).join(parts, targets)


class _Joiner:
    """Puts one file after another into one grid."""

    def __init__(self, expected: Expected) -> None:
        self.expected = expected
        self.columns: dict[str, int] = {}
        self.rows: dict[int, dict[int, str]] = {}
        self.made = Together({}, {}, [], [])

    def join(
        self,
        parts: list[tuple[ExportFile, Grid, dict[int, str]]],
        targets: list[dict[int, str]],
    ) -> tuple[Together, list[Problem]]:
        problems: list[Problem] = []
        width = 0
        for (export, grid, headers), own in zip(parts, targets, strict=True):
            self._number_columns(headers, own, width)
            width += len(grid.headers)
            numbers, found = self._number_rows(export, grid, headers)
            problems.extend(found)
            # The column that is no other's goes first.
            order = sorted(own, key=lambda column: self.columns[own[column]] != column)
            pairs = [(column, self.columns[own[column]]) for column in order]
            for number, file_row, row in zip(numbers, grid.numbers, grid.rows, strict=True):
                if number is not None:
                    self._add_row(export, grid, pairs, number, file_row, row)
        blank: dict[int, str | None] = dict.fromkeys(range(1, width + 1))
        self.made.numbers.extend(self.rows)
        self.made.rows.extend([*(blank | row).values()] for row in self.rows.values())
        return self.made, problems

    def _number_columns(self, headers: dict[int, str], own: dict[int, str], before: int) -> None:
        """Give each target that is new its column: of several the one that is no other's."""
        for number in self._order(headers):
            if own[number] not in self.columns:
                self.columns[own[number]] = before + number
                self.made.headers[before + number] = headers[number]
                self.made.letters[before + number] = to_column_letter(number)

    def _order(self, headers: dict[int, str]) -> list[int]:
        is_other = self.expected.others
        return sorted(headers, key=lambda number: to_match_text(headers[number]) in is_other)

    def _number_rows(
        self, export: ExportFile, grid: Grid, headers: dict[int, str]
    ) -> tuple[list[int | None], list[Problem]]:
        """Return the number of each row: its own, the next, or that of the same respondent."""
        if export.content is None:
            return list(grid.numbers), []
        if export.content == FileContent.ROWS:
            start = max(self.rows, default=1) + 1
            numbers = list(range(start, start + len(grid.rows)))
            self.made.row_origins.extend(
                (number, export.path.name, grid.sheet, file_row)
                for number, file_row in zip(numbers, grid.numbers, strict=True)
            )
            return list(numbers), []
        return self._find_respondents(export, grid, headers)

    def _find_respondents(
        self, export: ExportFile, grid: Grid, headers: dict[int, str]
    ) -> tuple[list[int | None], list[Problem]]:
        column = _find_role(self.expected, headers, MetadataRole.RESPONDENT_ID)
        ids = self.columns.get(MetadataRole.RESPONDENT_ID)
        if column is None or ids is None:
            what = "It has columns of respondents of another file, and nothing says whose."
            action = "Map a header of each of the two to the role respondent_id."
            raise refuse(export, what, action)
        numbers: dict[str, list[int]] = {}
        for number, cells in self.rows.items():
            if ids in cells:
                numbers.setdefault(to_match_text(cells[ids]), []).append(number)
        taken: set[int] = set()
        found: list[int | None] = []
        problems: list[Problem] = []
        for file_row, row in zip(grid.numbers, grid.rows, strict=True):
            text = row[column - 1]
            of = numbers.get(to_match_text(text), []) if text is not None else []
            one = of[0] if len(of) == 1 and of[0] not in taken else None
            found.append(one)
            if one is not None:
                taken.add(one)
            elif any(row):
                times = "no" if not of else "more than one"
                place = describe_export(export, grid.sheet, f"{to_column_letter(column)}{file_row}")
                what = f"Its respondent_id joins it to {times} row of the other file."
                action = "Export both again, of the same respondents, or mend the id."
                problems.append(Problem(place, what, action))
        return found, problems

    def _add_row(
        self,
        export: ExportFile,
        grid: Grid,
        pairs: list[tuple[int, int]],
        number: int,
        file_row: int,
        row: list[str | None],
    ) -> None:
        joined = self.rows.setdefault(number, {})
        for column, main in pairs:
            text = row[column - 1]
            where = (export.path.name, grid.sheet, f"{to_column_letter(column)}{file_row}")
            if text is None:
                continue
            if main in joined:
                self.made.other_cells.append((number, main, *where, text))
                continue
            joined[main] = text
            if export.content is not None or main != column:
                self.made.cell_origins.append((number, main, *where))


def land_gaps(
    connection: duckdb.DuckDBPyConnection,
    parts: list[tuple[ExportFile, Grid, dict[int, str]]],
    expected: Expected,
) -> None:
    """Land what a file of several does not have: nobody asks for a blank there."""
    if len(parts) == 1:
        return
    asked = dict(connection.execute(TARGETS, [parts[0][0].edition_key]).fetchall())
    files = [
        (export, sum(map(any, grid.rows)),
         {asked[target] for header in headers.values()
          if (target := expected.targets[to_match_text(header)]) in asked})
        for export, grid, headers in parts
    ]  # fmt: skip
    own = [file for file in files if file[0].content != FileContent.COLUMNS]
    everyone = sum(count for _, count, _ in own)
    every = set().union(*(questions for *_, questions in own))
    rows: list[tuple[object, ...]] = []
    for export, count, questions in files:
        place = (export.edition_key, export.path.name)
        if export.content != FileContent.COLUMNS:
            rows += [(*place, key, count) for key in sorted(every - questions)]
        elif count < everyone:
            rows.append((*place, None, everyone - count))
    insert_rows(connection, "raw.file_gaps", rows)


def land_origins(
    connection: duckdb.DuckDBPyConnection, edition: int, together: Together, mark: str
) -> None:
    """Land where rows and cells stand that stand elsewhere, and the cells kept aside."""
    for table, rows in (
        ("row_origins", together.row_origins),
        ("cell_origins", together.cell_origins),
    ):
        if rows:
            frame = pd.DataFrame(rows)
            connection.register("origins", frame)
            connection.execute(f"insert into raw.{table} select {edition}, * from origins")
            connection.unregister("origins")
    if not together.other_cells:
        return
    columns = ["row_number", "column_number", "source_file", "sheet", "cell", "cell_text"]
    connection.register("others", pd.DataFrame(together.other_cells, columns=columns))
    connection.execute(
        """
        insert into raw.other_cells
        select
            $edition, others.row_number, others.column_number, source_file, sheet, others.cell,
            if(export_columns.privacy = 'public', others.cell_text, $mark),
            if(export_columns.privacy = 'public', to_match_text(others.cell_text), null),
            export_columns.privacy = 'public'
        from others
        inner join raw.export_columns
            on export_columns.edition_key = $edition
            and export_columns.column_number = others.column_number
        left join cells
            on cells.row_number = others.row_number
            and cells.column_number = others.column_number
        where to_match_text(others.cell_text) is distinct from cells.match_text
        """,
        {"edition": edition, "mark": mark},
    )
    connection.unregister("others")


def _find_role(expected: Expected, headers: dict[int, str], role: MetadataRole) -> int | None:
    """Return the number of the column that has a role, if there is one."""
    targets = ((number, expected.targets[to_match_text(h)]) for number, h in headers.items())
    return next((number for number, target in targets if target == role), None)
