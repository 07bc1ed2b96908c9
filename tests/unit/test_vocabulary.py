"""SQL, YAML, Python and the words of every language agree with the closed lists."""

import re
from enum import StrEnum

import pytest
import yaml

from tests.conftest import ROOT
from vocabulary import lists
from vocabulary.keys import KEY
from vocabulary.lists import CODEBOOK_LISTS, SQL_LISTS
from vocabulary.texts import FOLDER, LANGUAGES, read_texts
from vocabulary.types import FLAGS, TRAITS, QuestionType

DBT = ROOT / "dbt_project"
ALL_LISTS = {**SQL_LISTS, "question_types": QuestionType}
CODES = {code.value for one in (*ALL_LISTS.values(), *CODEBOOK_LISTS) for code in one}
# Literals in SQL that look like codes and are none: names of columns and fields, the sides of a
# comparison, what DuckDB calls things, and what stands in a table of the codebook.
OTHER_LITERALS = {
    *("is_other", "from_text", "to_text", "contradiction", "g"),
    *("from", "to", "infinity", "kind", "level", "breakdown", "language", "reasons", "routing"),
    "comparisons",
    "question_key",
    *(
        "is",
        "includes",
        "edition_key",
        "option_code",
        "other_condition_key",
        "change",
        "from_value",
        "to_value",
    ),
    *(
        "marts",
        "public_release",
        "code",
        "arguments",
        "chosen",
        "rejected",
        "and",
        "total",
        "yes",
        "no",
        "varchar",
        "item",
        "nowhere",
    ),
}
LITERAL = re.compile(r"'([a-z][a-z_]*)'")


def read_sql():
    """Every SQL text of the house by its place: models, tests, and what Python sends."""
    for path in sorted(DBT.rglob("*.sql")):
        if "target" not in path.parts:
            text = re.sub(r"(?s)\{#.*?#\}", "", path.read_text("utf-8"))
            # What a macro is asked for is a name, not a code.
            yield path, re.sub(r"(?s)\{\{.*?\}\}|\{%.*?%\}", "", text)
    for folder in ("ingest", "expectations", "pipeline", "publish"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for text in re.findall(r'(?s)"""(.*?)"""', path.read_text("utf-8")):
                if re.search(r"(?m)^\s*(select|from|with|insert|update|create)\b", text):
                    yield path, re.sub(r"(?s)comment on .*?(;|$)", "", text)


def test_every_code_in_sql_is_of_a_closed_list():
    strange = {
        (str(path.relative_to(ROOT)), word)
        for path, text in read_sql()
        for word in LITERAL.findall(text)
        if word not in CODES | OTHER_LITERALS
    }
    assert strange == set()


def test_every_reason_in_sql_has_its_text():
    given = {
        code
        for path in sorted(DBT.rglob("*.sql"))
        # Given by name, or as the keys of what a loop goes through.
        for code in re.findall(
            r"\breason\(\s*'(\w+)'|'(\w+)': '\w+_labels'", path.read_text("utf-8")
        )
    }
    assert {"".join(codes) for codes in given} == {code.value for code in lists.Reason}


# A code beside a column of a list: `state = 'answered'`, `base in ('respondents')`.
COMPARED = re.compile(r"\b(\w+)\s*(?:=|<>|is distinct from)\s*'(\w+)'")
AMONG = re.compile(r"\b(\w+)\s+(?:not )?in \(((?:'\w+'(?:, )?)+)\)")


def list_compared(text):
    for column, code in COMPARED.findall(text):
        yield column, code
    for column, codes in AMONG.findall(text):
        yield from ((column, code) for code in re.findall(r"'(\w+)'", codes))


def test_code_beside_a_column_is_of_its_list():
    known = {name: one for name, one in LISTS_OF_COLUMNS.items() if name != "verdict"}
    known |= {"severity": lists.Severity, "privacy": lists.Privacy, "review": lists.Review}
    wrong = [
        (str(path.relative_to(ROOT)), column, code)
        for path, text in read_sql()
        for column, code in list_compared(text)
        if column in known and code not in {*known[column], *OTHERS.get(column, ())}
    ]
    assert wrong == []
    assert list(list_compared("where state = 'built' and base in ('x', 'y')")) == [
        ("state", "built"), ("base", "x"), ("base", "y"),
    ]  # fmt: skip


# What a column of that name has elsewhere.
OTHERS = {
    "suppression": lists.Withholding,
    "outcome": lists.Outcome,
    "lineage": lists.QuestionLineage,
}


def test_precedence_of_states_names_them_all():
    sql = (DBT / "models/marts/fct_question_responses.sql").read_text("utf-8")
    named = re.search(r"set precedence = \[(.*?)\]", sql)[1]
    assert sorted(re.findall(r"'(\w+)'", named)) == sorted(lists.State)


def test_templates_name_codes_by_their_lists():
    found = [
        (path.name, word)
        for path in sorted((ROOT / "publish/templates").glob("*.html"))
        for word in re.findall(r"[=!]= \"([a-z_]+)\"|in \(\"([a-z_]+)\"", path.read_text("utf-8"))
        if {*word} & CODES
    ]
    assert found == []


def test_a_misspelled_code_would_be_found():
    assert LITERAL.findall("where state = 'anwsered'") == ["anwsered"]
    assert "anwsered" not in CODES | OTHER_LITERALS


LISTS_OF_COLUMNS = {
    "measure": lists.Measure,
    "comparison": lists.Comparison,
    "state": lists.State,
    "base": lists.Base,
    "population": lists.Population,
    "breakdown": lists.Breakdown,
    "suppression": lists.Suppression,
    "representation": lists.Representation,
    "comparability": lists.Comparability,
    "verdict": lists.Verdict,
    "reason_code": lists.Reason,
    "contradiction": lists.Contradiction,
    "lineage": lists.Lineage,
    "change": lists.Change,
    "type": QuestionType,
    "location_method": lists.LocationMethod,
    "outcome": lists.Truth,
    "municipality_rule": lists.MunicipalityRule,
}


def list_declared_values():
    for path in sorted((DBT / "models").rglob("*.yml")):
        for model in yaml.safe_load(path.read_text("utf-8")).get("models", []):
            for test in model.get("data_tests", []):
                for column, values in test["keeps"]["arguments"].get("values", {}).items():
                    yield model["name"], column, values


def test_yaml_lists_what_is_declared():
    others = {
        ("dim_respondents", "status"): lists.Status,
        ("mart_published_reconciliation", "status"): lists.Reconciliation,
        ("evolution", "suppression"): lists.Withholding,
        ("panel_transitions", "suppression"): lists.Withholding,
    }
    seen = set()
    for model, column, values in list_declared_values():
        declared = others.get((model, column)) or LISTS_OF_COLUMNS[column]
        own = [code.value for code in declared]
        assert sorted(values) == sorted(own), (model, column)
        seen.add(column)
    assert seen >= {"state", "base", "population", "comparability", "verdict", "type", "status"}


def test_every_mart_column_of_a_list_declares_its_values():
    declared = {(model, column) for model, column, _ in list_declared_values()}
    known = {*LISTS_OF_COLUMNS, "status"} - {"outcome"}
    for name in ("marts/_marts", "public_release/_public_release"):
        for model in yaml.safe_load((DBT / f"models/{name}__models.yml").read_text("utf-8"))[
            "models"
        ]:
            for column in model["columns"]:
                if column["data_type"] == "varchar" and column["name"] in known:
                    assert (model["name"], column["name"]) in declared


def test_every_language_has_words_for_every_code():
    for language in LANGUAGES:
        texts = read_texts(language)
        for name, codes in ALL_LISTS.items():
            assert texts[name].keys() == {code.value for code in codes}, (language, name)


def test_languages_say_the_same_with_the_same_places():
    first, *others = (read_texts(language).lists for language in LANGUAGES)
    for other in others:
        assert first.keys() == other.keys()
        for name, texts in first.items():
            assert texts.keys() == other[name].keys(), name
            # A language may leave an argument unsaid, and has no place that nothing fills.
            for code, text in texts.items():
                places = set(re.findall(r"\{(\d)\}", text))
                assert set(re.findall(r"\{(\d)\}", other[name][code])) <= places, (name, code)


def test_every_language_has_a_file_and_no_threshold_of_its_own():
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(LANGUAGES)
    for path in FOLDER.glob("*.toml"):
        text = path.read_text("utf-8")
        assert not re.search(r"\b(95%|30)\b", text), path


def test_thresholds_stand_in_one_place():
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for folder in ("dbt_project", "expectations", "figures", "ingest", "pipeline", "publish")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in (".sql", ".py", ".html", ".yml", ".md")
        and "target" not in path.parts
        # A unit test gives its model what it needs.
        and "unit_tests" not in path.name
        for match in re.finditer(
            r"1\.959|0\.975|\b95%|(?<![\w.#:-])30(?![\w.%:-])", path.read_text("utf-8")
        )
    ]
    assert found == []


def test_every_type_has_its_traits():
    assert TRAITS.keys() == set(QuestionType)
    for traits in TRAITS.values():
        assert all(isinstance(getattr(traits, flag), bool) for flag in FLAGS)
        assert bool(traits.municipality_rules) == (traits.is_closed or traits.is_number)


def test_every_enum_is_in_a_list():
    enums = {
        one
        for one in vars(lists).values()
        if isinstance(one, type) and issubclass(one, StrEnum) and one is not StrEnum
    }
    assert enums == {*SQL_LISTS.values(), *CODEBOOK_LISTS}


@pytest.mark.parametrize("key", ["Q1", "2", "q_1", "h"])
def test_whatever_is_a_key_can_be_routed_on(key):
    from ingest.routing.expressions import list_conditions, parse_expression

    assert re.fullmatch(KEY, key)
    (condition,) = list_conditions(parse_expression(f"${{{key}.{key}}} = '{key}'"))
    assert (condition.question, condition.row, condition.option) == (key, key, key)


def test_key_has_one_form():
    forms = [
        path
        for folder in ("ingest", "pipeline", "dbt_project", "expectations", "publish", "figures")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in (".py", ".sql")
        and re.search(r"\[A-Za-z0-9_\]|\[a-z0-9_\]|\[a-z\]\[a-z0-9_\]", path.read_text("utf-8"))
    ]
    assert forms == []


def test_every_comparison_of_routing_is_made():
    sql = (DBT / "models/intermediate/routed/int_respondent_choices.sql").read_text("utf-8")
    (made,) = re.findall(r"set comparisons = \[(.*)\]", sql)
    assert made == lists.quote(lists.Comparison)
