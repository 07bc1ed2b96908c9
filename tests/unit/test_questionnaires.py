"""Questionnaires of other tools: what is asked, and of whom, as their own rules have it.

A tool counts a blank as a value: what is true of it there is held against what is carried over, for
each answer and for none.
"""

import json

import duckdb
import pytest
from pyxform.xls2xform import convert

from ingest.authoring.questionnaires.conditions import carry_over, give_out, name_all
from ingest.authoring.questionnaires.form import Asked, Questionnaire
from ingest.authoring.questionnaires.placed import place_questions
from ingest.authoring.questionnaires.reading import read_questionnaire
from ingest.authoring.questionnaires.writing import write_questionnaire
from ingest.codebook.loading import load_codebook
from ingest.exports.files import Grid
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
    Asked("signed", "Which?", QuestionType.SINGLE, {"1": "Yes", "-1": "Unknown"}),
    Asked("since", "Since?", QuestionType.DATE),
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
        # Codes that differ by a sign alone are two options.
        ("${signed} = '-1'", "${signed} = '1_2'"),
        ("count-selected(${kinds}) = 0", "${kinds} = ''"),
        ("${many} >= 1234567.25", "${many} >= 1234567.25"),
        ("${staff} > 1", "${sat.staff} = '2'"),
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
        ("${since} > 5", "compares 'since', which is no number"),
        ("${sat} = '1'", "asks for 'sat', which is answered in its rows"),
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
         # Without NAOK it is asked of nobody who was not shown what it names.
         "(${Sat.SQ001} = 'A2' or (${Has} != 'N' or ${Has} = '')) and ${Has} != ''"),
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
        ("Kanalen?", {"SQ001": "Folder", "SQ002": "Website", "other": "other"}, "Begin",
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


def read_qsf(tmp_path, change):
    """The survey of Qualtrics, its payloads by question and its flow changed first."""
    made = make_qualtrics()
    payloads = {
        one["Payload"]["QuestionID"]: one["Payload"]
        for one in made["SurveyElements"]
        if one["Element"] == "SQ"
    }
    flow = next(one for one in made["SurveyElements"] if one["Element"] == "FL")
    change(payloads, flow["Payload"]["Flow"])
    path = tmp_path / "survey.qsf"
    path.write_text(json.dumps(made))
    return read_questionnaire(path)


def test_who_goes_to_the_end_is_asked_nothing_behind_it(tmp_path):
    def change(payloads, flow):
        refuses = {"LogicType": "Question", "QuestionID": "QID1", "Operator": "Selected",
                   "ChoiceLocator": "q://QID1/SelectableChoice/2"}  # fmt: skip
        logic = {"0": {"0": refuses, "Type": "If"}}
        flow.insert(1, {"Type": "Branch", "BranchLogic": logic, "Flow": [{"Type": "EndSurvey"}]})

    found = read_qsf(tmp_path, change)
    names = name_all(found.asked)
    assert carry_over(found.asked[3].relevant, names) == "${Has} != '0' and ${Has} = '1'"


def test_skip_to_what_is_only_read_goes_to_the_next_question(tmp_path):
    def change(payloads, _):
        payloads["QID3"] |= {"QuestionType": "DB", "Selector": "TB"}
        payloads["QID1"]["SkipLogic"] = [
            {"ChoiceLocator": "q://QID1/SelectableChoice/2", "Condition": "Selected",
             "SkipToDestination": "QID3"}]  # fmt: skip

    found = read_qsf(tmp_path, change)
    by_name = {one.name: one for one in found.asked}
    assert by_name["Kinds"].relevant == "not(selected(${Has}, '0'))"
    assert not any("skip" in words for words in found.left_out)


def test_many_conditions_stay_in_their_order_and_odd_logic_is_told(tmp_path):
    def change(payloads, _):
        one = {"LogicType": "Question", "QuestionID": "QID2", "Operator": "Selected"}
        payloads["QID4"]["DisplayLogic"] = {"0": {"Type": "If"} | {
            str(n): one | {"ChoiceLocator": f"q://QID2/SelectableChoice/{1 if n < 10 else 2}",
                           "Conjuction": "Or"} for n in range(11)
        }}  # fmt: skip
        payloads["QID5"]["DisplayLogic"]["0"]["0"]["RightOperand"] = "veel"
        payloads["QID1"]["Choices"]["1"]["DisplayLogic"] = {"0": {}}

    found = read_qsf(tmp_path, change)
    by_name = {one.name: one for one in found.asked}
    assert by_name["Sat"].relevant.endswith("or selected(${Kinds}, '2')))")
    assert [words.split(":")[0] for words in found.left_out] == ["Has", "Points", "Why", "Draw"]


@pytest.mark.parametrize(
    ("relevance", "expected"),
    [
        # A name that begins with not, or with or, is a name.
        ('note.NAOK == "Y"', "${note} = 'Y'"),
        ('not note.NAOK == "Y"', "${note} != 'Y' or ${note} = ''"),
        ('not note == "Y"', "(${note} != 'Y' or ${note} = '') and ${note} != ''"),
        ('order.NAOK == "Y" AND note == "Y"', "${order} = 'Y' and ${note} = 'Y'"),
        ("e.shown == 'x'", None),
    ],
)
def test_names_of_limesurvey_may_begin_like_its_words(tmp_path, relevance, expected):
    columns = "class\ttype/scale\tname\trelevance\ttext\tlanguage\n"
    lines = ["G\t\tBegin\t1\t\tnl"] + [
        f"Q\tY\t{name}\t1\t{name}\tnl" for name in ("e", "note", "order")
    ]
    lines.append(f"Q\tT\tlast\t{relevance.replace(chr(34), chr(39))}\tlast\tnl")
    path = tmp_path / "survey.txt"
    path.write_text(columns + "\n".join(lines))
    found = read_questionnaire(path)
    told = carry_over(found.asked[-1].relevant, name_all(found.asked))
    assert told == (expected or "")
    assert bool(found.left_out) == (expected is None)


def place(asked, headers, *rows):
    grid = Grid(None, headers, [list(row) for row in rows], list(range(2, len(rows) + 2)))
    return place_questions(Questionnaire(asked), grid, {})


def test_question_goes_before_what_another_may_be_called():
    options = {"web": "Web", "other": "Other"}
    asked = [Asked("chan", "Channels?", QuestionType.MULTIPLE, options),
             Asked("chan_other", "Which?", QuestionType.TEXT)]  # fmt: skip
    (chan, text), others, told = place(
        asked, ["chan", "chan_other"], ("web other", "the neighbours"), ("web", None)
    )
    assert [column[:2] for column in chan.columns] == [("chan", "options")]
    assert [column[:2] for column in text.columns] == [("chan_other", "question")]
    assert (chan.delimiter, others, told) == ("\\s", [], [])


def test_words_in_the_place_of_a_box_are_nobodys_spelling():
    asked = [Asked("chan", "Channels?", QuestionType.MULTIPLE, {"web": "Web", "x": "No"})]
    (chan,), _, _ = place(
        asked, ["chan/web", "chan/x"], ("1", "de buren"), ("0", None), ("1", "iets anders")
    )
    assert [column[1] for column in chan.columns] == ["option", "other_text"]
    assert "de buren" not in {text for _, text, _ in chan.spellings}
    # A box that holds its own label is ticked, also where that is no.
    (chan,), _, _ = place(asked, ["chan/web", "chan/x"], ("Web", "No"), ("Web", None))
    assert ("No", "No", True) in chan.spellings


def test_codes_that_are_labels_of_others_are_codes_and_told():
    labels = {"1": "0", "2": "1", "3": "2", "4": "3", "5": "4 of meer"}
    asked = [Asked("kids", "How many?", QuestionType.SINGLE, labels)]
    (kids,), _, told = place(asked, ["kids"], ("1",), ("2",), ("3",))
    assert {label: text for label, text, _ in kids.spellings}["0"] == "1"
    assert told == ["kids: do its cells hold codes or labels? Taken for codes"]
