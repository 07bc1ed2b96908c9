"""Editions side by side, worked out by hand, and the rehearsals."""

import duckdb
import pytest

from ingest.survey import load_survey
from pipeline.modelling import run_dbt

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


def test_option_that_comes_back_is_compared_with_the_last_edition_that_had_it(
    whole_survey, tmp_path
):
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
    database = tmp_path / "warehouse.duckdb"
    with duckdb.connect(database) as connection:
        connection.execute("attach ':memory:' as restricted")
        load_survey(connection, whole_survey.codebook, whole_survey.exports)
    run_dbt(["run", "--select", "+int_options_compared"], database, tmp_path)
    with duckdb.connect(database, read_only=True) as connection:
        rows = connection.execute(
            "select from_edition_key, to_edition_key, descent"
            " from intermediate.int_options_compared where to_option_code = 'bystander_residents'"
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


def test_new_and_gone_options_have_their_share_of_all_who_were_asked(warehouse):
    # There is no change of theirs, but each edition has its figure.
    rows = warehouse.execute(
        """
        select
            option_key, from_selected_count, from_asked_count, from_share_of_asked,
            to_selected_count, to_asked_count, to_share_of_asked, from_base_count, to_base_count,
            is_indicative
        from marts.mart_evolution
        where population = 'cross_section' and base = 'respondents'
            and reason_code in ('option_is_new', 'option_was_dropped')
        """
    ).fetchall()
    assert len(rows) > 3
    for _, chosen, asked, share, later_chosen, later_asked, later_share, *bases, told in rows:
        for count, whole, part in (
            (chosen, asked, share),
            (later_chosen, later_asked, later_share),
        ):
            if count is not None and whole:
                assert part == count / whole
        assert told == (min(base for base in bases if base is not None) < 30)
    assert any(row[6] for row in rows)


def test_rehearsal_is_said_wherever_it_decides(warehouse):
    counts = warehouse.execute(
        "select edition_key, count_if(is_rehearsal), count(*) from marts.fct_municipality_editions"
        " group by all order by 1"
    ).fetchall()
    assert counts == [(2025, 0, 285), (2027, 285, 285), (2029, 284, 284)]
    named = warehouse.execute(
        "select is_rehearsal, name from marts.dim_municipalities"
        " where is_rehearsal or is_ended_by_rehearsal order by all"
    ).fetchall()
    # What a rehearsed merger ends, which is real, and what it makes.
    assert named == [
        (False, "Damme"), (False, "Retie"), (False, "Zuienkerke"),
        (True, "Damme-Zuienkerke"), (True, "Retie-Kempen"),
    ]  # fmt: skip
