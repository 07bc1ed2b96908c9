"""A question of several answers of which only one can be given now: it gets a key of its own."""

from ingest.authoring.draft_files import PER_EDITION
from ingest.authoring.reviewing.same_questions import rename_in_routing
from ingest.authoring.reviewing.state import State, find_rows
from vocabulary.lists import AnswerRole, Lineage, QuestionLineage
from vocabulary.types import TRAITS, QuestionType


def can_be_single(state: State, question: str) -> bool:
    """Whether the edition has a question of several answers in one column: boxes are several."""
    roles = [row["role"] for row in state.list_own("export_columns", question_key=question)]
    return state.find_traits(question).takes_several and AnswerRole.OPTION not in roles


def make_single(state: State, question: str, reason: str) -> str:
    """Let a question of one answer continue one of several in the edition; return its key."""
    key = f"{question}_single"
    (row,) = find_rows(state.tables, "questions", question_key=question)
    rule = TRAITS[QuestionType.SINGLE].municipality_rules[0]
    state.tables["questions"].append(
        row | {"question_key": key, "type": QuestionType.SINGLE, "municipality_rule": rule}
    )
    asked = {row["option_code"] for row in state.list_own("option_editions",
                                                          question_key=question)}  # fmt: skip
    state.tables["options"] += [
        row | {"question_key": key, "is_exclusive": "no"}
        for row in find_rows(state.tables, "options", question_key=question)
        if row["option_code"] in asked
    ]
    for name in PER_EDITION:
        for row in state.list_own(name, question_key=question):
            row["question_key"] = key
            if row.get("role") == AnswerRole.OPTIONS:
                row["role"] = AnswerRole.QUESTION
            if "lineage" in row:
                row["lineage"] = Lineage.NEW
    for row in state.list_own("question_editions"):
        rename_in_routing(row, question, key)
    state.tables["question_lineage"].append(
        {"edition_key": state.edition, "question_key": key, "item_code": "",
         "from_question_key": question, "from_item_code": "",
         "lineage": QuestionLineage.CONTINUED, "reason": reason}
    )  # fmt: skip
    return key
