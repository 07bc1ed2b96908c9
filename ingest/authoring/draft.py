"""The codebook rows of a new export, proposed from what earlier editions know."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from ingest.authoring.draft_files import PER_EDITION, Row, Tables, read_tables, write_edition
from ingest.authoring.knowledge import (
    Knowledge,
    find_other,
    gather_knowledge,
    list_metadata,
    list_questions,
)
from ingest.authoring.matching import Match, Target, match_headers
from ingest.authoring.metadata import find_roles
from ingest.authoring.new_questions import propose_new
from ingest.authoring.option_proposals import carry_bands, propose_options, read_labels
from ingest.authoring.other_languages import speak
from ingest.authoring.proposals import (
    CERTAIN,
    Proposal,
    carry_exclusions,
    join_proposals,
    propose_columns,
    propose_items,
    propose_metadata,
    propose_questions,
)
from ingest.authoring.questionnaires.reading import read_questionnaire
from ingest.authoring.questionnaires.translated import Translation, list_offered, translate
from ingest.authoring.reviewed import Reviewed, find_reviewed, match_reviewed, take_over
from ingest.exports.files import ExportFile, Grid
from ingest.exports.reading import read_export
from ingest.shared.problems import InputError, Problem
from vocabulary.lists import AnswerRole, Review

# How sure a role is that the values of a column betray.
BETRAYED = 80
# Said where hardly anything is known: what most helps.
UNKNOWN = (
    "  Most are unknown. Where the headers are names or codes, give the questionnaire; where they"
    " are in another language, put its words into codebook/translations.csv; then draft again."
)


@dataclass(frozen=True)
class Draft:
    """What was proposed for one edition; as text, what a reviewer should look at first."""

    matches: list[Match]
    proposal: Proposal

    def __str__(self) -> str:
        certain = sum(match.is_certain for match in self.matches)
        near = sum(match.target is not None and not match.is_certain for match in self.matches)
        none = len(self.matches) - certain - near
        lines = [
            f"{len(self.matches)} columns: {certain} exactly as before, {near} nearly,"
            f" {none} unknown"
        ]
        if 2 * none > len(self.matches):
            lines.append(UNKNOWN)
        for title, found in (
            ("new", self.proposal.new),
            ("changed", self.proposal.changed),
            ("missing", self.proposal.missing),
        ):
            lines.append(f"{title}: {len(found) or 'nothing'}")
            lines.extend(f"  {text}" for text in found)
        return "\n".join(lines)


def draft_edition(
    folder: Path, layout: ExportFile, questionnaire: Path | None = None, *, accept: bool = False
) -> Draft:
    """Propose the codebook rows of an edition from its export and write them into `folder`.

    A questionnaire gives the texts of an export of names and codes, and what is asked anew.

    Rows are marked `proposed`; with `accept`, those that are to the letter what an earlier
    edition had are marked `reviewed`. Rows of this edition that somebody reviewed stay as they
    are, unless the edition is a rehearsal: then its rows give way. Raises InputError where the
    export cannot be read, or there is no earlier edition to draw on.
    """
    tables = read_tables(folder)
    export = read_export(layout)
    known = gather_knowledge(tables, layout.edition_key)
    if not known.earlier:
        place = f"edition {known.edition}: {layout.path.name}"
        what = "The codebook has no earlier edition to draw on."
        raise InputError([Problem(place, what, "Write its rows by hand, as a first edition.")])
    spoken = speak(known, tables["translations"], export)
    grid = spoken.grid
    translation = Translation(grid)
    if questionnaire is not None:
        asked = spoken.say_questionnaire(read_questionnaire(questionnaire))
        translation = translate(asked, grid, find_other(known))
        grid = translation.grid
    reviewed = find_reviewed(known, grid)
    matches = [match_reviewed(known, reviewed, match) for match in match_columns(known, grid)]
    matches = _leave_to_reviewed(reviewed, matches)
    columns = propose_columns(known, matches)
    offered = list_offered(translation, columns.rows["export_columns"])
    options, delimiter = _propose_closed(
        known, matches, columns.rows["export_columns"], grid, offered
    )
    proposal = join_proposals(
        [columns, propose_questions(known, matches), options,
         propose_metadata(known, columns.rows["export_columns"], grid, reviewed.edition)]
    )  # fmt: skip
    take_over(known, reviewed, proposal, grid)
    unknown = {match.header for match in matches if match.target is None}
    propose_new(tables, known, translation, layout, unknown, proposal)
    translation.put_back(proposal.rows["export_columns"], proposal.rows["option_spellings"])
    spoken.put_back(
        proposal.rows["export_columns"],
        proposal.rows["option_spellings"],
        proposal.rows["metadata_values"],
    )
    proposal.changed.extend([*spoken.tell(), *translation.told])
    proposal.changed.extend(_find_single(known, translation, columns.rows["export_columns"]))
    proposal.rows["row_exclusions"] = carry_exclusions(
        known, columns.rows["export_columns"], reviewed.edition
    )
    base = reviewed.edition if reviewed.columns else known.last
    proposal.rows["editions"] = [_propose_edition(tables, known, layout, grid, delimiter, base)]
    for name in PER_EDITION:
        for row in proposal.rows.setdefault(name, []):
            is_certain = bool(row.pop(CERTAIN))
            row["review"] = Review.REVIEWED if accept and is_certain else Review.PROPOSED
    write_edition(folder, tables, known.edition, proposal.rows)
    return Draft(matches, proposal)


def match_columns(known: Knowledge, grid: Grid) -> list[Match]:
    """Return what each column holds, by its header or else by what its values betray."""
    headers = [header for header in grid.headers if header is not None]
    betrayed = find_roles(grid)
    return [
        replace(match, target=Target(betrayed[match.header]), score=BETRAYED)
        if match.target is None and match.header in betrayed
        else match
        for match in match_headers(
            headers, list_questions(known), list_metadata(known), find_other(known)
        )
    ]


def _propose_closed(
    known: Knowledge,
    matches: list[Match],
    columns: list[Row],
    grid: Grid,
    offered: dict[str, list[str]],
) -> tuple[Proposal, str]:
    """Return the rows and options of all closed questions, and the delimiter of joined cells."""
    header_labels = {match.header: match.label for match in matches}
    proposals: list[Proposal] = []
    doubts: list[str] = []
    delimiters: list[str] = []
    asked = [column for column in columns if column["question_key"]]
    order = list(dict.fromkeys(column["question_key"] for column in asked))
    asked.sort(key=lambda column: order.index(column["question_key"]))
    for question, group in groupby(asked, lambda column: column["question_key"]):
        own = list(group)
        proposals.append(propose_items(known, own, header_labels))
        if known.find_traits(question).is_closed:
            labels = read_labels(
                known, question, own, header_labels, grid, offered.get(question, [])
            )
            doubts += [labels.doubt] if labels.doubt else []
            delimiters += [labels.delimiter] if labels.delimiter else []
            proposals.append(propose_options(known, question, own, labels, grid))
        elif known.find_traits(question).is_number:
            proposals.append(carry_bands(known, question))
    proposals.append(Proposal(changed=doubts))
    return join_proposals(proposals), delimiters[0] if delimiters else ""


def _find_single(known: Knowledge, translation: Translation, columns: list[Row]) -> Iterator[str]:
    """Yield the questions that were of several answers and are of one in the questionnaire."""
    for row in columns:
        column = translation.columns.get(row["header"])
        takes_several = known.find_traits(row["question_key"]).takes_several
        if column is not None and column.role == AnswerRole.QUESTION and takes_several:
            yield f"{row['question_key']}: one answer now? Then a question of its own continues it"


def _leave_to_reviewed(reviewed: Reviewed, matches: list[Match]) -> list[Match]:
    """Take a target from a header that only looks like the one that an earlier edition had."""
    taken = {match.target for match in matches if match.header in reviewed.columns}
    return [
        replace(match, target=None, score=0, label=None)
        if match.header not in reviewed.columns
        and match.target in taken
        and match.target is not None
        and match.target.role != AnswerRole.IGNORED
        else match
        for match in matches
    ]


def _propose_edition(
    tables: Tables, known: Knowledge, layout: ExportFile, grid: Grid, delimiter: str, base: str
) -> Row:
    rows = {row["edition_key"]: row for row in tables["editions"]}
    if rows.get(known.edition, {}).get("is_synthetic") == "no":
        return rows[known.edition]
    # What no export tells is left blank: a build asks for it.
    blank = dict.fromkeys(
        ("edition_name", "label", "field_start_date", "field_end_date", "frame_date", "tool"), ""
    )
    return rows[base] | blank | {
        "edition_key": known.edition,
        "is_baseline": "no",
        "is_synthetic": "no",
        "source_note": "",
        "source_file": layout.path.name,
        "sheet": grid.sheet or "",
        "encoding": layout.encoding or "",
        "delimiter": layout.delimiter or "",
        "header_row_count": str(layout.header_row_count),
        "option_delimiter": delimiter or rows[base]["option_delimiter"],
        # A check is never fed by what it checks: who is to be expected is for a person to say.
        "expected_respondent_count": "",
    }  # fmt: skip
