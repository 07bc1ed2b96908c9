"""Editions side by side, worked out by hand, and the rehearsals."""

import csv
import datetime
import importlib.util
import math

import numpy as np
import openpyxl
import pandas as pd
import pytest
from jinja2 import Template
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from ingest.exports.files import to_text
from tests import rehearsal
from tests.conftest import ROOT

Z = 1.959963984540054


@pytest.fixture(scope="module")
def compare_shares():
    path = ROOT / "dbt_project/models/intermediate/int_changes_tested.py"
    spec = importlib.util.spec_from_file_location("int_changes_tested", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.compare_shares


def cell(from_answers, to_answers, population="cross_section", base="municipalities"):
    """Clusters of one unit each: 1 chose the option, 0 did not, None did not take part."""
    return pd.DataFrame(
        [
            {
                "from_edition_key": 1,
                "to_edition_key": 2,
                "population": population,
                "base": base,
                "question_key": "q",
                "option_key": "q.o",
                "from_selected_count": before or 0,
                "from_unit_count": before is not None,
                "to_selected_count": after or 0,
                "to_unit_count": after is not None,
            }
            for before, after in zip(from_answers, to_answers, strict=True)
        ]
    ).astype({"from_unit_count": int, "to_unit_count": int})


def test_change_without_overlap_has_newcombes_interval(compare_shares):
    # 30 of 50 before, 20 of 40 after, from a frame so large that nothing needs correction.
    clusters = cell([1] * 30 + [0] * 20 + [None] * 40, [None] * 50 + [1] * 20 + [0] * 20)
    row = compare_shares(clusters, pd.Series({1: 1e-12, 2: 1e-12})).iloc[0]
    assert row["change"] == pytest.approx(-0.1)
    # The variance of a mean divides by n - 1, so it is Newcombe's interval with n - 1.
    expected = confint_proportions_2indep(
        0.5 * 39, 39, 0.6 * 49, 49, method="newcomb", compare="diff"
    )
    assert (row["change_low"], row["change_high"]) == pytest.approx(expected, abs=1e-9)
    error = math.sqrt(0.6 * 0.4 / 49 + 0.5 * 0.5 / 39)
    assert row["p_value"] == pytest.approx(2 * stats.norm.sf(0.1 / error), abs=1e-9)


def test_partial_overlap_by_the_formula_of_tam(compare_shares):
    # 12 before, 10 after, 8 of them the same; a third and a quarter of the frame.
    before = [1, 1, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1] + [None] * 2
    after = [1, 1, 0, 0, 0, 1, 1, 1, None, None, None, None, 1, 0]
    fractions = pd.Series({1: 1 / 3, 2: 1 / 4})
    row = compare_shares(cell(before, after), fractions).iloc[0]
    one = [x for x in before if x is not None]
    two = [x for x in after if x is not None]
    p, q = sum(one) / 12, sum(two) / 10
    both = [(x - p, y - q) for x, y in zip(before, after, strict=True) if None not in (x, y)]
    assert (row["from_share"], row["to_share"], row["overlap_count"]) == (7 / 12, 6 / 10, 8)
    variances = [
        (1 - 1 / 3) * p * (1 - p) / 11,
        (1 - 1 / 4) * q * (1 - q) / 9,
    ]
    between = np.cov(np.array(both).T, ddof=1)[0, 1]
    covariance = (8 / (12 * 10) - 1 / math.sqrt(36 * 40)) * between
    error = math.sqrt(sum(variances) - 2 * covariance)
    assert row["p_value"] == pytest.approx(2 * stats.norm.sf(abs(q - p) / error), abs=1e-12)
    rho = covariance / math.sqrt(variances[0] * variances[1])
    low, high = zip(
        *(
            proportion_confint(
                share * share * (1 - share) / v, share * (1 - share) / v, method="wilson"
            )
            for share, v in zip((p, q), variances, strict=True)
        ),
        strict=True,
    )
    below = math.sqrt(
        (q - low[1]) ** 2 - 2 * rho * (q - low[1]) * (high[0] - p) + (high[0] - p) ** 2
    )
    above = math.sqrt(
        (high[1] - q) ** 2 - 2 * rho * (high[1] - q) * (p - low[0]) + (p - low[0]) ** 2
    )
    assert row["change_low"] == pytest.approx(q - p - below, abs=1e-12)
    assert row["change_high"] == pytest.approx(q - p + above, abs=1e-12)


def test_overlap_narrows_the_interval(compare_shares):
    answers = [1] * 6 + [0] * 6
    later = [1] * 7 + [0] * 5
    fractions = pd.Series({1: 0.1, 2: 0.1})
    same = compare_shares(cell(answers, later), fractions).iloc[0]
    other = compare_shares(cell(answers + [None] * 12, [None] * 12 + later), fractions).iloc[0]
    assert same["change"] == pytest.approx(other["change"])
    assert same["change_high"] - same["change_low"] < other["change_high"] - other["change_low"]


@pytest.mark.parametrize(("kept", "adopted", "dropped", "never"), [(5, 9, 2, 4), (3, 0, 6, 1)])
def test_panel_is_tested_by_mcnemar(compare_shares, kept, adopted, dropped, never):
    before = [1] * kept + [0] * adopted + [1] * dropped + [0] * never
    after = [1] * kept + [1] * adopted + [0] * dropped + [0] * never
    row = compare_shares(cell(before, after, population="panel"), pd.Series({1: 0.2, 2: 0.2})).iloc[
        0
    ]
    expected = mcnemar([[kept, dropped], [adopted, never]], exact=True)
    assert row["p_value"] == pytest.approx(expected.pvalue, abs=1e-12)
    assert row["change"] == pytest.approx((adopted - dropped) / len(before))
    assert row["change_low"] <= row["change"] <= row["change_high"]


@pytest.mark.parametrize(
    ("kept", "dropped", "adopted", "never", "low", "high"),
    [(14, 5, 0, 22, -0.2265, -0.0115), (19, 1, 5, 1, -0.0487, 0.3509)],
)
def test_panel_has_newcombes_paired_interval(
    compare_shares, kept, dropped, adopted, never, low, high
):
    # Newcombe 1998, method 10: Wilson intervals, phi corrected for continuity.
    before = [1] * (kept + dropped) + [0] * (adopted + never)
    after = [1] * kept + [0] * dropped + [1] * adopted + [0] * never
    row = compare_shares(cell(before, after, population="panel"), pd.Series({1: 0.2, 2: 0.2})).iloc[
        0
    ]
    assert (row["change_low"], row["change_high"]) == pytest.approx((low, high), abs=5e-5)


def test_few_municipalities_have_no_interval_and_unanimous_ones_no_p_value(compare_shares):
    fractions = pd.Series({1: 0.2, 2: 0.2})
    few = compare_shares(cell([1, 0, 1, 0], [1, 1, 1, 0]), fractions).iloc[0]
    assert few["change"] == pytest.approx(0.25)
    assert np.isnan([few["change_low"], few["change_high"], few["p_value"]]).all()
    same = compare_shares(cell([1] * 6, [1, 0, 1, 0, 1, 1]), fractions).iloc[0]
    assert np.isnan(same["p_value"])
    assert same["change_low"] < same["change"] < same["change_high"]


def test_paired_z_test_is_that_of_the_differences(compare_shares):
    before = [1, 0, 0, 1, 0, 0, 1, 0, 1, 0]
    after = [1, 1, 0, 1, 1, 0, 0, 1, 1, 0]
    clusters = cell(before, after, population="panel", base="respondents")
    row = compare_shares(clusters, pd.Series({1: 0.2, 2: 0.2})).iloc[0]
    differences = np.subtract(after, before)
    error = differences.std(ddof=1) / math.sqrt(10)
    assert row["p_value"] == pytest.approx(2 * stats.norm.sf(differences.mean() / error), abs=1e-9)


def test_colleagues_count_as_one_cluster(compare_shares):
    # Two municipalities of three colleagues who agree tell no more than two of one.
    single = cell([1, 0, 1, 0, 0, 1], [1, 1, 1, 0, 0, 1], base="respondents")
    triple = single.copy()
    for column in ("from_selected_count", "from_unit_count", "to_selected_count", "to_unit_count"):
        triple[column] *= 3
    fractions = pd.Series({1: 0.1, 2: 0.1})
    one, three = (compare_shares(c, fractions).iloc[0] for c in (single, triple))
    assert three["from_base_count"] == 18
    for column in ("change", "change_low", "change_high", "p_value"):
        assert three[column] == pytest.approx(one[column])


EVOLUTION = {
    # (option, base, population): from, to, verdict; worked out from the thirteen answers.
    ("has_bikes.yes", "municipalities", "cross_section"): ((2, 3), (2, 4)),
    # Astad (yes) and Bedorp (no) merged; the one who answered most said yes. Dehove: yes, no.
    ("has_bikes.yes", "municipalities", "panel"): ((2, 2), (1, 2)),
    ("has_bikes.yes", "respondents", "panel"): ((3, 5), (1, 2)),
    # The cargo bicycle was split in small and large: one of each.
    ("kinds.cargo", "municipalities", "cross_section"): ((1, 2), (2, 2)),
    ("kinds.city", "municipalities", "cross_section"): ((1, 2), (1, 2)),
    # Plans were asked of those without, later of all: only Dehove and Efoort are without.
    ("plans.yes", "respondents", "common_base"): ((1, 2), (1, 2)),
    ("plans.yes", "municipalities", "common_base"): ((1, 1), (1, 2)),
}


@pytest.mark.parametrize(("key", "expected"), EVOLUTION.items(), ids=str)
def test_evolution_is_as_worked_out(other_warehouse, key, expected):
    row = other_warehouse.execute(
        """
        select from_selected_count, from_base_count, to_selected_count, to_base_count,
            change - (to_share - from_share), verdict
        from marts.mart_evolution where option_key = ? and base = ? and population = ?
        """,
        list(key),
    ).fetchone()
    assert (row[:2], row[2:4]) == expected
    assert row[4] == pytest.approx(0)
    assert row[5] != "not_comparable"


def test_widened_universe_has_no_cross_section_change(other_warehouse):
    rows = other_warehouse.execute(
        """
        select distinct change, verdict, reason from marts.mart_evolution
        where question_key = 'plans' and population = 'cross_section'
        """
    ).fetchall()
    assert len(rows) == 1
    change, verdict, reason = rows[0]
    assert (change, verdict) == (None, "not_comparable")
    assert reason.startswith("Who was asked changed, from not (‘Zijn er dienstfietsen?’ is ‘Ja’)")


def test_parts_of_a_split_option_have_no_change_of_their_own(other_warehouse):
    assert other_warehouse.execute(
        """
        select distinct option_code, change, reason from marts.mart_evolution
        where option_key like 'kinds.cargo\\__%' escape '\\' order by 1
        """
    ).fetchall() == [
        ("cargo_large", None, "Compared as part of the option ‘cargo’ (split)."),
        ("cargo_small", None, "Compared as part of the option ‘cargo’ (split)."),
    ]


def test_transitions_of_a_panel_with_a_merger(other_warehouse):
    assert other_warehouse.execute(
        """
        select kept_count, adopted_count, dropped_count, never_count, municipality_count
        from marts.mart_panel_transitions where option_key = 'has_bikes.yes'
        """
    ).fetchone() == (1, 0, 1, 0, 2)
    assert other_warehouse.execute(
        "select name, answers from marts.mart_predecessor_conflicts"
        " inner join marts.dim_municipalities using (municipality_key)"
    ).fetchall() == [("Nieuwstad", "Astad: Ja; Bedorp: Nee")]


def test_change_is_split_into_stayers_joiners_and_leavers(other_warehouse):
    # Cargo: the one stayer had it and has it; Cefeld joined with it, Dehove left without.
    assert other_warehouse.execute(
        """
        select change, stayers_change, joiners_effect, leavers_effect, stayer_count, joiner_count,
            leaver_count
        from marts.mart_change_composition
        where option_key = 'kinds.cargo' and base = 'municipalities'
        """
    ).fetchone() == (0.5, 0, 0, 0.5, 1, 1, 1)


def test_composition_adds_up_to_the_change(warehouse):
    rows = warehouse.execute(
        """
        select change, stayers_change + joiners_effect + leavers_effect
        from marts.mart_change_composition where stayers_change is not null
        """
    ).fetchall()
    assert len(rows) > 500
    for change, parts in rows:
        assert parts == pytest.approx(change)


def test_removing_a_comparability_row_removes_the_trend(other_survey, tmp_path):
    from pipeline.build import Paths, build_warehouse

    other_survey.edit("codebook/comparability.csv", lambda rows: rows[1:])
    paths = Paths(other_survey.codebook, other_survey.exports, tmp_path / "warehouse.duckdb")
    build_warehouse(paths)
    import duckdb

    with duckdb.connect(paths.warehouse, read_only=True) as connection:
        rows = connection.execute(
            "select distinct change, verdict, reason from marts.mart_evolution"
            " where question_key = 'has_bikes'"
        ).fetchall()
        assert rows == [
            (
                None,
                "not_comparable",
                "Nobody has reviewed whether the two editions can be compared.",
            )
        ]
        assert connection.execute(
            "select count(*) from marts.mart_panel_transitions where question_key = 'has_bikes'"
        ).fetchone() == (0,)


def test_what_is_not_comparable_has_a_reason_and_no_change(warehouse):
    assert warehouse.execute(
        """
        select count(*) from marts.mart_evolution
        where verdict = 'not_comparable' and (
            change is not null or change_low is not null or p_value is not null
            or length(reason) < 10
        )
        """
    ).fetchone() == (0,)
    for question, words in (
        ("cross_service_cooperation", "niet meer over de mate van samenwerking"),
        ("vvsg_contact_frequency", "Nobody has reviewed"),
        ("share_practice", "one of the two editions only"),
    ):
        rows = warehouse.execute(
            """
            select distinct verdict, reason from marts.mart_evolution
            where from_edition_key = 2025 and to_edition_key = 2029 and question_key = ?
            """,
            [question],
        ).fetchall()
        assert [verdict for verdict, _ in rows] == ["not_comparable"]
        assert words in rows[0][1]


def test_panel_counts_those_whom_both_editions_would_have_asked(warehouse):
    # Coalition agreements were later asked of those without a policy as well.
    asked_by_both, asked_later = warehouse.execute(
        """
        select
            (
                select sum(respondent_count) from intermediate.int_municipality_counts
                where edition_key = 2027 and option_key = 'coalition_agreement.lgbti'
                    and other_condition_key is not null
            ),
            (
                select count(*) from marts.fct_answers
                where edition_key = 2027 and option_key = 'coalition_agreement.lgbti'
                    and respondent_key in (
                        select respondent_key from marts.fct_answers
                        where option_key = 'has_policy.yes' and is_selected
                    )
            )
        """
    ).fetchone()
    assert asked_by_both == asked_later > 0
    assert warehouse.execute(
        """
        select count(*) from intermediate.int_answer_populations
        where question_key = 'coalition_agreement' and from_edition_key = 2025
            and edition_key > 2025 and population <> 'cross_section'
            and other_condition_key is null
        """
    ).fetchone() == (0,)


def test_option_that_comes_back_is_compared_with_the_last_edition_that_had_it(whole_survey):
    label = "Organisatie van omstaanderstraining voor inwoners"
    for name, row in (
        ("option_editions", {"label": label, "lineage": "kept"}),
        ("option_spellings", {"spelling": label, "is_selected": "yes"}),
    ):
        added = {
            "edition_key": "2029",
            "question_key": "actions",
            "option_code": "bystander_residents",
            "review": "reviewed",
            **row,
        }
        whole_survey.edit(f"codebook/{name}.csv", lambda rows, added=added: [*rows, added])
    connection = whole_survey.load()
    sql = (ROOT / "dbt_project/models/intermediate/int_options_compared.sql").read_text()
    query = Template(sql).render(source=lambda schema, table: f"{schema}.{table}")
    rows = connection.execute(
        f"select from_edition_key, to_edition_key, descent from ({query})"
        " where to_option_code = 'bystander_residents'"
    ).fetchall()
    assert rows == [(2025, 2029, "kept")]


def test_new_option_warns_its_neighbours(warehouse):
    verdict, reason = warehouse.execute(
        """
        select distinct comparability, reason from marts.mart_evolution
        where from_edition_key = 2025 and to_edition_key = 2027 and population = 'cross_section'
            and option_key = 'themes.lgbti'
        """
    ).fetchone()
    assert verdict == "comparable_with_caution"
    assert "now offers ‘Armoede en sociale uitsluiting’ as well" in reason


def test_merged_options_are_compared_with_their_sum(warehouse):
    # Respondents of the baseline who lack expertise in house or outside, counted in the raw cells.
    count = warehouse.execute(
        """
        select count(distinct row_number) from raw.export_cells
        inner join raw.export_columns using (edition_key, column_number)
        where edition_key = 2025 and question_key = 'barriers'
            and option_code in ('expertise_internal', 'expertise_external')
        """
    ).fetchone()[0]
    assert warehouse.execute(
        """
        select from_selected_count, from_base_count from marts.mart_evolution
        where from_edition_key = 2025 and to_edition_key = 2027 and base = 'respondents'
            and population = 'cross_section' and option_key = 'barriers.expertise'
        """
    ).fetchone() == (count, 53)


def test_merger_and_new_name_are_followed_in_the_panel(warehouse):
    rows = warehouse.execute(
        """
        select earlier.name, later.name, later.is_rehearsal
        from intermediate.int_municipality_frames as frames
        inner join marts.dim_municipalities as earlier using (municipality_key)
        inner join marts.dim_municipalities as later
            on later.municipality_key = frames.frame_municipality_key
        where frame_edition_key = 2029 and earlier.name <> later.name
            and earlier.valid_to >= '2028-01-01'
        order by 1
        """
    ).fetchall()
    assert rows == [
        ("Damme", "Damme-Zuienkerke", True),
        ("Retie", "Retie-Kempen", True),
        ("Zuienkerke", "Damme-Zuienkerke", True),
    ]
    assert warehouse.execute(
        "select edition_key, frame_size from marts.dim_editions order by 1"
    ).fetchall() == [(2025, 285), (2027, 285), (2029, 284)]


def test_response_is_told_per_edition_against_the_full_frame(warehouse):
    assert warehouse.execute(
        """
        select edition_key, breakdown, sum(frame_count) from marts.mart_response_rates
        group by all order by all
        """
    ).fetchall() == [
        (edition, breakdown, size)
        for edition, size in ((2025, 285), (2027, 285), (2029, 284))
        for breakdown in ("province", "size_category", "total")
    ]


def test_questionnaire_changes_are_those_that_were_rehearsed(warehouse):
    rows = warehouse.execute(
        """
        select change, coalesce(option_key, question_key) from marts.mart_questionnaire_changes
        where from_edition_key = 2025 and to_edition_key = 2027 and change <> 'renumbered'
        order by all
        """
    ).fetchall()
    assert rows == [
        ("added", "discrimination_contact"),
        ("dropped", "share_practice"),
        ("moved", "knows_intersectionality"),
        ("option_added", "themes.poverty"),
        ("option_dropped", "actions.bystander_residents"),
        ("option_merged", "barriers.expertise"),
        ("option_merged", "barriers.expertise_external"),
        ("option_merged", "barriers.expertise_internal"),
        ("option_renamed", "themes.lgbti"),
        ("option_split", "funding.subsidies"),
        ("option_split", "funding.subsidies_flanders"),
        ("option_split", "funding.subsidies_other"),
        ("reworded", "barriers"),
        ("reworded", "cross_service_cooperation"),
        ("routing_changed", "coalition_agreement"),
        ("routing_changed", "contact_email"),
    ]


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
    path = ROOT / "dbt_project/models/intermediate/int_questions_moved.py"
    spec = importlib.util.spec_from_file_location("int_questions_moved", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    stayed = module.list_stayed(list(before), list(after))
    left = [q for q in before if q in after and q not in stayed]
    assert len(left) == len(moved)
    if moved != "d":  # of two that swapped, either can be said to have moved
        assert left == sorted(moved)


def test_synthetic_editions_are_marked_in_every_figure(warehouse):
    for table in (
        *("dim_editions", "mart_question_results", "mart_response_rates", "mart_evolution"),
        *("mart_panel_transitions", "mart_change_composition"),
    ):
        assert warehouse.execute(
            f"select bool_and(is_synthetic) from marts.{table}"
        ).fetchone() == (True,)


def read_cells(path):
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [[to_text(cell) for cell in row] for row in csv.reader(file, delimiter=";")]
    sheet = openpyxl.load_workbook(path).active
    return [
        [None if cell.value is None else str(cell.value) for cell in row]
        for row in sheet.iter_rows()
    ]


@pytest.mark.parametrize("edition", [2027, 2029])
def test_rehearsal_export_is_what_the_generator_writes(edition, tmp_path):
    paper = rehearsal.read_questionnaire(ROOT / "seeds", ROOT / "exports", edition)
    shipped = ROOT / "exports" / paper.edition["source_file"]
    path = tmp_path / shipped.name
    rehearsal.write_export(paper, rehearsal.play_edition(paper, 1), path)
    assert read_cells(path) == read_cells(shipped)


def test_rehearsed_answers_are_all_on_route(warehouse):
    # The generator plays the routing by itself, the slow way.
    assert warehouse.execute(
        "select count(*) from audit.off_route_answers where edition_key > 2025"
    ).fetchone() == (0,)
    assert warehouse.execute(
        """
        select count(*) from audit.expectation_results
        where edition_key > 2025 and verdict <> 'passed'
        """
    ).fetchone() == (0,)


def test_layouts_differ_and_are_read_alike(warehouse):
    assert warehouse.execute(
        """
        select edition_key, count(*) filter (role = 'option'), count(*) filter (role = 'options'),
            count(*) filter (role = 'respondent_id')
        from raw.export_columns group by all order by 1
        """
    ).fetchall() == [(2025, 88, 0, 0), (2027, 88, 0, 1), (2029, 0, 10, 0)]
    joined, options = warehouse.execute(
        """
        select match_text, list(option_code order by option_code) from codebook.cell_options
        where edition_key = 2029 and question_key = 'support_needs'
            and match_text like '%(bovenlokaal), Data%' group by all limit 1
        """
    ).fetchone()
    assert "Data, cijfers en onderzoek (bovenlokaal), Data, cijfers" in joined
    assert {"data_supralocal", "data_local"} <= set(options)


def test_begun_and_ended_are_read_from_every_layout(warehouse):
    rows = warehouse.execute(
        "select edition_key, min(started_at), count(completed_at) from marts.dim_respondents"
        " where is_complete group by all order by 1"
    ).fetchall()
    for edition, started, ended in rows:
        assert started.year == edition
        assert isinstance(started, datetime.datetime)
        assert ended > 50


# What an export holds that the codebook does not expect: one for each kind of surprise.


def rewrite(path, old, new):
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8-sig")


def test_renamed_column_of_a_later_edition_stops_the_build(whole_survey):
    rewrite(whole_survey.exports / "gelijkekansen_2029.csv", "V5 Werkt je", "V5 Werkte je")
    refusal = whole_survey.refusal()
    assert "edition 2029: gelijkekansen_2029.csv, cell K1" in refusal
    assert "The codebook has no column 'V5 Werkte je lokaal bestuur" in refusal


def test_option_that_was_dropped_from_the_codebook_stops_the_build(whole_survey):
    for name in ("option_spellings", "option_editions"):
        whole_survey.edit(
            f"codebook/{name}.csv",
            lambda rows: [
                row
                for row in rows
                if (row["edition_key"], row["question_key"], row["option_code"])
                != ("2029", "themes", "poverty")
            ],
        )
    refusal = whole_survey.refusal()
    assert "edition 2029: gelijkekansen_2029.csv, cell M" in refusal
    assert "Armoede en sociale uitsluiting" in refusal


def test_reused_option_code_is_refused(whole_survey):
    def reuse(rows):
        for row in rows:
            if (row["edition_key"], row["question_key"], row["option_code"]) == (
                "2029",
                "themes",
                "poverty",
            ):
                row["label"] = "Dierenwelzijn"

    whole_survey.edit("codebook/option_editions.csv", reuse)
    refusal = whole_survey.refusal()
    assert "codebook: codebook/option_editions.csv, row " in refusal
    assert "themes.poverty is kept in 2029, but its label changed from Armoede" in refusal

    def call_it_new(rows):
        for row in rows:
            if row["label"] == "Dierenwelzijn":
                row["lineage"] = "new"

    whole_survey.edit("codebook/option_editions.csv", call_it_new)
    assert (
        'themes.poverty is new in 2029, but its code stood for "Armoede en sociale uitsluiting"'
        in whole_survey.refusal()
    )


def test_split_option_without_its_origin_is_refused(whole_survey):
    whole_survey.edit("codebook/option_lineage.csv", lambda rows: rows[1:])
    refusal = whole_survey.refusal()
    assert "funding.subsidies_flanders is split in 2027 without the rows" in refusal


def test_joined_cell_that_reads_two_ways_is_refused(other_survey):
    path = other_survey.exports / "fietsen_2026.csv"
    path.write_text(
        "Volledig,Waar werk je?,Zijn er dienstfietsen?,Welke?,Komen er?\n"
        'volledig,Nieuwstad,Ja,"Rood, Wit",Ja\nvolledig,Cefeld,Ja,Rood,Ja\n'
    )
    other_survey.set(
        "codebook/editions.csv", 3, option_delimiter=",", expected_respondent_count="2"
    )

    def join(rows):
        kept = [
            row
            for row in rows
            if row["edition_key"] != "2026" or row["role"] in ("is_complete", "question")
        ]
        return [*kept, {**kept[-1], "header": "Welke?", "role": "options", "question_key": "kinds"}]

    other_survey.edit("codebook/export_columns.csv", join)
    labels = {"city": "Rood", "electric": "Wit", "none": "Rood, Wit"}

    def relabel(rows):
        for row in rows:
            if row["edition_key"] == "2026" and row["option_code"] in labels:
                row["spelling"] = labels[row["option_code"]]

    other_survey.edit("codebook/option_spellings.csv", relabel)
    # The whole cell is a spelling of its own, and goes before any way to split it.
    rows = other_survey.load().execute(
        "select option_code from codebook.cell_options"
        " where edition_key = 2026 and question_key = 'kinds' and match_text = 'Rood, Wit'"
    )
    assert rows.fetchall() == [("none",)]
    labels.update(none="Rood, Wit, Rood", cargo_small="Wit, Rood", cargo_large="Rood, Wit")
    other_survey.edit("codebook/option_spellings.csv", relabel)
    path.write_text(path.read_text().replace('"Rood, Wit"', '"Rood, Wit, Rood, Zwart"'))
    assert "holds 'Rood, Wit, Rood, Zwart', which is no option" in other_survey.refusal()
