"""XLSForm, as ODK, KoBoToolbox and SurveyCTO have it: read with its own library."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from ingest.authoring.questionnaires.form import (
    Asked,
    Questionnaire,
    UnreadableError,
    join_conditions,
)
from ingest.shared.text import to_plain
from vocabulary.types import QuestionType

TYPES = {
    "select one": QuestionType.SINGLE,
    "select all that apply": QuestionType.MULTIPLE,
    "integer": QuestionType.INTEGER,
    "decimal": QuestionType.NUMBER,
    "range": QuestionType.NUMBER,
    "text": QuestionType.TEXT,
    "date": QuestionType.DATE,
    "rank": QuestionType.RANK,
}
# What a form keeps by itself, and what is read but not answered.
SILENT = {"note", "start", "end", "today", "deviceid", "username", "phonenumber", "email", "audit",
          "simserial", "subscriberid", "start-geopoint", "background-audio"}  # fmt: skip
# What the library writes for the text beside an option that it added (or_other).
OTHERS = re.compile(r"selected\((?:\.\./)?([^,${}]+), 'other'\)")


def read_xlsform(path: Path) -> Questionnaire:
    """Return the questionnaire of an XLSForm workbook.

    Raises UnreadableError with what the library says where the form is none.
    """
    try:
        form = convert(xlsform=path, validate=False)._pyxform
    except (PyXFormError, ValueError, KeyError, OSError) as error:
        raise UnreadableError(str(error)) from error
    made = Questionnaire()
    made.asked.extend(_walk(form["children"], made.left_out, [], ""))
    return made


def _walk(
    children: list[dict[str, Any]], left_out: list[str], above: list[str], part: str
) -> Iterator[Asked]:
    for child in children:
        kind, name = child["type"], child["name"]
        bind = child.get("bind", {})
        relevant = bind.get("relevant", "")
        conditions = [*above, relevant]
        if kind == "group" and (grid := _read_grid(child)):
            grid.part, grid.relevant = part, join_conditions(*conditions)
            yield grid
        elif kind == "group":
            own = part or _read_label(child) if name != "meta" else part
            yield from _walk(child.get("children", []), left_out, conditions, own)
        elif kind in TYPES:
            options = {one["name"]: _read_label(one) for one in child.get("choices", [])}
            is_rank = kind == "rank"
            if child.get("choice_filter"):
                left_out.append(f"{name}: not all its options are shown to all (choice_filter)")
            yield Asked(
                name,
                _read_label(child),
                TYPES[kind],
                options={} if is_rank else options,
                items=options if is_rank else {},
                relevant=OTHERS.sub(r"selected(${\1}, 'other')", join_conditions(*conditions)),
                part=part,
                is_required=_is_required(child),
            )
        elif kind == "repeat":
            left_out.append(f"{name}: asked more than once of one respondent (repeat)")
        elif name != "instanceID" and kind not in SILENT:
            left_out.append(f"{name}: {kind}")


def _read_grid(group: dict[str, Any]) -> Asked | None:
    """Return a table of choices as one question, where the rows are asked of the same people."""
    rows = [child for child in group.get("children", []) if "list-nolabel" in _appear(child)]
    heads = [child for child in group.get("children", []) if child not in rows]
    others = [head for head in heads if head["type"] != "note" and "label" not in _appear(head)]
    if (
        not rows
        or others
        or any(
            row["type"] not in ("select one", "select all that apply")
            or row.get("itemset") != rows[0].get("itemset")
            or row["type"] != rows[0]["type"]
            or row.get("bind", {}).get("relevant")
            for row in rows
        )
    ):
        return None
    titles = [_read_label(child) for child in heads if child["type"] == "note"]
    is_single = rows[0]["type"] == "select one"
    return Asked(
        group["name"],
        _read_label(group, "") or next(iter(titles), group["name"]),
        QuestionType.MATRIX if is_single else QuestionType.CHECKBOX_GRID,
        options={one["name"]: _read_label(one) for one in rows[0]["choices"]},
        items={row["name"]: _read_label(row) for row in rows},
        is_required=all(map(_is_required, rows)),
    )


def _is_required(child: dict[str, Any]) -> bool:
    return str(child.get("bind", {}).get("required", "")).lower() in ("yes", "true", "true()")


def _appear(child: dict[str, Any]) -> str:
    return str(child.get("control", {}).get("appearance", ""))


def _read_label(child: dict[str, Any], default: str | None = None) -> str:
    """Return the label in the form's first language, or the name."""
    label = child.get("label") or ""
    if isinstance(label, dict):
        label = next((text for text in label.values() if text), "")
    return to_plain(label) or (child["name"] if default is None else default)
