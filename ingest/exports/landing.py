"""Exports landed in schema `raw`, cell by cell, with what may name a person kept apart."""

from collections.abc import Container
from itertools import chain

import duckdb
import numpy as np
import pandas as pd

from ingest.exports.columns import list_expected, match_columns
from ingest.exports.files import ExportFile, Grid
from ingest.exports.lasting import TABLES as LASTING_TABLES
from ingest.exports.lasting import mark_lasting
from ingest.exports.left_over import mask_left_over
from ingest.exports.marks import RESTRICTED_MARK
from ingest.exports.reading import read_export
from ingest.exports.together import TABLES as TOGETHER_TABLES
from ingest.exports.together import Together, bring_together, keep_own_rows, land_gaps, land_origins
from ingest.shared.files import hash_file, hash_text
from ingest.shared.identity import Secret, make_passing_secret
from ingest.shared.problems import InputError, Problem
from ingest.shared.text import holds_address, to_match_text
from vocabulary.lists import ANSWERED_IN, AnswerRole, quote

RAW_TABLES = f"""
    create schema raw;
    create table raw.exports (
        edition_key integer, source_file varchar, source_sha256 varchar, sheet varchar,
        row_count integer, column_count integer, has_lasting_person_keys boolean
    );
    create table raw.export_columns (
        edition_key integer, column_number integer, column_letter varchar, header varchar,
        match_text varchar, role varchar, question_key varchar, option_code varchar,
        privacy varchar, reason varchar, is_answer boolean
    );
    create table raw.export_rows (
        edition_key integer, row_number integer, filled_cell_count integer,
        same_id_row_number integer, repeats_row_number integer, copies_row_number integer,
        exclusion_reason varchar, person_key varchar, respondent_key varchar, lasting_key varchar
    );
    create table raw.export_cells (
        edition_key integer, row_number integer, column_number integer,
        cell_text varchar, match_text varchar
    );
    comment on table raw.exports is
        'One row per edition: the file that was landed, or the files with a plus between.';
    comment on table raw.export_columns is
        'One row per column of an export, with what the codebook maps it to.';
    comment on table raw.export_rows is
        'One row per row of an export below its header, blank rows too.';
    comment on table raw.export_cells is
        'One row per cell that is not blank: its text as it was; {RESTRICTED_MARK} stands for what '
        'is kept in restricted.duckdb or nowhere. match_text is the form used for comparing.';
    comment on column raw.export_columns.is_answer is
        'Whether its cells are answers, and no metadata or text beside an option.';
    comment on column raw.export_rows.respondent_key is
        'The edition and the row of its export: where an analyst finds the answers back.';
    comment on column raw.export_rows.repeats_row_number is
        'The first row that counts by the same respondent (same id or e-mail address).';
    comment on column raw.export_rows.same_id_row_number is
        'The first row of this export with the same respondent id; null where there is none.';
    comment on column raw.export_rows.copies_row_number is
        'The first row of this export that is the same in every cell.';
    comment on column raw.exports.has_lasting_person_keys is
        'Whether person_key is made with a secret that lasts, and so joins editions.';
    comment on column raw.export_rows.person_key is
        'Keyed hash of the e-mail address; null where there is none.';
    comment on column raw.export_rows.lasting_key is
        'What tells the respondent again in a later download, whose rows may have moved: keyed '
        'hash of the id, else of the address (where the build has a secret), else the start.';
    comment on column raw.export_rows.exclusion_reason is
        'Why the row does not count, by a rule in row_exclusions.csv; null where it does.';
"""

RESTRICTED_TABLES = """
    create table if not exists restricted.export_cells (
        edition_key integer, row_number integer, column_number integer,
        header varchar, privacy varchar, cell_text varchar
    )
"""


def create_raw_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the empty tables of schema `raw` and, in the database attached as it, `restricted`."""
    connection.create_function("to_match_text", to_match_text, ["varchar"], "varchar")
    connection.create_function("holds_address", holds_address, ["varchar"], "boolean")
    connection.execute(RAW_TABLES)
    connection.execute(LASTING_TABLES)
    connection.execute(TOGETHER_TABLES)
    connection.execute(RESTRICTED_TABLES)


def land_export(
    connection: duckdb.DuckDBPyConnection, files: list[ExportFile], secret: Secret | None = None
) -> list[Problem]:
    """Land one edition's files in `raw`, and their personal and open cells in `restricted`.

    Persons get a key that is a hash keyed with the secret, or with one that is forgotten.
    Returns the problems of their headers, and of rows that are of nobody; a column the codebook
    does not know is not landed. Raises InputError where a file itself cannot be read.
    """
    edition = files[0].edition_key
    expected = list_expected(connection, edition)
    grids = _read_all(files, expected.headers)
    headers, problems = match_columns(expected, list(zip(files, grids, strict=True)))
    if not all(headers):
        return problems
    parts = []
    for export, grid, own in zip(files, grids, headers, strict=True):
        kept, found = keep_own_rows(connection, export, grid, own, expected)
        problems.extend(found)
        parts.append((export, kept, own))
    together, found = bring_together(parts, expected)
    problems.extend(found)
    _land_files(connection, parts, together, has_secret=bool(secret))
    land_gaps(connection, parts, expected)
    _land_columns(connection, edition, together)
    _stage_cells(connection, together, edition)
    _land_rows(connection, edition, together)
    mask_left_over(connection, edition, RESTRICTED_MARK)
    _land_cells(connection, edition)
    land_origins(connection, edition, together, RESTRICTED_MARK)
    connection.execute("drop table masks")
    _mark_persons(connection, edition, secret or make_passing_secret())
    mark_lasting(connection, edition, secret)
    connection.execute("drop table cells")
    _mark_exclusions(connection, edition)
    return problems


def _read_all(files: list[ExportFile], known: Container[str]) -> list[Grid]:
    """Return the grids of an edition's files; raises InputError with the problems of them all."""
    grids: list[Grid] = []
    problems: list[Problem] = []
    for export in files:
        try:
            grids.append(read_export(export, known))
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return grids


def _land_files(
    connection: duckdb.DuckDBPyConnection,
    parts: list[tuple[ExportFile, Grid, dict[int, str]]],
    together: Together,
    *,
    has_secret: bool,
) -> None:
    """Land which files an edition is made of; the hash of several is that of their hashes."""
    edition = parts[0][0].edition_key
    digests = [hash_file(export.path) for export, *_ in parts]
    for number, ((export, grid, headers), digest) in enumerate(
        zip(parts, digests, strict=True), start=1
    ):
        connection.execute(
            "insert into raw.export_files values (?, ?, ?, ?, ?, ?, ?)",
            [edition, number, export.path.name, digest, grid.sheet, len(grid.rows), len(headers)],
        )
    connection.execute(
        "insert into raw.exports values (?, ?, ?, ?, ?, ?, ?)",
        [
            edition,
            " + ".join(dict.fromkeys(export.path.name for export, *_ in parts)),
            digests[0] if len(digests) == 1 else hash_text(" ".join(digests)),
            parts[0][1].sheet,
            len(together.rows),
            len(together.headers),
            has_secret,
        ],
    )


def _stage_cells(connection: duckdb.DuckDBPyConnection, together: Together, edition: int) -> None:
    """Create the temporary table `cells`: the cells that are not blank, with their column.

    Most texts stand in many cells: each is brought to its form for comparing once.
    """
    cells = list(chain.from_iterable(together.rows))
    width = len(together.rows[0]) if together.rows else 1
    places = np.flatnonzero([cell is not None for cell in cells])
    texts = [cells[place] for place in places]
    numbers, distinct = pd.factorize(np.array(texts, dtype=object))
    connection.register(
        "placed",
        pd.DataFrame(
            {
                "row_number": np.array(together.numbers, dtype="int32")[places // width],
                "column_number": (places % width + 1).astype("int32"),
                "text_number": numbers,
            }
        ),
    )
    connection.register(
        "texts",
        pd.DataFrame(
            {
                "text_number": range(len(distinct)),
                "cell_text": distinct,
                "match_text": [to_match_text(text) for text in distinct],
            }
        ).astype({"text_number": "int64", "cell_text": "str", "match_text": "str"}),
    )
    connection.execute(
        """
        create temporary table cells as
        select
            row_number, column_number, cell_text, texts.match_text, role, header, privacy
        from placed
        inner join texts using (text_number)
        inner join raw.export_columns using (column_number)
        where edition_key = $edition
        """,
        {"edition": edition},
    )
    connection.unregister("placed")
    connection.unregister("texts")


def _land_columns(connection: duckdb.DuckDBPyConnection, edition: int, together: Together) -> None:
    rows = [
        (number, together.letters[number], header, to_match_text(header))
        for number, header in together.headers.items()
    ]
    columns = ["column_number", "column_letter", "header", "match_text"]
    connection.register("headers", pd.DataFrame(rows, columns=columns))
    connection.execute(
        f"""
        insert into raw.export_columns
        select
            edition_key, column_number, column_letter, headers.header, match_text, role,
            case
                when item_code is not null then question_key || '.' || item_code
                else question_key
            end as question_key,
            -- Of joined options it is said in the codebook whose text is left over.
            if(role = 'options', null, option_code), privacy, reason, role in ({quote(ANSWERED_IN)})
        from headers
        inner join codebook.export_columns using (match_text)
        where edition_key = ?
        """,
        [edition],
    )
    connection.unregister("headers")


def _land_rows(connection: duckdb.DuckDBPyConnection, edition: int, together: Together) -> None:
    first: dict[tuple[str | None, ...], int] = {}
    rows = [
        (number, first.setdefault(tuple(row), number))
        for number, row in zip(together.numbers, together.rows, strict=True)
    ]
    connection.register("grid", pd.DataFrame(rows, columns=["row_number", "original_row_number"]))
    connection.execute(
        """
        insert into raw.export_rows
        with filled as (
            select row_number, count(*) as filled_cell_count from cells group by all
        ),
        firsts as (
            select
                row_number,
                min(row_number) over (partition by lower(trim(cell_text))) as first_row_number
            from cells where role = 'respondent_id'
        )
        select
            $edition, grid.row_number, coalesce(filled_cell_count, 0),
            nullif(first_row_number, grid.row_number), null,
            if(filled_cell_count > 0, nullif(original_row_number, grid.row_number), null),
            null, null, format('{}-{:06d}', $edition, grid.row_number), null
        from grid
        left join filled using (row_number)
        left join firsts using (row_number)
        order by grid.row_number
        """,
        {"edition": edition},
    )
    connection.unregister("grid")


def _land_cells(connection: duckdb.DuckDBPyConnection, edition: int) -> None:
    connection.execute(
        f"""
        insert into raw.export_cells
        select
            $edition, row_number, column_number,
            if(privacy = 'public', cell_text, coalesce(masked, '{RESTRICTED_MARK}')),
            case
                when privacy = 'public' then match_text
                -- The options among somebody's own words; the words are not here.
                when masked is not null then to_match_text(masked)
                -- That there is a text is the answer; the text is not.
                when role = '{AnswerRole.OTHER_CHOICE}' then '{RESTRICTED_MARK}'
            end
        from cells
        left join masks using (column_number, cell_text)
        order by row_number, column_number
        """,
        {"edition": edition},
    )
    connection.execute(
        """
        insert into restricted.export_cells
        select $edition, row_number, column_number, header, privacy, cell_text
        from cells
        where privacy in ('open', 'personal')
            and $edition not in (select edition_key from codebook.purged_editions)
        order by row_number, column_number
        """,
        {"edition": edition},
    )


def _mark_persons(connection: duckdb.DuckDBPyConnection, edition: int, secret: Secret) -> None:
    """Give each row the key of its person; the e-mail address itself goes no further."""
    rows = connection.execute(
        """
        select row_number, lower(trim(cell_text)) from cells where role = 'email'
        """
    ).fetchall()
    if not rows:
        return
    keys = [(number, secret.hash(address)) for number, address in rows]
    connection.register("persons", pd.DataFrame(keys, columns=["row_number", "person_key"]))
    connection.execute(
        """
        update raw.export_rows set person_key = persons.person_key
        from persons where edition_key = ? and export_rows.row_number = persons.row_number
        """,
        [edition],
    )
    connection.unregister("persons")


def _mark_exclusions(connection: duckdb.DuckDBPyConnection, edition: int) -> None:
    connection.execute(
        """
        update raw.export_rows set exclusion_reason = matched.reason
        from (
            select export_rows.row_number, min(row_exclusions.reason) as reason
            from raw.export_rows
            inner join codebook.row_exclusions using (edition_key)
            left join raw.export_columns
                on export_columns.edition_key = export_rows.edition_key
                and export_columns.role = row_exclusions.role
            left join raw.export_cells
                on export_cells.edition_key = export_rows.edition_key
                and export_cells.row_number = export_rows.row_number
                and export_cells.column_number = export_columns.column_number
            where edition_key = $edition and (
                (row_exclusions.role is null and filled_cell_count = 0)
                or row_exclusions.match_text = export_cells.match_text
            )
            group by all
        ) as matched
        where edition_key = $edition and export_rows.row_number = matched.row_number
        """,
        {"edition": edition},
    )
