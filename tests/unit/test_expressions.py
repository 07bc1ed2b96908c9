import pytest

from ingest.routing.expressions import (
    ALWAYS,
    Condition,
    RoutingError,
    RoutingLiteral,
    describe,
    fill_placeholder,
    list_conditions,
    parse_expression,
    spell_out,
)


def spell(text, universes=None):
    universes = universes or {}
    clauses = spell_out(
        parse_expression(text), lambda literal: universes.get(literal.question_key, ALWAYS)
    )
    return {
        frozenset(
            f"{'not ' if literal.is_negated else ''}{literal.question_key}={literal.option_code}"
            for literal in clause
        )
        for clause in clauses
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${a} = 'x'", [["a=x"]]),
        ("${a} != 'x'", [["not a=x"]]),
        ("not(${a} != 'x')", [["a=x"]]),
        ("selected(${a}, 'x')", [["a=x"]]),
        ("${m.row} = '1'", [["m.row=1"]]),
        ("${a} = 'x' and ${b} = 'y'", [["a=x", "b=y"]]),
        ("${a} = 'x' or ${b} = 'y'", [["a=x"], ["b=y"]]),
        # "and" binds before "or", as in XLSForm.
        ("${a} = 'x' or ${b} = 'y' and ${c} = 'z'", [["a=x"], ["b=y", "c=z"]]),
        ("(${a} = 'x' or ${b} = 'y') and ${c} = 'z'", [["a=x", "c=z"], ["b=y", "c=z"]]),
        ("not(${a} = 'x' and ${b} = 'y')", [["not a=x"], ["not b=y"]]),
        ("not(${a} = 'x' or ${b} = 'y')", [["not a=x", "not b=y"]]),
        # What another alternative already covers is left out.
        ("${a} = 'x' or (${a} = 'x' and ${b} = 'y')", [["a=x"]]),
    ],
)
def test_expression_becomes_clauses(text, expected):
    assert spell(text) == {frozenset(clause) for clause in expected}


def test_literal_carries_the_universe_of_its_question():
    universes = {"b": frozenset({frozenset({RoutingLiteral("a", "x", False)})})}
    assert spell("${b} = 'y'", universes) == {frozenset({"a=x", "b=y"})}
    assert spell("${b} != 'y'", universes) == {frozenset({"a=x", "not b=y"})}


def test_expression_that_nothing_makes_true_is_refused():
    with pytest.raises(RoutingError, match="no answer can make it true"):
        spell("${a} = 'x' and not(${a} = 'x')")


def test_expression_too_long_to_read_is_refused():
    text = " and ".join(f"(${{a{n}}} = 'x' or ${{b{n}}} = 'x')" for n in range(11))
    with pytest.raises(RoutingError, match="more than 1000"):
        spell(text)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("${a} > 'x'", "at character 6, before \"> 'x'\""),
        ("${a} = 'x' &&", "at character 12"),
        ("${a} = 'x' and", "at its end"),
        ("${a} = x", "at character 8"),
        ("a = 'x'", "at character 1"),
        ("selected(${a}, x)", "at character 16"),
        ("not ${a} = 'x'", "at character 5"),
        ("${a} = 'x'; drop table raw.exports", "at character 11"),
    ],
)
def test_expression_outside_the_grammar_is_refused_with_its_place(text, place):
    with pytest.raises(RoutingError) as caught:
        parse_expression(text)
    assert place in str(caught.value)


def test_placeholder_stands_for_an_option_or_a_row():
    option = fill_placeholder(parse_expression("selected(${themes}, item)"), "lgbti")
    assert list_conditions(option) == [Condition("themes", None, "lgbti", "selected")]
    row = fill_placeholder(parse_expression("${known.item} = 'yes'"), "inter")
    assert list_conditions(row) == [Condition("known", "inter", "yes", "=")]


def test_words_come_from_labels():
    expression = parse_expression("${a} = 'x' and (selected(${b}, 'y') or not(${a} != 'z'))")
    words = describe(
        expression,
        {"a": "Question A", "b": "Question B"},
        {("a", "x"): "X", ("a", "z"): "Z", ("b", "y"): "Y"},
    )
    assert words == (
        "‘Question A’ is ‘X’ and (‘Question B’ includes ‘Y’ or not (‘Question A’ is not ‘Z’))"
    )
