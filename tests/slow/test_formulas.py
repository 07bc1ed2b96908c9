"""What a spreadsheet would take for a formula stays a text in all that is handed out."""

import duckdb
import openpyxl

from publish.research import write_research
from publish.workbook import write_workbook


def test_label_that_begins_with_a_formula_stays_a_text(other_survey, tmp_path):
    from pipeline.build import build_warehouse
    from pipeline.paths import Paths

    for name in ("options.csv", "option_editions.csv"):
        other_survey.edit(
            f"codebook/{name}",
            lambda rows: [
                {**row, "label": "=1+1" if row["label"] == "Stadsfiets" else row["label"]}
                for row in rows
            ],
        )
    paths = Paths(other_survey.codebook, other_survey.exports, tmp_path / "warehouse.duckdb")
    build_warehouse(paths)
    with duckdb.connect(paths.warehouse, read_only=True) as connection:
        write_workbook(connection, tmp_path / "figures.xlsx")
        write_research(connection, tmp_path / "research")
    cells = [
        cell
        for sheet in openpyxl.load_workbook(tmp_path / "figures.xlsx").worksheets
        for row in sheet.iter_rows()
        for cell in row
    ]
    assert any(cell.value == "=1+1" for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)
    text = (tmp_path / "research/tables/dim_options.csv").read_text("utf-8")
    assert ",'=1+1," in text
