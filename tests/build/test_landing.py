"""What is landed: every cell as it was, and what can name a person kept apart."""

import openpyxl

from tests.conftest import ROOT


def read_sheet():
    book = openpyxl.load_workbook(ROOT / "exports/gelijkekansen_2025.xlsx")
    return [[cell.value for cell in row] for row in book["Respons"].iter_rows()]


def test_every_cell_that_is_not_blank_is_landed_once(warehouse):
    filled = sum(bool(str(value or "").strip()) for row in read_sheet()[1:] for value in row)
    assert warehouse.execute(
        "select count(*) from raw.export_cells where edition_key = 2025"
    ).fetchone() == (filled,)
    assert warehouse.execute(
        "select row_count, column_count, sheet from raw.exports where edition_key = 2025"
    ).fetchone() == (85, 169, "Respons")


def test_cells_stand_as_they_were(warehouse):
    sheet = read_sheet()
    rows = warehouse.execute(
        """
        select row_number, column_number, cell_text from raw.export_cells
        inner join raw.export_columns using (edition_key, column_number)
        where edition_key = 2025 and privacy = 'public' and cell_text not like '____-__-__T%'
        """
    ).fetchall()
    assert len(rows) > 3000
    for row, column, text in rows:
        assert text == str(sheet[row - 1][column - 1])


def test_restricted_cells_leave_only_a_mark(warehouse, built):
    import duckdb

    marks = warehouse.execute(
        """
        select privacy, count(*), min(cell_text), max(cell_text), count(export_cells.match_text)
        from raw.export_cells inner join raw.export_columns using (edition_key, column_number)
        where privacy <> 'public' group by all order by all
        """
    ).fetchall()
    assert [mark[2:] for mark in marks] == [("[restricted]", "[restricted]", 0)] * 2
    with duckdb.connect(built.restricted, read_only=True) as restricted:
        kept = restricted.execute(
            "select privacy, count(*) from export_cells group by all order by all"
        ).fetchall()
    assert kept == [mark[:2] for mark in marks]


def test_restricted_database_is_for_its_owner_only(built):
    assert built.restricted.stat().st_mode & 0o777 == 0o600


def test_dropped_column_is_kept_nowhere(other_built, other_warehouse):
    import duckdb

    assert other_warehouse.execute(
        """
        select count(*), max(cell_text) from raw.export_cells
        inner join raw.export_columns using (edition_key, column_number)
        where privacy = 'drop'
        """
    ).fetchone() == (8, "[restricted]")
    with duckdb.connect(other_built.restricted, read_only=True) as restricted:
        assert restricted.execute(
            "select distinct privacy from export_cells order by 1"
        ).fetchall() == [("open",), ("personal",)]


def test_no_personal_or_open_text_is_anywhere_in_what_a_build_leaves(built):
    import duckdb

    with duckdb.connect(built.restricted, read_only=True) as restricted:
        texts = {
            text
            for (text,) in restricted.execute(
                "select distinct cell_text from export_cells where length(cell_text) > 6"
            ).fetchall()
        }
    assert len(texts) > 250
    public = set()
    with duckdb.connect(built.warehouse, read_only=True) as warehouse:
        for schema, table in warehouse.execute(
            "select schema_name, table_name from duckdb_tables()"
        ).fetchall():
            for row in warehouse.execute(f'select * from "{schema}"."{table}"').fetchall():
                public.update(value for value in row if isinstance(value, str))
    leaks = {text for text in texts for value in public if "@" in text and text in value}
    # An open answer can be one word that is also an option; personal texts cannot.
    assert leaks == set()
    labels = {text for text in texts if text in public}
    assert labels <= {"Polarisatie", "Toegankelijkheid", "Antidiscriminatie"}, labels
    for path in built.workspace.rglob("*"):
        if path.is_file() and path.suffix in (".log", ".json", ".html", ".sql"):
            content = path.read_text(encoding="utf-8", errors="replace")
            assert not any(text in content for text in texts if "@" in text), path


def repeat(other_survey):
    """The respondent of row 2, who was complete, stands there again, later and cut off."""
    path = other_survey.exports / "fietsen.csv"
    lines = path.read_bytes().split(b"\r\n")
    again = lines[1].replace(b"a1", b" A1 ").replace(b"volledig", b"afgebroken")
    lines.insert(8, again.replace(b"2024-03-02", b"2024-03-20"))
    path.write_bytes(b"\r\n".join(lines))


def test_same_respondent_twice_is_refused_until_a_rule_says_which_counts(other_survey):
    repeat(other_survey)
    refusal = other_survey.refusal()
    assert "edition 2024: fietsen.csv, cell A9" in refusal
    assert "It is of the same respondent as row 2: the same id or address." in refusal
    for rule, excluded in (("most_complete", 9), ("latest", 2)):
        other_survey.edit(
            "codebook/row_exclusions.csv",
            lambda rows, rule=rule: [
                *(row for row in rows if row["role"] != "repeated"),
                {"edition_key": "2024", "role": "repeated", "value": rule, "reason": "Dubbel."},
            ],
        )
        rows = other_survey.load().execute(
            "select row_number from raw.export_rows where exclusion_reason = 'Dubbel.'"
        )
        assert rows.fetchall() == [(excluded,)]
