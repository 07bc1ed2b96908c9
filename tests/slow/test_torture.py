"""A hundredth of `make torture`, and two inputs that would take all the memory there is."""

import os
import zipfile

import pytest

from ingest.routing.expressions import parse_expression
from ingest.routing.literals import RoutingError
from tests.conftest import ROOT
from tests.torture.full_disk import fill_disk
from tests.torture.killing import torture
from tests.torture.spoiling import read, spoil_inputs


def test_commands_killed_at_any_moment_leave_what_is_whole(tmp_path):
    assert torture(tmp_path / "place", 12, seed=2) == {"broken": [], "running": [], "litter": []}


def test_spoiled_input_is_read_or_refused(tmp_path):
    assert spoil_inputs(tmp_path, 300, seed=2) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk")
def test_full_disk_loses_nothing_and_is_told(tmp_path):
    assert fill_disk(tmp_path / "disk", 6) == []


def test_cell_in_the_last_corner_is_refused_before_room_is_made_for_it(tmp_path):
    source = ROOT / "exports/gelijkekansen_2025.xlsx"
    path = tmp_path / "corner.xlsx"
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(path, "w") as made:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "xl/worksheets/sheet1.xml":
                corner = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                content = content.replace(b"</sheetData>", corner)
            made.writestr(name, content)
    assert read(path) == "refused"


def test_condition_that_goes_too_deep_is_refused():
    with pytest.raises(RoutingError, match="parentheses deep"):
        parse_expression("not(" * 10_000 + "${a} = 'b'" + ")" * 10_000)
    with pytest.raises(RoutingError, match="longer than"):
        parse_expression(" or ".join(["${a} = 'b'"] * 2_000))
    assert parse_expression("not(" * 50 + "${a} = 'b'" + ")" * 50)
