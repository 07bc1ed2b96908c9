"""The 2027 from outside, from `draft` to figures: what a person decides, counted, and the figures.

Each decision is what somebody who knows the survey says of one thing; the codebook rows it touches
are changed here as that person would. Every figure of respondents is then that of the truth.
"""

import csv
import shutil
import time

import duckdb
import pytest

from ingest.authoring.deciding import call_the_same
from ingest.authoring.draft import draft_edition
from ingest.exports.files import ExportFile
from ingest.survey import load_survey
from pipeline.modelling import run_dbt
from tests.build.test_draft import write_questionnaire
from tests.build.test_outside_edition import expected_figures
from tests.conftest import ROOT, keep_editions
from tests.outside import HERE, LAYOUTS

REVIEWED = (
    *("question_editions", "item_editions", "option_editions", "option_spellings"),
    *("export_columns", "metadata_values"),
)
# What somebody else called what is new; the draft made a key of its words.
CALLED = {
    "reporting_point": "heeft_je_lokaal_bestuur_een_meldpunt_voo",
    "rainbow_flag": "hing_je_lokaal_bestuur_de_regenboogvlag",
    "themes.poverty": "themes.armoede_en_sociale_uitsluiting",
    "aldermen.three_or_more": "aldermen.three",
    "barriers.residents_language": "barriers.drempels_bij_bewoners_taal",
    "barriers.residents_trust": "barriers.residents",
    "support_needs.tools_awareness": "support_needs.tools_staff",
}


class Person:
    """Who decides; each decision is one call, whatever it touches."""

    def __init__(self, survey):
        self.survey = survey
        self.decisions = 0

    def set(self, table, where, **values):
        """Fill in cells of one row of the new edition, or of what lasts."""
        path = f"codebook/{table}.csv"
        lasts = table in ("options", "questions")
        key = {} if lasts else {"edition_key": "2027"}
        row = self.survey.find(path, **key, **where)
        self.survey.set(path, row, **values)
        self.decisions += 1

    def exclude(self, spelling):
        """Say that a channel is of tests: the rule of before names it now."""
        self.survey.keep("codebook/metadata_values.csv", lambda row: row["spelling"] != spelling)
        self.survey.edit(
            "codebook/row_exclusions.csv",
            lambda rows: [
                row | {"value": spelling} if row["edition_key"] == "2027" and row["role"] else row
                for row in rows
            ],
        )
        self.decisions += 1

    def call_the_same(self, new, old):
        """Say that a question that looks new is an old one in other words."""
        call_the_same(self.survey.codebook, 2027, new, old)
        self.decisions += 1

    def mark_reviewed(self):
        """Say that the rest was looked at; what is ignored has its reason."""

        def review(rows):
            return [
                row
                | {"review": "reviewed"}
                | ({"reason": row["reason"] or "Niet nodig."} if row.get("role") == "ignored"
                   else {})
                for row in rows
            ]  # fmt: skip

        for table in REVIEWED:
            self.survey.edit(f"codebook/{table}.csv", review)
        self.decisions += 1


def decide(survey):
    """Everything that no export and no questionnaire tells."""
    person = Person(survey)
    person.set(
        "editions", {}, label="2027", field_start_date="2027-11-02", field_end_date="2027-12-10",
        frame_date="2027-01-01", tool="Medallia", expected_respondent_count="86",
        is_synthetic="yes",
    )  # fmt: skip
    person.set("metadata_values", {"spelling": "E-mail"}, value="yes")
    person.exclude("Toolrevisie")
    for header in ("Aangepast veld 1", "Datum e-mail bekeken", "Geolocatie (via IP)"):
        person.set("export_columns", {"header": header}, reason="Niet nodig.")
    person.call_the_same("neemt_je_lokaal_bestuur_deel_aan_netwerk", "networks")
    neutral = {"question_key": "vvsg_support_helpful", "option_code": "neutraal"}
    person.set("options", neutral, score="2.5")
    # Whom the new questions are asked, and where the routing of old ones changed.
    has_policy = "${has_policy} = 'yes'"
    person.set("question_editions", {"question_key": CALLED["rainbow_flag"]}, relevant=has_policy)
    person.set(
        "question_editions", {"question_key": "coalition_agreement"},
        relevant=f"{has_policy} or ${{has_policy}} = 'no'",
    )  # fmt: skip
    person.set("question_editions", {"question_key": "support_needs_themes"}, item_relevant="")
    person.mark_reviewed()
    return person.decisions


@pytest.mark.parametrize("layout", LAYOUTS)
def test_outside_edition_goes_from_draft_to_the_figures_of_the_truth(
    layout, whole_survey, tmp_path
):
    survey = keep_editions(whole_survey, 2025)
    file = survey.exports / f"{layout}.xlsx"
    shutil.copyfile(HERE / file.name, file)
    form = write_questionnaire(tmp_path / "vragenlijst.csv")
    started = time.monotonic()
    draft_edition(
        survey.codebook, ExportFile(2027, file, "Respons", None, None, LAYOUTS[layout]), form
    )
    # A figure for the table of the docs; nothing hangs on it.
    print(f"{layout}: drafted in {time.monotonic() - started:.1f} s")
    decisions = decide(survey)
    assert decisions <= 40
    with (ROOT / "docs/new-edition.md").open(encoding="utf-8") as text:
        assert f"| {layout} | {decisions} |" in text.read()
    database = tmp_path / "warehouse.duckdb"
    with duckdb.connect(database) as connection:
        connection.execute("attach ':memory:' as restricted")
        load_survey(connection, survey.codebook, survey.exports)
    run_dbt(["run", "--select", "+mart_question_results"], database, tmp_path)
    with duckdb.connect(database, read_only=True) as connection:
        found = dict(
            connection.execute(
                "select option_key, (selected_count, base_count) from marts.mart_question_results"
                " where edition_key = 2027 and base = 'respondents'"
            ).fetchall()
        )
    wrong = {}
    for (base, key), expected in expected_figures().items():
        if base == "respondents":
            own = key.replace(".neutral", ".neutraal") if key.startswith("vvsg") else key
            for truth, called in CALLED.items():
                own = own.replace(f"{truth}.", f"{called}.") if "." not in truth else (
                    called if own == truth else own
                )  # fmt: skip
            if found.get(own) != expected:
                wrong[key] = (expected, found.get(own))
    assert wrong == {}
    # Rows that nobody typed: all of them but what is counted above.
    with (survey.codebook / "codebook/export_columns.csv").open(encoding="utf-8") as rows:
        assert sum(row["edition_key"] == "2027" for row in csv.DictReader(rows)) > 90
