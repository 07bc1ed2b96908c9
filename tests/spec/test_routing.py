import duckdb
import pytest

from ingest.survey import load_survey
from pipeline.modelling import run_dbt
from tests.conftest import share
from tests.spec.routing import PAGE, read_specs, render
from tests.surveys import EDITION, write_survey
from vocabulary.lists import State

SPECS = read_specs()


@pytest.fixture(scope="session")
def states(tmp_path_factory):
    """What the warehouse makes of all the tables, as one survey."""

    def make(folder):
        write_survey(
            folder,
            [question for spec in SPECS for question in spec.list_questions()],
            [person for spec in SPECS for person in spec.list_people()],
        )
        with duckdb.connect(folder / "warehouse.duckdb") as connection:
            connection.execute("attach ':memory:' as restricted")
            load_survey(connection, folder / "seeds", folder / "exports")
        models = "+fct_question_responses +routing_explained"
        run_dbt(["run", "--select", models], folder / "warehouse.duckdb", folder)

    folder = share(tmp_path_factory, "spec", make)
    with duckdb.connect(folder / "warehouse.duckdb", read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.title)
def test_states_are_as_specified(states, spec):
    before = sum(len(other.respondents) for other in SPECS[: spec.number - 1])
    for number, told in enumerate(spec.respondents):
        key = f"{EDITION}-{before + number + 2:06}"
        found = dict(
            states.execute(
                "select question_key, state from marts.fct_question_responses"
                " where respondent_key = ?",
                [key],
            ).fetchall()
        )
        seen = {question: found[spec.name(question)] for question in told["states"]}
        assert seen == told["states"], told


def test_every_state_is_specified():
    seen = {
        state for spec in SPECS for told in spec.respondents for state in told["states"].values()
    }
    assert seen == set(State)


def test_page_is_what_is_specified():
    assert PAGE.read_text("utf-8") == render(SPECS), "python -m tests.spec writes it"


def test_outcome_that_is_explained_is_the_one_that_decided(states):
    # A condition that is true opens a question, one that is false closes it, one that is unknown
    # leaves it out of reach.
    rows = states.execute(
        """
        select distinct outcome, state
        from audit.routing_explained inner join marts.fct_question_responses
            using (respondent_key, edition_key, question_key)
        """
    ).fetchall()
    assert set(rows) <= {
        ("true", "answered"), ("true", "skipped"), ("true", "not_reached"),
        ("false", "not_shown"), ("false", "off_route"), ("unknown", "not_reached"),
        ("unknown", "off_route"),
    }  # fmt: skip
    assert {outcome for outcome, _ in rows} == {"true", "false", "unknown"}
    # A condition is what its best clause is.
    assert states.execute(
        """
        select count(*) from (
            select
                any_value(outcome) as outcome,
                list_distinct(list(clause_outcome)) as clauses
            from audit.routing_explained
            group by respondent_key, question_key, option_code
        )
        where outcome <> case
            when list_contains(clauses, 'true') then 'true'
            when list_contains(clauses, 'unknown') then 'unknown'
            else 'false'
        end
        """
    ).fetchone() == (0,)


def test_clauses_are_told_in_words(states):
    # The table on unknown and true: who stopped after the first question.
    spec = next(spec for spec in SPECS if "either" in spec.questions)
    before = sum(len(other.respondents) for other in SPECS[: spec.number - 1])
    rows = states.execute(
        """
        select outcome, regexp_replace(clause, '\\s+', ' ', 'g'), clause_outcome
        from audit.routing_explained where respondent_key = ? and question_key = ?
        order by clause_number
        """,
        [f"{EDITION}-{before + 2:06}", spec.name("either")],
    ).fetchall()
    first, second = (f'"{spec.name(key)}";' for key in ("first", "second"))
    (label,) = states.execute(
        "select label from codebook.option_editions where question_key = ? and option_code = 'a'",
        [spec.name("first")],
    ).fetchone()
    assert rows == [
        ("true", f"‘{first}’ is ‘{label}’", "true"),
        ("true", f"‘{second}’ is ‘{label}’", "unknown"),
    ]


def test_explanation_has_a_row_per_respondent_question_and_clause(states):
    assert states.execute(
        """
        select count(*) from (
            select 1 from audit.routing_explained
            group by respondent_key, question_key, option_code, clause_number having count(*) > 1
        )
        """
    ).fetchone() == (0,)
