"""Municipalities that became one, written into the reference data in one step."""

import re
from dataclasses import dataclass
from pathlib import Path

from ingest.authoring.draft_files import Row, Tables, read_tables
from ingest.authoring.filling import refuse_new_faults
from ingest.authoring.undo import put_back, write_with_note
from ingest.shared.problems import InputError, Problem, name_candidates
from ingest.shared.text import is_date, to_match_text

CHANGED = ("municipalities", "populations", "postal_codes")


@dataclass(frozen=True)
class Merger:
    """A municipality that others became on a day; `date` is its first day, in ISO 8601."""

    nis_code: str
    name: str
    date: str
    is_rehearsal: bool


def add_merger(folder: Path, merger: Merger, names: list[str], *, write: bool) -> list[str]:
    """End municipalities on the day they merged, and begin the one that they became.

    It stands where the first of them stood, is what they were together in people and has their
    postal codes. Returns what became. Raises InputError where one is not there on that day, its
    code is another's, or what is made is no sound codebook; then nothing is changed.
    """
    _check(merger, names)
    tables = read_tables(folder)
    ended = [_find(tables, merger.date, name) for name in names]
    taken = [row for row in tables["municipalities"] if row["nis_code"] == merger.nis_code
             and row not in ended]  # fmt: skip
    if taken:
        what = f"The code {merger.nis_code} is of {taken[0]['name']}."
        raise InputError([Problem("codebook: municipalities", what, "Give the code it got.")])
    rehearsal = "yes" if merger.is_rehearsal else "no"
    for row in ended:
        row |= {"valid_to": merger.date, "successor_nis_code": merger.nis_code}
    tables["municipalities"].append(
        ended[0] | {"nis_code": merger.nis_code, "name": merger.name, "valid_from": merger.date,
                    "valid_to": "", "successor_nis_code": "", "is_rehearsal": rehearsal}
    )  # fmt: skip
    codes = {row["nis_code"] for row in ended}
    told = [f"{row['name']} ({row['nis_code']}) until {merger.date}" for row in ended]
    people = _add_up(tables, codes, merger, rehearsal)
    tables["postal_codes"] += [
        {"postal_code": code, "nis_code": merger.nis_code}
        for code in sorted({row["postal_code"] for row in tables["postal_codes"]
                            if row["nis_code"] in codes - {merger.nis_code}})
    ]  # fmt: skip
    refuse_new_faults(folder, read_tables(folder), tables)
    if write:
        write_with_note(folder, _name_note(merger.nis_code), tables, CHANGED)
    return [*told, f"{merger.name} ({merger.nis_code}) from {merger.date}, {people}"]


def take_back_merger(folder: Path, code: str) -> list[str]:
    """Take back the merger into a code; return the files.

    Raises InputError where there was none, or a file has changed since.
    """
    return put_back(folder, _name_note(code))


def _name_note(code: str) -> str:
    return f"merger-{code}"


def _check(merger: Merger, names: list[str]) -> None:
    problems = []
    if len(set(names)) < 2:
        problems.append(Problem("merger", "It has not two municipalities.", "Name them all."))
    if not re.fullmatch(r"\d{5}", merger.nis_code):
        what = f"{merger.nis_code!r} is no NIS code."
        problems.append(Problem("merger", what, "Write its five digits."))
    if not is_date(merger.date):
        problems.append(Problem("merger", f"{merger.date!r} is no date.",
                                "Write it as year-month-day."))  # fmt: skip
    if problems:
        raise InputError(problems)


def _find(tables: Tables, date: str, name: str) -> Row:
    """Return the municipality that has a name or code the day before a date."""
    there = [
        row for row in tables["municipalities"]
        if row["valid_from"] < date and (not row["valid_to"] or row["valid_to"] >= date)
    ]  # fmt: skip
    for row in there:
        if to_match_text(name).casefold() in (row["nis_code"], row["name"].casefold()):
            return row
    what = f"No municipality is called {name!r} on the eve of {date}."
    nearest = name_candidates(name, [row["name"] for row in there])
    raise InputError([Problem("codebook: municipalities", what, "Name one that is.", nearest)])


def _add_up(tables: Tables, codes: set[str], merger: Merger, rehearsal: str) -> str:
    """Move the populations of those that ended from the first year on to what they became."""
    since = [row for row in tables["populations"]
             if row["nis_code"] in codes and row["year"] >= merger.date[:4]]  # fmt: skip
    years = sorted({row["year"] for row in since})
    gone = [row for row in since if row["year"] > merger.date[:4] or merger.date[4:] == "-01-01"]
    tables["populations"] = [row for row in tables["populations"] if row not in gone]
    tables["populations"] += [
        {"nis_code": merger.nis_code, "year": year, "is_rehearsal": rehearsal,
         "population": str(sum(int(row["population"]) for row in since if row["year"] == year))}
        for year in years
    ]  # fmt: skip
    return f"people added up of {', '.join(years) or 'no year yet: add its populations'}"
