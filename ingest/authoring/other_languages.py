"""An export in another language, read in that of the codebook, and what is drafted put back.

A draft looks for texts that earlier editions had. What they are in another language stands in
translations.csv; of a survey in two languages, both may stand in one column.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ingest.authoring.draft_files import Row
from ingest.authoring.knowledge import Knowledge
from ingest.authoring.matching import NUMBER, split_header
from ingest.authoring.option_proposals import DELIMITERS
from ingest.authoring.questionnaires.form import Asked, Questionnaire
from ingest.exports.files import Grid
from ingest.exports.joined import find_readings
from ingest.shared.text import to_match_text

# Where a draft looks for what earlier editions said.
SAID = (
    ("question_editions", "wording"),
    ("item_editions", "wording"),
    ("option_editions", "label"),
    ("export_columns", "header"),
)


@dataclass
class Spoken:
    """The export in the language of the codebook.

    `words` has the codebook's text for each of another language, and its own as they are;
    `headers` the export's header for each that was put in its place, `cells` the texts that stood
    in cells by the one that was put there.
    """

    grid: Grid
    words: dict[str, str]
    headers: dict[str, str] = field(default_factory=dict)
    cells: dict[str, set[str]] = field(default_factory=dict)

    def say(self, text: str) -> str:
        """Return a text in the language of the codebook, as it is where nothing translates it."""
        return self.words.get(to_match_text(text), text)

    def say_questionnaire(self, questionnaire: Questionnaire) -> Questionnaire:
        """Return a questionnaire in the language of the codebook."""

        def say_all(labels: dict[str, str]) -> dict[str, str]:
            return {code: self.say(label) for code, label in labels.items()}

        def say_one(asked: Asked) -> Asked:
            return replace(
                asked,
                label=self.say(asked.label),
                options=say_all(asked.options),
                items=say_all(asked.items),
            )

        return replace(questionnaire, asked=[say_one(asked) for asked in questionnaire.asked])

    def put_back(self, columns: list[Row], *spellings: list[Row]) -> None:
        """Give drafted rows the headers of the export, and all spellings that it has."""
        for row in columns:
            row["header"] = self.headers.get(row["header"], row["header"])
        for rows in spellings:
            rows += [
                row | {"spelling": text}
                for row in rows
                for text in sorted(self.cells.get(to_match_text(row["spelling"]), ()))
            ]

    def tell(self) -> Iterable[str]:
        """Yield what was read in another language, for whoever reviews it."""
        if self.headers or self.cells:
            yield (
                f"{len(self.headers)} headers and {len(self.cells)} answers are in another"
                " language, read by translations.csv"
            )


def speak(known: Knowledge, translations: list[Row], grid: Grid) -> Spoken:
    """Return an export in the language of the codebook, as far as translations.csv has it.

    A text that an earlier edition has itself, or that translates two of its texts, stays as it is.
    """
    said = {
        to_match_text(row[column]): row[column]
        for table, column in SAID
        for row in known.tables[table]
    }
    meanings: dict[str, set[str]] = {}
    for row in translations:
        if to_match_text(row["text"]) in said:
            meanings.setdefault(to_match_text(row["translation"]), set()).add(row["text"])
    one = {text: own.pop() for text, own in meanings.items() if len(own) == 1}
    spoken = Spoken(grid, one | said)
    if one:
        headers = [_say_header(spoken, header) for header in grid.headers]
        rows = [[_say_cell(spoken, cell) for cell in row] for row in grid.rows]
        spoken.grid = Grid(grid.sheet, headers, rows, grid.numbers)
    return spoken


def _say_header(spoken: Spoken, header: str | None) -> str | None:
    if header is None:
        return None
    number = NUMBER.match(header)
    start = number[0] if number else ""
    whole = header.removeprefix(start)
    ways = [(whole, ""), *split_header(whole)]
    known = ((left, right) for left, right in ways if to_match_text(left) in spoken.words)
    left, right = next(known, ("", ""))
    said = start + spoken.say(left) + (f" - {spoken.say(right)}" if right else "")
    is_same = (spoken.say(left), spoken.say(right)) == (left, right)
    # A question in two languages may have a column in each.
    if is_same or said in spoken.grid.headers or said in spoken.headers:
        return header
    spoken.headers[said] = header
    return said


def _say_cell(spoken: Spoken, cell: str | None) -> str | None:
    """Return a cell in the language of the codebook, whole or option by option."""
    if cell is None:
        return None
    for delimiter in DELIMITERS:
        readings = find_readings(to_match_text(cell), delimiter, spoken.words)
        said = [spoken.say(part) for part in readings[0]] if len(readings) == 1 else []
        if said and list(readings[0]) != said:
            for text, part in zip(said, readings[0], strict=True):
                if text != part:
                    spoken.cells.setdefault(to_match_text(text), set()).add(part)
            return f"{delimiter} ".join(said)
    return cell
