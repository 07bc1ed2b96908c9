import pytest

from publish.spss_names import LONGEST_NAME, cut, name_variables


def test_names_are_unique_whatever_their_case_and_legal():
    long = f"q_{'x' * 50}.{'a' * 20}"
    keys = ["themes.lgbti", "Themes.LGBTI", f"{long}_1", f"{long}_2", "2", "and", "end.", "é-t"]
    names = name_variables(keys)
    assert list(names) == keys
    assert len({name.casefold() for name in names.values()}) == len(keys)
    assert all(len(name.encode()) <= LONGEST_NAME for name in names.values())
    assert names["themes.lgbti"] == "themes.lgbti"
    assert names["Themes.LGBTI"] == "Themes.LGBTI_2"
    assert (names["2"], names["and"], names["end."]) == ("v_2", "v_and", "end")
    assert all(name[0].isalpha() and not name.endswith(".") for name in names.values())


@pytest.mark.parametrize(
    ("text", "longest", "rest"), [("één", 2, "é"), ("één", 3, "é"), ("a", 9, "a")]
)
def test_labels_are_cut_at_a_whole_character(text, longest, rest):
    assert cut(text, longest) == rest
