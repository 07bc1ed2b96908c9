"""An edition taken out of the codebook: a rehearsal in the way of the real one."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from ingest.authoring.draft_files import (
    EDITION_COLUMNS,
    LASTING,
    Row,
    Tables,
    check_changed,
    read_tables,
)
from ingest.authoring.undo import put_back, write_with_note
from ingest.codebook.tables import TABLES
from ingest.shared.problems import InputError, Problem

# What lasts, and where an edition asks it: what only the forgotten one asked goes with it.
ASKED_IN = (
    *((name, asked_in, ("question_key", code)) for name, code, asked_in, _ in LASTING),
    ("questions", "question_editions", ("question_key",)),
)
# What speaks of questions and options, and of no edition.
SPEAKING = ("headlines", "index_items", "open_codes")


@dataclass(frozen=True)
class Forgotten:
    """What was taken out of each file, and the export that no edition has any more."""

    counts: dict[str, int]
    exports: list[str]

    def __str__(self) -> str:
        lines = [f"{count} rows of {TABLES[name].path}" for name, count in self.counts.items()]
        return "\n".join(lines + [f"export {name}: move it away" for name in self.exports])


def forget_edition(folder: Path, edition: int, *, write: bool) -> Forgotten:
    """Take an edition out of every file of the codebook, with what only it had.

    Rehearsed mergers and populations of its frame go as well. Without `write` nothing changes.
    What is taken can be put back by `recall_edition`. Raises InputError where there is no such
    edition, or what is left is no sound codebook: then nothing changes either.
    """
    tables = read_tables(folder)
    key = str(edition)
    own = [row for row in tables["editions"] if row["edition_key"] == key]
    if not own:
        keys = ", ".join(row["edition_key"] for row in tables["editions"])
        what = f"It has no edition {key}; it has {keys}."
        raise InputError([Problem(_place("editions"), what, "Name one that it has.")])
    left = _take_out(tables, key)
    _give_back_municipalities(tables, left, own[0]["frame_date"])
    counts = {
        name: count
        for name in TABLES
        if (count := sum((Counter(map(_freeze, tables[name])) - Counter(map(_freeze, left[name])))
                         .values()))
    }  # fmt: skip
    check_changed(folder, left, counts)
    if write:
        write_with_note(folder, _name_note(key), left, counts)
    kept = {row["source_file"] for row in [*left["editions"], *left["edition_files"]]}
    files = [row["source_file"] for row in [*tables["editions"], *tables["edition_files"]]]
    return Forgotten(counts, [name for name in dict.fromkeys(files) if name not in kept])


def recall_edition(folder: Path, edition: int) -> list[str]:
    """Put back what was taken out last of an edition; return the files.

    Raises InputError where nothing was, or a file has changed since.
    """
    return put_back(folder, _name_note(str(edition)))


def _take_out(tables: Tables, edition: str) -> Tables:
    left = {
        name: [row for row in rows if edition not in (row.get(c) for c in EDITION_COLUMNS)]
        for name, rows in tables.items()
    }
    for name, asked_in, columns in ASKED_IN:
        once = {_take(row, columns) for row in tables[asked_in] if row["edition_key"] == edition}
        still = {_take(row, columns) for row in left[asked_in]}
        left[name] = [row for row in left[name] if _take(row, columns) not in once - still]
    known = {row["question_key"] for row in left["questions"]}
    options = {_take(row, ("question_key", "option_code")) for row in left["options"]}
    for name in SPEAKING:
        left[name] = [
            row
            for row in left[name]
            if row["question_key"] in known
            and (not row["option_code"] or _take(row, ("question_key", "option_code")) in options)
        ]
    items = {row["index_key"] for row in left["index_items"]}
    left["indices"] = [row for row in left["indices"] if row["index_key"] in items]
    gone = {row["concept"] for row in tables["questions"]} - {
        row["concept"] for row in left["questions"]
    }
    left["concepts"] = [row for row in left["concepts"] if row["concept"] not in gone]
    return left


def _give_back_municipalities(tables: Tables, left: Tables, frame_date: str) -> None:
    """Take out what was rehearsed for a frame that no edition has any more."""
    dates = [row["frame_date"] for row in left["editions"] if row["frame_date"]]
    years = {date[:4] for date in dates}
    left["populations"] = [
        row
        for row in tables["populations"]
        if row["is_rehearsal"] != "yes" or row["year"] != frame_date[:4] or row["year"] in years
    ]
    # A municipality that merged can have kept its code: it is told by its first day as well.
    rehearsed = {
        (row["nis_code"], row["valid_from"])
        for row in tables["municipalities"]
        if row["is_rehearsal"] == "yes" and row["valid_from"] > max(dates, default="")
    }
    left["municipalities"] = [
        row | {"valid_to": "", "successor_nis_code": ""}
        if (row["successor_nis_code"], row["valid_to"]) in rehearsed
        else row
        for row in tables["municipalities"]
        if (row["nis_code"], row["valid_from"]) not in rehearsed
    ]
    known = {row["nis_code"] for row in left["municipalities"]}
    for name in ("municipality_aliases", "postal_codes"):
        left[name] = [row for row in left[name] if row["nis_code"] in known]


def _name_note(edition: str) -> str:
    return f"forgotten-{edition}"


def _place(name: str) -> str:
    return f"codebook: {TABLES[name].path}"


def _take(row: Row, columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(row[column] for column in columns)


def _freeze(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple(row.items())
