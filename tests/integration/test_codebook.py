"""A codebook with a mistake is refused, with the file, the row and what to do."""

import pytest


def test_the_other_codebook_is_accepted(other_survey):
    assert other_survey.load().execute("select count(*) from raw.exports").fetchone() == (2,)


def test_row_code_that_stands_for_any_row_is_refused(other_survey):
    for name in ("question_items", "item_editions", "export_columns"):
        path = f"codebook/{name}.csv"
        row = other_survey.find(path, question_key="condition", item_code="cargo")
        other_survey.set(path, row, item_code="item")
    assert "condition.item has a code that stands for any row" in other_survey.refusal()


MISTAKES = [
    # (file, values that find the row, values to write, what the message says)
    ("questions.csv", {"question_key": "number"}, {"concept": "bike"}, "'bike' does not stand in"),
    ("questions.csv", {"question_key": "number"}, {"concept": "bike"}, "Nearest: 'bikes'"),
    ("questions.csv", {"question_key": "number"}, {"type": "count"}, "It says 'count'."),
    ("questions.csv", {"question_key": "number"}, {"label": ""}, "It is blank."),
    ("questions.csv", {"question_key": "number"}, {"role": "postal_code"}, "declared 2 times"),
    ("questions.csv", {"question_key": "kinds"}, {"municipality_rule": ""}, "does not fit its type"),
    ("questions.csv", {"question_key": "plans"}, {"type": "multiple", "municipality_rule": "any"},
     "does not say what its role needs"),
    ("questions.csv", {"question_key": "kinds"}, {"role": "function"}, "cannot have that role"),
    ("questions.csv", {"question_key": "place"}, {"role": ""}, "asks no question whose role"),
    ("editions.csv", {}, {"frame_date": "1/1/2024"}, "Write a date as YYYY-MM-DD."),
    ("editions.csv", {}, {"analysis_question_key": "bikes"}, "'2024.bikes' does not stand in"),
    ("editions.csv", {}, {"field_end_date": "2024-02-01"}, "ends before it begins"),
    ("editions.csv", {}, {"frame_date": "2025-01-01"}, "Dehove has no population for the frame date"),
    ("options.csv", {"option_code": "bad"}, {"position": "1"}, "declared 2 times, in rows 8, 9"),
    ("options.csv", {"option_code": "bad"}, {"is_exclusive": "yes"}, "only options of a multiple"),
    ("options.csv", {"option_code": "bad"}, {"is_missing": "ja"}, "Write yes or no."),
    ("options.csv", {"option_code": "bad"}, {"option_code": "b-d"}, "letters, digits and"),
    ("option_editions.csv", {"option_code": "bad"}, {"label": "Goed"}, "declared 2 times"),
    ("option_spellings.csv", {"option_code": "bad"}, {"spelling": "Goed"}, "also stands for another"),
    ("option_spellings.csv", {"option_code": "bad"}, {"option_code": "good", "spelling": "Wel goed"},
     "condition.bad in 2024 has no accepted spelling"),
    ("option_spellings.csv", {"option_code": "bad"}, {"is_selected": "no"}, "which only a multiple"),
    ("export_columns.csv", {"header": "Hoeveel?"}, {"header": "Waar werk je?"}, "declared 2 times"),
    ("export_columns.csv", {"header": "Hoeveel?"}, {"question_key": "zip"}, "another column is mapped"),
    ("export_columns.csv", {"header": "Hoeveel?"}, {"role": "ignored", "question_key": ""},
     "is ignored without a reason"),
    ("export_columns.csv", {"header": "Hoeveel?"}, {"role": "ignored", "question_key": ""},
     "number in 2024 has no column in the export"),
    ("export_columns.csv", {"header": "Opmerkingen"}, {"privacy": "public"}, "marked public"),
    ("export_columns.csv", {"header": "Komen er?"}, {"privacy": "personal"}, "is needed to model"),
    ("export_columns.csv", {"header": "Volledig"}, {"role": "ignored", "reason": "x"},
     "no column that tells who completed"),
    ("metadata_values.csv", {"value": "yes"}, {"value": "no"}, "no spelling for a completed"),
    ("row_exclusions.csv", {"value": "proef"}, {"role": "email"}, "is not a role of any column"),
    ("row_exclusions.csv", {"value": "proef"}, {"role": ""}, "Fill in both role and value"),
    ("known_findings.csv", {}, {"question_key": "kind"}, "'2024.kind' does not stand in question_editions.csv"),
    ("size_categories.csv", {"size_category": "large"}, {"max_population": "5"}, "admits no"),
    # What has the same name would be one group on every page.
    ("size_categories.csv", {"size_category": "large"}, {"label": "Klein"}, "declared 2 times"),
    ("question_editions.csv", {"question_key": "plans"}, {"item_relevant": "${has_bikes} = 'no'"},
     "but neither rows nor options"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "where", "values", "message"), MISTAKES)
def test_mistake_is_refused(other_survey, name, where, values, message):
    path = f"codebook/{name}"
    row = other_survey.find(path, **where)
    other_survey.set(path, row, **values)
    assert message in other_survey.refusal()


ROUTING_MISTAKES = [
    ("plans", "relevant", "${bikes} = 'yes'", "'bikes' is not asked in this edition."),
    ("plans", "relevant", "${bikes} = 'yes'", "'has_bikes'"),
    ("plans", "relevant", "${has_bikes} = 'maybe'", "'has_bikes' has no option 'maybe'."),
    ("plans", "relevant", "${wishes} = 'city'", "'wishes' is not asked before 'plans'."),
    ("plans", "relevant", "${plans} = 'yes'", "'plans' is not asked before 'plans'."),
    ("plans", "relevant", "${kinds} = 'city'", "'kinds' is of type multiple."),
    ("plans", "relevant", "selected(${has_bikes}, 'yes')", "'has_bikes' is of type single."),
    ("plans", "relevant", "${condition} = 'good'", "'condition' is no question that can be"),
    ("plans", "relevant", "${condition.tandem} = 'good'", "'condition' has no row 'tandem'."),
    ("plans", "relevant", "${number} = '3'", "'number' is of type integer."),
    ("plans", "relevant", "${has_bikes} = 3", "'has_bikes' is of type single."),
    ("plans", "relevant", "${has_bikes} > 'yes'", "Option 'yes' of 'has_bikes' has no score."),
    ("plans", "relevant", "${has_bikes} > ''", "'' stands for no answer."),
    ("plans", "relevant", "selected(${kinds}, '')", "'kinds' has no option ''."),
    ("plans", "relevant", "count-selected(${has_bikes}) > 1", "'has_bikes' is of type single."),
    ("plans", "relevant", "count-selected(${kinds}) < 1", "no answer can make it true"),
    ("plans", "relevant", "${has_bikes} == 'yes'", "it leaves the grammar at character 15"),
    ("plans", "relevant", "selected(${kinds}, option)", "'option' stands for nothing here."),
    ("condition", "item_relevant", "selected(${kinds}, option)", "'option' stands for nothing"),
    ("condition", "item_relevant", "selected(${has_bikes}, item)", "has no option 'city'"),
    ("plans", "relevant", "${has_bikes} = 'yes' and ${has_bikes} != 'yes'", "no answer can make"),
]


@pytest.mark.parametrize(("question", "column", "text", "message"), ROUTING_MISTAKES)
def test_routing_mistake_is_refused_with_file_and_row(
    other_survey, question, column, text, message
):
    path = "codebook/question_editions.csv"
    row = other_survey.find(path, question_key=question)
    other_survey.set(path, row, **{column: text})
    refusal = other_survey.refusal()
    assert f"codebook: {path}, row {row}, column {column}" in refusal
    assert message in refusal


def test_all_mistakes_of_a_stage_are_reported_together(other_survey):
    other_survey.set("codebook/questions.csv", 2, concept="organization", type="txt")
    other_survey.set("codebook/options.csv", 3, label="")
    refusal = other_survey.refusal()
    assert refusal.startswith("3 problems in the input; nothing was built.")
    assert "codebook: codebook/questions.csv, row 2, column concept" in refusal
    assert "codebook: codebook/questions.csv, row 2, column type" in refusal
    assert "codebook: codebook/options.csv, row 3, column label" in refusal


def test_mistake_in_the_municipalities_is_refused(other_survey):
    other_survey.set("municipalities/municipalities.csv", 2, name="Bedorp")
    other_survey.set("municipalities/municipalities.csv", 7, successor_nis_code="10005")
    refusal = other_survey.refusal()
    assert "10001 Bedorp from 2020-01-01 overlaps another version" in refusal
    assert "10006 Develd: a version that ended has a successor" in refusal


def test_alias_that_is_another_municipality_is_refused(other_survey):
    other_survey.set("municipalities/aliases.csv", 2, alias="Bedorp")
    assert "Bedorp is the name of another municipality" in other_survey.refusal()


def test_missing_and_unknown_files_are_refused(other_survey):
    (other_survey.codebook / "codebook/parts.csv").rename(
        other_survey.codebook / "codebook/part.csv"
    )
    refusal = other_survey.refusal()
    assert "codebook: codebook/parts.csv\n    The file is missing." in refusal
    assert "codebook: codebook/part.csv\n    No codebook file has this name." in refusal
    assert "Nearest: 'codebook/parts.csv'" in refusal


def test_misspelled_column_is_refused(other_survey):
    path = other_survey.codebook / "codebook/parts.csv"
    path.write_text(path.read_text().replace("label", "lable"))
    refusal = other_survey.refusal()
    assert "Column 'label' is missing." in refusal
    assert "Column 'lable' is not known." in refusal


def test_file_as_a_belgian_excel_saves_it_is_read(other_survey):
    path = other_survey.codebook / "codebook/parts.csv"
    path.write_text("\ufeff" + path.read_text().replace(",", ";"), encoding="utf-8")
    row = other_survey.load().execute("from codebook.parts").fetchone()
    assert row == (1, "Fietsen", 2)


def test_file_that_is_not_utf_8_is_refused(other_survey):
    path = other_survey.codebook / "codebook/parts.csv"
    path.write_bytes("part,label\n1,Één\n".encode("cp1252"))
    assert "It is not UTF-8 (byte 14)." in other_survey.refusal()


def test_ragged_row_is_refused(other_survey):
    path = other_survey.codebook / "codebook/parts.csv"
    path.write_text("part,label\n1,Fietsen, en meer\n")
    refusal = other_survey.refusal()
    assert "codebook: codebook/parts.csv, row 2\n    It has 3 cells" in refusal


def test_anomaly_of_a_cell_says_what_the_figures_are(other_survey):
    other_survey.set("published/anomalies.csv", 2, computed_count="")
    assert "kinds.city explains a cell without saying" in other_survey.refusal()


def test_quote_that_is_never_closed_is_refused(other_survey):
    path = other_survey.codebook / "codebook/parts.csv"
    path.write_text('part,label\n1,"Fietsen\n')
    assert "After row 1 it is no longer a csv" in other_survey.refusal()


def test_line_separator_inside_a_label_is_kept(other_survey):
    path = other_survey.codebook / "codebook/parts.csv"
    path.write_text("part,label\n1,Fiet\u2028sen\n", encoding="utf-8")
    label = other_survey.load().execute("select label from codebook.parts").fetchone()[0]
    assert label == "Fiet\u2028sen"


def test_universe_in_words_keeps_its_parentheses(other_survey):
    universe = (
        other_survey.load()
        .execute(
            "select universe from codebook.routing_targets"
            " where edition_key = 2024 and question_key = 'wishes' and option_code = 'city'"
        )
        .fetchone()[0]
    )
    assert universe == (
        "(‘Zijn er dienstfietsen?’ is ‘Ja’ or ‘Komen er?’ is ‘Ja’)"
        " and (not (‘Welke?’ includes ‘Stadsfiets’) or ‘Komen er?’ is ‘Ja’)"
    )
