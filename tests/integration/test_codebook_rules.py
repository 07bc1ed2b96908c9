"""Every rule of the codebook refuses a codebook that breaks it, and names the row that does."""

import re

import pytest

from ingest.codebook.rules import RULES
from ingest.codebook.tables import TABLES
from ingest.shared.problems import InputError

BY_KEY = {rule.key: rule for rule in RULES}
CODEBOOK = "codebook/"

# Thirteen that are no rows of a matrix.
OPTIONS = [
    *(("has_bikes", code) for code in ("yes", "no")),
    *(("plans", code) for code in ("yes", "no", "dont_know")),
    *(("kinds", code) for code in ("city", "cargo", "electric", "cargo_small", "cargo_large")),
    *(("wishes", code) for code in ("city", "cargo", "electric")),
]
# Per rule: the file, what finds the row (none: it is added, like the first row of the file where
# there is one), what is written there, and what is then seen.
SPOILED = {
    "lineage_is_of_what_is_answered": (
        "question_lineage", None,
        {"edition_key": "2026", "question_key": "plans", "from_question_key": "condition",
         "lineage": "continued", "reason": "x"}, "plans from condition"),
    "lineage_looks_back": (
        "question_lineage", None,
        {"edition_key": "2026", "question_key": "plans", "from_question_key": "has_bikes",
         "lineage": "split", "reason": "x"}, "has_bikes"),
    "questions_continue_one_by_one": (
        "question_lineage", None,
        {"edition_key": "2026", "question_key": "plans", "from_question_key": "number",
         "lineage": "continued", "reason": "x"}, "number to plans"),
    "verdicts_are_of_what_both_asked": (
        "comparability", {"question_key": "plans"},
        {"from_edition_key": "2026", "to_edition_key": "2024", "question_key": "number"}, "number"),
    "totals_are_of_constant_sums": (
        "questions", {"question_key": "plans"}, {"total": "9"}, "plans"),
    "ranges_are_of_numbers": ("questions", {"question_key": "plans"}, {"unit": "x"}, "plans"),
    "headlines_are_few": (
        "headlines", None,
        [{"position": str(n), "question_key": key, "option_code": code, "label": f"L{n}"}
         for n, (key, code) in enumerate(OPTIONS)], "L12"),
    "headlines_name_what_is_answered": (
        "headlines", None,
        {"position": "1", "question_key": "condition", "option_code": "good", "label": "x"},
        "condition"),
    "index_items_name_what_is_answered": (
        "index_items", None,
        {"index_key": "fleet", "question_key": "condition", "option_code": "good", "points": "1"},
        "condition"),
    "indices_have_items": (
        "indices", None, {"index_key": "fleet", "label": "x", "within_question": "sum"}, "fleet"),
    "indices_are_no_questions": (
        "indices", None, {"index_key": "kinds", "label": "x", "within_question": "sum"}, "kinds"),
    "one_baseline": ("editions", {"edition_key": "2026"}, {"is_baseline": "yes"}, "2026"),
    "fieldwork_ends_after_it_begins": (
        "editions", {"edition_key": "2024"}, {"field_end_date": "2024-02-01"}, "2024"),
    "editions_ask_for_the_municipality": (
        "questions", {"question_key": "place"}, {"role": ""}, "2024"),
    "frames_have_a_date": ("editions", {"edition_key": "2024"}, {"frame_date": ""}, "2024"),
    "editions_of_one_file_tell_their_rows": (
        "editions", {"edition_key": "2026"}, {"source_file": "fietsen.csv"}, "fietsen.csv"),
    "files_are_named_once": (
        "edition_files", None,
        {"edition_key": "2024", "source_file": "fietsen.csv", "header_row_count": "1",
         "content": "rows"}, "fietsen.csv"),
    "absent_options_have_no_column": (
        "export_columns", None,
        {"edition_key": "2024", "header": "Welke? [stad]", "role": "absent", "item_code": "",
         "question_key": "kinds", "option_code": "city", "privacy": "public", "reason": "",
         "review": "reviewed"}, "Welke? [stad]"),
    "rows_are_of_one_edition": (
        "metadata_values", None,
        [{"edition_key": key, "role": "edition", "spelling": "later", "value": "yes",
          "review": "reviewed"} for key in ("2024", "2026")], "later"),
    "columns_are_the_same_as_one_that_is_alike": (
        "export_columns", {"header": "Komen er?", "edition_key": "2024"},
        {"same_as": "Zijn er dienstfietsen?"}, "Zijn er dienstfietsen?"),
    "completion_has_a_column": (
        "export_columns", {"header": "Volledig"}, {"role": "ignored", "reason": "x"}, "2024"),
    "completion_has_a_spelling": ("metadata_values", {"value": "yes"}, {"value": "no"}, "2024"),
    "channels_that_do_not_count_have_a_reason": (
        "metadata_values", {"role": "channel"}, {"value": "no"}, "web"),
    "joined_columns_have_a_delimiter": (
        "export_columns", {"header": "Welke? [Stadsfiets]"},
        {"role": "options", "option_code": ""}, "2024"),
    "headers_have_rows": ("editions", {"edition_key": "2024"}, {"header_row_count": "0"}, "2024"),
    "exclusions_name_columns": ("row_exclusions", {"value": "proef"}, {"role": "email"}, "email"),
    "repeated_rows_have_a_rule": (
        "row_exclusions", {"value": "proef"}, {"role": "repeated", "value": "oldest"}, "oldest"),
    "no_answer_is_not_selected": (
        "option_spellings", None,
        {"edition_key": "2024", "question_key": "plans", "option_code": "", "spelling": "999",
         "is_selected": "yes", "review": "reviewed"}, "plans: 999"),
    "exclusions_are_whole": ("row_exclusions", {"value": "proef"}, {"role": ""}, "no role"),
    "comparisons_look_back": (
        "comparability", {"question_key": "kinds"},
        {"from_edition_key": "2026", "to_edition_key": "2024"}, "2026 with 2024"),
    "corrections_name_nobody": (
        "corrections", None,
        {"edition_key": "2024", "respondent_key": "2024-000002", "question_key": "zip",
         "expected_value": "a@example.org", "reason": "x", "corrected_on": "2024-04-01"},
        "2024-000002"),
    "site_speaks_a_language": (
        "texts", None, {"text_key": "language", "text": "fr"}, "fr"),
    "site_has_a_whole_address": (
        "texts", None, {"text_key": "address", "text": "example.org"}, "example.org"),
    "site_has_its_texts": ("texts", {"text_key": "title"}, None, "1"),
    "release_has_a_minimum": ("release_rules", {}, {"value": "0"}, "0"),
    "release_guards_answers": (
        "release_rules", None, {"rule": "guard_answers", "value": "2", "reason": "x"}, "2"),
    "closed_questions_have_options": (
        "questions", {"question_key": "number"},
        {"type": "single", "municipality_rule": "most_complete"}, "number"),
    "matrices_have_rows": ("questions", {"question_key": "plans"}, {"type": "matrix"}, "plans"),
    "rows_belong_to_matrices": (
        "question_items", None,
        {"question_key": "plans", "item_code": "city", "position": "9", "label": "x"},
        "plans.city"),
    "row_codes_are_no_placeholders": (
        "question_items", None,
        {"question_key": "condition", "item_code": "item", "position": "9", "label": "x"},
        "condition.item"),
    "municipality_rules_fit_types": (
        "questions", {"question_key": "kinds"}, {"municipality_rule": ""}, "kinds with"),
    "roles_fit_types": ("questions", {"question_key": "kinds"}, {"role": "function"}, "kinds"),
    "closed_questions_offer_options": (
        "question_editions", None,
        {"edition_key": "2026", "question_key": "condition", "position": "9", "number": "V9"},
        "condition in 2026"),
    "matrices_ask_rows": (
        "question_editions", None,
        {"edition_key": "2026", "question_key": "condition", "position": "9", "number": "V9"},
        "condition in 2026"),
    "item_relevant_has_items": (
        "question_editions", {"question_key": "plans"},
        {"item_relevant": "${has_bikes} = 'no'"}, "plans in 2024"),
    "options_belong_to_closed_questions": (
        "options", None,
        {"question_key": "remark", "option_code": "one", "position": "1", "label": "1"},
        "remark.one"),
    "bands_divide_numbers": (
        "options", None,
        [{"question_key": "number", "option_code": code, "position": at, "label": at,
          "at_least": at} for code, at in {"one": "1", "two": "2"}.items()], "number.one"),
    "bands_stand_in_every_edition": (
        "options", None,
        {"question_key": "number", "option_code": "one", "position": "1", "label": "1"},
        "number.one in 2024"),
    "bands_have_a_municipality_rule": (
        "options", None,
        {"question_key": "number", "option_code": "one", "position": "1", "label": "1"}, "number"),
    "bands_are_not_spelled": (
        "questions", {"question_key": "has_bikes"},
        {"type": "integer", "municipality_rule": "mean"}, "has_bikes.yes: Ja"),
    "exclusive_options_are_of_several": (
        "options", {"option_code": "bad"}, {"is_exclusive": "yes"}, "condition.bad"),
    "options_have_spellings": (
        "option_spellings", {"option_code": "bad"},
        {"option_code": "good", "spelling": "Wel goed"}, "condition.bad in 2024"),
    "spellings_mean_one_option": (
        "option_spellings", {"option_code": "bad"}, {"spelling": "Goed"}, "condition."),
    "only_several_can_be_not_selected": (
        "option_spellings", {"option_code": "bad"}, {"is_selected": "no"}, "condition.bad"),
    "lineage_fits_labels": (
        "option_editions", {"edition_key": "2026", "question_key": "plans", "option_code": "no"},
        {"label": "Neen"}, "plans.no is kept in 2026, but its label changed"),
    "lineage_has_origins": (
        "option_lineage", {"option_code": "cargo_small"}, None, "kinds.cargo_small is split"),
    "origins_were_offered": (
        "option_lineage", {"option_code": "cargo_small"},
        {"from_option_code": "cargo_large"}, "kinds.cargo_large"),
    "columns_name_what_their_role_needs": (
        "export_columns", {"header": "Hoeveel?"}, {"option_code": "yes", "question_key": "plans"},
        "Hoeveel?"),
    "ignored_columns_have_a_reason": (
        "export_columns", {"header": "Voorletter"}, {"reason": ""}, "Voorletter"),
    "columns_differ_in_what_they_hold": (
        "export_columns", {"header": "Hoeveel?"}, {"question_key": "zip"}, "Hoeveel?"),
    "what_people_wrote_is_not_public": (
        "export_columns", {"header": "Opmerkingen"}, {"privacy": "public"}, "Opmerkingen"),
    "what_is_modelled_is_public": (
        "export_columns", {"header": "Komen er?"}, {"privacy": "personal"}, "Komen er?"),
    "questions_have_columns": (
        "export_columns", {"header": "Hoeveel?"},
        {"role": "ignored", "question_key": "", "reason": "x"}, "number in 2024"),
    "rows_have_columns": (
        "export_columns", {"header": "In welke staat? [Stadsfiets]"},
        {"role": "ignored", "question_key": "", "item_code": "", "reason": "x"},
        "condition.city in 2024"),
    "options_have_columns": (
        "export_columns", {"header": "Welke? [Stadsfiets]"},
        {"role": "ignored", "question_key": "", "option_code": "", "reason": "x"},
        "kinds.city in 2024"),
    "municipality_versions_follow_each_other": (
        "municipalities", {"name": "Astad"}, {"name": "Bedorp"}, "10001 Bedorp"),
    "ended_municipalities_have_successors": (
        "municipalities", {"name": "Develd"}, {"successor_nis_code": "10005"}, "10006 Develd"),
    "parts_are_of_what_was_divided": (
        "municipalities", {"name": "Develd"}, {"part_of_nis_code": "10001"},
        "Develd, part of 10001"),
    "what_was_seen_is_known": (
        "comparability", {"question_key": "kinds"}, {"seen": "options colour"}, "colour"),
    "labels_stay_with_their_code": (
        "option_editions", {"label": "Ja", "edition_key": "2026", "question_key": "plans"},
        {"label": "nee", "lineage": "renamed"},
        'plans.yes is "nee" in 2026, which is no in 2024.'),
    "scales_have_all_their_scores": (
        "options", {"question_key": "condition", "option_code": "good"}, {"score": "1"},
        "condition.bad"),
    "aliases_are_no_names": ("municipality_aliases", {}, {"alias": "Bedorp"}, "Bedorp"),
    "frames_have_populations": (
        "editions", {"edition_key": "2024"}, {"frame_date": "2025-01-01"}, "Dehove has no"),
    "populations_of_a_frame_are_of_its_municipalities": (
        "populations", None,
        {"nis_code": "10099", "year": "2024", "population": "9", "is_rehearsal": "no"},
        "10099 has a population for the frame of 2024"),
    "populations_grow_slowly": (
        "populations", None,
        {"nis_code": "10007", "year": "2023", "population": "1", "is_rehearsal": "no"},
        "10007 has "),
    "provinces_have_one_spelling": (
        "municipalities", {"name": "Astad"}, {"province": "noord"}, "oord"),
    "real_editions_have_real_municipalities": (
        "municipalities", {"name": "Astad"}, {"is_rehearsal": "yes"}, "Astad in 2024"),
    "size_categories_admit_populations": (
        "size_categories", {"size_category": "large"}, {"max_population": "5"}, "large"),
    "anomalies_give_figures": (
        "published_anomalies", {}, {"computed_count": ""}, "kinds.city"),
    "anomalies_are_explained_once": (
        "published_anomalies", None,
        {"edition_key": "2024", "anomaly_number": "2", "question_key": "kinds",
         "option_code": "city", "computed_count": "2", "computed_base_count": "3",
         "nis_code": "", "explanation": "Nog eens."}, "kinds.city"),
    "open_codes_are_of_open_texts": (
        "open_codes", None,
        {"question_key": "plans", "option_code": "", "code": "x", "position": "1", "label": "x"},
        "plans"),
    "coded_answers_have_their_code": (
        "coded_answers", None,
        {"edition_key": "2024", "respondent_key": "2024-000002", "question_key": "remark",
         "option_code": "", "coder": "an", "code": "x", "fingerprint": "x"}, "remark: x"),
    **{
        f"{table}_are_reviewed": (table, {}, {"review": "proposed"}, "Edition 2024: this row")
        for table, declared in TABLES.items()
        if "review" in declared.columns
    },
}  # fmt: skip
# What else must be changed for a rule to have something to refuse.
SPOILED_TOO = {
    "index_items_name_what_is_answered": (
        "indices", None, {"index_key": "fleet", "label": "x", "within_question": "sum"}),
    "questions_continue_one_by_one": (
        "question_lineage", None, {"question_key": "kinds"}),
    "real_editions_have_real_municipalities": (
        "editions", {"edition_key": "2024"}, {"is_synthetic": "no"}),
}  # fmt: skip


def spoil(survey, table, where, values):
    def change(rows):
        if where is None:
            added = values if isinstance(values, list) else [values]
            return [*rows, *({**(rows[0] if rows else {}), **row} for row in added)]
        found = next(row for row in rows if where.items() <= row.items())
        if values is None:
            return [row for row in rows if row is not found]
        return found.update(values)

    survey.edit(TABLES[table].path, change)


def test_every_rule_is_spoiled_here():
    assert len(BY_KEY) == len(RULES)
    assert BY_KEY.keys() == SPOILED.keys()


@pytest.mark.parametrize("key", SPOILED)
def test_codebook_that_breaks_a_rule_is_refused(other_survey, key):
    *spoiled, seen = SPOILED[key]
    spoil(other_survey, *spoiled)
    if key in SPOILED_TOO:
        spoil(other_survey, *SPOILED_TOO[key])
    with pytest.raises(InputError) as caught:
        other_survey.load()
    rule = BY_KEY[key]
    before, _, after = map(re.escape, rule.what.partition("{seen}"))
    expected = re.compile(f"{before}(?P<seen>.*){after}")
    found = [
        match["seen"]
        for problem in caught.value.problems
        for match in [expected.fullmatch(problem.what)]
        if match and problem.action == rule.action
        and str(problem.where).startswith(f"codebook: {TABLES[rule.table].path}, row ")
    ]  # fmt: skip
    assert any(seen in words for words in found), str(caught.value)


def test_every_key_and_code_refers_to_something():
    # What a column is of its own table, and what only the landed exports or Statbel's whole list
    # of municipalities can tell.
    own = {
        *("questions.question_key", "question_items.item_code"),
        *("options.option_code", "municipalities.nis_code", "postal_codes.postal_code"),
        *("texts.text_key", "corrections.respondent_key", "coded_answers.respondent_key"),
        *("known_findings.respondent_key", "populations.nis_code", "indices.index_key"),
        *(f"{name}.lasting_key" for name in ("corrections", "coded_answers", "known_findings")),
    }
    loose = {
        f"{name}.{column}"
        for name, table in TABLES.items()
        for column in table.columns
        if column.endswith(("_key", "_code"))
        and column not in {one for reference in table.references for one in reference.columns}
    }
    assert loose == own


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("comparability", {"item_code": "tandem", "question_key": "kinds"}),
        (
            "question_lineage",
            {
                "edition_key": "2026",
                "question_key": "plan",
                "from_question_key": "number",
                "lineage": "continued",
                "reason": "x",
            },
        ),
        ("corrections", {"question_key": "condition.tandem", "option_code": ""}),
        ("known_findings", {"question_key": "kind"}),
    ],
)
def test_code_that_stands_nowhere_is_refused(other_survey, table, values):
    if table == "corrections":
        values |= {"edition_key": "2024", "respondent_key": "2024-000002", "expected_value": "x",
                   "reason": "x", "corrected_on": "2024-04-01"}  # fmt: skip
    if table in ("corrections", "question_lineage"):
        spoil(other_survey, table, None, values)
    else:
        spoil(other_survey, table, {}, values)
    assert "does not stand in codebook/" in other_survey.refusal().replace(
        "in question_editions", "in codebook/question_editions"
    )
