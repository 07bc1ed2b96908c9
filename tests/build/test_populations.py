"""Populations of a frame from the file of the statistical office."""

import pytest

from ingest.authoring.draft_files import read_tables
from ingest.authoring.populations import add_populations
from ingest.exports.files import ExportFile
from ingest.shared.problems import InputError

HEADER = "CD_REFNIS|TX_DESCR_NL|CD_RGN_REFNIS|CD_SEX|MS_POPULATION"


@pytest.fixture
def statbel(whole_survey, tmp_path):
    """Writes the file of 2029: two rows for each municipality, and one of another region."""

    def write(*more, leave_out=()):
        tables = read_tables(whole_survey.codebook)
        codes = [row["nis_code"] for row in tables["populations"]
                 if row["year"] == "2029" and row["nis_code"] not in leave_out]  # fmt: skip
        lines = [f"{code}|X|02000|{sex}|{count}"
                 for code in codes for sex, count in (("F", 600), ("M", 400))]  # fmt: skip
        path = tmp_path / "TF_SOC_POP_STRUCT_2029.txt"
        path.write_text("\n".join([HEADER, *lines, "21004|Brussel|04000|F|999", *more]) + "\n")
        return len(codes), ExportFile(2029, path, None, None, "|", 1)

    return write


def test_populations_of_a_frame_are_summed_and_take_the_place_of_rehearsed_ones(
    whole_survey, statbel
):
    count, layout = statbel()
    before = read_tables(whole_survey.codebook)
    assert add_populations(whole_survey.codebook, 2029, layout, write=False) == (
        count, 1000 * count,
    )  # fmt: skip
    assert read_tables(whole_survey.codebook) == before
    add_populations(whole_survey.codebook, 2029, layout, write=True)
    rows = [row for row in read_tables(whole_survey.codebook)["populations"]
            if row["year"] == "2029"]  # fmt: skip
    assert len(rows) == count == 284
    assert {(row["population"], row["is_rehearsal"]) for row in rows} == {("1000", "no")}
    # Other years stay.
    assert sum(row["year"] == "2025" for row in before["populations"]) == 285
    # What cannot be is refused as before: a thousand in each.
    assert "no municipality grows or shrinks so much" in whole_survey.refusal()


def test_frame_that_does_not_add_up_to_its_region_is_refused(whole_survey, statbel):
    before = read_tables(whole_survey.codebook)
    _, layout = statbel("99999|Nieuwstad|02000|F|777", leave_out=("11001",))
    with pytest.raises(InputError) as caught:
        add_populations(whole_survey.codebook, 2029, layout, write=True)
    assert "It counts nobody in Aartselaar (11001), 1 in all." in str(caught.value)
    assert "Its regions have 777 people more, in 99999." in str(caught.value)
    assert read_tables(whole_survey.codebook) == before


def test_file_of_another_kind_is_refused(whole_survey, statbel):
    _, layout = statbel("11001|X|02000|M|veel")
    with pytest.raises(InputError, match="counts 'veel', which is no number of people"):
        add_populations(whole_survey.codebook, 2029, layout, write=True)
    with pytest.raises(InputError, match="It has no column code and aantal"):
        add_populations(whole_survey.codebook, 2029, layout, ("code", "aantal"), write=True)
    with pytest.raises(InputError, match="no edition 2031 with a frame date"):
        add_populations(whole_survey.codebook, 2031, layout, write=True)
