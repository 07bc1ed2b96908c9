import pytest

from figures.moves import list_stayed


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        ("abcdef", "abcdef", ""),
        ("abcdef", "abcxdef", ""),
        ("abcdef", "eabcdf", "e"),
        ("abcdef", "abdcef", "d"),
        ("abcdef", "efabcd", "ef"),
        ("abcdef", "acdbef", "b"),
    ],
)
def test_question_moved_where_it_left_the_common_order(before, after, moved):
    stayed = list_stayed(list(before), list(after))
    left = [q for q in before if q in after and q not in stayed]
    assert len(left) == len(moved)
    if moved != "d":  # of two that swapped, either can be said to have moved
        assert left == sorted(moved)
