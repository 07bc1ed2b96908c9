"""Data files of statistics packages and Parquet, as exports."""

import datetime

import duckdb
import numpy as np
import pandas as pd
import pyreadstat
import pytest

from ingest.exports.files import ExportFile
from ingest.exports.reading import read_export
from ingest.shared.problems import InputError


def read(path):
    grid = read_export(ExportFile(2031, path, None, None, None, 1))
    return grid.headers, grid.rows


@pytest.mark.parametrize("suffix", [".sav", ".zsav"])
def test_spss_file_is_read_by_its_labels(tmp_path, suffix):
    path = tmp_path / f"answers{suffix}"
    frame = pd.DataFrame(
        {
            "id": ["a", "b", "c"],
            "has": [1.0, 2.0, 9.0],
            "staff": [1.5, np.nan, 12.0],
            # Two values under one label: it would not tell which.
            "twice": [1.0, 2.0, 3.0],
            "day": [datetime.date(2031, 3, 1), datetime.date(2031, 3, 2), None],
            "theme_a": [1.0, 0.0, np.nan],
        }
    )
    pyreadstat.write_sav(
        frame,
        str(path),
        variable_value_labels={
            "has": {1.0: "Ja", 2.0: "Nee", 9.0: "Geen antwoord"},
            "twice": {1.0: "Goed", 2.0: "Goed", 3.0: "Slecht"},
            "theme_a": {0.0: "Niet aangeduid", 1.0: "Huisvesting; wonen"},
        },
        missing_ranges={"has": [9.0]},
        compress=suffix == ".zsav",
    )
    assert read(path) == (
        ["id", "has", "staff", "twice", "day", "theme_a"],
        [
            ["a", "Ja", "1.5", "1", "2031-03-01", "Huisvesting; wonen"],
            ["b", "Nee", None, "2", "2031-03-02", "Niet aangeduid"],
            ["c", "Geen antwoord", "12", "Slecht", None, None],
        ],
    )


def test_stata_file_is_read_by_its_labels(tmp_path):
    path = tmp_path / "answers.dta"
    frame = pd.DataFrame({"has": [1, 2], "what": ["x", ""]})
    pyreadstat.write_dta(frame, str(path), variable_value_labels={"has": {1: "Ja", 2: "Nee"}})
    assert read(path) == (["has", "what"], [["Ja", "x"], ["Nee", None]])


def test_parquet_is_read_with_its_lists_as_json(tmp_path):
    path = tmp_path / "answers.parquet"
    duckdb.sql(
        "select * from (values (1, ['Wonen', 'Werk'], 2.50::decimal(9, 2), timestamp"
        " '2031-03-01 09:00:00', true), (2, null, null, null, false))"
        " as t (id, themes, staff, begun, is_done)"
    ).write_parquet(str(path))
    assert read(path) == (
        ["id", "themes", "staff", "begun", "is_done"],
        [
            ["1", '["Wonen", "Werk"]', "2.50", "2031-03-01T09:00:00", "true"],
            ["2", None, None, None, "false"],
        ],
    )


@pytest.mark.parametrize("suffix", [".sav", ".dta", ".parquet"])
def test_file_that_is_no_data_file_is_refused(tmp_path, suffix):
    path = tmp_path / f"answers{suffix}"
    path.write_bytes(b"id;has\n1;Ja\n")
    with pytest.raises(InputError) as caught:
        read(path)
    assert f"It cannot be read as {suffix}" in str(caught.value)
