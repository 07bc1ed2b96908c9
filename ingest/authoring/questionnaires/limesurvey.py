"""A survey structure of LimeSurvey (.lss, .txt): questions, subquestions, answers, relevance."""

import csv
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import ParseError

from defusedxml.ElementTree import parse
from lark import Lark, Token, Transformer, UnexpectedInput, v_args
from lark.exceptions import VisitError

from ingest.authoring.questionnaires.form import (
    Asked,
    Questionnaire,
    UnreadableError,
    join_conditions,
)
from ingest.shared.text import to_plain
from vocabulary.types import QuestionType

Row = dict[str, str]
TYPES = {
    "L": QuestionType.SINGLE, "!": QuestionType.SINGLE, "O": QuestionType.SINGLE,
    "Y": QuestionType.SINGLE, "G": QuestionType.SINGLE, "5": QuestionType.SINGLE,
    "M": QuestionType.MULTIPLE, "P": QuestionType.MULTIPLE,
    "F": QuestionType.MATRIX, "A": QuestionType.MATRIX, "B": QuestionType.MATRIX,
    "C": QuestionType.MATRIX, "E": QuestionType.MATRIX, "N": QuestionType.NUMBER,
    "K": QuestionType.NUMBERS, "S": QuestionType.TEXT, "T": QuestionType.TEXT,
    "U": QuestionType.TEXT, "D": QuestionType.DATE, "R": QuestionType.RANK,
}  # fmt: skip
# Answers that a type has by itself, as exports code them; their labels are the export's.
FIXED = {
    "Y": ("Y", "N"), "G": ("F", "M"), "5": "12345", "A": "12345", "C": ("Y", "N", "U"),
    "B": tuple(map(str, range(1, 11))), "E": ("I", "S", "D"),
}  # fmt: skip
OTHER, SILENT = "other", ("X", "*")
# Of its expressions: comparisons of answers, joined and negated.
GRAMMAR = r"""
    ?start: disjunction
    ?disjunction: conjunction ((OR | "||") conjunction)*
    ?conjunction: term ((AND | "&&") term)*
    ?term: ("!" | NOT) term -> negation
        | "(" disjunction ")"
        | NAME OPERATOR value -> comparison
        | "is_empty" "(" NAME ")" -> is_empty
    ?value: QUOTED | NUMBER
    OR: /or\b/i
    AND: /and\b/i
    NOT: /not\b/i
    NAME: /(?!(?:or|and|not|is_empty)\b)[A-Za-z]\w*(\.[A-Za-z]+)?/
    QUOTED: /"[^"]*"|'[^']*'/
    NUMBER: /-?[0-9]+([.][0-9]+)?/
    OPERATOR: "==" | "!=" | "<=" | ">=" | "<" | ">" | /\b(eq|ne|le|ge|lt|gt)\b/
    %ignore /\s+/
"""
MAY_ASK_FOR_BLANKS = re.compile(r"!|<|\b(?:not|ne|lt|le)\b", re.IGNORECASE)
SPELLED = {"==": "=", "eq": "=", "ne": "!=", "le": "<=", "ge": ">=", "lt": "<", "gt": ">"}


def read_limesurvey(path: Path) -> Questionnaire:
    """Return the questionnaire of a .lss or .txt file. Raises UnreadableError where it is none."""
    is_text = path.suffix.lower() == ".txt"
    try:
        tables = _read_lines(path) if is_text else _read_sections(path)
    except (ParseError, ValueError, OSError, KeyError) as error:
        raise UnreadableError(f"{type(error).__name__}: {error}") from error
    if not tables["questions"]:
        raise UnreadableError("It has no questions.")
    try:
        return _Reader(tables).read()
    except (KeyError, ValueError) as error:
        what = f"A question, its group or its place is not as LimeSurvey writes it ({error!r})."
        raise UnreadableError(what) from error


def _read_sections(path: Path) -> dict[str, list[Row]]:
    """Return the tables of the XML."""
    tables: dict[str, list[Row]] = defaultdict(list)
    for section in parse(path).getroot():
        for row in section.iterfind("rows/row"):
            tables[section.tag].append({cell.tag: cell.text or "" for cell in row})
    return tables


def _read_lines(path: Path) -> dict[str, list[Row]]:
    """Return the same tables of the tabbed text, where each line stands below what it is of."""
    tables: dict[str, list[Row]] = defaultdict(list)
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file, delimiter="\t"))
    language = next((line["language"] for line in lines if line["language"]), "")
    group = question = ""
    for number, line in enumerate(lines):
        if line["language"] not in ("", language):
            continue
        place, name, text = str(number), line["name"], line["text"]
        asked = {"title": name, "question": text, "gid": group, "question_order": place,
                 "relevance": line["relevance"], "mandatory": line.get("mandatory") or "",
                 "other": line.get("other") or "", "type": line["type/scale"]}  # fmt: skip
        match line["class"]:
            case "G":
                group = place
                tables["groups"].append({"gid": place, "group_order": place, "group_name": name,
                                         "grelevance": line["relevance"]})  # fmt: skip
            case "Q":
                question = place
                tables["questions"].append(asked | {"qid": place, "parent_qid": "0"})
            case "SQ":
                tables["subquestions"].append(asked | {"qid": place, "parent_qid": question})
            case "A":
                tables["answers"].append({"aid": place, "qid": question, "code": name,
                                          "answer": text, "sortorder": place})  # fmt: skip
    return tables


class _Reader:
    def __init__(self, tables: dict[str, list[Row]]) -> None:
        self.tables = tables
        self.texts = {
            table: self._read_texts(f"{table}_l10ns", key)
            for table, key in (("question", "qid"), ("answer", "aid"), ("group", "gid"))
        }
        self.made = Questionnaire()
        self.variables: dict[str, tuple[Asked, str]] = {}

    def _read_texts(self, table: str, key: str) -> dict[str, Row]:
        """Return the texts of the survey's first language, which older files have elsewhere."""
        texts: dict[str, Row] = {}
        for row in self.tables[table]:
            texts.setdefault(row[key], row)
        return texts

    def read(self) -> Questionnaire:
        """Return the questions in their order, group after group."""
        groups = sorted(self._first("groups", "gid"), key=lambda row: int(row["group_order"]))
        order = {row["gid"]: place for place, row in enumerate(groups)}
        by_gid = {row["gid"]: row for row in groups}
        questions = self._first("questions", "qid")
        tops = [row for row in questions if row.get("parent_qid", "0") == "0"]
        below = self._first("subquestions", "qid") + [r for r in questions if r not in tops]
        tops.sort(key=lambda row: (order[row["gid"]], int(row["question_order"])))
        for row in tops:
            group = by_gid[row["gid"]]
            own = [sub for sub in below if sub["parent_qid"] == row["qid"]]
            own.sort(key=lambda sub: int(sub["question_order"]))
            self._add(row, group, own)
        return self.made

    def _first(self, table: str, key: str) -> list[Row]:
        """Return each row once: older files repeat it in every language."""
        rows: dict[str, Row] = {}
        for row in self.tables[table]:
            rows.setdefault(row[key], row)
        return list(rows.values())

    def _say(self, table: str, row: Row, key: str, column: str) -> str:
        return to_plain(self.texts[table].get(row[key], row).get(column, "")) or row.get(
            "title", ""
        )

    def _add(self, row: Row, group: Row, below: list[Row]) -> None:
        name, kind = row["title"], row["type"]
        if kind not in TYPES:
            if kind not in SILENT:
                self.made.left_out.append(f"{name}: type {kind}")
            return
        type_ = TYPES[kind]
        answers = {code: code for code in FIXED.get(kind, ())} | {
            answer["code"]: self._say("answer", answer, "aid", "answer")
            for answer in self._list_answers(row["qid"])
        }
        subs = {sub["title"]: self._say("question", sub, "qid", "question") for sub in below}
        if row.get("other") == "Y":
            (subs if type_ == QuestionType.MULTIPLE else answers)[OTHER] = "other"
        part = [sub["title"] for sub in below if sub.get("relevance", "1").strip() not in ("", "1")]
        if part:
            what = f"asked of all who see {name}; relevance of its rows is not carried over"
            self.made.left_out.append(f"{name}: {', '.join(part)} {what}")
        is_multiple, is_rank = type_ == QuestionType.MULTIPLE, type_ == QuestionType.RANK
        conditions = [self._tell(r.get(column, ""), name)
                      for r, column in ((group, "grelevance"), (row, "relevance"))]  # fmt: skip
        asked = Asked(
            name,
            self._say("question", row, "qid", "question"),
            type_,
            options=subs if is_multiple else {} if is_rank else answers,
            items=answers if is_rank else {} if is_multiple else subs,
            relevant=join_conditions(*conditions),
            part=to_plain(self.texts["group"].get(row["gid"], group).get("group_name", "")),
            is_required=row.get("mandatory") == "Y",
        )
        self.made.asked.append(asked)
        self.variables[name] = asked, ""
        self.variables |= {f"{name}_{code}": (asked, code) for code in subs}

    def _list_answers(self, qid: str) -> list[Row]:
        rows: dict[str, Row] = {}
        for row in self.tables["answers"]:
            if row["qid"] == qid:
                rows.setdefault(row["code"], row)
        return sorted(rows.values(), key=lambda row: int(row.get("sortorder", "0")))

    def _tell(self, relevance: str, name: str) -> str:
        """Return a relevance as XLSForm writes it; what cannot be said is listed."""
        if relevance.strip() in ("", "1"):
            return ""
        try:
            writer = _Writer(self.variables)
            told = str(writer.transform(_load_parser().parse(relevance)))
            # Without NAOK nobody is asked who was not shown what it names.
            shown = writer.plain if MAY_ASK_FOR_BLANKS.search(relevance) else []
            asked = [one for one in shown if f"{one} = ''" not in told]
            return join_conditions(told, *(f"{one} != ''" for one in asked))
        except (UnexpectedInput, VisitError):
            told = f"its relevance is not carried over: {relevance}"
            self.made.left_out.append(f"{name}: asked of all; {told}")
            return ""


@cache
def _load_parser() -> Lark:
    return Lark(GRAMMAR)


@v_args(inline=True)
class _Writer(Transformer[Token, str]):
    def __init__(self, variables: dict[str, tuple[Asked, str]]) -> None:
        super().__init__()
        self.variables = variables
        self.plain: list[str] = []

    def _find(self, name: Token) -> tuple[Asked, str, str]:
        variable, _, suffix = name.partition(".")
        # What stands behind other points is no answer.
        if suffix not in ("", "NAOK", "value", "valueNAOK"):
            raise KeyError(name)
        asked, code = self.variables[variable]
        is_row = bool(code) and asked.type != QuestionType.MULTIPLE
        reference = f"${{{asked.name}.{code}}}" if is_row else f"${{{asked.name}}}"
        if "NAOK" not in suffix and reference not in self.plain:
            self.plain.append(reference)
        return asked, code, reference

    def comparison(self, name: Token, operator: Token, value: Token) -> str:
        asked, code, reference = self._find(name)
        spelled = SPELLED.get(operator, str(operator))
        text = value.strip("\"'")
        if asked.type == QuestionType.MULTIPLE and code:
            said = f"selected({reference}, '{code}')"
            return said if (text == "Y") == (spelled == "=") else f"not({said})"
        return f"{reference} {spelled} '{text}'"

    def is_empty(self, name: Token) -> str:
        asked, code, reference = self._find(name)
        if asked.type == QuestionType.MULTIPLE and code:
            return f"not(selected({reference}, '{code}'))"
        return f"{reference} = ''"

    def negation(self, *terms: str) -> str:
        return f"not({terms[-1]})"

    def conjunction(self, *terms: str) -> str:
        return " and ".join(f"({term})" for term in terms if not isinstance(term, Token))

    def disjunction(self, *terms: str) -> str:
        return " or ".join(f"({term})" for term in terms if not isinstance(term, Token))
