"""Several files of an edition, several editions of a file, and columns that are the same.

What comes in pieces lands as the whole does: the export of 2024 is cut up in each way.
"""

import csv
import io

import pytest

from ingest.shared.csv_files import write_file
from ingest.shared.problems import InputError

LANDED = """
    select
        respondent_key, coalesce(columns.question_key, columns.role), columns.option_code,
        cells.match_text
    from raw.corrected_cells as cells
    inner join raw.export_rows using (edition_key, row_number)
    inner join raw.export_columns as columns using (edition_key, column_number)
    where edition_key = 2024 and exclusion_reason is null and columns.role <> 'ignored'
    order by all
"""
ID = "Antwoord-ID"
PLACE = "Waar werk je?"
PLANS = "Komen er?"
FILE = {"edition_key": "2024", "sheet": "", "encoding": "utf-8", "delimiter": ",",
        "header_row_count": "1"}  # fmt: skip


@pytest.fixture
def whole(other_survey):
    """The rows of the export, and what lands of them."""
    text = (other_survey.exports / "fietsen.csv").read_bytes().decode("cp1252")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    return rows[0], rows[1:], other_survey.load().sql(LANDED).fetchall()


def write(survey, name, header, rows, *, delimiter=",", encoding="utf-8"):
    with (survey.exports / name).open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([header, *rows])


def write_first(survey, header, rows):
    write(survey, "fietsen.csv", header, rows, delimiter=";", encoding="cp1252")


def add_file(survey, name, content):
    row = FILE | {"source_file": name, "content": content}
    write_file(survey.codebook / "codebook/edition_files.csv", row, [row])


def add_columns(survey, *rows):
    survey.edit(
        "codebook/export_columns.csv",
        lambda known: [
            *known,
            *({"edition_key": "2024", "privacy": "public", "review": "reviewed"} | row
              for row in rows),
        ],
    )  # fmt: skip


def cut(header, rows, names):
    """Return the columns of those names, and all the others with the id before them."""
    own = [header.index(name) for name in names]
    rest = [0, *(n for n in range(1, len(header)) if n not in own)]
    return [[[row[n] for n in chosen] for row in [header, *rows]] for chosen in (rest, own)]


def test_other_respondents_stand_in_a_file_of_their_own(other_survey, whole):
    header, rows, landed = whole
    write_first(other_survey, header, rows[:3])
    write(other_survey, "papier.csv", header[::-1], [row[::-1] for row in rows[3:]])
    add_file(other_survey, "papier.csv", "rows")
    connection = other_survey.load()
    assert connection.sql(LANDED).fetchall() == landed
    assert connection.sql(
        "select source_file, row_count from raw.exports where edition_key = 2024"
    ).fetchall() == [("fietsen.csv + papier.csv", 9)]
    # The fourth respondent is the first of the second file.
    assert connection.sql(
        "select source_file, file_row_number from raw.row_places"
        " where edition_key = 2024 and row_number = 5"
    ).fetchall() == [("papier.csv", 2)]


def test_what_is_wrong_in_the_second_file_is_told_with_its_cell_there(other_survey, whole):
    header, rows, _ = whole
    write_first(other_survey, header, rows[:3])
    rows[3][header.index("Zijn er dienstfietsen?")] = "Misschien"
    write(other_survey, "papier.csv", header[1:], [row[1:] for row in rows[3:]])
    add_file(other_survey, "papier.csv", "rows")
    assert (
        "edition 2024: papier.csv, cell H2\n    'Zijn er dienstfietsen?' holds 'Misschien', which"
    ) in other_survey.refusal()


def test_questionnaire_in_another_language_has_other_headers(other_survey, whole):
    header, rows, landed = whole
    write_first(other_survey, header, rows[:3])
    other = ["Where do you work?" if name == PLACE else name for name in header]
    write(other_survey, "english.csv", other, rows[3:])
    add_file(other_survey, "english.csv", "rows")
    column = {"header": other[6], "role": "question", "question_key": "place"}
    add_columns(other_survey, column)
    assert "is mapped to what another column is mapped to" in other_survey.refusal()
    other_survey.set("codebook/export_columns.csv", 36, same_as=PLACE)
    assert other_survey.load().sql(LANDED).fetchall() == landed


def test_other_columns_of_the_same_respondents_are_joined_by_their_id(other_survey, whole):
    header, rows, landed = whole
    first, second = cut(header, rows[:-1], [ID, PLACE, PLANS])
    write_first(other_survey, first[0], [*first[1:], [""] * len(first[0])])
    write(other_survey, "deel 2.csv", second[0], second[:0:-1])
    add_file(other_survey, "deel 2.csv", "columns")
    connection = other_survey.load()
    assert connection.sql(LANDED).fetchall() == landed
    assert connection.sql("from raw.file_gaps").fetchall() == []
    second[1][1] = "Nergens"
    write(other_survey, "deel 2.csv", second[0], second[:0:-1])
    assert "edition 2024: deel 2.csv, cell B9" in other_survey.refusal()


def test_what_only_one_of_the_files_has_is_told(other_survey, whole):
    header, rows, _ = whole
    write_first(other_survey, header, rows[:3])
    # The paper form has no question on plans.
    plans = header.index(PLANS)
    write(other_survey, "papier.csv", header[:plans] + header[plans + 1 :],
          [row[:plans] + row[plans + 1 :] for row in rows[3:8]])  # fmt: skip
    add_file(other_survey, "papier.csv", "rows")
    assert other_survey.load().sql("from raw.file_gaps").fetchall() == [
        (2024, "papier.csv", "plans", 5)
    ]
    first, second = cut(header, rows[:-1], [ID, PLACE, PLANS])
    write_first(other_survey, first[0], first[1:])
    write(other_survey, "papier.csv", second[0], second[1:-2])
    add_file(other_survey, "papier.csv", "columns")
    row = other_survey.find("codebook/metadata_values.csv", spelling="volledig")
    assert row
    with pytest.raises(InputError, match="is no municipality of this edition"):
        other_survey.load()


def test_columns_of_nobody_are_refused(other_survey, whole):
    header, rows, _ = whole
    first, second = cut(header, rows[:-1], [ID, PLACE, PLANS])
    write_first(other_survey, first[0], first[1:])
    write(other_survey, "deel 2.csv", second[0], [*second[1:], second[1], ["z9", "Bedorp", "Ja"]])
    add_file(other_survey, "deel 2.csv", "columns")
    refusal = other_survey.refusal()
    assert "cell A10\n    Its respondent_id joins it to more than one row" in refusal
    assert "cell A11\n    Its respondent_id joins it to no row" in refusal
    write(other_survey, "deel 2.csv", second[0][1:], [row[1:] for row in second[1:]])
    assert "nothing says whose" in other_survey.refusal()


def test_codes_and_labels_of_one_download_mean_the_same_or_are_refused(other_survey, whole):
    header, rows, landed = whole
    # A download of labels: 1 is ticked, and the rest stands there as it does in the first.
    labels = [["Stadsfiets" if n == 9 and cell == "1" else cell for n, cell in enumerate(row)]
              for row in rows[:-1]]  # fmt: skip
    write(other_survey, "labels.csv", header, labels)
    add_file(other_survey, "labels.csv", "columns")
    other_survey.edit(
        "codebook/option_spellings.csv",
        lambda known: [
            *known,
            {"edition_key": "2024", "question_key": "kinds", "option_code": "city",
             "spelling": "Stadsfiets", "is_selected": "yes", "review": "reviewed"},
        ],
    )  # fmt: skip
    assert other_survey.load().sql(LANDED).fetchall() == landed
    # Ja in the codes, Nee in the labels; the fourth is of the same respondent, and fits.
    labels[0][8] = "Nee"
    write(other_survey, "labels.csv", header, labels)
    refusal = other_survey.refusal()
    assert "edition 2024: fietsen.csv, cell I2" in refusal
    assert "holds another answer than its other column: labels.csv I2 holds Nee." in refusal
    other_survey.edit(
        "codebook/corrections.csv",
        lambda _: [
            {"edition_key": "2024", "respondent_key": "2024-000002", "question_key": "has_bikes",
             "started_at": "2024-03-02 09:00:00", "expected_value": "Ja", "new_value": "Nee",
             "reason": "x", "corrected_on": "2024-04-01"}
        ],
    )  # fmt: skip
    assert ("2024-000002", "has_bikes", None, "Nee") in other_survey.load().sql(LANDED).fetchall()


def test_open_answers_that_differ_are_refused_and_not_told(other_survey, whole):
    header, rows, _ = whole
    rows[0][header.index("Opmerkingen")] = "Iets anders"
    write(other_survey, "labels.csv", header, rows[:-1])
    add_file(other_survey, "labels.csv", "columns")
    refusal = other_survey.refusal()
    assert "'Opmerkingen' holds another answer than its other column: labels.csv W2." in refusal
    assert "Iets anders" not in refusal


def test_two_columns_of_a_file_can_be_one_question(other_survey, whole):
    header, rows, landed = whole
    place = header.index(PLACE)
    cells = [[*row, row[place] if n % 2 else ""] for n, row in enumerate(rows)]
    for n, row in enumerate(cells):
        row[place] = "" if n % 2 else row[place]
    write_first(other_survey, [*header, "Waar werk je dan?"], cells)
    add_columns(
        other_survey,
        {"header": "Waar werk je dan?", "role": "question", "question_key": "place",
         "same_as": PLACE},
    )  # fmt: skip
    assert other_survey.load().sql(LANDED).fetchall() == landed
    cells[1][place] = "Astad"
    cells[1][-1] = "Bedorp"
    write_first(other_survey, [*header, "Waar werk je dan?"], cells)
    assert "other column: fietsen.csv X3 holds Bedorp." in other_survey.refusal()


def test_one_file_can_hold_several_editions(other_survey, whole):
    header, rows, landed = whole
    marked = [[*row, "" if not any(row) else "eerste"] for row in rows[:-1]]
    later = [[*rows[0], "tweede"], [*rows[1], "tweede"]]
    for number, row in enumerate(later):
        row[0], row[6] = f"b{number}", "Cefeld"
    write_first(other_survey, [*header, "Ronde"], [*marked, *later])

    def both(rows):
        mine = [row for row in rows if row["edition_key"] == "2024"]
        kept = {"lineage": "kept"} if "lineage" in mine[0] else {}
        return [*mine, *({**row, "edition_key": "2026"} | kept for row in mine)]

    for table in ("export_columns", "option_spellings", "metadata_values", "question_editions",
                  "item_editions", "option_editions", "row_exclusions"):  # fmt: skip
        other_survey.edit(f"codebook/{table}.csv", both)
    for edition in ("2024", "2026"):
        add_columns(other_survey, {"header": "Ronde", "role": "edition", "edition_key": edition})
    other_survey.edit(
        "codebook/metadata_values.csv",
        lambda known: [
            *known,
            *({"edition_key": edition, "role": "edition", "spelling": word, "value": "yes",
               "review": "reviewed"} for edition, word in (("2024", "eerste"), ("2026", "tweede"))),
        ],
    )  # fmt: skip
    for table in ("comparability", "option_lineage", "question_lineage"):
        other_survey.keep(f"codebook/{table}.csv", lambda row: False)
    layout = {"encoding": "cp1252", "delimiter": ";", "source_file": "fietsen.csv"}
    other_survey.set("codebook/editions.csv", 3, **layout)
    (other_survey.exports / "fietsen_2026.csv").unlink()
    connection = other_survey.load()
    found = connection.sql(LANDED).fetchall()
    assert [row for row in found if row[1] != "edition"] == landed
    # Two respondents of the second round, in the rows where they stand.
    assert connection.sql(
        "select row_number from raw.export_rows where edition_key = 2026 order by 1"
    ).fetchall() == [(10,), (11,)]
    for row in later:
        row[-1] = "eerste"
    write_first(other_survey, [*header, "Ronde"], [*marked, *later])
    assert "None of its rows is of this edition." in other_survey.refusal()
    later[0][-1] = "tweede"
    later[1][-1] = "derde"
    write_first(other_survey, [*header, "Ronde"], [*marked, *later])
    assert "cell X11\n    'Ronde' holds 'derde', and no edition has rows" in other_survey.refusal()


def test_option_that_nobody_chose_may_have_no_column(other_survey, whole):
    header, rows, _ = whole
    gone = header.index("Welke? [Geen van deze]")
    write_first(
        other_survey, [*header[:gone], *header[gone + 1 :]],
        [[*row[:gone], *row[gone + 1 :]] for row in rows],
    )  # fmt: skip
    assert "Column 'Welke? [Geen van deze]' is missing." in other_survey.refusal()
    row = other_survey.find("codebook/export_columns.csv", header="Welke? [Geen van deze]")
    other_survey.set("codebook/export_columns.csv", row, role="absent")
    connection = other_survey.load()
    assert connection.sql(
        "select count(*) from raw.export_columns where option_code = 'none' and role = 'option'"
        " and edition_key = 2024"
    ).fetchall() == [(0,)]
    write_first(other_survey, header, rows)
    assert "is here, and the codebook says that it is absent." in other_survey.refusal()
