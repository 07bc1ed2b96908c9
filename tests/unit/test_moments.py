"""Time stamps: a closed list of forms, and nothing that only looks like one."""

import duckdb
import pytest

from ingest.exports.moments import read_moments

TABLES = """
    create schema raw; create schema codebook;
    create table codebook.editions as select 1 as edition_key, 2 as _row, $format as date_format;
    create table raw.export_columns as
    select 1 as edition_key, 1 as column_number, 'started_at' as role;
    create table raw.corrected_cells as
    select 1 as edition_key, 2 as row_number, 1 as column_number, $text as match_text
"""


def read(text, date_format=None):
    connection = duckdb.connect()
    for statement in TABLES.split(";"):
        names = {"format": date_format, "text": text}
        used = {name: value for name, value in names.items() if f"${name}" in statement}
        connection.execute(statement, used or None)
    problems = list(read_moments(connection))
    rows = connection.execute("select moment::varchar from raw.moments").fetchall()
    return problems, rows[0][0] if rows else None


@pytest.mark.parametrize(
    ("text", "date_format", "moment"),
    [
        ("2027-11-27", None, "2027-11-27 00:00:00"),
        ("2027-11-27 06:39", None, "2027-11-27 06:39:00"),
        ("2027-11-27T06:39:00.5", None, "2027-11-27 06:39:00.5"),
        ("2027-11-27T06:39:00+01:00", None, "2027-11-27 05:39:00"),
        ("2027-11-27 06:39:00Z", None, "2027-11-27 06:39:00"),
        ("27/11/2027 06:39:00", "%d/%m/%Y %H:%M:%S", "2027-11-27 06:39:00"),
        ("03/02/2026 09:00:00 AM", "%d/%m/%Y %I:%M:%S %p", "2026-02-03 09:00:00"),
        ("03/02/2026 01:00:00 PM", "%d/%m/%Y %I:%M:%S %p", "2026-02-03 13:00:00"),
        ("5/11/25", None, None),
        ("infinity", None, None),
        ("epoch", None, None),
        ("2027-02-30", None, None),
        ("2027-11-27 06:39:00 and so on", None, None),
        ("27/11/2027 01:00 PM", "%d/%m/%Y %H:%M", None),
        ("27/11/2027", None, None),
        ("20271127", None, None),
    ],
)
def test_stamp_is_read_or_is_none(text, date_format, moment):
    problems, found = read(text, date_format)
    assert (problems, found) == ([], moment)


def test_form_that_is_none_is_refused():
    (problem,), _ = read("2027-11-27", "%Q")
    assert "codebook/editions.csv, row 2, column date_format" in str(problem.where)
