"""The codebook's files as a draft reads and rewrites them."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import duckdb

from ingest.codebook.loading import load_codebook, read_files
from ingest.codebook.shape import NOTES
from ingest.codebook.tables import TABLES
from ingest.routing.routes import build_routes
from ingest.shared.csv_files import render_file, write_all
from ingest.shared.passing import passing_folder
from ingest.shared.problems import InputError, Problem
from ingest.shared.text import to_match_text
from vocabulary.lists import Review

Row = dict[str, str]
Tables = dict[str, list[Row]]

PER_EDITION = (
    "question_editions",
    "item_editions",
    "option_editions",
    "option_spellings",
    "export_columns",
    "metadata_values",
)
# How a row says that it is of an edition, or of the step between two.
EDITION_COLUMNS = ("edition_key", "from_edition_key", "to_edition_key")
# The lists that last, the code in them, where an edition asks it, and its words there.
LASTING = (
    ("options", "option_code", "option_editions", "label"),
    ("question_items", "item_code", "item_editions", "wording"),
)


def read_tables(folder: Path) -> Tables:
    """Read the codebook's rows as texts. Raises InputError where a file is not as declared."""
    tables = {}
    for name, frame in read_files(folder).items():
        columns = [*TABLES[name].columns, *([NOTES] if NOTES in frame else [])]
        rows = frame[columns].itertuples(index=False, name=None)
        tables[name] = [
            {column: value or "" for column, value in zip(columns, row, strict=True)}
            for row in rows
        ]
    _check_keys(tables)
    return tables


def write_tables(folder: Path, tables: Tables) -> None:
    """Write codebook files with all their columns, and notes where a row has one: all or none."""
    write_all(
        folder, {TABLES[name].path: render_table(name, rows) for name, rows in tables.items()}
    )


def render_table(name: str, rows: list[Row]) -> str:
    """Return the text of a codebook file with all its columns, and its notes if a row has one."""
    notes = [NOTES] if any(NOTES in row for row in rows) else []
    return render_file([*TABLES[name].columns, *notes], rows)


def check_changed(folder: Path, tables: Tables, changed: Iterable[str]) -> None:
    """Load the codebook with its changed files as a build does, in a copy that is thrown away.

    Raises InputError where a build would refuse it.
    """
    with passing_folder() as made, duckdb.connect() as connection:
        copy = made / "codebook"
        shutil.copytree(folder, copy)
        write_tables(copy, {name: tables[name] for name in changed})
        load_codebook(connection, copy)
        build_routes(connection)


def _check_keys(tables: Tables) -> None:
    """Refuse rows that a draft could not place: no edition, or a question nobody knows."""
    questions = {row["question_key"] for row in tables["questions"]}
    problems = [
        Problem(
            f"codebook: {TABLES[name].path}",
            f"A row has edition {row['edition_key']!r} and question {row.get('question_key')!r}.",
            "Mend the row: every edition is a number, every question stands in questions.csv.",
        )
        for name in ("editions", *PER_EDITION)
        for row in tables[name]
        if not row["edition_key"].isdigit()
        or (row.get("question_key") or "") not in {"", *questions}
    ]
    if problems:
        raise InputError(problems)


def write_edition(folder: Path, tables: Tables, edition: str, drafted: Tables) -> None:
    """Put the drafted rows of an edition into the files.

    Reviewed rows of the edition stay, unless it is a rehearsal. New options and matrix rows get
    a place in the lists that last.
    """
    made: Tables = {}
    rehearsals = {row["edition_key"] for row in tables["editions"] if row["is_synthetic"] == "yes"}
    if edition in rehearsals:
        # What was judged of invented answers says nothing of real ones.
        for name in ("comparability", "option_lineage", "question_lineage", "edition_files"):
            kept = [row for row in tables[name] if edition not in map(row.get, EDITION_COLUMNS)]
            if kept != tables[name]:
                made[name] = kept
    for name in ("editions", "row_exclusions", *PER_EDITION):
        proposed = drafted[name]
        key = TABLES[name].keys[0]
        kept = [
            row
            for row in tables[name]
            if row["edition_key"] != edition
            or (
                edition not in rehearsals
                # A rule by which rows do not count was somebody's decision.
                and (name == "row_exclusions" or row.get("review") == Review.REVIEWED)
            )
        ]
        here = {_identify(row, key) for row in kept}
        made[name] = kept + [row for row in proposed if _identify(row, key) not in here]
    # Questions that nobody asked before were added to these by the draft.
    made |= {name: tables[name] for name in ("concepts", "questions")}
    write_tables(folder, made | _add_options(tables, drafted))


def _identify(row: Row, key: tuple[str, ...]) -> tuple[str, ...]:
    columns = ("header",) if "header" in row else ()
    return tuple(
        to_match_text(row[column])
        for column in (*columns, *key)
        if column in row and column != "match_text"
    )


def _add_options(tables: Tables, drafted: Tables) -> Tables:
    """Give new options and matrix rows a place in the lists that last, and return those."""
    for name, code, source, label in LASTING:
        rows = tables[name]
        known = {(row["question_key"], row[code]) for row in rows}
        for row in drafted[source]:
            identity = (row["question_key"], row[code])
            if identity in known:
                continue
            known.add(identity)
            alike = [int(o["position"]) for o in rows if o["question_key"] == row["question_key"]]
            added = {
                "question_key": row["question_key"],
                code: row[code],
                "position": str(max(alike, default=0) + 1),
                "label": row[label],
            }
            if name == "options":
                added |= {"is_exclusive": "no", "is_missing": "no"}
            rows.append(added)
    return {name: tables[name] for name, *_ in LASTING}
