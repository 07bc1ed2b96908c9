"""The specification of routing: small tables, answers in, states out."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import ROOT
from tests.surveys import Answers, Question

PAGE = ROOT / "docs/routing.md"
TABLES = Path(__file__).with_name("routing.yml")
HEAD = """# How routing decides

Every respondent has one state for every question that the edition asks. Each table below is a small
survey: what the codebook says of its questions, then a row per respondent, with what they answered
and what became of each question. The tests build these surveys and compare.

`answered`: shown and answered, the base N. `skipped`: shown, and the respondent went on.
`not_shown`: routed away. `not_reached`: they stopped before it. `off_route`: an answer stands there
though the question was routed away. Why one respondent was or was not shown one question stands in
`audit.routing_explained`, clause by clause.
"""


@dataclass(frozen=True)
class Spec:
    """One table: its questions under their own names, and each respondent's answers and states."""

    number: int
    title: str
    words: str
    questions: dict[str, dict[str, Any]]
    respondents: list[dict[str, Any]]

    def name(self, key: str) -> str:
        """A question's key in the survey that all the tables make together."""
        return f"s{self.number}_{key}"

    def list_questions(self) -> list[Question]:
        def rename(text: str) -> str:
            return re.sub(r"\$\{(\w+)", lambda match: f"${{{self.name(match[1])}", text)

        return [
            Question(
                self.name(key),
                find_type(told),
                told.get("options", []),
                rename(told.get("relevant", "")),
                rename(told.get("item_relevant", "")),
                told.get("rows", []),
                is_ordered=told.get("ordered", False),
            )
            for key, told in self.questions.items()
        ]

    def list_people(self) -> list[Answers]:
        return [
            Answers(
                "m1",
                not told.get("stops", False),
                {
                    self.name(key): set(answer) if isinstance(answer, list) else {str(answer)}
                    for key, answer in told["answers"].items()
                },
            )
            for told in self.respondents
        ]


def find_type(told: dict[str, Any]) -> str:
    """Return the type of a question, from what the table tells of it."""
    if "options" not in told:
        return "integer"
    return "matrix" if "rows" in told else "multiple" if told.get("several") else "single"


def read_specs() -> list[Spec]:
    tables = yaml.safe_load(TABLES.read_text("utf-8"))
    return [Spec(number, **table) for number, table in enumerate(tables, start=1)]


def render(specs: list[Spec]) -> str:
    return "\n".join([HEAD, *map(_render_spec, specs)])


def _render_spec(spec: Spec) -> str:
    lines = [
        f"## {spec.title}",
        "",
        spec.words,
        "",
        "| question | options | asked of |",
        "|---|---|---|",
    ]
    for key, told in spec.questions.items():
        kind = "several of " if told.get("several") else "in order: " if told.get("ordered") else ""
        options = ", ".join(told["options"]) if "options" in told else "a number"
        rows = f", for rows {', '.join(told['rows'])}" if "rows" in told else ""
        condition = told.get("relevant") or told.get("item_relevant")
        asked = f"`{condition}`" if condition else "everyone"
        lines.append(f"| {key} | {kind}{options}{rows} | {asked} |")
    keys = list(spec.respondents[0]["states"])
    lines += ["", f"| reached the end | {' | '.join(keys)} |", "|---|" + "---|" * len(keys)]
    for told in spec.respondents:
        cells = []
        for key in keys:
            answer = told["answers"].get(key, "")
            words = " + ".join(answer) if isinstance(answer, list) else str(answer)
            cells.append(f"{words or '–'} → `{told['states'][key]}`")
        lines.append(f"| {'no' if told.get('stops') else 'yes'} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
