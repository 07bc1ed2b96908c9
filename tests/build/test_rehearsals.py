"""The rehearsal editions, and the layouts of their exports."""

import csv
import datetime

import openpyxl
import pytest

from ingest.exports.files import to_text
from tests import rehearsal
from tests.conftest import ROOT


def read_cells(path):
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [[to_text(cell) for cell in row] for row in csv.reader(file, delimiter=";")]
    sheet = openpyxl.load_workbook(path).active
    return [
        [None if cell.value is None else str(cell.value) for cell in row]
        for row in sheet.iter_rows()
    ]


@pytest.mark.parametrize("edition", [2027, 2029])
def test_rehearsal_export_is_what_the_generator_writes(edition, tmp_path):
    paper = rehearsal.read_questionnaire(ROOT / "seeds", ROOT / "exports", edition)
    shipped = ROOT / "exports" / paper.edition["source_file"]
    path = tmp_path / shipped.name
    rehearsal.write_export(paper, rehearsal.play_edition(paper, 1), path)
    assert read_cells(path) == read_cells(shipped)


def test_rehearsed_answers_are_all_on_route(warehouse):
    # The generator plays the routing by itself, the slow way.
    assert warehouse.execute(
        "select count(*) from audit.off_route_answers where edition_key > 2025"
    ).fetchone() == (0,)
    assert warehouse.execute(
        """
        select count(*) from audit.expectation_results
        where edition_key > 2025 and verdict <> 'passed'
        """
    ).fetchone() == (0,)


def test_layouts_differ_and_are_read_alike(warehouse):
    assert warehouse.execute(
        """
        select edition_key, count(*) filter (role = 'option'), count(*) filter (role = 'options'),
            count(*) filter (role = 'respondent_id')
        from raw.export_columns group by all order by 1
        """
    ).fetchall() == [(2025, 88, 0, 0), (2027, 88, 0, 1), (2029, 0, 10, 0)]
    joined, options = warehouse.execute(
        """
        select match_text, list(option_code order by option_code) from raw.cell_options
        where edition_key = 2029 and question_key = 'support_needs'
            and match_text like '%(bovenlokaal), Data%' group by all limit 1
        """
    ).fetchone()
    assert "Data, cijfers en onderzoek (bovenlokaal), Data, cijfers" in joined
    assert {"data_supralocal", "data_local"} <= set(options)


def test_begun_and_ended_are_read_from_every_layout(warehouse):
    rows = warehouse.execute(
        "select edition_key, min(started_at), count(completed_at) from marts.dim_respondents"
        " where is_complete group by all order by 1"
    ).fetchall()
    for edition, started, ended in rows:
        assert started.year == edition
        assert isinstance(started, datetime.datetime)
        assert ended > 50
