"""What stands where no percentage does."""

import pytest

from publish.describing import say_instead
from vocabulary.texts import read_texts


@pytest.mark.parametrize(
    ("suppression", "base_count", "selected_count", "said"),
    [
        ("few_municipalities", None, None, "afgeschermd"),
        (None, 0, 0, "–"),
        (None, 9, 4, "4 van 9"),
        (None, 10, 4, None),
    ],
)
def test_instead_of_a_percentage(suppression, base_count, selected_count, said):
    cell = {"suppression": suppression, "base_count": base_count, "selected_count": selected_count}
    assert say_instead(read_texts("nl"), cell) == said
