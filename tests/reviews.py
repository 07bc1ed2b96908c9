"""A review that tests can open: the 2027 from outside, drafted with its questionnaire at hand."""

import shutil
from pathlib import Path

import pytest

from ingest.authoring.draft import draft_edition
from ingest.authoring.reviewing.review import Review
from ingest.authoring.reviewing.state import Study
from ingest.exports.files import ExportFile
from tests.build.test_draft import write_questionnaire
from tests.conftest import ROOT, copy_survey, keep_editions, share
from tests.outside import HERE

FACTS = {
    "field_start_date": "2027-11-02", "field_end_date": "2027-12-10", "frame_date": "2027-01-01",
    "expected_respondent_count": "86",
}  # fmt: skip
# What the models count of the answers is another test's: here it is said.
STUDY = Study(
    chosen={("2025", "aldermen", "three"): (3, 67), ("2027", "aldermen", "three"): (7, 73)},
    off_route={"coalition_agreement": 5, "themes": 1},
    most_chosen={"learning_network_themes": 1},
)


def open_review(folder):
    return Review(folder / "seeds", 2027, folder / "exports", lambda _: STUDY)


def draft_outside(factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the 2027 from outside, drafted, and nothing decided: only read it."""

    def make(folder):
        survey = keep_editions(copy_survey(ROOT / "seeds", ROOT / "exports", folder), 2025)
        file = survey.exports / "A_codes.xlsx"
        shutil.copyfile(HERE / file.name, file)
        form = write_questionnaire(folder / "vragenlijst.csv")
        draft_edition(survey.codebook, ExportFile(2027, file, "Respons", None, None, 1), form)

    return share(factory, "drafted_2027", make)
