"""A csv as others write it."""

from pathlib import Path

from ingest.exports.files import ExportFile
from ingest.exports.reading import read_export


def test_csv_in_another_encoding_is_refused(other_survey):
    other_survey.set("codebook/editions.csv", 2, encoding="")
    refusal = other_survey.refusal()
    assert "fietsen.csv\n    It is not written in utf-8-sig (byte " in refusal
    assert "Set encoding in editions.csv" in refusal


def test_encoding_that_does_not_exist_is_refused(other_survey):
    other_survey.set("codebook/editions.csv", 2, encoding="utf-9")
    assert "No encoding is called 'utf-9'." in other_survey.refusal()


def test_csv_in_utf_8_that_should_be_cp1252_is_refused(other_survey):
    path = other_survey.exports / "fietsen.csv"
    path.write_bytes(path.read_bytes().decode("cp1252").encode("utf-8"))
    assert "It is not written in cp1252; it reads as UTF-8." in other_survey.refusal()


def test_csv_in_utf_16_is_refused(other_survey):
    path = other_survey.exports / "fietsen.csv"
    path.write_bytes(path.read_bytes().decode("cp1252").encode("utf-16"))
    assert "it looks like UTF-16" in other_survey.refusal()


def test_quote_that_is_never_closed_is_refused(other_survey):
    path = other_survey.exports / "fietsen.csv"
    path.write_bytes(path.read_bytes() + b'"a9;' + b"x" * 200_000)
    refusal = other_survey.refusal()
    assert "After row 10 it is no longer a csv" in refusal
    assert "Look for a quote that is never closed." in refusal


def test_csv_with_another_delimiter_is_refused(other_survey):
    other_survey.set("codebook/editions.csv", 2, delimiter=",")
    refusal = other_survey.refusal()
    assert "Its 1 headers are none that the codebook knows." in refusal
    assert "Mend sheet, encoding or delimiter in editions.csv" in refusal


def test_csv_with_a_ragged_row_is_refused(other_survey):
    path = other_survey.exports / "fietsen.csv"
    path.write_bytes(path.read_bytes() + b"los;eind\r\n")
    assert "row 11\n    It has 2 cells where the header has 23." in other_survey.refusal()


def test_spreadsheets_error_in_an_open_answer_is_refused(other_survey):
    path = other_survey.exports / "fietsen.csv"
    lines = path.read_bytes().split(b"\n")
    lines[2] = lines[2].rstrip(b"\r").removesuffix(b";") + b";#NAAM? vraag\r"
    lines[1] = lines[1].rstrip(b"\r").rpartition(b";")[0] + b";#N/A\r"
    path.write_bytes(b"\n".join(lines))
    refusal = other_survey.refusal()
    assert "cell W2\n    'Opmerkingen' holds '#N/A', a spreadsheet's error" in refusal
    assert "cell W3" not in refusal


def test_text_file_keeps_its_line_breaks_and_quotes(tmp_path: Path):
    path = tmp_path / "export.csv"
    path.write_bytes(b'a,b\r\n"twee\nregels","zei ""ja"""\r\n')
    grid = read_export(ExportFile(1, path, None, None, None))
    assert grid.headers == ["a", "b"]
    assert grid.rows == [["twee\nregels", 'zei "ja"']]
