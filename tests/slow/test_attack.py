"""The attack on what is published would find what it is to find: it is no idle test."""

import duckdb
import pytest

from tests.build.test_release import CHOSEN, MINIMUM, find_all_told, find_leaks, read_known


@pytest.fixture(scope="module")
def known(built):
    return read_known(built)


def test_attack_by_differencing_finds_nothing(known):
    attacked, leaks = find_leaks(known, lambda place, units, places: place in places)
    assert attacked > 700
    assert leaks == []


def test_attack_finds_what_is_only_hidden_itself(known):
    # Without secondary suppression, the same attack does get through.
    members, *rest = known
    some = (members[members["edition_key"] == 2029], *rest)
    _, leaks = find_leaks(some, lambda place, units, places: len(units) >= MINIMUM)
    assert len(leaks) > 20


def test_weighted_shares_would_tell_of_classes_that_are_withheld(known):
    members, published, *rest = known
    assert published["is_weighted"].sum() > 500
    some = (members[members["edition_key"] == 2025], published, *rest)
    is_published = lambda place, units, places: place in places  # noqa: E731
    assert find_leaks(some, is_published)[1] == []
    _, leaks = find_leaks(some, is_published, lambda told: True)
    assert len(leaks) > 20


@pytest.fixture(scope="module")
def chosen(built):
    with duckdb.connect(built.warehouse, read_only=True) as connection:
        return {
            (edition, option): set(own)
            for edition, option, own in connection.execute(CHOSEN).fetchall()
        }


def test_nothing_published_tells_what_one_answered(known, chosen):
    attacked, told = find_all_told(known, chosen, lambda place, units, places: place in places)
    assert attacked > 700
    assert told == []


def test_levels_that_all_answered_alike_would_tell(known, chosen):
    members, *rest = known
    some = (members[members["edition_key"] == 2027], *rest)
    _, told = find_all_told(some, chosen, lambda place, units, places: True)
    assert len(told) > 10
