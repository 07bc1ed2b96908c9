"""Every expectation fails when it should, and says what it found."""

import shutil

import duckdb
import pytest

from expectations.run import run_suites
from expectations.suites import FINDINGS, SUITES
from tests.conftest import OTHER

# One way to spoil a built warehouse per rule, and what must be named then:
# respondent, question, a part of the value.
SPOILED = {
    "columns_are_landed": (
        "delete from raw.export_columns where header = 'Hoeveel?'",
        (None, "number", "Hoeveel?"),
    ),
    "volume_is_expected": (
        "update codebook.editions set expected_respondent_count = 8 where edition_key = 2024",
        (None, None, "7 rows count, 8 expected"),
    ),
    "rows_differ": (
        "update raw.export_rows set copies_row_number = 3"
        " where edition_key = 2024 and row_number = 4",
        ("2024-000004", None, "row 4 repeats row 3"),
    ),
    "respondents_answer_once": (
        "update raw.export_rows set repeats_row_number = 2"
        " where edition_key = 2024 and row_number = 5",
        ("2024-000005", None, "row 5 repeats row 2"),
    ),
    "work_finds_its_respondent": (
        "insert into raw.lost_work values ('corrections', 3, 2024, '2024-000009', 'at_2024-03-09')",
        ("2024-000009", None, "corrections.csv, row 3"),
    ),
    "exclusions_apply": (
        "insert into codebook.row_exclusions values (2024, 'channel', 'demo', 'Demo.', 'demo', 4)",
        (None, None, "Demo."),
    ),
    "choices_are_options": (
        "update raw.export_cells set match_text = 'Soms' where cell_text = 'Nee'"
        " and edition_key = 2024 and row_number = 5 and column_number = 9",
        ("2024-000005", "has_bikes", "Nee"),
    ),
    "respondents_start_in_fieldwork": (
        "update codebook.editions set field_start_date = '2024-03-03' where edition_key = 2024",
        ("2024-000002", None, "2024-03-02 09:00:00 in Stad Astad"),
    ),
    "respondents_end_in_fieldwork": (
        "update codebook.editions set field_end_date = '2024-03-07' where edition_key = 2024",
        ("2024-000008", None, "2024-03-08 09:00:00 in Cefeld"),
    ),
    "postal_codes_agree": (
        "update intermediate.int_respondents_located set has_other_postal_code = true"
        " where respondent_key = '2024-000004'",
        ("2024-000004", None, "in Bedorp"),
    ),
    "places_are_named": (
        "update intermediate.int_respondents_located set location_method = 'postal_code'"
        " where respondent_key = '2024-000008'",
        ("2024-000008", "place", "Cefeld, taken for Cefeld"),
    ),
    "published_figures_are_reproduced": (
        "update marts.mart_published_reconciliation set status = 'mismatch', computed_count = 4"
        " where question_key = 'has_bikes'",
        (None, "has_bikes", "yes: 4 of 5, published 3 of 5"),
    ),
    "published_sizes_are_reproduced": (
        "update marts.fct_municipality_editions set published_size_category = 'little'"
        " where published_size_category = 'large'",
        (None, None, "Astad: published little, by its population large"),
    ),
    "answers_are_on_route": (
        "update marts.fct_question_responses set state = 'off_route'"
        " where respondent_key = '2024-000002' and question_key = 'plans'",
        ("2024-000002", "plans", "off_route; asked of: not (‘Zijn er dienstfietsen?’ is ‘Ja’)"),
    ),
    "follow_ups_stay_within": (
        "update intermediate.int_answers_routed set is_on_route = false"
        " where respondent_key = '2024-000002' and question_key = 'condition.cargo'",
        ("2024-000002", "condition.cargo", "‘Welke?’ includes ‘Bakfiets; groot’"),
    ),
    "questions_with_answers_are_asked": (
        "update marts.mart_routing_audit set asked_count = 0, off_route_count = 3"
        " where edition_key = 2024 and question_key = 'wishes'",
        (None, "wishes", "0 asked"),
    ),
    "answers_are_mostly_on_route": (
        "update marts.mart_routing_audit set off_route_count = 30"
        " where edition_key = 2024 and question_key = 'remark'",
        (None, "remark", "30 off route"),
    ),
    "required_questions_are_answered": (
        "update marts.bridge_question_editions set is_required = true"
        " where edition_key = 2024 and question_key = 'has_bikes'",
        ("2024-000006", "has_bikes", "skipped; asked of: everyone"),
    ),
    "single_choices_are_single": (
        "update marts.fct_answers set is_selected = true"
        " where respondent_key = '2024-000004' and question_key = 'has_bikes'",
        ("2024-000004", "has_bikes", "Ja + Nee"),
    ),
    "files_have_what_others_have": (
        "insert into raw.file_gaps values (2024, 'papier.csv', 'plans', 3)",
        (None, "plans", "papier.csv has no column for 3 respondents"),
    ),
    "ranks_differ": (
        "update codebook.questions set type = 'rank' where question_key = 'condition';"
        " insert into marts.fct_number_answers values"
        " ('2024-000002', 2024, 'condition.city', 1), ('2024-000002', 2024, 'condition.cargo', 1)",
        ("2024-000002", "condition", "1.0 + 1.0"),
    ),
    "points_add_up": (
        "update codebook.questions set type = 'rank', total = 10"
        " where question_key = 'condition'; insert into marts.fct_number_answers values"
        " ('2024-000003', 2024, 'condition.city', 6), ('2024-000003', 2024, 'condition.cargo', 3)",
        ("2024-000003", "condition", "6.0 + 3.0"),
    ),
    "exclusive_options_stand_alone": (
        "update marts.fct_answers set is_selected = true"
        " where respondent_key = '2024-000003' and option_key = 'kinds.none'",
        ("2024-000003", "kinds", "Stadsfiets + Geen van deze"),
    ),
    "other_texts_have_their_tick": (
        "insert into raw.export_cells select edition_key, 4, column_number, '[restricted]', null"
        " from raw.export_columns where role = 'other_text' and edition_key = 2024",
        ("2024-000004", "kinds", "Geen van deze"),
    ),
    "ticks_have_their_other_text": (
        "update marts.fct_answers set is_selected = true"
        " where respondent_key = '2024-000002' and option_key = 'kinds.none'",
        ("2024-000002", "kinds", "Geen van deze"),
    ),
    "bases_are_within_asked": (
        "update marts.mart_question_results set base_count = 7"
        " where edition_key = 2024 and option_key = 'plans.yes' and base = 'respondents'",
        (None, "plans", "yes, respondents: N = 7, asked 2"),
    ),
    "states_add_up": (
        "update marts.mart_routing_audit set skipped_count = 5 where question_key = 'number'",
        (None, "number", "1 answered + 5 skipped + 3 not shown + 2 not reached"),
    ),
    "verdicts_fit_what_is_known": (
        "update marts.mart_verdict_contradictions set is_seen = false where question_key = 'kinds'",
        (None, "kinds", "options since 2024: Bakfiets; groot > Kleine bakfiets | Grote bakfiets"),
    ),
    "changes_are_judged": (
        "update intermediate.int_questions_compared set comparability = null"
        " where question_key = 'has_bikes'",
        (None, "has_bikes", "has_bikes.yes since 2024, municipalities, panel: -0.5"),
    ),
    "changes_exceed_their_lower_end": (
        "update marts.mart_evolution set change_low = 0.9"
        " where option_key = 'has_bikes.yes' and population = 'panel'",
        (None, "has_bikes", "panel: -0.5 from 0.9"),
    ),
    "changes_keep_below_their_upper_end": (
        "update marts.mart_evolution set change_high = -0.9"
        " where option_key = 'has_bikes.yes' and population = 'panel'",
        (None, "has_bikes", "to -0.9"),
    ),
    "known_findings_are_found": (
        "update codebook.known_findings set expected_count = 3 where question_key = 'kinds'",
        (None, "kinds", "answers_are_on_route: 1 found, 3 known"),
    ),
    "known_findings_name_rules": (
        "update codebook.known_findings set rule = 'places_named' where question_key = 'place'",
        (None, "place", "places_named: 0 found, 1 known"),
    ),
}
SPOIL_TOO = (
    "update marts.fct_question_responses set state = 'off_route'"
    " where respondent_key = '2024-000004' and question_key = 'kinds'"
)


@pytest.fixture(scope="module")
def spoiled(other_built, tmp_path_factory):
    """One warehouse spoiled in every way at once, and checked once."""
    path = tmp_path_factory.mktemp("spoiled") / "warehouse.duckdb"
    shutil.copyfile(other_built.warehouse, path)
    with duckdb.connect(path) as connection:
        for sql, _ in SPOILED.values():
            connection.execute(sql)
        connection.execute(SPOIL_TOO)
        return run_suites(connection)


def test_every_expectation_is_spoiled_here():
    rules = {rule.key for suite in (*SUITES, FINDINGS) for rule in suite.rules}
    assert rules == SPOILED.keys()


@pytest.mark.parametrize("rule", SPOILED)
def test_expectation_names_what_it_found(spoiled, rule):
    respondent, question, value = SPOILED[rule][1]
    found = [
        finding
        for finding in spoiled.findings
        if finding.rule == rule
        and finding.respondent_key == respondent
        and finding.question_key == question
        and value in finding.value
    ]
    assert found, [finding for finding in spoiled.findings if finding.rule == rule]
    verdicts = {item.verdict for item in spoiled.results if item.rule == rule}
    severity = next(item.severity for item in spoiled.results if item.rule == rule)
    assert ("failed" if severity == "critical" else "warning") in verdicts


def test_sound_warehouse_passes_every_expectation(other_warehouse):
    report = run_suites(other_warehouse)
    assert {
        result.rule: result.verdict for result in report.results if result.verdict != "passed"
    } == {"answers_are_on_route": "known", "places_are_named": "known"}
    assert report.failures == []


def test_more_findings_than_the_codebook_knows_are_not_known(spoiled):
    findings = [item for item in spoiled.findings if item.question_key == "kinds"]
    assert {item.is_known for item in findings if item.rule == "answers_are_on_route"} == {False}


def test_known_finding_carries_its_explanation(other_warehouse):
    assert other_warehouse.execute(
        "select respondent_key, question_key, is_known, explanation"
        " from audit.expectation_findings order by 1"
    ).fetchall() == [
        ("2024-000005", "kinds", True, "Bleef staan."),
        ("2024-000006", "place", True, "Bijnaam."),
    ]


def test_finding_without_a_value_says_none(other_built, tmp_path):
    path = tmp_path / "warehouse.duckdb"
    shutil.copyfile(other_built.warehouse, path)
    with duckdb.connect(path) as connection:
        connection.execute("update codebook.editions set field_start_date = '2030-01-01'")
        connection.execute("update staging.stg_raw__respondents set municipality_match_text = null")
        report = run_suites(connection)
    found = [one for one in report.findings if one.rule == "respondents_start_in_fieldwork"]
    assert found
    assert {one.value for one in found} == {None}


def test_results_and_data_docs_are_left_by_a_build(built, warehouse):
    assert warehouse.execute(
        "select count(*), count(distinct rule), min(checked_count) from audit.expectation_results"
    ).fetchone() == (3 * len(SPOILED), len(SPOILED), 0)
    pages = list(built.data_docs.glob("validations/**/*.html"))
    assert len(pages) == len(SUITES) + 1
    assert any("Nobody answered a question" in page.read_text() for page in pages)


def test_the_codebook_of_the_other_survey_has_no_required_question():
    text = (OTHER / "seeds/codebook/question_editions.csv").read_text()
    assert ",yes," not in text
