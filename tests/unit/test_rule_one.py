"""Rule one: the survey lives in seeds/. No code names a question, option, label, place or year."""

import csv
import re

import pytest

from tests.conftest import ROOT

CODE = ("ingest", "expectations", "pipeline", "dbt_project", "publish")
SUFFIXES = (".py", ".sql", ".yml", ".yaml", ".md", ".html", ".js")

# Words of the field, or of English, that happen to be a key or a code as well.
HOMONYMS = {
    "municipality",  # the role of a question, and what every table is about
    "postal_code",  # the role of a question
    "function",  # the role of a question
    "conditions",  # of routing
    "unknown",  # the third truth value
    *("antwoorden", "respons"),  # names of sheets, and words of any site in Dutch
    *("altijd", "soms", "nooit"),  # of any text in Dutch
    *("codebook", "small", "2_5"),
    "lint",  # a command, and a municipality
    *("status", "e-mail"),  # headers of a rehearsal
    "actions",  # what Vega calls its menu
    *("yes", "no", "none", "other", "one", "two", "three", "tools"),
}
COLUMNS = (
    *("question_key", "item_code", "option_code", "from_option_code", "size_category", "concept"),
    *("wording", "spelling", "header", "name", "alias", "label", "source_file", "sheet"),
    *("province", "arrondissement", "tool"),
)


def read_words():
    words = set()
    for path in (ROOT / "seeds").rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                words.update((row.get(column) or "").casefold() for column in COLUMNS)
                if path.name == "editions.csv":
                    words.add(row["edition_key"])
    return {word for word in words if len(word) > 2} - HOMONYMS


@pytest.mark.parametrize("folder", CODE)
def test_code_names_nothing_of_the_survey(folder):
    words = read_words()
    assert len(words) > 700
    pattern = re.compile(
        rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(words, key=len)[::-1]))})(?![\w-])"
    )
    years = re.compile(r"\b20(25|27|29)\b")
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in SUFFIXES and not {"target", "logs"} & set(path.parts)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line.casefold()) or years.search(line)
    ]
    assert found == []
