"""Respondents who stand in an export more than once: found, and made one by a declared rule."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import duckdb

from ingest.exports.files import describe_cell
from ingest.shared.problems import Problem
from ingest.shared.tables import insert_rows
from vocabulary.lists import RepeatRule

Name: TypeAlias = tuple[int, str, object]

# Rows that count, the one that goes before first: by the rule of the edition, else as they stand.
ROWS = f"""
    select
        edition_key, row_number, same_id_row_number, person_key, rules.reason,
        source_file, sheet, file_row_number, coalesce(completions.is_complete, false) as is_complete
    from raw.export_rows
    inner join raw.row_places using (edition_key, row_number)
    left join codebook.row_exclusions as rules
        on rules.edition_key = export_rows.edition_key and rules.role = 'repeated'
    left join raw.completions using (edition_key, row_number)
    left join (
        select edition_key, row_number, max(moment) as last_at from raw.moments group by all
    ) as moments using (edition_key, row_number)
    where exclusion_reason is null and filled_cell_count > 0
    order by
        edition_key,
        if(rules.value is null, row_number, null),
        rules.value = '{RepeatRule.MOST_COMPLETE}' and is_complete desc,
        last_at desc nulls last,
        row_number desc
"""


def settle_repeats(connection: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    """Exclude all rows but one of who stands there twice, by the rule of their edition.

    The same id or the same address is the same respondent. Yields a problem for each row that
    repeats another where no rule says which of them counts.
    """
    rows = connection.execute(ROWS).fetchall()
    find = _join_names([_list_names(row) for row in rows])
    counting: dict[Name, int] = {}
    excluded: list[tuple[int, int, str]] = []
    repeated: list[tuple[int, int, int]] = []
    for row in rows:
        edition, number, _, _, reason, file, sheet, file_row, _ = row
        counts = counting.setdefault(find(_list_names(row)[0]), number)
        if counts != number and reason:
            excluded.append((edition, number, reason))
        elif counts != number:
            repeated.append((edition, number, counts))
            what = f"It is of the same respondent as row {counts}: the same id or address."
            action = (
                "Say which counts by a row of row_exclusions.csv with role repeated, value"
                f" {' or '.join(RepeatRule)}, and the reason."
            )
            yield Problem(describe_cell(edition, file, sheet, f"A{file_row}"), what, action)
    for column, settled in (("exclusion_reason", excluded), ("repeats_row_number", repeated)):
        connection.execute(
            f"create temporary table settled as select edition_key, row_number, {column}"
            " from raw.export_rows limit 0"
        )
        insert_rows(connection, "settled", settled)
        connection.execute(f"""
            update raw.export_rows set {column} = settled.{column} from settled
            where export_rows.edition_key = settled.edition_key
                and export_rows.row_number = settled.row_number
        """)
        connection.execute("drop table settled")


def _list_names(row: tuple[Any, ...]) -> list[Name]:
    """Return what a row's respondent is known by: the id, else the row itself; the address."""
    edition, number, same_id, person, *_ = row
    own = (edition, "id", same_id or number)
    return [own] if person is None else [own, (edition, "address", person)]


def _join_names(rows: list[list[Name]]) -> Callable[[Name], Name]:
    """Return what finds one name for all the names that are, row by row, of one respondent."""
    parents: dict[Name, Name] = {}

    def find(name: Name) -> Name:
        while parents.setdefault(name, name) != name:
            name = parents[name]
        return name

    for names in rows:
        for name in names[1:]:
            parents[find(name)] = find(names[0])
    return find
