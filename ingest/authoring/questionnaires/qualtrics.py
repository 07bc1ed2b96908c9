"""A survey of Qualtrics (.qsf): questions, display and skip logic, branches."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.authoring.questionnaires.form import (
    Asked,
    Questionnaire,
    UnreadableError,
    join_conditions,
)
from ingest.shared.text import to_plain
from vocabulary.types import QuestionType

Json = dict[str, Any]
SEVERAL = ("MAVR", "MAHR", "MACOL", "MSB")
OPERATORS = {
    "EqualTo": "=", "NotEqualTo": "!=", "GreaterThan": ">", "GreaterThanOrEqual": ">=",
    "LessThan": "<", "LessThanOrEqual": "<=",
}  # fmt: skip
SILENT = ("DB", "Timing", "Meta", "Captcha")


class _UnsayableError(Exception):
    """Logic that asks for something that no answer tells."""


def read_qualtrics(path: Path) -> Questionnaire:
    """Return the questionnaire of a .qsf file. Raises UnreadableError where it is none."""
    try:
        elements = json.loads(path.read_text(encoding="utf-8-sig"))["SurveyElements"]
        return _Reader(elements).read()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        what = f"It is not as Qualtrics writes a survey ({type(error).__name__}: {error})."
        raise UnreadableError(what) from error


class _Reader:
    def __init__(self, elements: list[Json]) -> None:
        self.payloads = {
            element["Payload"]["QuestionID"]: element["Payload"]
            for element in elements
            if element["Element"] == "SQ"
        }
        (blocks,) = (e["Payload"] for e in elements if e["Element"] == "BL")
        listed = blocks.values() if isinstance(blocks, dict) else blocks
        self.blocks = {block["ID"]: block for block in listed if block.get("Type") != "Trash"}
        self.flow: list[Json] = next(
            (e["Payload"]["Flow"] for e in elements if e["Element"] == "FL"), []
        )
        self.made = Questionnaire()
        # Where each question stands, also one that is none here: the next that is asked.
        self.places: dict[str, int] = {}
        self.skips: list[tuple[int, str, str, str]] = []

    def read(self) -> Questionnaire:
        """Return the questions in the order of the flow, or of the blocks where it names none."""
        placed = list(self._walk(self.flow, []))
        placed = placed or [(key, []) for key in self.blocks]
        ends: dict[str, int] = {}
        for block_id, above in placed:
            block = self.blocks[block_id]
            for part in block.get("BlockElements", []):
                if part["Type"] == "Question" and part["QuestionID"] in self.payloads:
                    self.places[part["QuestionID"]] = len(self.made.asked)
                    self._add(self.payloads[part["QuestionID"]], above, block)
            ends[block_id] = len(self.made.asked)
        self._apply_skips(ends)
        return self.made

    def _walk(self, flow: list[Json], above: list[str]) -> Iterator[tuple[str, list[str]]]:
        for step in flow:
            if step.get("ID") in self.blocks:
                yield step["ID"], above
            elif step["Type"] in ("Branch", "Group", "Root", "BlockRandomizer"):
                own = [self._tell(step["BranchLogic"], "a branch")] if "BranchLogic" in step else []
                inner = step.get("Flow", [])
                yield from self._walk(inner, [*above, *own])
                if any(one["Type"] == "EndSurvey" for one in inner) and any(own):
                    # Who goes in does not come back.
                    above = [*above, f"not({join_conditions(*own)})"]

    def _add(self, payload: Json, above: list[str], block: Json) -> None:
        name, kind = payload["DataExportTag"], payload["QuestionType"]
        asked = _read_question(payload)
        if asked is None:
            if kind not in SILENT:
                self.made.left_out.append(f"{name}: {kind} {payload.get('Selector', '')}".strip())
            return
        shown = self._tell(payload["DisplayLogic"], name) if payload.get("DisplayLogic") else ""
        asked.relevant = join_conditions(*above, shown)
        asked.part = to_plain(block.get("Description", ""))
        every = [*_list_choices(payload, "Choice"), *_list_choices(payload, "Answer")]
        if any(one.get("DisplayLogic") for one in every) or payload.get("DynamicChoices"):
            what = "all its options are taken as shown to all who see it"
            self.made.left_out.append(f"{name}: {what}; their logic is not carried over")
        self.made.asked.append(asked)
        for skip in payload.get("SkipLogic") or []:
            destination = str(skip.get("SkipToDestination", ""))
            condition = self._tell_one(skip | {"LogicType": "Question", "QuestionID":
                                               payload["QuestionID"]}, name)  # fmt: skip
            self.skips.append((len(self.made.asked), condition, destination, block["ID"]))

    def _apply_skips(self, ends: dict[str, int]) -> None:
        """Ask what a skip goes past of those who do not skip."""
        for start, condition, destination, block in self.skips:
            end = {"ENDOFSURVEY": len(self.made.asked), "ENDOFBLOCK": ends[block]}.get(
                destination, self.places.get(destination)
            )
            if end is None:
                name = self.made.asked[start - 1].name
                self.made.left_out.append(f"{name}: a skip to {destination} is not carried over")
            for asked in self.made.asked[start:end] if condition else []:
                asked.relevant = join_conditions(asked.relevant, f"not({condition})")

    def _tell(self, logic: Json, name: str) -> str:
        """Return logic as one condition; what cannot be said is listed, and asked of everyone."""
        groups: list[str] = []
        for key in sorted(filter(str.isdigit, logic), key=int):
            group, words = logic[key], ""
            for place in sorted(filter(str.isdigit, group), key=int):
                one = group[place]
                if one:
                    told = self._tell_one(one, name)
                    if not told:
                        return ""
                    how = str(one.get("Conjuction", one.get("Conjunction", "And"))).lower()
                    words = f"{words} {how} {told}" if words else told
            how = "or" if group.get("Type") in ("OrIf", "ElseIf") else "and"
            groups.append(f"{how} ({words})" if groups else f"({words})")
        return " ".join(groups)

    def _tell_one(self, one: Json, name: str) -> str:
        try:
            return self._say(one)
        except (_UnsayableError, KeyError, IndexError, ValueError, TypeError):
            told = to_plain(str(one.get("Description", "")))
            self.made.left_out.append(
                f"{name}: asked of all; its logic is not carried over: {told}"
            )
            return ""

    def _say(self, one: Json) -> str:
        if one.get("LogicType") != "Question":
            raise _UnsayableError
        payload = self.payloads[one["QuestionID"]]
        asked = _read_question(payload)
        if asked is None:
            raise _UnsayableError
        reference = f"${{{payload['DataExportTag']}}}"
        how = one.get("Operator") or one.get("Condition")
        locator = str(one.get("ChoiceLocator") or one.get("Locator") or one.get("LeftOperand"))
        if how in ("Selected", "NotSelected"):
            kind, *rest = locator.split("/")[3:]
            if asked.items or kind != "SelectableChoice" or len(rest) != 1:
                raise _UnsayableError
            code = _recode(payload, rest[0])
            said = f"selected({reference}, '{code}')"
            return said if how == "Selected" else f"not({said})"
        if how in OPERATORS and asked.type in (QuestionType.NUMBER, QuestionType.INTEGER):
            return f"{reference} {OPERATORS[how]} {float(one['RightOperand']):g}"
        if how in ("Empty", "NotEmpty"):
            return f"{reference} {'=' if how == 'Empty' else '!='} ''"
        raise _UnsayableError


def _read_question(payload: Json) -> Asked | None:
    """Return a question, or None for what is none or of a kind that has no type here."""
    kind, selector = payload["QuestionType"], payload.get("Selector", "")
    choices, answers = _read_choices(payload, "Choice"), _read_choices(payload, "Answer")
    settings = (payload.get("Validation") or {}).get("Settings") or {}
    type_, options, items = None, choices, {}
    match kind, selector, payload.get("SubSelector", ""):
        case "MC", _, _:
            type_ = QuestionType.MULTIPLE if selector in SEVERAL else QuestionType.SINGLE
        case "Matrix", "Likert", ("SingleAnswer" | "MultipleAnswer") as sub:
            is_single = sub == "SingleAnswer"
            type_ = QuestionType.MATRIX if is_single else QuestionType.CHECKBOX_GRID
            options, items = answers, choices
        case "RO" | "CS" | "Slider", _, _:
            type_ = {"RO": QuestionType.RANK, "CS": QuestionType.CONSTANT_SUM}.get(
                kind, QuestionType.NUMBERS
            )
            options, items = {}, choices
        case "TE", "SL" | "ML" | "ESTB", _:
            is_number = settings.get("ContentType") == "ValidNumber"
            type_, options = (QuestionType.NUMBER if is_number else QuestionType.TEXT), {}
    if type_ is None:
        return None
    return Asked(
        payload["DataExportTag"],
        to_plain(payload["QuestionText"]),
        type_,
        options,
        items,
        is_required=settings.get("ForceResponse") == "ON",
        total=str(settings.get("ChoiceTotal", "100")) if kind == "CS" else "",
    )


def _list_choices(payload: Json, kind: str) -> list[Json]:
    own = payload.get(f"{kind}s") or {}
    return list(own.values()) if isinstance(own, dict) else list(own)


def _read_choices(payload: Json, kind: str) -> dict[str, str]:
    """Return choices or answers in their order, by the value that an export has for them."""
    own = payload.get(f"{kind}s") or {}
    listed = own if isinstance(own, dict) else dict(enumerate(own, start=1))
    every = {str(key): choice for key, choice in listed.items()}
    order = [str(key) for key in payload.get(f"{kind}Order") or every]
    # Rows of a matrix are told by their number, what is chosen by its recoded value.
    is_chosen = (kind == "Answer") == (payload["QuestionType"] == "Matrix")
    return {
        _recode(payload, key) if is_chosen else key: to_plain(every[key]["Display"])
        for key in order
        if key in every
    }


def _recode(payload: Json, key: str) -> str:
    return str((payload.get("RecodeValues") or {}).get(key, key))
