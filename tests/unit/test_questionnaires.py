"""Questionnaires of other tools: what is asked, and of whom, as their own rules have it.

A tool counts a blank as a value: what is true of it there is held against what is carried over, for
each answer and for none.
"""

import json

import duckdb
import pytest
from pyxform.xls2xform import convert

from ingest.authoring.questionnaires.conditions import carry_over, give_out, name_all
from ingest.authoring.questionnaires.form import Asked
from ingest.authoring.questionnaires.reading import read_questionnaire
from ingest.authoring.questionnaires.writing import write_questionnaire
from ingest.codebook.loading import load_codebook
from ingest.routing.expressions import parse_expression
from ingest.routing.literals import RoutingError
from ingest.shared.problems import InputError
from tests.conftest import ROOT
from tests.forms import make_qualtrics, write_xlsform
from vocabulary.types import QuestionType

ASKED = [
    Asked("has-it", "Has it?", QuestionType.SINGLE, {"1": "Yes", "2": "No", "3": "Unsure"}),
    Asked("sure", "Sure?", QuestionType.SINGLE, {"y": "Yes", "n": "No"}, is_required=True),
    Asked("kinds", "Kinds?", QuestionType.MULTIPLE, {"a": "A", "b-c": "B"}),
    Asked("many", "How many?", QuestionType.INTEGER),
    Asked("sat", "Satisfied?", QuestionType.MATRIX, {"1": "Bad", "2": "Good"}, {"staff": "Staff"}),
]
NAMES = name_all(ASKED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${has-it} = '1'", "${has_it} = '1'"),
        ("${has-it} = 1", "${has_it} = '1'"),
        ('${has-it} = "1"', "${has_it} = '1'"),
        ("selected(${has-it}, '1')", "${has_it} = '1'"),
        # What is not 1 is also what nobody answered.
        ("${has-it} != '1'", "${has_it} != '1' or ${has_it} = ''"),
        ("not(${has-it} = '1')", "${has_it} != '1' or ${has_it} = ''"),
        ("not(${has-it} != '1')", "${has_it} = '1'"),
        # Nobody goes on who did not answer it.
        ("${sure} != 'y'", "${sure} != 'y'"),
        ("${has-it} > 1", "${has_it} = '2' or ${has_it} = '3'"),
        ("selected(${kinds}, 'b-c')", "selected(${kinds}, 'b_c')"),
        ("not(selected(${kinds}, 'a'))", "not(selected(${kinds}, 'a')) or ${kinds} = ''"),
        ("count-selected(${kinds}) < 2", "count-selected(${kinds}) < 2 or ${kinds} = ''"),
        ("count-selected(${kinds}) > 0", "count-selected(${kinds}) > 0"),
        ("${many} >= '5'", "${many} >= 5"),
        ("not(${many} >= 5)", "${many} < 5 or ${many} = ''"),
        ("${many} != ''", "${many} != ''"),
        ("${staff} = '2'", "${sat.staff} = '2'"),
        (
            "not(${has-it} = '1' and ${many} > 3)",
            "(${has_it} != '1' or ${has_it} = '') or (${many} <= 3 or ${many} = '')",
        ),
    ],
)  # fmt: skip
def test_condition_is_carried_over_with_its_blanks(text, expected):
    assert carry_over(text, NAMES) == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("${gone} = 1", "names 'gone', which is no question"),
        ("${has-it} = 'x'", "has no answer 'x'"),
        ("${kinds} = 'a'", "asks for 'a' alone of 'kinds'"),
        ("${many} > 'veel'", "compares a number with 'veel'"),
        ("regex(${many}, 'x')", "leaves the grammar"),
        ("${has-it} = 9", "no answer of 'has-it' is 9"),
    ],
)
def test_condition_that_cannot_be_said_is_told(text, told):
    with pytest.raises(RoutingError, match=told):
        carry_over(text, NAMES)


def list_asked(questionnaire):
    return [
        (one.name, one.type, list(one.options), list(one.items), one.relevant)
        for one in questionnaire.asked
    ]


@pytest.fixture
def xlsform(tmp_path):
    return write_xlsform(tmp_path / "form.xlsx")


def test_xlsform_gives_types_groups_and_conditions(xlsform):
    found = read_questionnaire(xlsform)
    assert list_asked(found) == [
        ("consent", "single", ["yes", "no"], [], ""),
        ("has", "single", ["yes", "no"], [], "${consent} = 'yes'"),
        ("channels", "multiple", ["web", "desk"], [],
         "(${consent} = 'yes') and (${has} = 'yes')"),
        ("many", "integer", [], [], "${consent} = 'yes'"),
        ("sat", "matrix", ["1", "2"], ["staff", "people"], "${has} != 'no'"),
        ("order", "rank", [], ["web", "desk"], ""),
        ("since", "date", [], [], ""),
    ]  # fmt: skip
    assert found.asked[1].part == "Deel 1"
    assert found.asked[4].label == "Hoe tevreden?"
    assert found.asked[4].items == {"staff": "Personeel", "people": "Burgers"}
    assert found.left_out == [
        "where: geopoint", "sum: calculate",
        "person: asked more than once of one respondent (repeat)",
    ]  # fmt: skip


def test_qualtrics_gives_display_logic_skips_and_branches(tmp_path):
    path = tmp_path / "survey.qsf"
    path.write_text(json.dumps(make_qualtrics()))
    found = read_questionnaire(path)
    branch = "(selected(${Has}, '1'))"
    assert list_asked(found) == [
        ("Has", "single", ["1", "0"], [], ""),
        ("Kinds", "multiple", ["1", "2"], [], ""),
        ("Many", "number", [], [], "not(not(selected(${Kinds}, '2')))"),
        ("Sat", "matrix", ["1", "2"], ["1", "2"], branch),
        ("Points", "constant_sum", [], ["1", "2"],
         f"({branch}) and ((${{Many}} > 3 or not(selected(${{Kinds}}, '1'))))"),
        ("Why", "text", [], [], branch),
    ]  # fmt: skip
    assert found.asked[0].label == "Has?"
    assert found.asked[3].part == "Rest"
    assert found.left_out == [
        "Why: asked of all; its logic is not carried over: If Language is NL",
        "Draw: Draw Signature",
    ]
    names = name_all(found.asked)
    assert [carry_over(one.relevant, names) for one in found.asked] == [
        "",
        "",
        "selected(${Kinds}, '2')",
        "${Has} = '1'",
        "${Has} = '1' and (${Many} > 3 or (not(selected(${Kinds}, '1')) or ${Kinds} = ''))",
        "${Has} = '1'",
    ]


LIMESURVEY = """<?xml version="1.0" encoding="UTF-8"?>
<document><LimeSurveyDocType>Survey</LimeSurveyDocType>
<groups><rows><row><gid>1</gid><group_order>1</group_order><grelevance/></row></rows></groups>
<group_l10ns><rows><row><gid>1</gid><group_name>Begin</group_name><language>nl</language></row>
</rows></group_l10ns>
<questions><rows>
{questions}
</rows></questions>
<subquestions><rows>
<row><qid>21</qid><parent_qid>2</parent_qid><title>SQ001</title><question_order>1</question_order></row>
<row><qid>22</qid><parent_qid>2</parent_qid><title>SQ002</title><question_order>2</question_order></row>
<row><qid>31</qid><parent_qid>3</parent_qid><title>SQ001</title><question_order>1</question_order></row>
</rows></subquestions>
<question_l10ns><rows>{texts}</rows></question_l10ns>
<answers><rows>
<row><aid>1</aid><qid>3</qid><code>A1</code><sortorder>1</sortorder></row>
<row><aid>2</aid><qid>3</qid><code>A2</code><sortorder>2</sortorder></row>
</rows></answers>
<answer_l10ns><rows><row><aid>1</aid><answer>Slecht</answer><language>nl</language></row>
<row><aid>2</aid><answer>Goed</answer><language>nl</language></row></rows></answer_l10ns>
</document>"""


def test_limesurvey_gives_subquestions_and_relevance(tmp_path):
    rows = [
        (1, "Has", "Y", "1"),
        (2, "Kinds", "M", 'Has.NAOK == "Y"'),
        (3, "Sat", "F", 'Kinds_SQ001.NAOK == "Y" and !is_empty(Has)'),
        (4, "Many", "N", '(Sat_SQ001.NAOK == "A2" || Has != "N")'),
        (5, "Why", "T", "Many.NAOK >= 10"),
        (6, "Calc", "*", "1"),
        (7, "File", "|", "1"),
        (8, "Odd", "S", "count(Kinds) > 1"),
    ]
    questions = "".join(
        f"<row><qid>{qid}</qid><parent_qid>0</parent_qid><gid>1</gid><type>{kind}</type>"
        f"<title>{title}</title><question_order>{qid}</question_order><mandatory>N</mandatory>"
        f"<other>N</other><relevance><![CDATA[{relevance}]]></relevance></row>"
        for qid, title, kind, relevance in rows
    )
    texts = "".join(
        f"<row><qid>{qid}</qid><question><![CDATA[<p>{text}</p>]]></question>"
        "<language>nl</language></row>"
        for qid, text in [(1, "Werkt u?"), (2, "Kanalen?"), (21, "Folder"), (22, "Website"),
                          (3, "Tevreden?"), (31, "Personeel")]
    )  # fmt: skip
    path = tmp_path / "survey.lss"
    path.write_text(LIMESURVEY.format(questions=questions, texts=texts))
    found = read_questionnaire(path)
    names = name_all(found.asked)
    assert [
        (one.name, one.type, one.options, one.items, carry_over(one.relevant, names))
        for one in found.asked
    ] == [
        ("Has", "single", {"Y": "Y", "N": "N"}, {}, ""),
        ("Kinds", "multiple", {"SQ001": "Folder", "SQ002": "Website"}, {}, "${Has} = 'Y'"),
        ("Sat", "matrix", {"A1": "Slecht", "A2": "Goed"}, {"SQ001": "Personeel"},
         "selected(${Kinds}, 'SQ001') and ${Has} != ''"),
        ("Many", "number", {}, {},
         "${Sat.SQ001} = 'A2' or (${Has} != 'N' or ${Has} = '')"),
        ("Why", "text", {}, {}, "${Many} >= 10"),
        ("Odd", "text", {}, {}, ""),
    ]  # fmt: skip
    assert found.left_out == [
        "File: type |",
        "Odd: asked of all; its relevance is not carried over: count(Kinds) > 1",
    ]


def test_limesurvey_as_tabbed_text_gives_the_same(tmp_path):
    columns = ["class", "type/scale", "name", "relevance", "text", "language", "mandatory", "other"]
    lines = [
        ("S", "", "sid", "1", "7", "", "", ""),
        ("G", "", "Begin", "1", "", "nl", "", ""),
        ("Q", "Y", "Has", "1", "Werkt u?", "nl", "Y", "N"),
        ("Q", "M", "Kinds", 'Has.NAOK != "N"', "Kanalen?", "nl", "N", "Y"),
        ("SQ", "0", "SQ001", "1", "Folder", "nl", "", ""),
        ("SQ", "0", "SQ002", "1", "Website", "nl", "", ""),
        ("Q", "L", "Why", 'Kinds_SQ002 == "Y"', "Waarom?", "nl", "N", "N"),
        ("A", "0", "A1", "", "Daarom", "nl", "", ""),
        ("G", "", "Start", "1", "", "en", "", ""),
        ("Q", "Y", "Has", "1", "Do you?", "en", "Y", "N"),
    ]
    path = tmp_path / "survey.txt"
    path.write_text("\n".join("\t".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in line)
                              for line in [columns, *lines]))  # fmt: skip
    found = read_questionnaire(path)
    names = name_all(found.asked)
    assert [
        (one.label, one.options, one.part, carry_over(one.relevant, names)) for one in found.asked
    ] == [
        ("Werkt u?", {"Y": "Y", "N": "N"}, "Begin", ""),
        # Everyone had to answer whether they do.
        ("Kanalen?", {"SQ001": "Folder", "SQ002": "Website", "-oth-": "oth"}, "Begin",
         "${Has} != 'N'"),
        ("Waarom?", {"A1": "Daarom"}, "Begin", "selected(${Kinds}, 'SQ002')"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.qsf", "{}"), ("a.qsf", "geen json"), ("a.lss", "<a/>"), ("a.lss", "<a"), ("a.pdf", ""),
     ("a.xlsx", "geen werkboek")],
)  # fmt: skip
def test_what_is_no_questionnaire_is_refused(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=f"questionnaire: {name}"):
        read_questionnaire(tmp_path / name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${kinds} = 'x'", "${kinds} = 'x'"),
        # In the codebook it asks for another answer, and a blank is none.
        ("${kinds} != 'x'", "${kinds} != 'x' and ${kinds} != ''"),
        ("not(selected(${kinds}, 'a'))", "not(selected(${kinds}, 'a')) and ${kinds} != ''"),
        ("not(${many} >= 5)", "${many} < 5"),
        ("count-selected(${kinds}) < 2", "count-selected(${kinds}) < 2 and ${kinds} != ''"),
        ("${kinds} = '' or ${many} = 3", "${kinds} = '' or ${many} = 3"),
    ],
)
def test_condition_goes_out_with_what_a_blank_means_here(text, expected):
    assert give_out(parse_expression(text)) == expected


def test_questionnaire_of_the_shipped_survey_goes_out_and_comes_back(tmp_path):
    path = tmp_path / "form.xlsx"
    with duckdb.connect() as connection:
        load_codebook(connection, ROOT / "seeds")
        assert write_questionnaire(connection, 2025, path) == 43
        asked = connection.execute(
            "select question_key, relevant, is_required from codebook.question_editions"
            " inner join codebook.questions using (question_key)"
            " where edition_key = 2025 and not has_rows order by question_editions.position"
        ).fetchall()
        options = connection.execute(
            "select option_code from codebook.option_editions inner join codebook.options"
            " using (question_key, option_code) where edition_key = 2025"
            " and question_key = 'themes' order by position"
        ).fetchall()
    # The library that ODK reads forms with takes it.
    assert convert(xlsform=path, validate=False).warnings == []
    found = read_questionnaire(path)
    names = name_all(found.asked)
    back = {one.name: one for one in found.asked}
    assert len(asked) > 30
    for key, relevant, is_required in asked:
        assert carry_over(back[key].relevant, names) == (relevant or ""), key
        assert back[key].is_required == is_required
    assert list(back["themes"].options) == [code for (code,) in options]
    assert back["expert_organisations"].type == QuestionType.MATRIX
    assert found.left_out == [
        "support_needs_themes: not all its options are shown to all (choice_filter)"
    ]
