"""An empty codebook, for a survey that has none yet."""

from pathlib import Path

from ingest.authoring.draft_files import Row
from ingest.codebook.tables import TABLES
from ingest.shared.csv_files import write_file
from vocabulary.lists import ReleaseRule, SiteText
from vocabulary.thresholds import MINIMUM_CLUSTERS

PART, CONCEPT = "1", "general"


def write_codebook(folder: Path, title: str) -> None:
    """Write every file of a codebook that says nothing of any edition, and builds.

    Raises FileExistsError where there is one already: nothing of it is touched.
    """
    for table in TABLES.values():
        if (folder / table.path).exists():
            raise FileExistsError(f"{folder / table.path} is there already.")
    rows = list_first_rows(title)
    for name, table in TABLES.items():
        path = folder / table.path
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, list(table.columns), rows.get(name, []))


def list_first_rows(title: str) -> dict[str, list[Row]]:
    """Return the rows without which a codebook builds nothing, by file."""
    return {
        "parts": [{"part": PART, "label": title}],
        "concepts": [{"concept": CONCEPT, "label": title}],
        "texts": [
            {"text_key": SiteText.TITLE, "text": title},
            {"text_key": SiteText.INTRODUCTION, "text": title},
        ],
        "release_rules": [
            {
                "rule": ReleaseRule.MIN_MUNICIPALITY_COUNT,
                "value": str(MINIMUM_CLUSTERS),
                "reason": "Fewer could be recognised.",
            },
            {
                "rule": ReleaseRule.GUARD_ANSWERS,
                "value": "1",
                "reason": "Nothing published tells what one of them answered.",
            },
        ],
    }
