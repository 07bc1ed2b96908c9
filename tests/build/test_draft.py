"""The codebook rows that a new export gets, proposed from earlier editions."""

import csv
import json
import re
from pathlib import Path

import pytest

from ingest.authoring.draft import draft_edition
from ingest.authoring.draft_files import PER_EDITION, read_tables
from ingest.authoring.reviewing.same_questions import call_the_same
from ingest.codebook.tables import TABLES
from ingest.exports.files import ExportFile
from ingest.shared.csv_files import JOURNAL, write_all, write_file
from ingest.shared.problems import InputError
from tests.conftest import OTHER, ROOT, copy_survey, keep_editions
from tests.outside import HERE, TRUTH, list_columns
from tests.outside import LAYOUTS as OUTSIDE

REHEARSALS = {
    2027: ExportFile(2027, ROOT / "exports/gelijkekansen_2027.xlsx", None, None, None, 2),
    2029: ExportFile(2029, ROOT / "exports/gelijkekansen_2029.csv", None, None, ";", 1),
}
TARGET = ("role", "question_key", "item_code", "option_code")


def read_rows(path: Path, edition: int) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["edition_key"] == str(edition)]


@pytest.fixture
def drafted(whole_survey, request):
    edition = request.param
    truth = read_rows(whole_survey.codebook / "codebook/export_columns.csv", edition)
    keep_editions(whole_survey, edition - 2)
    draft = draft_edition(whole_survey.codebook, REHEARSALS[edition])
    rows = read_rows(whole_survey.codebook / "codebook/export_columns.csv", edition)
    return edition, truth, draft, {row["header"]: row for row in rows}


@pytest.mark.parametrize("drafted", [2027, 2029], indirect=True)
def test_draft_gets_95_in_100_columns_right_and_no_certain_one_wrong(drafted):
    _, truth, draft, rows = drafted
    certain = {match.header for match in draft.matches if match.is_certain}
    wrong = [
        row["header"]
        for row in truth
        if any(rows[row["header"]][column] != row[column] for column in TARGET)
    ]
    assert len(rows) == len(truth)
    assert len(wrong) <= 0.05 * len(truth), wrong
    assert not certain & set(wrong)
    assert len(certain) > 0.8 * len(truth)
    # What names a person goes nowhere that it did not go before.
    told = {row["header"] for row in truth if row["privacy"] in ("personal", "open", "drop")}
    assert {h for h, row in rows.items() if row["privacy"] == "public"} & told == set()


@pytest.mark.parametrize("drafted", [2027], indirect=True)
def test_draft_names_what_is_new_changed_and_missing(drafted):
    _, _, draft, rows = drafted
    summary = str(draft)
    assert summary.startswith("164 columns: 136 exactly as before, 25 nearly, 3 unknown")
    assert "aanspreekpunt voor meldingen van discriminatie?': nothing like it before" in summary
    assert "themes.armoede_en_sociale_uitsluiting: 'Armoede en sociale uitsluiting'" in summary
    assert "themes.lgbti: 'LGBTI+ personen' became 'LGBTQIA+ personen'" in summary
    assert "question share_practice: 'Wil je een praktijkvoorbeeld delen" in summary
    assert "contact_email: relevant names share_practice, which is missing" in summary
    assert "option actions.bystander_residents" in summary
    # What nobody has judged is kept out of the warehouse.
    new = rows["10. Heeft je lokaal bestuur een aanspreekpunt voor meldingen van discriminatie?"]
    assert (new["role"], new["privacy"], new["review"]) == ("ignored", "personal", "proposed")


@pytest.mark.parametrize("drafted", [2027, 2029], indirect=True)
def test_draft_reads_metadata_by_their_values(drafted):
    edition, _, _, rows = drafted
    roles = {row["role"]: header for header, row in rows.items()}
    headers = {
        2027: ("Gestart op", "Voltooid op", "Status", "E-mail"),
        2029: ("Tijdstip van begin", "Tijdstip van einde", "Volledig", "E-mailadres"),
    }[edition]
    assert (
        tuple(roles[r] for r in ("started_at", "completed_at", "is_complete", "email")) == headers
    )


@pytest.mark.parametrize("drafted", [2029], indirect=True)
def test_draft_carries_routing_and_reads_joined_cells(drafted, whole_survey):
    questions = read_rows(whole_survey.codebook / "codebook/question_editions.csv", 2029)
    relevant = {row["question_key"]: row["relevant"] for row in questions}
    assert relevant["coalition_agreement"] == "${has_policy} = 'yes' or ${has_policy} = 'no'"
    options = read_rows(whole_survey.codebook / "codebook/option_editions.csv", 2029)
    needs = [row["option_code"] for row in options if row["question_key"] == "support_needs"]
    assert len(needs) == 12
    edition = read_rows(whole_survey.codebook / "codebook/editions.csv", 2029)[0]
    assert (edition["option_delimiter"], edition["delimiter"]) == (",", ";")


def test_draft_leaves_to_a_person_whom_to_expect_and_which_channels_count(whole_survey):
    keep_editions(whole_survey, 2025)
    export = whole_survey.exports / "gelijkekansen_2025.xlsx"
    draft_edition(whole_survey.codebook, ExportFile(2031, export, "Respons", None, None))
    codebook = whole_survey.codebook / "codebook"
    (edition,) = read_rows(codebook / "editions.csv", 2031)
    assert edition["expected_respondent_count"] == ""
    # What counted before is proposed; what did not is excluded again, for the same reason.
    assert [
        (row["spelling"], row["value"])
        for row in read_rows(codebook / "metadata_values.csv", 2031)
        if row["role"] == "channel"
    ] == [("E-mail", "yes"), ("Webpagina", "yes")]
    excluded = read_rows(codebook / "row_exclusions.csv", 2031)
    assert [(row["role"], row["value"]) for row in excluded] == [("channel", "Testmodus"), ("", "")]


def test_channel_that_nothing_is_said_of_is_refused(survey):
    survey.edit(
        "codebook/metadata_values.csv",
        lambda rows: [row for row in rows if row["spelling"] != "Webpagina"],
    )
    refusal = survey.refusal()
    assert "holds 'Webpagina', and nothing says whether such a row counts." in refusal
    assert refusal.startswith("9 problems in the input")


def test_build_refuses_what_is_only_proposed(other_survey):
    keep_editions(other_survey, 2024)
    export = other_survey.exports / "fietsen_2026.csv"
    export.write_bytes((OTHER / "exports/fietsen_2026.csv").read_bytes())
    draft_edition(other_survey.codebook, ExportFile(2026, export, None, None, None))
    refusal = other_survey.refusal()
    assert "codebook: codebook/editions.csv, row 3, column tool\n    It is blank." in refusal
    days = dict.fromkeys(("field_start_date", "field_end_date", "frame_date"), "2026-01-01")
    other_survey.set(
        "codebook/editions.csv",
        3,
        label="2026",
        tool="x",
        expected_respondent_count="4",
        **days,
    )
    refusal = other_survey.refusal()
    assert "Edition 2026: this row is only proposed." in refusal
    assert "codebook: codebook/question_editions.csv, rows " in refusal


def test_exact_matches_can_be_accepted_at_once(other_survey):
    keep_editions(other_survey, 2024)
    export = OTHER / "exports/fietsen_2026.csv"
    draft_edition(other_survey.codebook, ExportFile(2026, export, None, None, None), accept=True)
    rows = read_rows(other_survey.codebook / "codebook/export_columns.csv", 2026)
    review = {row["header"]: row["review"] for row in rows}
    assert review["Zijn er dienstfietsen?"] == "reviewed"
    assert review["Welke? [Kleine bakfiets]"] == "proposed"


def test_reviewed_rows_of_a_real_edition_stay(other_survey):
    other_survey.set("codebook/editions.csv", 3, is_synthetic="no")
    before = read_rows(other_survey.codebook / "codebook/export_columns.csv", 2026)
    other_survey.edit(
        "codebook/export_columns.csv",
        lambda rows: [
            row for row in rows if row["header"] != "Komen er?" or row["edition_key"] != "2026"
        ],
    )
    export = OTHER / "exports/fietsen_2026.csv"
    draft_edition(other_survey.codebook, ExportFile(2026, export, None, None, None))
    rows = read_rows(other_survey.codebook / "codebook/export_columns.csv", 2026)
    by_header = {row["header"]: row for row in rows}
    assert by_header.pop("Komen er?")["review"] == "proposed"
    assert by_header == {
        row["header"]: row | {"same_as": ""} for row in before if row["header"] != "Komen er?"
    }


def test_rows_of_a_rehearsal_give_way(other_survey):
    export = OTHER / "exports/fietsen_2026.csv"
    draft_edition(other_survey.codebook, ExportFile(2026, export, None, None, None))
    rows = read_rows(other_survey.codebook / "codebook/export_columns.csv", 2026)
    assert {row["review"] for row in rows} == {"proposed"}
    edition = read_rows(other_survey.codebook / "codebook/editions.csv", 2026)[0]
    assert edition["is_synthetic"] == "no"


def test_bands_of_a_number_are_as_they_were(other_survey):
    own = {"question_key": "number", "is_exclusive": "no", "is_missing": "no"}
    bands = [
        own | {"option_code": "few", "position": "1", "label": "Weinig"},
        own | {"option_code": "many", "position": "2", "label": "Veel", "at_least": "3"},
    ]
    asked = [{"edition_key": "2024", "question_key": "number", "lineage": "new",
              "review": "reviewed", **{name: band[name] for name in ("option_code", "label")}}
             for band in bands]  # fmt: skip
    other_survey.edit("codebook/options.csv", lambda rows: rows + bands)
    other_survey.edit("codebook/option_editions.csv", lambda rows: rows + asked)
    export = OTHER / "exports/fietsen.csv"
    draft_edition(other_survey.codebook, ExportFile(2028, export, None, "cp1252", ";"))
    rows = read_rows(other_survey.codebook / "codebook/option_editions.csv", 2028)
    assert [row for row in rows if row["question_key"] == "number"] == [
        row | {"edition_key": "2028", "lineage": "kept", "review": "proposed"} for row in asked
    ]


def test_what_people_wrote_is_not_proposed_as_options(other_survey):
    export = other_survey.exports / "fietsen_2026.csv"
    answers = "\n".join(f"volledig,Cefeld,eigen woorden {number}" for number in range(20))
    export.write_text(f"Volledig,Waar werk je?,Zijn er dienstfietsen?\n{answers}\n")
    draft = draft_edition(other_survey.codebook, ExportFile(2026, export, None, None, None))
    assert "has_bikes: too many different answers for a list; is it open now?" in str(draft)
    for path in other_survey.codebook.rglob("*.csv"):
        assert "eigen woorden" not in path.read_text(encoding="utf-8")


def test_routing_and_options_that_nobody_chose_are_not_accepted_unseen(whole_survey):
    keep_editions(whole_survey, 2025)
    draft = draft_edition(whole_survey.codebook, REHEARSALS[2027], accept=True)
    questions = read_rows(whole_survey.codebook / "codebook/question_editions.csv", 2027)
    review = {row["question_key"]: row["review"] for row in questions}
    assert review["coalition_agreement"] == "proposed"
    assert review["function"] == "reviewed"
    options = read_rows(whole_survey.codebook / "codebook/option_editions.csv", 2027)
    unseen = [
        f"{row['question_key']}.{row['option_code']}"
        for row in options
        if row["review"] == "proposed"
    ]
    for line in (line for line in draft.proposal.missing if "nobody chose it" in line):
        assert line.removeprefix("option ").split(":")[0] in unseen


def test_verdicts_of_a_rehearsal_do_not_pass_to_the_real_edition(whole_survey):
    draft_edition(whole_survey.codebook, REHEARSALS[2027])
    tables = read_tables(whole_survey.codebook)
    assert not [row for row in tables["comparability"] if "2027" in row.values()]
    assert {row["edition_key"] for row in tables["option_lineage"]} == set()
    edition = next(row for row in tables["editions"] if row["edition_key"] == "2027")
    assert (edition["is_synthetic"], edition["field_start_date"], edition["tool"]) == ("no", "", "")


def test_rehearsed_municipalities_are_refused_in_a_real_edition(whole_survey):
    whole_survey.edit(
        "codebook/editions.csv", lambda rows: [{**row, "is_synthetic": "no"} for row in rows]
    )
    refusal = whole_survey.refusal()
    assert refusal.startswith("569 problems")
    assert "in 2027, an edition that is no rehearsal: the municipality or its population" in refusal


def test_draft_of_a_broken_codebook_says_where(other_survey):
    (other_survey.codebook / "codebook/parts.csv").write_bytes(
        "part,label\n1,Één\n".encode("cp1252")
    )
    layout = ExportFile(2028, OTHER / "exports/fietsen_2026.csv", None, None, None)
    with pytest.raises(InputError, match="It is not UTF-8"):
        draft_edition(other_survey.codebook, layout)


def test_first_edition_cannot_be_drafted(other_survey):
    layout = ExportFile(2020, OTHER / "exports/fietsen.csv", None, "cp1252", ";")
    with pytest.raises(InputError, match="no earlier edition to draw on"):
        draft_edition(other_survey.codebook, layout)


def test_codebook_is_read_as_a_belgian_excel_saves_it(other_survey):
    path = other_survey.codebook / "codebook/parts.csv"
    path.write_text("\ufeff" + path.read_text().replace(",", ";"), encoding="utf-8")
    assert read_tables(other_survey.codebook)["parts"] == [{"part": "1", "label": "Fietsen"}]


def list_rows_of(folder, name, edition):
    """The rows of an edition without what tells it from another, each as it stands."""
    rows = read_rows(folder / TABLES[name].path, edition)
    own = {"edition_key", "review", "lineage"}
    return sorted(
        tuple(sorted((column, value) for column, value in row.items() if value and
                     column not in own))
        for row in rows
    )  # fmt: skip


LAYOUTS = {
    ("shipped", 2025): ("gelijkekansen_2025.xlsx", None, None, 1),
    ("shipped", 2027): ("gelijkekansen_2027.xlsx", None, None, 2),
    ("shipped", 2029): ("gelijkekansen_2029.csv", None, ";", 1),
    ("other", 2024): ("fietsen.csv", "cp1252", ";", 1),
    ("other", 2026): ("fietsen_2026.csv", None, None, 1),
}  # fmt: skip


@pytest.mark.parametrize(("survey_name", "edition"), LAYOUTS)
def test_same_file_drafted_again_is_what_was_reviewed(survey_name, edition, tmp_path):
    source = ROOT if survey_name == "shipped" else OTHER
    survey = copy_survey(source / "seeds", source / "exports", tmp_path)
    file, encoding, delimiter, header_rows = LAYOUTS[survey_name, edition]
    layout = ExportFile(2031, survey.exports / file, None, encoding, delimiter, header_rows)
    draft_edition(survey.codebook, layout)
    for name in (*PER_EDITION, "row_exclusions"):
        assert list_rows_of(survey.codebook, name, 2031) == list_rows_of(
            survey.codebook, name, edition
        ), name


# A survey in two languages: each answers in its own, and a header stands in one of them.
BILINGUAL = """Begonnen,Verzonden,Volledig,Waar werk je?,Are there bicycles?,Which? [City bike],\
Which? [None of these],Which? [Small cargo bike],Coming?
2028-03-02 09:00:00,2028-03-02 09:10:00,volledig,Nieuwstad,Yes,City bike,,Kleine bakfiets,Ja
2028-03-03 09:00:00,2028-03-03 09:10:00,volledig,Cefeld,Nee,,,,No idea
"""
IN_ENGLISH = {
    "Zijn er dienstfietsen?": "Are there bicycles?",
    "Welke?": "Which?",
    "Komen er?": "Coming?",
    "Ja": "Yes",
    "Stadsfiets": "City bike",
    "Kleine bakfiets": "Small cargo bike",
    "Geen van deze": "None of these",
    "Geen idee": "No idea",
}


def test_export_in_another_language_is_read_by_its_translations(other_survey):
    export = other_survey.exports / "fietsen_2028.csv"
    export.write_text(BILINGUAL)
    layout = ExportFile(2028, export, None, None, None)
    before = str(draft_edition(other_survey.codebook, layout))
    assert "5 unknown\n  Most are unknown." in before
    write_file(
        other_survey.codebook / "codebook/translations.csv",
        ["language", "text", "translation"],
        [{"language": "en", "text": text, "translation": own} for text, own in IN_ENGLISH.items()],
    )
    draft = draft_edition(other_survey.codebook, layout)
    told = str(draft)
    assert told.startswith("9 columns: 9 exactly as before, 0 nearly, 0 unknown")
    assert "5 headers and 3 answers are in another language, read by translations.csv" in told
    columns = read_rows(other_survey.codebook / "codebook/export_columns.csv", 2028)
    assert [tuple(row[name] for name in ("header", *TARGET)) for row in columns[4:]] == [
        ("Are there bicycles?", "question", "has_bikes", "", ""),
        ("Which? [City bike]", "option", "kinds", "", "city"),
        ("Which? [None of these]", "option", "kinds", "", "none"),
        ("Which? [Small cargo bike]", "option", "kinds", "", "cargo_small"),
        ("Coming?", "question", "plans", "", ""),
    ]
    spellings = read_rows(other_survey.codebook / "codebook/option_spellings.csv", 2028)
    spelled = {(row["question_key"], row["option_code"], row["spelling"]) for row in spellings}
    assert {
        ("has_bikes", "yes", "Ja"), ("has_bikes", "yes", "Yes"), ("has_bikes", "no", "Nee"),
        ("plans", "dont_know", "Geen idee"), ("plans", "dont_know", "No idea"),
        ("kinds", "city", "City bike"), ("kinds", "cargo_small", "Kleine bakfiets"),
    } <= spelled  # fmt: skip
    # The words of the codebook stay those of its own language.
    questions = read_rows(other_survey.codebook / "codebook/question_editions.csv", 2028)
    wordings = {row["question_key"]: row["wording"] for row in questions}
    assert wordings["has_bikes"] == "Zijn er dienstfietsen?"


def test_mirrored_export_is_what_was_reviewed(whole_survey):
    """Every text of one edition mirrored: questions, rows, and labels that hold the delimiter."""
    tables = read_tables(whole_survey.codebook)
    mirrored = {
        row[column]: row[column][::-1]
        for table, column in (("question_editions", "wording"), ("item_editions", "wording"),
                              ("option_editions", "label"))
        for row in tables[table]
        if row["edition_key"] == "2029"
    }  # fmt: skip
    write_file(
        whole_survey.codebook / "codebook/translations.csv",
        ["language", "text", "translation"],
        [{"language": "fr", "text": text, "translation": own} for text, own in mirrored.items()],
    )
    whole = re.compile("|".join(map(re.escape, sorted(mirrored, key=len, reverse=True))))
    source = whole_survey.exports / "gelijkekansen_2029.csv"
    with source.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file, delimiter=";"))
    asked = re.compile(rf"(V\d+ )?({whole.pattern})( \[)?({whole.pattern})?(\])?")
    for number, line in enumerate(lines):
        for place, cell in enumerate(line):
            parts = asked.fullmatch(cell)
            joined = re.sub(rf"(^|, )({whole.pattern})(?=, |$)",
                            lambda m: m[1] + mirrored[m[2]], cell)  # fmt: skip
            if parts:
                line[place] = "".join(mirrored.get(part, part) for part in parts.groups() if part)
            elif number:
                line[place] = joined
    target = whole_survey.exports / "mirrored.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(lines)
    draft = draft_edition(whole_survey.codebook, ExportFile(2031, target, None, None, ";", 1))
    assert "nothing like it before" not in str(draft)
    own = [
        [tuple(row[name] for name in TARGET)
         for row in read_rows(whole_survey.codebook / "codebook/export_columns.csv", edition)]
        for edition in (2029, 2031)
    ]  # fmt: skip
    assert own[0] == own[1]
    before, after = (
        {(row["question_key"], row["option_code"]): row["label"]
         for row in read_rows(whole_survey.codebook / "codebook/option_editions.csv", edition)}
        for edition in (2029, 2031)
    )  # fmt: skip
    assert after == before


def test_numbers_for_headers_mean_nothing_where_questions_moved(other_survey):
    def renumber(rows):
        for row in rows:
            if row["edition_key"] == "2026" and row["question_key"]:
                numbers[row["header"]] = f"q{len(numbers) + 1}"
                row["header"] = numbers[row["header"]]

    numbers = {}
    other_survey.edit("codebook/export_columns.csv", renumber)
    export = other_survey.exports / "fietsen_2026.csv"
    lines = list(csv.reader(export.read_text().splitlines()))
    lines[0] = [numbers.get(header, header) for header in lines[0]]
    with export.open("w", newline="") as file:
        csv.writer(file).writerows(lines)
    draft_edition(other_survey.codebook, ExportFile(2028, export, None, None, None))
    again = list_rows_of(other_survey.codebook, "export_columns", 2028)
    assert again == list_rows_of(other_survey.codebook, "export_columns", 2026)
    # One question less, and each number behind it is of another question.
    with export.open("w", newline="") as file:
        csv.writer(file).writerows([line[:-1] for line in lines])
    draft_edition(other_survey.codebook, ExportFile(2030, export, None, None, None))
    rows = read_rows(other_survey.codebook / "codebook/export_columns.csv", 2030)
    assert {row["question_key"] for row in rows if row["header"].startswith("q")} == {""}


# What became something else: the codes of another hand for the same, and what nobody can tell.
RENAMED = {
    ("question", "reporting_point", "", ""), ("question", "rainbow_flag", "", ""),
    ("question", "networks", "", ""), ("option", "themes", "", "poverty"),
    ("option", "barriers", "", "residents_language"), ("option", "barriers", "", "residents_trust"),
    ("option", "support_needs", "", "tools_awareness"),
    ("question", "learning_network_themes", "", ""),
}  # fmt: skip


def write_questionnaire(path):
    """What somebody copies from the questionnaire: numbers, texts, options, rows."""
    rows = [
        {"number": str(one["number"]), "text": one["text"], "type": one["type"],
         "options": "\n".join(label for _, label in one["options"]),
         "rows": " | ".join(label for _, label in one["items"])}
        for one in TRUTH["questions"]
    ]  # fmt: skip
    write_file(path, list(rows[0]), rows)
    return path


@pytest.fixture(params=OUTSIDE)
def outside(request, whole_survey, tmp_path):
    """An edition from outside, drafted from the baseline with its questionnaire at hand."""
    keep_editions(whole_survey, 2025)
    layout = ExportFile(
        2027, HERE / f"{request.param}.xlsx", "Respons", None, None, OUTSIDE[request.param]
    )
    form = write_questionnaire(tmp_path / "vragenlijst.csv")
    return request.param, whole_survey, draft_edition(whole_survey.codebook, layout, form)


def test_outside_edition_is_drafted_but_for_what_a_person_must_decide(outside):
    layout, survey, draft = outside
    columns = read_rows(survey.codebook / "codebook/export_columns.csv", 2027)
    rows = {row["header"]: row for row in columns}
    wrong = set()
    for question in TRUTH["questions"]:
        for column in list_columns(question, layout):
            found = tuple(rows[column["header"]][name] for name in TARGET)
            true = (column["role"], question["key"], column.get("item_code", ""),
                    column.get("option_code", ""))  # fmt: skip
            if found != true:
                wrong.add(true)
    assert wrong <= RENAMED
    certain = {match.header for match in draft.matches if match.is_certain}
    assert len(certain) > 0.8 * len(rows)
    decisions = draft.proposal.new + draft.proposal.changed + draft.proposal.missing
    assert len(decisions) <= 40
    told = "\n".join(decisions)
    # A fifth point of a scale has a code of its own, and not that of another that it had elsewhere.
    assert "option vvsg_support_helpful.neutraal: 'Neutraal'" in told
    assert "'Heeft je lokaal bestuur een meldpunt voor discriminatie?'; whom is it asked?" in told
    assert "question knows_intersectionality: " in told
    assert "networks_which: relevant names networks, which is missing" in told


def test_codes_of_an_outside_edition_stand_for_what_its_questionnaire_says(outside):
    layout, survey, _ = outside
    spelled = {
        (row["question_key"], row["option_code"]): row["spelling"]
        for row in read_rows(survey.codebook / "codebook/option_spellings.csv", 2027)
        if row["is_selected"] == "yes"
    }
    asked = {one["key"]: one for one in TRUTH["questions"]}
    for key in ("has_policy", "function", "expert_organisations", "partner_satisfaction"):
        for number, (code, label) in enumerate(asked[key]["options"], start=1):
            assert spelled[key, code] == (str(number) if layout == "A_codes" else label)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("number;tekst\n1;x\n", "It has no column text."),
        ("number;text;antwoorden\n1;x;y\n", "It has columns that say nothing here: antwoorden."),
        ("number;text;type\n1;x;meerkeuze\n", "Question 1 is of type 'meerkeuze'; there are"),
        ("number;text;type\n1;x;single\n", "Question 1 is of type 'single' and has no options."),
    ],
)
def test_questionnaire_that_says_too_little_is_refused(other_survey, tmp_path, text, told):
    form = tmp_path / "vragen.csv"
    form.write_text(text)
    layout = ExportFile(2028, OTHER / "exports/fietsen_2026.csv", None, None, None)
    before = read_tables(other_survey.codebook)
    with pytest.raises(InputError, match=re.escape(told)):
        draft_edition(other_survey.codebook, layout, form)
    assert read_tables(other_survey.codebook) == before


def test_question_that_looks_new_is_called_the_same_in_every_file(outside):
    _, survey, _ = outside
    new = "neemt_je_lokaal_bestuur_deel_aan_netwerk"
    after = read_tables(survey.codebook)
    told = call_the_same(after, 2027, new, "networks")
    assert told == [f"{new} is networks"]
    assert not any(new in row.values() for rows in after.values() for row in rows)
    own = [row for row in after["option_editions"]
           if (row["edition_key"], row["question_key"]) == ("2027", "networks")]  # fmt: skip
    assert [(row["option_code"], row["lineage"]) for row in own] == [
        ("yes", "kept"), ("no", "kept"), ("interested", "kept"),
    ]  # fmt: skip
    # It is asked of whom it was asked before.
    (asked,) = (row for row in after["question_editions"]
                if (row["edition_key"], row["question_key"]) == ("2027", "networks"))  # fmt: skip
    assert asked["relevant"] == "${has_policy} = 'yes'"
    assert "gelijke kansen (regionaal" in asked["wording"]


def test_option_that_the_old_question_did_not_have_is_new_to_it(outside):
    _, survey, _ = outside
    new = "neemt_je_lokaal_bestuur_deel_aan_netwerk"
    row = survey.find("codebook/option_editions.csv", question_key=new, option_code="no")
    survey.set("codebook/option_editions.csv", row, label="Nog niet")
    after = read_tables(survey.codebook)
    told = call_the_same(after, 2027, new, "networks")
    assert told == [f"{new} is networks", "networks.no_2 is new to it"]
    added = [row["position"] for row in after["options"]
             if (row["question_key"], row["option_code"]) == ("networks", "no_2")]  # fmt: skip
    assert added == ["4"]
    assert {row["option_code"] for row in after["option_spellings"]
            if (row["edition_key"], row["question_key"]) == ("2027", "networks")} == {
        "yes", "no_2", "interested",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("new", "old", "told"),
    [
        ("reporting", "networks", "There is no question 'reporting'."),
        ("networks", "has_policy", "Edition 2027 does not ask 'networks'."),
        ("themes", "has_policy", "Edition 2027 asks 'has_policy' as well"),
        ("has_policy", "vision_inclusion", "'has_policy' is of type single, and"),
    ],
)
def test_questions_that_cannot_be_the_same_are_refused(whole_survey, tmp_path, new, old, told):
    keep_editions(whole_survey, 2025)
    layout = ExportFile(2027, HERE / "A_codes.xlsx", "Respons", None, None, 1)
    draft_edition(whole_survey.codebook, layout, write_questionnaire(tmp_path / "v.csv"))
    tables = read_tables(whole_survey.codebook)
    with pytest.raises(InputError, match=re.escape(told)):
        call_the_same(tables, 2027, new, old)
    assert tables == read_tables(whole_survey.codebook)


def test_codebook_that_was_half_written_is_finished_by_whoever_comes_next(other_survey):
    before = read_tables(other_survey.codebook)
    labels = {"codebook/parts.csv": "part,label\n1,Nieuw\n", "codebook/units.csv": None}
    (other_survey.codebook / "codebook/units.csv").write_text(
        "language,singular,plural,definite\nen,a,b,c\n"
    )
    # Cut off after the journal, and after one of the files.
    journal = {
        path: {"before": (other_survey.codebook / path).read_text(), "after": text}
        for path, text in labels.items()
    }
    (other_survey.codebook / JOURNAL).write_text(json.dumps(journal))
    assert read_tables(other_survey.codebook) == before | {
        "parts": [{"part": "1", "label": "Nieuw"}]
    }
    assert not (other_survey.codebook / JOURNAL).exists()
    assert not (other_survey.codebook / "codebook/units.csv").exists()


def test_draft_that_cannot_be_written_leaves_the_codebook_as_it_was(other_survey, monkeypatch):
    before = {path: path.read_bytes() for path in other_survey.codebook.rglob("*")
              if path.is_file()}  # fmt: skip

    def fail(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    layout = ExportFile(2028, OTHER / "exports/fietsen_2026.csv", None, None, None)
    with pytest.raises(OSError, match="No space left"):
        draft_edition(other_survey.codebook, layout)
    monkeypatch.undo()
    after = {path: path.read_bytes() for path in other_survey.codebook.rglob("*")
             if path.is_file() and path.suffix == ".csv"}  # fmt: skip
    assert after == before


@pytest.mark.parametrize(
    ("journal", "told"),
    [
        ("{", "It cannot be read"),
        ("[1]", "It is no journal"),
        ('{"../x.csv": {"before": null, "after": "x"}}', "which is no file of this codebook"),
        ('{"codebook/parts.csv": {"before": "x", "after": "y"}}', "parts.csv was changed since"),
    ],
)
def test_journal_that_would_write_elsewhere_or_over_somebody_is_refused(
    other_survey, journal, told
):
    before = (other_survey.codebook / "codebook/parts.csv").read_bytes()
    (other_survey.codebook / JOURNAL).write_text(journal)
    with pytest.raises(InputError, match=told):
        read_tables(other_survey.codebook)
    assert (other_survey.codebook / "codebook/parts.csv").read_bytes() == before
    assert not (other_survey.codebook.parent / "x.csv").exists()


def test_files_that_the_system_refuses_half_way_are_taken_back(tmp_path, monkeypatch):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("old")
    replace = Path.replace

    def fail(self, target):
        if target.name == "b.csv":
            raise PermissionError(13, "Permission denied", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(PermissionError):
        write_all(tmp_path, {"a.csv": "new", "b.csv": "new"})
    assert [(tmp_path / name).read_text() for name in ("a.csv", "b.csv")] == ["old", "old"]
    assert not (tmp_path / JOURNAL).exists()
