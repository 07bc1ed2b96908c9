"""Broken and hostile exports: the page that says what happens is what happens."""

import pytest

from tests.integration.hostile import CASES, HEAD, PAGE, try_case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.words)
def test_page_says_what_happens(case, tmp_path):
    line = f"| {case.words} | {try_case(case, tmp_path)} |"
    assert line in PAGE.read_text("utf-8").splitlines()


def test_page_has_a_line_for_each_case_and_no_more():
    text = PAGE.read_text("utf-8")
    assert text.startswith(HEAD)
    assert len(text.removeprefix(HEAD).splitlines()) == len(CASES)
