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
        (["Ja", "Nee", "Ja", "Ja"], "single", ["Ja", "Nee"]),
        # One name that stands there twice is no list of answers.
        (["Jan Peeters", "An Maes", "Jan Peeters"], "text", []),
        (["0470123456", "0471123456"], "text", []),
        (["+32 470 12 34 56"], "text", []),
        (["3", "1", "2"], "integer", []),
        (["3", "1.5", None], "number", []),
        (["a b", "c d", "e f"], "text", []),
        (["Wonen;Werk", "Werk", "Wonen", "Werk;"], "multiple", ["Wonen", "Werk"]),
        (["Wonen\nWerk", "Werk", "Wonen"] * 2, "multiple", ["Wonen", "Werk"]),
        (['["Wonen", "Werk"]', '["Werk"]', '["Wonen"]'] * 2, "multiple", ["Wonen", "Werk"]),
        (["10 jaar", "2 jaar", "10 jaar", "2 jaar"], "single", ["10 jaar", "2 jaar"]),
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
    cells = ["Goed", "Slecht", "Matig", "Goed"]
    (found,) = find({"Hoe? [A]": cells, "Hoe? [B]": cells[::-1]})
    assert (found.type, list(found.items)) == ("matrix", ["A", "B"])
    assert list(found.options) == ["Goed", "Slecht", "Matig"]


def test_words_beside_boxes_are_the_text_of_an_option():
    (found,) = find({
        "Wat? [Fiets]": ["Ja", "Nee"], "Wat? [Auto]": ["Ja", "Ja"],
        "Wat? [Anders]": ["Jan Peeters helpt mij", None],
    })  # fmt: skip
    assert found.type == "multiple"
    assert ("Wat? [Anders]", "other_choice", "", "Anders") in found.columns
    assert not any("Jan" in text for _, text, _ in found.spellings)


def test_words_in_all_columns_of_a_group_are_nobodys_options():
    found = find({"Nota - goed": ["dit", "dat", "zus"], "Nota - slecht": ["a", "b", "c"]})
    assert [(one.type, one.options) for one in found] == [("text", {}), ("text", {})]


def test_columns_of_one_question_may_stand_apart():
    found = find({"Q [a]": ["Ja"], "X": ["w"], "Q [b]": ["Nee"], "Y": ["v"], "Q [c]": ["Ja"]})
    assert [(one.label, list(one.options)) for one in found] == [
        ("Q", ["a", "b", "c"]), ("X", []), ("Y", []),
    ]  # fmt: skip


def test_header_with_a_colon_by_itself_is_a_question():
    (found,) = find({"Naam: van de straat": ["a", "b"]})
    assert found.label == "Naam: van de straat"
