"""Surveys made at random: the figures are those of a slow and obvious computation in Python."""

import random
from dataclasses import dataclass
from pathlib import Path

import duckdb
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from ingest.shared.problems import InputError
from ingest.survey import load_survey
from pipeline.modelling import run_dbt
from tests.surveys import PLACES, Answers, Question, write_survey


@dataclass
class Drawn(Question):
    """A question with its condition as a tree, and whose choices its rows are asked for."""

    condition: tuple | None = None
    item_source: str | None = None


def write_condition(condition: tuple) -> str:
    match condition:
        case ("is", key, code):
            return f"${{{key}}} = '{code}'"
        case ("is_not", key, code):
            return f"${{{key}}} != '{code}'"
        case ("selected", key, code):
            return f"selected(${{{key}}}, '{code}')"
        case ("blank", key, _):
            return f"${{{key}}} = ''"
        case ("at_least", key, number):
            return f"${{{key}}} >= {number}"
        case ("count", key, number):
            return f"count-selected(${{{key}}}) = {number}"
        case ("not", term):
            return f"not({write_condition(term)})"
        case (operator, first, second):
            return f"({write_condition(first)} {operator} {write_condition(second)})"


def draw_condition(chance: random.Random, earlier: list[Drawn], depth: int = 2) -> tuple:
    kind = chance.choice(["literal", "literal", "not", "and", "or"]) if depth else "literal"
    if kind == "literal":
        question = chance.choice(earlier)
        if question.type == "integer":
            return (chance.choice(["at_least", "blank"]), question.key, chance.randint(0, 5))
        operators = ["is", "is_not"] if question.type == "single" else ["selected", "count"]
        operator = chance.choice([*operators, "blank"])
        value = chance.randint(1, 3) if operator == "count" else chance.choice(question.codes)
        return (operator, question.key, value)
    terms = [draw_condition(chance, earlier, depth - 1) for _ in range(1 + (kind != "not"))]
    return (kind, *terms)


def draw_survey(chance: random.Random) -> tuple[list[Drawn], list[Answers]]:
    questions: list[Drawn] = []
    for number in range(chance.randint(4, 9)):
        kind = chance.choice(["single", "multiple", "matrix", "integer"])
        codes = [f"o{n}" for n in range(chance.randint(2, 4))] if kind != "integer" else []
        question = Drawn(f"q{number}", kind, codes)
        if kind in ("single", "matrix"):
            question.rule = chance.choice(["most_complete", "first_listed"])
        earlier = [other for other in questions if other.type != "matrix"]
        if earlier and chance.random() < 0.6:
            question.condition = draw_condition(chance, earlier)
        choices = [other for other in earlier if other.type == "multiple"]
        if kind == "matrix" and choices and chance.random() < 0.6:
            question.item_source = chance.choice(choices).key
        if question.condition:
            question.relevant = write_condition(question.condition)
        if question.item_source:
            question.item_relevant = f"selected(${{{question.item_source}}}, item)"
        if kind == "matrix":
            by_key = {other.key: other for other in questions}
            question.rows = (
                by_key[question.item_source].codes if question.item_source else ["o0", "o1"]
            )
        questions.append(question)
    people = []
    for _ in range(chance.randint(1, 14)):
        person = Answers(chance.choice(PLACES), chance.random() < 0.7)
        for key, question in list_items(questions):
            if chance.random() < 0.65:
                many = chance.randint(1, len(question.codes)) if question.type == "multiple" else 1
                codes = question.codes or [str(chance.randint(0, 5))]
                person.given[key] = set(chance.sample(codes, many))
        people.append(person)
    return questions, people


def list_items(questions: list[Drawn]) -> list[tuple[str, Drawn]]:
    """Each question or matrix row, in the order of the questionnaire."""
    return [(key, question) for question in questions for key in question.list_keys()]


# The naive computation: one respondent at a time, one question at a time.


def evaluate(condition: tuple, states: dict, given: dict, negated: bool = False) -> float:
    """1 true, 0 false, 0.5 unknown."""
    match condition:
        case ("not", term):
            return evaluate(term, states, given, not negated)
        case ("and" | "or" as operator, first, second):
            values = [evaluate(term, states, given, negated) for term in (first, second)]
            return min(values) if (operator == "and") != negated else max(values)
        case (operator, key, value):
            if states[key] == "not_reached":
                return 0.5
            if operator == "blank":
                return float((states[key] == "answered") == negated)
            if states[key] != "answered":
                return 0
            match operator:
                case "at_least":
                    holds = int(min(given[key])) >= value
                case "count":
                    holds = len(given[key]) == value
                case _:
                    holds = (value in given[key]) != (operator == "is_not")
            return float(holds != negated)


def find_states(items: list, person: Answers) -> dict[str, str]:
    """Twice: first as if everyone went on to the end, to find where this one stopped."""
    states: dict[str, str] = {}
    stop = len(items)
    for is_final in (False, True):
        states = {}
        for position, (key, question) in enumerate(items):
            conditions = [question.condition] if question.condition else []
            if question.item_source:
                conditions.append(("selected", question.item_source, key.split(".")[1]))
            truth = min([evaluate(c, states, person.given) for c in conditions], default=1)
            if key in person.given:
                states[key] = "answered" if truth == 1 else "off_route"
            elif truth == 0:
                states[key] = "not_shown"
            else:
                states[key] = "not_reached" if position > stop else "skipped"
        if not is_final and not person.is_complete:
            answered = [n for n, (key, _) in enumerate(items) if states[key] == "answered"]
            stop = max(answered, default=-1)
    return states


def count_naively(questions: list[Drawn], people: list[Answers]) -> dict:
    items = list_items(questions)
    states = [find_states(items, person) for person in people]
    figures = {}
    for key, question in items:
        if question.type == "integer":
            continue
        rows = [n for n in range(len(people)) if states[n][key] == "answered"]
        chosen = {n: people[n].given[key] for n in rows}
        towns: dict[str, set[str]] = {}
        for place in PLACES:
            colleagues = [n for n in rows if people[n].place == place]
            if not colleagues:
                continue
            if question.rule == "any":
                towns[place] = set().union(*(chosen[n] for n in colleagues))
            elif question.rule == "first_listed":
                towns[place] = {min(min(chosen[n]) for n in colleagues)}
            else:

                def weigh(n: int) -> tuple:
                    answered = sum(state == "answered" for state in states[n].values())
                    return (not people[n].is_complete, -answered, n)

                towns[place] = chosen[min(colleagues, key=weigh)]
        for base, answers in (("respondents", chosen), ("municipalities", towns)):
            for code in question.codes:
                count = sum(code in codes for codes in answers.values())
                figures[base, f"{key}.{code}"] = (count, len(answers))
    audit = {
        key: tuple(
            sum(state[key] == name for state in states)
            for name in ("answered", "skipped", "not_shown", "not_reached", "off_route")
        )
        for key, _ in items
    }
    return {"figures": figures, "states": audit}


def count_with_warehouse(folder: Path, work: Path) -> dict:
    # Always the same file: for another, dbt would parse its project anew.
    database = work / "warehouse.duckdb"
    database.parent.mkdir(exist_ok=True)
    database.unlink(missing_ok=True)
    with duckdb.connect(database) as connection:
        connection.execute("attach ':memory:' as restricted")
        try:
            load_survey(connection, folder / "seeds", folder / "exports")
        except InputError as error:
            # A condition that contradicts itself is refused, and is no survey.
            if {"no answer can make it true" in problem.what for problem in error.problems} == {
                True
            }:
                reject()
            raise
    run_dbt(["run", "--select", "+mart_question_results +mart_routing_audit"], database, work)
    with duckdb.connect(database, read_only=True) as connection:
        figures = connection.execute(
            "select base, option_key, selected_count, base_count from marts.mart_question_results"
        ).fetchall()
        states = connection.execute(
            "select question_key, answered_count, skipped_count, not_shown_count,"
            " not_reached_count, off_route_count from marts.mart_routing_audit"
            " inner join marts.dim_questions using (question_key)"
            " where type not in ('matrix', 'text')"
        ).fetchall()
    return {
        "figures": {(base, key): (selected, count) for base, key, selected, count in figures},
        "states": {key: tuple(counts) for key, *counts in states},
    }


@settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[p for p in settings.default.phases if p.name in ("explicit", "generate")],
)
@given(seed=st.integers(0, 2**32))
def test_figures_of_a_random_survey_are_those_of_a_naive_computation(tmp_path_factory, seed):
    folder = tmp_path_factory.mktemp("random")
    work = tmp_path_factory.getbasetemp() / "random-work"
    questions, people = draw_survey(random.Random(seed))
    write_survey(folder, questions, people)
    computed, expected = count_with_warehouse(folder, work), count_naively(questions, people)
    assert computed["states"] == expected["states"]
    assert computed["figures"] == expected["figures"]


def test_naive_computation_agrees_with_a_hand():
    # q1 is for who chose o0 at q0. One says so and answers; one does not, and answers all the same;
    # one stops at once; one never began.
    questions = [
        Drawn("q0", "single", ["o0", "o1"]),
        Drawn("q1", "multiple", ["o0", "o1"], condition=("is", "q0", "o0")),
    ]
    people = [
        Answers("m1", True, {"q0": {"o0"}, "q1": {"o0", "o1"}}),
        Answers("m1", True, {"q0": {"o1"}, "q1": {"o0"}}),
        Answers("m2", False, {"q0": {"o0"}}),
        Answers("m3", False, {}),
    ]
    counted = count_naively(questions, people)
    assert counted["states"] == {"q0": (3, 0, 0, 1, 0), "q1": (1, 0, 0, 2, 1)}
    assert counted["figures"]["respondents", "q0.o0"] == (2, 3)
    assert counted["figures"]["municipalities", "q0.o0"] == (2, 2)
    assert counted["figures"]["municipalities", "q1.o1"] == (1, 1)
