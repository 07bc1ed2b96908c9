"""Exports with some bytes changed: each is read, or refused with its file; none ends otherwise."""

import random
import zipfile

import pytest

from ingest.exports.files import ExportFile
from ingest.exports.reading import read_export
from ingest.routing.expressions import parse_expression
from ingest.routing.literals import RoutingError
from ingest.shared.problems import InputError
from tests.conftest import OTHER, ROOT

COUNT = 300


def spoil(chance, content):
    """Change, take out or double some bytes."""
    made = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(made))
        length = chance.choice([1, 1, 4, 64])
        match chance.randrange(3):
            case 0:
                made[place : place + length] = chance.randbytes(length)
            case 1:
                del made[place : place + length]
            case _:
                made[place:place] = made[place : place + length]
    return bytes(made)


def read(path, delimiter=None, encoding=None):
    """What becomes of an export: it is read, or refused by its name."""
    try:
        read_export(ExportFile(1, path, None, encoding, delimiter, 1))
    except InputError as error:
        return "refused" if path.name in str(error) else str(error)
    return "read"


@pytest.mark.parametrize("kind", ["bytes", "parts"])
def test_spoiled_workbook_is_read_or_refused(tmp_path, kind):
    chance = random.Random(kind)
    source = ROOT / "exports/gelijkekansen_2025.xlsx"
    path = tmp_path / "spoiled.xlsx"
    with zipfile.ZipFile(source) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    outcomes = set()
    for _ in range(COUNT):
        if kind == "bytes":
            path.write_bytes(spoil(chance, source.read_bytes()))
        else:
            name = chance.choice(list(parts))
            with zipfile.ZipFile(path, "w") as archive:
                for other, content in parts.items():
                    archive.writestr(other, spoil(chance, content) if other == name else content)
        outcomes.add(read(path))
    # Whole parts have their checksum: what is changed below it is always seen.
    assert outcomes == ({"refused"} if kind == "bytes" else {"read", "refused"})


def test_spoiled_csv_is_read_or_refused(tmp_path):
    chance = random.Random(3)
    content = (OTHER / "exports/fietsen.csv").read_bytes()
    path = tmp_path / "spoiled.csv"
    outcomes = set()
    for _ in range(COUNT):
        path.write_bytes(spoil(chance, content))
        outcomes.add(read(path, ";", "cp1252"))
    assert outcomes == {"read", "refused"}


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
