"""Another survey through the same code: bicycles at work, eight answers, worked out by hand.

Rows of the export, in order: a1 and a2 in Astad have bicycles; a3 and a4 in Bedorp have none, and
a4 left a tick behind; a5 skipped the first question; a6 stopped after the kinds, a7 after the
name; a8 is a test and the last row is blank. The file is cp1252, semicolons, 1/0.
"""

import pytest

RESULTS = {
    # (base, option): (selected, base N)
    ("respondents", "has_bikes.yes"): (3, 5),
    ("respondents", "has_bikes.no"): (2, 5),
    ("respondents", "kinds.city"): (2, 3),
    ("respondents", "kinds.cargo"): (1, 3),
    ("respondents", "kinds.electric"): (1, 3),
    ("respondents", "kinds.none"): (0, 3),
    ("respondents", "condition.city.good"): (2, 2),
    ("respondents", "condition.cargo.bad"): (1, 1),
    ("respondents", "condition.electric.good"): (0, 0),
    ("respondents", "plans.yes"): (1, 2),
    # Only a3 was asked about a city bicycle: a1 and a2 have one.
    ("respondents", "wishes.city"): (1, 1),
    ("respondents", "wishes.cargo"): (0, 1),
    ("respondents", "wishes.electric"): (2, 2),
    ("municipalities", "has_bikes.yes"): (2, 3),
    ("municipalities", "kinds.city"): (1, 2),
    ("municipalities", "kinds.electric"): (1, 2),
    # Colleagues a3 and a4 differ; a3 answered more questions.
    ("municipalities", "plans.yes"): (1, 1),
    ("municipalities", "wishes.electric"): (2, 2),
}

STATES = {
    "has_bikes": "answered answered answered answered skipped answered not_reached",
    "kinds": "answered answered not_shown off_route not_shown answered not_reached",
    "condition": "answered answered not_shown not_shown not_shown not_reached not_reached",
    "condition.city": "answered answered not_shown not_shown not_shown not_shown not_reached",
    "condition.cargo": "answered not_shown not_shown not_shown not_shown not_shown not_reached",
    "condition.electric": (
        "not_shown not_shown not_shown not_shown not_shown not_reached not_reached"
    ),
    "number": "answered skipped not_shown not_shown not_shown not_reached not_reached",
    "plans": "not_shown not_shown answered answered not_shown not_shown not_reached",
    "wishes": "answered skipped answered not_shown not_shown not_reached not_reached",
    "remark": "answered skipped skipped skipped skipped not_reached not_reached",
}


@pytest.mark.parametrize(("key", "expected"), RESULTS.items(), ids=lambda key: str(key))
def test_result_is_as_worked_out(other_warehouse, key, expected):
    assert (
        other_warehouse.execute(
            """
            select selected_count, base_count from marts.mart_question_results
            where edition_key = 2024 and base = ? and option_key = ?
            """,
            list(key),
        ).fetchone()
        == expected
    )


@pytest.mark.parametrize(("question", "expected"), STATES.items())
def test_state_is_as_worked_out(other_warehouse, question, expected):
    assert (
        other_warehouse.execute(
            """
            select string_agg(state, ' ' order by respondent_key)
            from marts.fct_question_responses
            where edition_key = 2024 and question_key = ?
            """,
            [question],
        ).fetchone()[0]
        == expected
    )


def test_empty_base_has_no_percentage(other_warehouse):
    assert other_warehouse.execute(
        """
        select share, percentage, share_low, is_indicative from marts.mart_question_results
        where edition_key = 2024 and base = 'respondents'
            and option_key = 'condition.electric.good'
        """
    ).fetchone() == (None, None, None, True)


def test_disagreements_are_listed_with_what_was_made_of_them(other_warehouse):
    assert other_warehouse.execute(
        """
        select question_key, answers, adopted_answer from marts.mart_colleague_disagreements
        order by 1
        """
    ).fetchall() == [
        (
            "kinds",
            "2024-000002: Stadsfiets + Bakfiets; groot; 2024-000003: Stadsfiets",
            "Stadsfiets + Bakfiets; groot",
        ),
        ("plans", "2024-000004: Ja; 2024-000005: Nee", "Ja"),
    ]


def test_places_resolve_by_alias_merged_name_and_postal_code(other_warehouse):
    assert other_warehouse.execute(
        """
        select name, location_method from marts.dim_respondents
        inner join marts.dim_municipalities using (municipality_key)
        where edition_key = 2024 order by respondent_key
        """
    ).fetchall() == [
        ("Astad", "alias"),
        ("Astad", "name"),
        ("Bedorp", "name"),
        ("Bedorp", "name"),
        ("Cefeld", "postal_code"),
        ("Dehove", "former_name"),
        ("Cefeld", "name"),
    ]


def test_size_category_begins_at_its_lower_bound(other_warehouse):
    assert other_warehouse.execute(
        """
        select population, size_category from marts.fct_municipality_editions
        where edition_key = 2024 and population between 9999 and 10000 order by 1
        """
    ).fetchall() == [(9999, "little"), (10000, "large")]


def test_published_anomaly_is_known_and_half_rounds_up(other_warehouse):
    assert other_warehouse.execute(
        """
        select option_code, published_percentage, computed_percentage, status
        from marts.mart_published_reconciliation order by 1
        """
    ).fetchall() == [("city", 66, 67, "known_anomaly"), ("yes", 60, 60, "match")]
