"""A review in the terminal, question by question, and as a list that can be written and played."""

import csv
import io

import typer
from rich.console import Console
from rich.table import Table

from ingest.authoring.reviewing.decision import Decision, Field
from ingest.authoring.reviewing.review import COLUMNS, Review, is_next
from ingest.shared.problems import InputError

SKIP = "-"


def write_list(decisions: list[Decision]) -> str:
    """Return decisions as a CSV, a row for each field, with what is proposed as its value."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in decisions:
        writer.writerows((one.key, field.name, field.proposed) for field in one.fields)
    return made.getvalue()


def ask(review: Review) -> None:
    """Put every decision that can be taken; what is skipped stays, with what comes after it."""
    console = Console()
    skipped: set[str] = set()
    while decision := _find_next(review, skipped):
        left = len(review.list_decisions())
        console.rule(f"{left} left: {decision.key}", align="left")
        console.print(decision.title, style="bold", markup=False)
        console.print(decision.told, markup=False)
        console.print(_draw_evidence(decision))
        said = {}
        for field in decision.fields:
            said[field.name] = _ask_field(field)
            if said[field.name] == SKIP:
                break
        if SKIP in said.values():
            skipped.add(decision.key)
            continue
        try:
            for told in review.take(decision.key, said):
                console.print(told, markup=False)
        except InputError as error:
            console.print(str(error), markup=False)
    console.print(say_left(review), markup=False)


def _find_next(review: Review, skipped: set[str]) -> Decision | None:
    """Return the first decision that can be taken and was not skipped."""
    decisions = review.list_decisions()
    able = [one for one in decisions if is_next(one, decisions) and one.key not in skipped]
    return able[0] if able else None


def say_left(review: Review) -> str:
    """Return how many decisions are left; where none is, what a build would still refuse."""
    left = review.list_decisions()
    if left:
        return f"{len(left)} left: {', '.join(one.key for one in left)}"
    problems = review.find_problems()
    if problems:
        return f"nothing is left to decide, but a build would be refused:\n{InputError(problems)}"
    return "nothing is left to decide: build"


def _ask_field(field: Field) -> str:
    for code, words in field.choices:
        typer.echo(f"    {code}: {words}")
    hint = " (several between blanks)" if field.kind == "several" else ""
    question = f"{field.label}{hint}; {SKIP} to leave it"
    while True:
        said = str(typer.prompt(question, default=str(field.proposed), type=str)).strip()
        fault = None if said == SKIP else field.find_fault(said)
        if fault is None:
            return said
        typer.echo(" ".join(fault))


def _draw_evidence(decision: Decision) -> Table:
    table = Table("", "before", "now", show_edge=False)
    for line in decision.evidence:
        table.add_row(line.what, line.before, line.now)
    return table
