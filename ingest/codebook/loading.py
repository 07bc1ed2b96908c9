"""The codebook: CSV files read, validated and loaded into the schema `codebook`."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd

from ingest.codebook.rules import RULES
from ingest.codebook.shape import DERIVED, DERIVED_IN_WORDS, NOTES, Column, Reference, Table
from ingest.codebook.tables import TABLES
from ingest.shared.csv_files import BrokenCsvError, finish_writing, has_semicolons, read_cells
from ingest.shared.problems import InputError, Place, Problem, name_candidates
from ingest.shared.text import to_match_text
from vocabulary.keys import KEY
from vocabulary.types import FLAGS, TRAITS

KINDS = {
    "code": (f"regexp_full_match({{0}}, '{KEY}')", "letters, digits and underscores"),
    "integer": (
        "regexp_full_match({0}, '-?[0-9]+') and try_cast({0} as integer) is not null",
        "a whole number",
    ),
    "number": (
        "regexp_full_match({0}, '-?[0-9]{{1,7}}([.][0-9]{{1,2}})?')",
        "a number with a decimal point and at most two decimals",
    ),
    "date": ("try_strptime({0}, '%Y-%m-%d') is not null", "a date as YYYY-MM-DD"),
    "boolean": ("{0} in ('yes', 'no')", "yes or no"),
}
# What an Excel makes of yes and no, of a date and of a number where cells are separated by
# semicolons, which is where the day comes first and decimals have a comma.
BOOLEANS = {
    "true": "yes",
    "waar": "yes",
    "vrai": "yes",
    "false": "no",
    "onwaar": "no",
    "faux": "no",
}
DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
DECIMAL_COMMA = re.compile(r"-?\d+,\d+")
OLDER = "Is the codebook of an older program? gelijkekansen codebook upgrade adds what it lacks."
SPELLED = ("boolean", "date", "number")


# Half-open: what ends on a day does not hold on it. The frame of an edition is every municipality
# on its frame date, with its population of that year.
FRAMES = """
    create temporary macro is_valid_on(valid_from, valid_to, day) as
        valid_from <= day and day < coalesce(valid_to, 'infinity');
    create table codebook.municipality_frames as
    select
        editions.edition_key, municipalities.nis_code, municipalities.valid_from,
        populations.population, populations.is_rehearsal as has_rehearsed_population
    from codebook.editions
    inner join codebook.municipalities on is_valid_on(valid_from, valid_to, frame_date)
    left join codebook.populations
        on populations.nis_code = municipalities.nis_code and populations.year = year(frame_date);
    comment on table codebook.municipality_frames is
        'One row per edition and municipality version in its frame, with its population.';
"""


def load_codebook(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Read every codebook file, validate it and create the tables of schema `codebook`.

    Each table gets `_row`, its row in the file. Raises InputError with all problems of the
    first stage that finds any: files, then values and keys, then the rules of the survey.
    """
    frames = read_files(folder)
    connection.execute("create schema codebook")
    for name, frame in frames.items():
        # Queries on a frame look at all its columns, each time.
        connection.register("frame", frame)
        connection.execute(f"create temporary table file_{name} as from frame")
    connection.unregister("frame")
    _stop_at(problem for name in TABLES for problem in _check_values(connection, name))
    for name, table in TABLES.items():
        connection.execute(_create_table_sql(name, table))
        connection.execute(f"drop table file_{name}")
    _add_traits(connection)
    connection.execute(FRAMES)
    _stop_at(_check_rules(connection))


def _add_traits(connection: duckdb.DuckDBPyConnection) -> None:
    """Give each question what follows from its type and its options, as columns."""
    flags = [
        (type_.value, *(getattr(traits, flag) for flag in FLAGS))
        for type_, traits in TRAITS.items()
    ]
    connection.execute(f"""
        create or replace table codebook.questions as
        select
            *, is_number and question_key in (select question_key from codebook.options)
                as has_bands,
            question_key in (
                select question_key from codebook.options
                where score is not null or at_least is not null
            ) as is_ordered
        from codebook.questions
        inner join (values {", ".join(map(str, flags))}) as traits (type, {", ".join(FLAGS)})
            using (type)
    """)


def _stop_at(problems: Iterator[Problem]) -> None:
    found = list(problems)
    if found:
        raise InputError(found)


def describe_place(name: str, row: int | None = None, column: str | None = None) -> Place:
    """Return where in the codebook something stands, as an analyst would look it up."""
    spot = "" if row is None else str(row)
    return Place(f"codebook: {TABLES[name].path}", "row" if spot else "", spot, column or "")


def read_files(folder: Path) -> dict[str, pd.DataFrame]:
    """Return every codebook file as texts, with `_row` and, where it is matched, `match_text`.

    Raises InputError with every file that is missing, unknown, or not shaped as declared.
    """
    finish_writing(folder)
    problems: list[Problem] = []
    frames = {}
    for name, table in TABLES.items():
        try:
            frames[name] = _read_file(folder / table.path, name, table)
        except InputError as error:
            problems.extend(error.problems)
    known = {folder / table.path for table in TABLES.values()}
    for path in sorted(set(folder.glob("**/*.csv")) - known):
        relative = path.relative_to(folder).as_posix()
        nearest = name_candidates(relative, (table.path for table in TABLES.values()))
        what = "No codebook file has this name."
        place = Place(f"codebook: {relative}")
        problems.append(Problem(place, what, "Rename or remove the file.", nearest))
    if problems:
        raise InputError(problems)
    return frames


def _read_file(path: Path, name: str, table: Table) -> pd.DataFrame:
    place = describe_place(name)
    try:
        text = path.read_text(encoding="utf-8-sig")
        rows, is_day_first = read_cells(text), has_semicolons(text)
    except FileNotFoundError:
        if table.is_optional:
            return _build_frame(list(table.columns), [], table)
        raise InputError(
            [Problem(place, "The file is missing.", f"Put it back. {OLDER}")]
        ) from None
    except UnicodeDecodeError as error:
        what = f"It is not UTF-8 (byte {error.start + 1})."
        raise InputError([Problem(place, what, "Save it as 'CSV UTF-8'.")]) from None
    except BrokenCsvError as error:
        action = "Look for a quote that is never closed."
        raise InputError([Problem(place, str(error), action)]) from None
    columns = rows[0] if rows else []
    problems = _check_header(place, columns, table)
    for number, row in enumerate(rows[1:], start=2):
        if row and len(row) != len(columns):
            what = f"It has {len(row)} cells where the header has {len(columns)}."
            action = (
                "Quote a cell that holds the delimiter."
                if len(row) > len(columns)
                else "Write every cell of the row, also those that are blank."
            )
            problems.append(Problem(describe_place(name, number), what, action))
    problems += _find_garbled(name, columns, rows[1:])
    if problems:
        raise InputError(problems)
    frame = _build_frame(columns, rows[1:], table)
    for column in table.columns:
        kind = table.columns[column].kind
        if kind in SPELLED and column in columns:
            spelled = [
                cell and _spell(cell, kind, is_day_first=is_day_first) for cell in frame[column]
            ]
            frame[column] = pd.Series(spelled, dtype=object)
    return frame


def _find_garbled(name: str, columns: list[str], rows: list[list[str]]) -> list[Problem]:
    """Return the cells whose letters were read in another encoding than they were written in."""
    return [
        Problem(
            describe_place(name, number, columns[place]),
            f"It says {cell!r}, which was UTF-8 and was read as something else: {meant!r}.",
            "Open the file as UTF-8 (in Excel: Data, From Text/CSV), or put the letters back.",
        )
        for number, row in enumerate(rows, start=2)
        for place, cell in enumerate(row)
        if (meant := _read_anew(cell)) is not None
    ]


def _read_anew(cell: str) -> str | None:
    """Return what a cell says where its bytes make sense as UTF-8 alone, else nothing."""
    if cell.isascii():
        return None
    try:
        meant = cell.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return None
    return meant if len(meant) < len(cell) else None


def _spell(cell: str, kind: str, *, is_day_first: bool) -> str:
    """Return a cell as the codebook writes it, where an Excel wrote it in its own way."""
    if kind == "boolean":
        return BOOLEANS.get(cell.lower(), cell)
    if is_day_first and kind == "date" and (date := DAY_FIRST.fullmatch(cell)):
        day, month, year = date.groups()
        return f"{year}-{month:0>2}-{day:0>2}"
    if is_day_first and kind == "number" and DECIMAL_COMMA.fullmatch(cell):
        return cell.replace(",", ".")
    return cell


def _build_frame(columns: list[str], rows: list[list[str]], table: Table) -> pd.DataFrame:
    match = columns.index(table.match) if table.match in columns else None
    records: list[list[str | int | None]] = []
    for number, row in enumerate(rows, start=2):
        cells = [cell.strip() or None for cell in row]
        if any(cells):
            matched = cells[match] if match is not None else None
            records.append([*cells, matched and to_match_text(matched), number])
    frame = pd.DataFrame(records, columns=[*columns, "match_text", "_row"], dtype=object)
    for column in table.columns.keys() - set(columns):
        frame[column] = None
    return frame


def _check_header(place: Place, columns: list[str], table: Table) -> list[Problem]:
    problems = []
    # A column that may be blank throughout need not be there.
    needed = {name for name, declared in table.columns.items() if declared.required}
    for column in sorted(needed - set(columns)):
        what = f"Column {column!r} is missing."
        problems.append(Problem(place, what, f"Add it. {OLDER}", name_candidates(column, columns)))
    for column in sorted(set(columns) - {*table.columns, NOTES}):
        what = f"Column {column!r} is not known."
        problems.append(Problem(place, what, "Remove it.", name_candidates(column, table.columns)))
    for column in sorted({column for column in columns if columns.count(column) > 1}):
        problems.append(Problem(place, f"Column {column!r} stands there twice.", "Remove one."))
    return problems


def _check_values(connection: duckdb.DuckDBPyConnection, name: str) -> Iterator[Problem]:
    table = TABLES[name]
    yield from _check_columns(connection, name, table)
    for key in table.keys:
        yield from _check_key(connection, name, key)
    for reference in table.references:
        yield from _check_reference(connection, name, reference)


def _check_columns(
    connection: duckdb.DuckDBPyConnection, name: str, table: Table
) -> Iterator[Problem]:
    checks = [
        (column_name, *check)
        for column_name, column in table.columns.items()
        for check in _list_checks(f'"{column_name}"', column)
    ]
    queries = [
        f'select {number} as number, _row, "{column_name}"::varchar as seen'
        f" from file_{name} where {test}"
        for number, (column_name, test, *_) in enumerate(checks)
    ]
    found = connection.execute(" union all ".join(queries) + " order by number, _row").fetchall()
    for number, row, seen in found:
        column_name, _, what, action = checks[number]
        yield Problem(describe_place(name, row, column_name), what.format(repr(seen)), action)


def _list_checks(quoted: str, column: Column) -> Iterator[tuple[str, str, str]]:
    """Yield what a column's cells must not be: the test, what is then seen, and what to do."""
    if column.required:
        yield f"{quoted} is null", "It is blank.", "Fill it in."
    if column.kind in KINDS:
        test, words = KINDS[column.kind]
        is_other = f"{quoted} is not null and not ({test.format(quoted)})"
        yield is_other, "It says {}.", f"Write {words}."
    if column.values:
        known = ", ".join(f"'{value}'" for value in column.values)
        yield f"{quoted} not in ({known})", "It says {}.", f"Write {' or '.join(column.values)}."


def _check_key(
    connection: duckdb.DuckDBPyConnection, name: str, key: tuple[str, ...]
) -> Iterator[Problem]:
    columns = ", ".join(f'"{column}"' for column in key)
    sql = f"""
        select {columns}, list(_row order by _row) from file_{name}
        where coalesce({columns}) is not null group by all having count(*) > 1
    """
    for *values, rows in connection.execute(sql).fetchall():
        what = f"{' + '.join(key)} = {' + '.join(str(value) for value in values)} is declared"
        what += f" {len(rows)} times, in rows {', '.join(map(str, rows))}."
        yield Problem(describe_place(name, rows[1]), what, "Keep one of them.")


def _check_reference(
    connection: duckdb.DuckDBPyConnection, name: str, reference: Reference
) -> Iterator[Problem]:
    columns = ", ".join(f'"{column}"' for column in reference.columns)
    columns_there = ", ".join(f'"{column}"' for column in reference.target_columns)
    target = DERIVED.get(reference.table, f"from file_{reference.table}")
    on = " and ".join(
        f'here."{column}" = there."{other}"'
        for column, other in zip(reference.columns, reference.target_columns, strict=True)
    )
    filled = " and ".join(f'"{column}" is not null' for column in reference.columns)
    sql = f"""
        select _row, {columns} from file_{name} as here
        where {filled} and not exists (
            select 1 from ({target}) as there where {on}
        )
    """
    missing = connection.execute(sql).fetchall()
    if not missing:
        return
    known = [
        row[0]
        for row in connection.execute(
            f"select distinct concat_ws('.', {columns_there}) from ({target})"
        ).fetchall()
    ]
    for row, *values in missing:
        seen = ".".join(values)
        place = describe_place(name, row, " + ".join(reference.columns))
        what = f"{seen!r} does not stand in {_name_target(reference)}."
        action = "Add it there or mend it here."
        yield Problem(place, what, action, name_candidates(seen, known))


def _name_target(reference: Reference) -> str:
    table = TABLES.get(reference.table)
    return table.path if table else DERIVED_IN_WORDS[reference.table]


def _create_table_sql(name: str, table: Table) -> str:
    columns = [
        f'("{column}" = \'yes\') as "{column}"'
        if declared.kind == "boolean"
        else f'cast("{column}" as {declared.sql_type}) as "{column}"'
        for column, declared in table.columns.items()
    ]
    if table.match:
        columns.append("cast(match_text as varchar) as match_text")
    columns.append("cast(_row as integer) as _row")
    return f"create table codebook.{name} as select {', '.join(columns)} from file_{name}"


def _check_rules(connection: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    for rule in RULES:
        sql = rule.sql
        if rule.is_of_export:
            sql = f"""
                select broken.* from ({rule.sql}) as broken (_row, seen)
                inner join codebook.{rule.table} as own using (_row)
                inner join codebook.editions as whole on whole.edition_key = own.edition_key
                where whole.source_file is not null
            """
        for row, seen in connection.execute(sql).fetchall():
            yield Problem(describe_place(rule.table, row), rule.what.format(seen=seen), rule.action)
