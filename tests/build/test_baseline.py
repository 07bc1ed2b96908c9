"""The baseline against the published report: counts, bases and percentages as printed."""

import csv

import duckdb
import pytest

from tests.conftest import ROOT

PUBLISHED = list(
    csv.DictReader((ROOT / "seeds/published/figures.csv").read_text(encoding="utf-8").splitlines())
)


def test_there_are_88_published_figures():
    assert len(PUBLISHED) == 88


@pytest.mark.parametrize(
    "figure", PUBLISHED, ids=lambda f: f"{f['question_key']}.{f['option_code']}"
)
def test_published_figure_is_reproduced(warehouse: duckdb.DuckDBPyConnection, figure):
    count, base, percentage, share = warehouse.execute(
        """
        select selected_count, base_count, percentage, share from marts.mart_question_results
        where edition_key = 2025 and base = 'respondents'
            and question_key = ? and option_code = ?
        """,
        [figure["question_key"], figure["option_code"]],
    ).fetchone()
    assert base == int(figure["published_base_count"])
    if figure["published_count"]:
        assert count == int(figure["published_count"])
    printed = figure["published_percentage"]
    if figure["option_code"] == "intersectional_work":
        assert (printed, percentage) == ("41", 42)
    elif "." in printed:
        assert round(share * 100, 2) == float(printed)
    elif printed:
        assert percentage == int(printed)


def test_reconciliation_has_87_matches_and_one_known_anomaly(warehouse):
    rows = warehouse.execute(
        "select status, count(*) from marts.mart_published_reconciliation group by all order by 1"
    ).fetchall()
    assert rows == [("known_anomaly", 1), ("match", 87)]
    note = warehouse.execute(
        "select note from marts.mart_published_reconciliation where status = 'known_anomaly'"
    ).fetchone()[0]
    assert "22 op 53 is 41,5%" in note


def test_respondents_and_municipalities_are_those_of_the_report(warehouse):
    assert warehouse.execute(
        "select count(*), count(*) filter (is_complete), count(distinct municipality_key),"
        " count(*) filter (is_in_analysis),"
        " count(distinct municipality_key) filter (is_in_analysis) from marts.dim_respondents"
        " where edition_key = 2025"
    ).fetchone() == (79, 61, 70, 67, 63)


def test_66_municipalities_say_yes(warehouse):
    rows = warehouse.execute(
        """
        select base, selected_count, base_count from marts.mart_question_results
        where edition_key = 2025 and option_key = 'has_policy.yes' order by base
        """
    ).fetchall()
    assert rows == [("municipalities", 66, 70), ("respondents", 70, 78)]
    assert warehouse.execute(
        """
        select count(distinct municipality_key)
        from marts.fct_answers inner join marts.dim_respondents using (respondent_key)
        where fct_answers.edition_key = 2025
            and option_key = 'has_policy.yes' and is_selected
        """
    ).fetchone() == (66,)


def test_states_of_themes(warehouse):
    # 70 said yes, 3 of whom left before it; 8 did not say yes, 1 of whom had ticked themes first;
    # 1 left before it was decided.
    assert warehouse.execute(
        """
        select asked_count, answered_count, skipped_count, not_shown_count, not_reached_count,
            off_route_count
        from marts.mart_routing_audit where edition_key = 2025 and question_key = 'themes'
        """
    ).fetchone() == (67, 67, 0, 7, 4, 1)


def test_three_of_53_skipped_the_known_support(warehouse):
    assert warehouse.execute(
        """
        select asked_count, answered_count, skipped_count from marts.mart_routing_audit
        where edition_key = 2025 and question_key = 'vvsg_support_known'
        """
    ).fetchone() == (53, 50, 3)


def test_follow_up_rows_have_their_own_base(warehouse):
    # 64 of 67 work on digital inclusion, so 64 were asked for staff; 3 of them left it open.
    assert warehouse.execute(
        """
        select asked_count, answered_count from marts.mart_routing_audit
        where edition_key = 2025 and question_key = 'staff_for.digital_inclusion'
        """
    ).fetchone() == (64, 61)


def test_option_that_nobody_chose_has_its_row(warehouse):
    assert warehouse.execute(
        """
        select selected_count, base_count, percentage from marts.mart_question_results
        where edition_key = 2025 and base = 'respondents' and option_key = 'themes.none'
        """
    ).fetchone() == (0, 67, 0)


def test_response_is_70_of_285(warehouse):
    assert warehouse.execute(
        """
        select frame_count, participating_count, round(response_rate, 3)
        from marts.mart_response_rates
        where edition_key = 2025 and breakdown = 'total'
        """
    ).fetchone() == (285, 70, 0.246)
    assert (
        warehouse.execute(
            """
        select sum(frame_count), sum(participating_count) from marts.mart_response_rates
        where edition_key = 2025 group by breakdown
        """
        ).fetchall()
        == [(285, 70)] * 3
    )


def test_three_published_size_categories_differ(warehouse):
    rows = warehouse.execute(
        """
        select name, population, size_category, published_size_category
        from marts.fct_municipality_editions
        inner join marts.dim_municipalities using (municipality_key)
        where published_size_category <> size_category order by name
        """
    ).fetchall()
    assert rows == [
        ("Jabbeke", 14932, "rural", "small"),
        ("Lochristi", 30916, "medium", "small"),
        ("Mortsel", 26736, "medium", "small"),
    ]


def test_municipalities_as_people_type_them_resolve(warehouse):
    rows = warehouse.execute(
        """
        select name, location_method from marts.dim_respondents
        inner join marts.dim_municipalities using (municipality_key)
        where edition_key = 2025 and location_method <> 'name' order by name
        """
    ).fetchall()
    assert rows == [
        ("Brugge", "postal_code"),
        ("Genk", "postal_code"),
        ("Gent", "alias"),
        ("Heusden-Zolder", "postal_code"),
        ("Kontich", "alias"),
        ("Mol", "alias"),
        ("Pelt", "alias"),
        ("Scherpenheuvel-Zichem", "postal_code"),
        ("Sint-Niklaas", "alias"),
    ]


def test_test_response_and_blank_rows_are_excluded_with_a_reason(warehouse):
    assert warehouse.execute(
        "select row_number, filled_cell_count > 0 from audit.excluded_rows"
        " where edition_key = 2025 order by 1"
    ).fetchall() == [(81, True), *((row, False) for row in range(82, 87))]


def test_known_off_route_answers_are_explained_and_in_no_base(warehouse):
    rows = warehouse.execute(
        """
        select respondent_key, question_key, option_code from audit.off_route_answers order by all
        """
    ).fetchall()
    assert rows == [
        ("2025-000032", "partner_satisfaction.vrouwenraad", "3"),
        ("2025-000034", "actions", "partnerships"),
        ("2025-000034", "themes", "digital_inclusion"),
        ("2025-000034", "themes", "disability"),
        ("2025-000054", "partner_satisfaction.vrouwenraad", "3"),
    ]
    assert warehouse.execute(
        """
        select count(*) from audit.off_route_answers
        inner join marts.fct_answers using (respondent_key, question_key)
        """
    ).fetchone() == (0,)
    verdicts = warehouse.execute(
        "select rule, verdict, finding_count from audit.expectation_results"
        " where verdict <> 'passed' order by 1"
    ).fetchall()
    assert verdicts == [
        ("answers_are_on_route", "known", 2),
        ("follow_ups_stay_within", "known", 2),
        ("places_are_named", "known", 4),
    ]


def test_frame_follows_the_mergers(warehouse):
    assert warehouse.execute(
        "select count(*), count(*) filter (valid_from < '2025-01-02'"
        " and coalesce(valid_to, 'infinity') > '2025-01-01')"
        " from marts.dim_municipalities where not is_rehearsal"
    ).fetchone() == (313, 285)
    assert warehouse.execute(
        """
        select nis_code, valid_from::varchar, province, successor_nis_code
        from marts.dim_municipalities where name in ('Borsbeek', 'Zwijndrecht', 'Antwerpen')
        order by name, valid_from
        """
    ).fetchall() == [
        ("11002", "2019-01-01", "Antwerpen", "11002"),
        ("11002", "2025-01-01", "Antwerpen", None),
        ("11007", "2019-01-01", "Antwerpen", "11002"),
        ("11056", "2019-01-01", "Antwerpen", "46030"),
    ]


def test_every_model_and_column_is_commented_in_the_database(warehouse):
    for kind, name in (("tables", "table_name"), ("columns", "column_name")):
        bare = warehouse.execute(
            f"""
            select schema_name, table_name, {name} from duckdb_{kind}()
            where schema_name in ('staging', 'intermediate', 'marts', 'audit')
                and comment is null
            """
        ).fetchall()
        assert bare == []


def test_the_warehouse_says_that_the_edition_is_synthetic(warehouse):
    assert warehouse.execute(
        "select is_synthetic, is_baseline, frame_size, source_note like 'Reconstructie%'"
        " from marts.dim_editions where edition_key = 2025"
    ).fetchall() == [(True, True, 285, True)]


def test_evidence_is_kept_per_question(warehouse):
    assert warehouse.execute(
        "select evidence, count(*) from marts.bridge_question_editions"
        " where edition_key = 2025 and question_key not like '%.%' group by all order by all"
    ).fetchall() == [("options published", 6), ("published", 12), ("reconstructed", 25)]


def test_open_answers_are_coded_by_the_themes_of_the_report(warehouse):
    """33 wrote with whom they work, as the report says; what they wrote is made up."""
    assert warehouse.execute(
        "select code, selected_count, base_count, percentage from public_release.coded_results"
        " where edition_key = 2025 and question_key = 'local_partners' order by code_position"
    ).fetchall() == [
        ("integration", 8, 33, 24), ("rainbow", 13, 33, 39), ("poverty", 13, 33, 39),
        ("accessibility", 7, 33, 21), ("other", 0, 33, 0),
    ]  # fmt: skip
