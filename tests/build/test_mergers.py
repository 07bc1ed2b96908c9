"""Municipalities that merge, in the files of the reference data."""

import re

import pytest

from ingest.authoring.draft_files import read_tables
from ingest.authoring.mergers import Merger, add_merger, take_back_merger
from ingest.shared.problems import InputError

MERGED = Merger("13099", "Herselt-Hulshout", "2026-01-01", is_rehearsal=True)


def find(survey, name, **cells):
    return [row for row in read_tables(survey.codebook)[name]
            if cells.items() <= row.items()]  # fmt: skip


def test_merger_ends_both_and_adds_up_their_people_and_is_taken_back(survey):
    before = read_tables(survey.codebook)
    assert add_merger(survey.codebook, MERGED, ["Herselt", "13016"], write=False)
    assert read_tables(survey.codebook) == before
    add_merger(survey.codebook, MERGED, ["Herselt", "13016"], write=True)
    for code in ("13013", "13016"):
        (row,) = find(survey, "municipalities", nis_code=code)
        assert (row["valid_to"], row["successor_nis_code"]) == ("2026-01-01", "13099")
        assert not [row for row in find(survey, "populations", nis_code=code)
                    if row["year"] >= "2026"]  # fmt: skip
    (row,) = find(survey, "municipalities", nis_code="13099")
    assert (row["province"], row["is_rehearsal"], row["valid_to"]) == ("Antwerpen", "yes", "")
    people = {row["year"]: int(row["population"])
              for row in find(survey, "populations", nis_code="13099")}  # fmt: skip
    parts = {
        year: sum(int(row["population"]) for row in before["populations"]
                  if row["year"] == year and row["nis_code"] in ("13013", "13016"))
        for year in people
    }  # fmt: skip
    assert people == parts
    assert "2027" in people
    codes = {row["postal_code"] for row in find(survey, "postal_codes", nis_code="13099")}
    assert codes == {"2230", "2235"}
    survey.load()
    take_back_merger(survey.codebook, "13099")
    assert read_tables(survey.codebook) == before


@pytest.mark.parametrize(
    ("merger", "names", "told"),
    [
        (MERGED, ["Herselt"], "It has not two municipalities."),
        (Merger("abc", "X", "2026-01-01", True), ["Herselt", "Hulshout"], "'abc' is no NIS code."),
        (MERGED, ["Herselt", "Hulshoud"], "No municipality is called 'Hulshoud'"),
        (Merger("11001", "X", "2026-01-01", True), ["Herselt", "Hulshout"], "is of Aartselaar."),
        (Merger("13099", "X", "1/1/2026", True), ["Herselt", "Hulshout"], "'1/1/2026' is no date."),
        (Merger("13099", "X", "2026-02-30", True), ["Herselt", "Hulshout"], "'2026-02-30' is no"),
    ],
)  # fmt: skip
def test_merger_that_cannot_be_changes_nothing(survey, merger, names, told):
    before = read_tables(survey.codebook)
    with pytest.raises(InputError, match=re.escape(told)):
        add_merger(survey.codebook, merger, names, write=True)
    assert read_tables(survey.codebook) == before
