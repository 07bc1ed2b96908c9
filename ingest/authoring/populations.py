"""Populations of a frame, from one file as the statistical office gives it."""

from collections import defaultdict
from pathlib import Path

from ingest.authoring.draft_files import Row, read_tables, write_tables
from ingest.codebook.tables import TABLES
from ingest.exports.files import ExportFile
from ingest.exports.reading import read_export
from ingest.shared.problems import InputError, Problem

# Statbel's columns: the municipality, its region, and how many people a row counts.
CODE, REGION, COUNT = "CD_REFNIS", "CD_RGN_REFNIS", "MS_POPULATION"
SHOWN = 5


def add_populations(
    folder: Path,
    edition: int,
    layout: ExportFile,
    columns: tuple[str, str] = (CODE, COUNT),
    *,
    write: bool,
) -> tuple[int, int]:
    """Add the populations of an edition's frame; return how many municipalities and people.

    Rows of one municipality, as by age and sex, are summed. Where the file has regions, those of
    the frame must be all of theirs, so that the frame adds up to them. Raises InputError where
    it does not, or a municipality of the frame has no row; then, and without `write`, nothing
    changes. Rehearsed populations of that year give way.
    """
    tables = read_tables(folder)
    own = next((row for row in tables["editions"] if row["edition_key"] == str(edition)), None)
    if own is None or not own["frame_date"]:
        what = f"It has no edition {edition} with a frame date."
        action = "Write frame_date in editions.csv first."
        raise InputError([Problem(f"codebook: {TABLES['editions'].path}", what, action)])
    frame = {
        row["nis_code"]: row["name"]
        for row in tables["municipalities"]
        if row["valid_from"] <= own["frame_date"]
        and (not row["valid_to"] or own["frame_date"] < row["valid_to"])
    }
    counts, regions = _read_counts(layout, columns)
    _check(layout, frame, counts, regions)
    year = own["frame_date"][:4]
    kept = [
        row for row in tables["populations"] if row["year"] != year or row["nis_code"] not in frame
    ]
    added: list[Row] = [
        {"nis_code": code, "year": year, "population": str(counts[code]), "is_rehearsal": "no"}
        for code in sorted(frame)
    ]
    if write:
        write_tables(folder, {"populations": kept + added})
    return len(added), sum(counts[code] for code in frame)


def _read_counts(
    layout: ExportFile, columns: tuple[str, str]
) -> tuple[dict[str, int], dict[str, str]]:
    grid = read_export(layout)
    missing = [name for name in columns if name not in grid.headers]
    if missing:
        what = f"It has no column {' and '.join(missing)}."
        action = "Name the columns of the codes and the counts: --code, --count."
        raise InputError([Problem(layout.path.name, what, action)])
    places = [grid.headers.index(name) for name in columns]
    region = grid.headers.index(REGION) if REGION in grid.headers else None
    counts: dict[str, int] = defaultdict(int)
    regions: dict[str, str] = {}
    problems = []
    for number, row in zip(grid.numbers, grid.rows, strict=True):
        key, text = (row[place] for place in places)
        if key is None:
            continue
        if text is None or not text.isdigit():
            what = f"Row {number} counts {text!r}, which is no number of people."
            problems.append(Problem(layout.path.name, what, "Mend it, or name the right column."))
            continue
        counts[key] += int(text)
        if region is not None:
            regions[key] = row[region] or ""
    if problems:
        raise InputError(problems)
    return counts, regions


def _check(
    layout: ExportFile, frame: dict[str, str], counts: dict[str, int], regions: dict[str, str]
) -> None:
    problems = []
    lacking = [f"{name} ({code})" for code, name in frame.items() if not counts.get(code)]
    if lacking:
        what = f"It counts nobody in {', '.join(lacking[:SHOWN])}, {len(lacking)} in all."
        action = "Take the file of the year of the frame date, or mend municipalities.csv."
        problems.append(Problem(layout.path.name, what, action))
    own = {regions[code] for code in frame if code in regions}
    beyond = [code for code, region in regions.items() if region in own and code not in frame]
    if beyond:
        total = sum(counts[code] for code in beyond)
        what = f"Its regions have {total} people more, in {', '.join(sorted(beyond)[:SHOWN])}."
        action = "Add these to municipalities.csv, or end those that merged: they are in no frame."
        problems.append(Problem(layout.path.name, what, action))
    if problems:
        raise InputError(problems)
