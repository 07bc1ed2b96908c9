"""What a first draft takes for what."""

import pytest

from ingest.authoring.found import find_questions
from ingest.exports.files import Grid


def find(columns):
    headers, cells = list(columns), list(zip(*columns.values(), strict=True))
    return list(find_questions(Grid(None, headers, [list(row) for row in cells]), {}))


@pytest.mark.parametrize(
    ("cells", "type_", "options"),
    [
        (["Ja", "Nee", "Ja"], "single", ["Ja", "Nee"]),
        (["3", "1", "2"], "integer", []),
        (["3", "1.5", None], "number", []),
        (["a b", "c d", "e f"], "text", []),
        (["Wonen;Werk", "Werk", "Wonen", "Werk;"], "multiple", ["Wonen", "Werk"]),
        (["Wonen\nWerk", "Werk", "Wonen"], "multiple", ["Wonen", "Werk"]),
        (['["Wonen", "Werk"]', '["Werk"]', '["Wonen"]'], "multiple", ["Wonen", "Werk"]),
        # Numbers that are words of a list stand in the order of their size.
        (["10 jaar", "2 jaar", "10 jaar"], "single", ["10 jaar", "2 jaar"]),
        ([None, None, None], "text", []),
    ],
)
def test_column_by_itself(cells, type_, options):
    (found,) = find({"Vraag": cells})
    assert (found.type, list(found.options)) == (type_, options)


@pytest.mark.parametrize("form", ["Waar? [{}]", "Waar? - {}", "Waar?: {}"])
def test_columns_that_begin_alike_are_boxes(form):
    (found,) = find({form.format("Hier"): ["Ja", "Nee"], form.format("Daar"): ["Ja", None]})
    assert (found.label, found.type, list(found.options)) == ("Waar?", "multiple", ["Hier", "Daar"])
    assert ("Hier", "Nee", False) in found.spellings


def test_columns_that_hold_their_own_option_are_boxes():
    (found,) = find({"Waar? - Hier": ["Hier", None], "Waar? - Daar": [None, "Daar"]})
    assert found.type == "multiple"
    assert found.spellings == [("Hier", "Hier", True), ("Daar", "Daar", True)]


def test_columns_with_other_answers_are_rows():
    (found,) = find({"Hoe? [A]": ["Goed", "Slecht"], "Hoe? [B]": ["Matig", "Goed"]})
    assert (found.type, list(found.items)) == ("matrix", ["A", "B"])
    assert list(found.options) == ["Goed", "Slecht", "Matig"]


def test_header_with_a_colon_by_itself_is_a_question():
    (found,) = find({"Naam: van de straat": ["a", "b"]})
    assert found.label == "Naam: van de straat"
