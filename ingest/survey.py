"""Everything that goes in: codebook and exports, loaded and checked as one."""

import logging
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import duckdb

from ingest.authoring.coding import check_codings
from ingest.codebook.loading import load_codebook
from ingest.codebook.words import create_vocabulary
from ingest.exports.checks import check_cells, check_places
from ingest.exports.completions import read_completions
from ingest.exports.corrections import apply_corrections
from ingest.exports.files import ExportFile, describe_export
from ingest.exports.joined import split_joined_cells
from ingest.exports.landing import create_raw_tables, land_export
from ingest.exports.lasting import find_again
from ingest.exports.moments import read_moments
from ingest.exports.municipalities import build_municipality_names
from ingest.exports.numbers import read_numbers
from ingest.exports.repeats import settle_repeats
from ingest.routing.routes import build_routes
from ingest.shared.files import hash_file
from ingest.shared.identity import Secret
from ingest.shared.problems import InputError, Problem, name_candidates

logger = logging.getLogger(__name__)


def load_survey(
    connection: duckdb.DuckDBPyConnection,
    codebook: Path,
    exports: Path,
    secret: Secret | None = None,
) -> None:
    """Load the codebook and land every edition's export.

    The connection's own database gets the schemas `codebook` and `raw`; a database attached
    as `restricted` gets the cells that can name a person. Without a secret, the keys of persons
    join no editions. Raises InputError with all problems
    of the codebook, or, where it has none, with all problems of the exports.
    """
    load_codebook(connection, codebook)
    create_vocabulary(connection)
    _leave_out_planned(connection)
    build_routes(connection)
    build_municipality_names(connection)
    create_raw_tables(connection)
    files = _list_exports(connection, exports)
    problems = [*_find_strays(files, exports), *_find_same_files(connection, files)]
    for _, group in groupby(files, lambda export: export.edition_key):
        try:
            problems.extend(land_export(connection, list(group), secret))
        except InputError as error:
            problems.extend(error.problems)
    problems.extend(find_again(connection, secret))
    problems.extend(apply_corrections(connection))
    problems.extend(check_codings(connection, secret))
    problems.extend(read_moments(connection))
    read_numbers(connection)
    read_completions(connection)
    problems.extend(settle_repeats(connection))
    split_joined_cells(connection)
    problems.extend(check_cells(connection))
    problems.extend(check_places(connection))
    if problems:
        raise InputError(problems)
    for edition, rows, is_synthetic in connection.execute(
        "select edition_key, row_count, is_synthetic from raw.exports"
        " inner join codebook.editions using (edition_key) order by 1"
    ).fetchall():
        mark = " (synthetic)" if is_synthetic else ""
        logger.info("edition %s%s: %s rows landed", edition, mark, rows)


def _leave_out_planned(connection: duckdb.DuckDBPyConnection) -> None:
    """Take editions without an export out of what is built: nobody has answered them."""
    planned = "select edition_key from codebook.editions where source_file is null"
    keys = [key for (key,) in connection.execute(planned).fetchall()]
    if not keys:
        return
    for table, column in connection.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'codebook'"
        " and column_name in ('edition_key', 'from_edition_key', 'to_edition_key')"
    ).fetchall():
        connection.execute(f"delete from codebook.{table} where {column} = any(?)", [keys])
    logger.info("planned, without an export: %s", ", ".join(map(str, sorted(keys))))


def _list_exports(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[ExportFile]:
    # Rows are numbered on from file to file, and columns go beside rows that are there.
    rows = connection.execute("""
        with files as (
            select *, null as content from codebook.editions
            union all by name
            from codebook.edition_files
        )
        select edition_key, source_file, sheet, encoding, delimiter, header_row_count, content
        from files order by edition_key, content desc nulls first, _row
    """).fetchall()
    return [ExportFile(edition, folder / file, *rest) for edition, file, *rest in rows]


def _find_same_files(
    connection: duckdb.DuckDBPyConnection, files: list[ExportFile]
) -> Iterator[Problem]:
    """Yield the exports that are those of another edition, where no column of theirs says which."""
    told_apart = {
        edition
        for (edition,) in connection.execute(
            "select edition_key from codebook.export_columns where role = 'edition'"
        ).fetchall()
    }
    first: dict[str, ExportFile] = {}
    for export in files:
        if export.path.is_file() and export.edition_key not in told_apart:
            other = first.setdefault(hash_file(export.path), export)
            if other.edition_key != export.edition_key:
                yield Problem(
                    describe_export(export),
                    f"It is, to the letter, the export of edition {other.edition_key}"
                    f" ({other.path.name}).",
                    "Put the export of this edition there. Where one file has both, give the"
                    " column that tells them apart the role edition.",
                )


def _find_strays(files: list[ExportFile], folder: Path) -> list[Problem]:
    known = {export.path.name for export in files}
    return [
        Problem(
            f"exports: {path.name}",
            "No edition of the codebook has this file as its source_file.",
            "Add the edition to editions.csv, a further file of one to edition_files.csv, or move"
            " the file away.",
            name_candidates(path.name, known),
        )
        for path in sorted(folder.glob("*"))
        if path.is_file() and path.name not in known and not path.name.startswith((".", "~$"))
    ]
