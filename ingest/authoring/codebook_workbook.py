"""The whole codebook as one workbook: a sheet per file, looked at and mended in a spreadsheet."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font, Protection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineError, CalamineWorkbook

from ingest.authoring.draft_files import Row, Tables, check_changed, read_tables, write_tables
from ingest.codebook.shape import NOTES, Column, Reference, Table
from ingest.codebook.tables import TABLES
from ingest.exports.files import to_text
from ingest.shared.problems import InputError, Place, Problem
from ingest.shared.text import fit_width, to_column_letter

# Room for what is added below the last row.
SPARE_ROWS = 200
KINDS = {
    "text": "any text",
    "code": "letters, digits and underscores",
    "integer": "a whole number",
    "number": "a number, with a point",
    "date": "a date as YYYY-MM-DD",
    "boolean": "yes or no",
}


def export_codebook(folder: Path, path: Path) -> int:
    """Write every file of a codebook as a sheet; return how many rows there are.

    Cells are texts, closed lists and references to one column are lists to choose from, and the
    keys of rows that are there are protected, without a password. Raises InputError where the
    codebook's files cannot be read.
    """
    tables = read_tables(folder)
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name in TABLES:
        _fill(book.create_sheet(name), name, tables)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return sum(map(len, tables.values()))


def _fill(sheet: Worksheet, name: str, tables: Tables) -> None:
    table, rows = TABLES[name], tables[name]
    columns = [*table.columns, NOTES]
    keys = {column for key in table.keys[:1] for column in key}
    sheet.append(columns)
    for row in rows:
        sheet.append([row.get(column, "") for column in columns])
    last = len(rows) + 1 + SPARE_ROWS
    for number, column in enumerate(columns, start=1):
        letter = to_column_letter(number)
        for place in range(1, last + 1):
            cell = sheet.cell(place, number)
            cell.number_format, cell.quotePrefix = "@", True
            if cell.value is not None:
                cell.data_type = "s"
            is_key = place == 1 or (column in keys and place <= len(rows) + 1)
            cell.protection = Protection(locked=is_key)
        head = sheet.cell(1, number)
        head.font = Font(bold=True)
        if column in table.columns:
            head.comment = Comment(_describe(column, table), "codebook")
            _add_choice(sheet, f"{letter}2:{letter}{last}", column, table, tables)
        words = (column, *(row.get(column, "") for row in rows))
        sheet.column_dimensions[letter].width = fit_width(words)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{to_column_letter(len(columns))}{max(len(rows) + 1, 2)}"
    sheet.protection.sheet = True
    for allowed in ("formatColumns", "insertRows", "deleteRows", "sort", "autoFilter"):
        setattr(sheet.protection, allowed, False)


def _describe(column: str, table: Table) -> str:
    declared = table.columns[column]
    words = [f"one of: {', '.join(declared.values)}" if declared.values else KINDS[declared.kind]]
    words += [] if declared.required else ["may be blank"]
    words += [f"stands in {one.table}" for one in table.references if column in one.columns]
    return "; ".join(words)


def _add_choice(sheet: Worksheet, cells: str, column: str, table: Table, tables: Tables) -> None:
    """Let people choose from a closed list, or from the key of another sheet."""
    formula = _find_list(table.columns[column])
    other = _find_reference(column, table)
    if formula is None and other is not None:
        target = other.target_columns[0]
        letter = to_column_letter(list(TABLES[other.table].columns).index(target) + 1)
        end = max(len(tables[other.table]) + 1, 2) + SPARE_ROWS
        formula = f"={other.table}!${letter}$2:${letter}${end}"
    if formula is not None:
        choice = DataValidation("list", formula1=formula, allow_blank=True, showErrorMessage=False)
        choice.add(cells)
        sheet.add_data_validation(choice)


def _find_list(column: Column) -> str | None:
    values = ("yes", "no") if column.kind == "boolean" else column.values
    joined = ",".join(values)
    # A longer list than a spreadsheet takes is told in the comment alone.
    return f'"{joined}"' if values and len(joined) < 250 else None


def _find_reference(column: str, table: Table) -> Reference | None:
    return next(
        (one for one in table.references if one.columns == (column,) and one.table in TABLES), None
    )


def import_codebook(folder: Path, path: Path, *, write: bool) -> list[str]:
    """Return what a workbook changes in a codebook, a line each; with `write`, change it.

    Raises InputError with every cell of the workbook that a build would refuse; then, and
    without `write`, nothing changes.
    """
    before = read_tables(folder)
    after, places = _read_workbook(path)
    changed = [name for name in TABLES if _drop_blank_notes(before[name]) != after[name]]
    try:
        check_changed(folder, after, changed)
    except InputError as error:
        raise InputError(_place(one, path, places) for one in error.problems) from None
    if write:
        write_tables(folder, {name: after[name] for name in changed})
    return [line for name in changed for line in _compare(name, before[name], after[name])]


def _read_workbook(path: Path) -> tuple[Tables, dict[str, list[int]]]:
    """Return the rows of every sheet as texts, and in which row of the sheet each stands."""
    try:
        book = CalamineWorkbook.from_path(path)
        sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    except (CalamineError, OSError, ValueError) as error:
        what = f"It is no workbook that can be read ({type(error).__name__})."
        raise InputError([Problem(path.name, what, "Make one with codebook export.")]) from error
    problems = []
    tables: Tables = {}
    places: dict[str, list[int]] = {}
    for name, table in TABLES.items():
        rows = [[(to_text(cell) or "").removesuffix("T00:00:00") for cell in row]
                for row in sheets.get(name, [])]  # fmt: skip
        header = [cell for cell in (rows[0] if rows else []) if cell]
        known = {*table.columns, NOTES}
        if not set(header) <= known or not {c for c, d in table.columns.items() if d.required} <= {
            *header
        }:
            what = "Its columns are not those of this codebook file."
            action = "Keep the sheets and their first row as codebook export wrote them."
            problems.append(Problem(f"{path.name}, sheet {name!r}", what, action))
            continue
        filled = [(number, row) for number, row in enumerate(rows[1:], start=2) if any(row)]
        places[name] = [number for number, _ in filled]
        tables[name] = _drop_blank_notes(
            [dict.fromkeys(table.columns, "") | _name_cells(header, row) for _, row in filled]
        )
    if problems:
        raise InputError(problems)
    return tables, places


def _name_cells(header: list[str], row: list[str]) -> Row:
    return {column: cell.strip() for column, cell in zip(header, row, strict=False)}


def _drop_blank_notes(rows: list[Row]) -> list[Row]:
    """Return rows with notes in each, or in none where there are none."""
    if any(row.get(NOTES) for row in rows):
        return [row | {NOTES: row.get(NOTES, "")} for row in rows]
    return [{column: cell for column, cell in row.items() if column != NOTES} for row in rows]


def _place(problem: Problem, path: Path, places: dict[str, list[int]]) -> Problem:
    """Return a problem of a file as one of the workbook's sheet and cell."""
    where = problem.where
    if not isinstance(where, Place):
        return problem
    file = where.source.removeprefix("codebook: ")
    name = next((name for name, table in TABLES.items() if table.path == file), None)
    if name is None or not where.spot:
        return problem
    row = places[name][int(where.spot) - 2]
    columns = list(TABLES[name].columns)
    letter = to_column_letter(columns.index(where.column) + 1) if where.column in columns else "A"
    place = Place(f"{path.name}, sheet {name!r}", "cell", f"{letter}{row}")
    return Problem(place, problem.what, problem.action, problem.nearest)


def _compare(name: str, before: list[Row], after: list[Row]) -> Iterator[str]:
    """Yield what is new, gone or changed, each row by its key."""
    table = TABLES[name]
    # What a key compares folded stands in the column itself.
    key = [table.match or "" if column == "match_text" else column for column in table.keys[0]]

    def index(rows: list[Row]) -> dict[tuple[str, ...], Row]:
        return {tuple(row.get(column, "") for column in key): row for row in rows}

    old, new = index(before), index(after)
    if old == new:
        yield f"{name}: its rows stand in another order, or one stands there twice"
    for identity in dict.fromkeys([*old, *new]):
        called = f"{name} {'.'.join(filter(None, identity))}"
        if identity not in old:
            yield f"{called}: new"
        elif identity not in new:
            yield f"{called}: gone"
        else:
            for column, cell in new[identity].items():
                was = old[identity].get(column, "")
                if was != cell:
                    yield f"{called}: {column} {was!r} became {cell!r}"
