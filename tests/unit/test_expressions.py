import pytest

from ingest.routing.expressions import (
    Condition,
    describe,
    fill_placeholder,
    list_conditions,
    parse_expression,
    spell_out,
)
from ingest.routing.literals import ALWAYS, Criterion, RoutingError, RoutingLiteral
from vocabulary.lists import Comparison, Measure


def spell(text, universes=None):
    universes = universes or {}
    clauses = spell_out(
        parse_expression(text),
        lambda literal: universes.get(literal.criterion.question_key, ALWAYS),
    )
    return {frozenset(map(str, clause)) for clause in clauses}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${a} = 'x'", [["a=x"]]),
        ("${a} != 'x'", [["a!=x"]]),
        ("not(${a} != 'x')", [["a=x"]]),
        ("selected(${a}, 'x')", [["a=x"]]),
        ("${m.row} = '1'", [["m.row=1"]]),
        ("${a} = 'x' and ${b} = 'y'", [["a=x", "b=y"]]),
        ("${a} = 'x' or ${b} = 'y'", [["a=x"], ["b=y"]]),
        # "and" binds before "or", as in XLSForm.
        ("${a} = 'x' or ${b} = 'y' and ${c} = 'z'", [["a=x"], ["b=y", "c=z"]]),
        ("(${a} = 'x' or ${b} = 'y') and ${c} = 'z'", [["a=x", "c=z"], ["b=y", "c=z"]]),
        ("not(${a} = 'x' and ${b} = 'y')", [["a!=x"], ["b!=y"]]),
        ("not(${a} = 'x' or ${b} = 'y')", [["a!=x", "b!=y"]]),
        ("${n} >= 10", [["n>=10"]]),
        ("not(${n} >= 10)", [["n<10"]]),
        ("${n} != 2.50", [["n!=2.5"]]),
        ("${n} > -1 and ${n} < 5", [["n>-1", "n<5"]]),
        ("count-selected(${k}) <= 2", [["count(k)<=2"]]),
        ("${k} != ''", [["answered(k)"]]),
        ("not(${k} = '')", [["answered(k)"]]),
        ("${k} = ''", [["not(answered(k))"]]),
        # What another alternative already covers is left out.
        ("${a} = 'x' or (${a} = 'x' and ${b} = 'y')", [["a=x"]]),
    ],
)
def test_expression_becomes_clauses(text, expected):
    assert spell(text) == {frozenset(clause) for clause in expected}


def test_literal_carries_the_universe_of_its_question():
    universes = {"b": frozenset({frozenset({RoutingLiteral(Criterion("a", Measure.OPTION, "x"))})})}
    assert spell("${b} = 'y'", universes) == {frozenset({"a=x", "b=y"})}
    # Blank is who answered nothing, and who was not asked.
    assert spell("${b} = ''", universes) == {
        frozenset({"not(a=x)"}), frozenset({"not(answered(b))"}),
    }  # fmt: skip
    assert spell("${b} != 'y'", universes) == {frozenset({"a=x", "b!=y"})}


@pytest.mark.parametrize(
    "text",
    [
        "${a} = 'x' and not(${a} = 'x')",
        "${a} = '' and ${a} != ''",
        "${n} >= 10 and ${n} < 10",
        "${n} = 3 and ${n} > 3",
        "${n} < 1 and ${n} > 2",
        "count-selected(${k}) = 0",
        "count-selected(${k}) > 1 and count-selected(${k}) < 2",
        "count-selected(${k}) = 1.5",
    ],
)
def test_expression_that_nothing_makes_true_is_refused(text):
    with pytest.raises(RoutingError, match="no answer can make it true"):
        spell(text)


def test_expression_too_long_to_read_is_refused():
    text = " and ".join(f"(${{a{n}}} = 'x' or ${{b{n}}} = 'x')" for n in range(11))
    with pytest.raises(RoutingError, match="more than 1000"):
        spell(text)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("${a} ~ 'x'", "at character 6, before \"~ 'x'\""),
        ("${a} >= x", "at character 9"),
        ("count-selected(${a}) 2", "at character 22"),
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
    assert list_conditions(option) == [
        Condition("themes", None, Measure.OPTION, Comparison.EQUAL, "lgbti", is_selected=True)
    ]
    row = fill_placeholder(parse_expression("${known.item} = 'yes'"), "inter")
    assert list_conditions(row) == [
        Condition("known", "inter", Measure.OPTION, Comparison.EQUAL, "yes")
    ]


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
