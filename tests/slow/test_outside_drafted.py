"""The 2027 from outside, from `draft` to figures by commands and a written list of decisions.

`tests/outside/decisions_2027.csv` is what somebody who knows the survey says of it, the same for
the three layouts. Every figure of both bases is then that of the truth.
"""

import csv
import shutil
import time

import duckdb
import pytest
from typer.testing import CliRunner

from ingest.authoring.reviewing.review import read_list
from pipeline.cli import app
from tests.build.test_draft import write_questionnaire
from tests.build.test_outside_edition import expected_figures
from tests.conftest import ROOT, keep_editions
from tests.outside import HERE, LAYOUTS

DECISIONS = HERE / "decisions_2027.csv"
MERGER = (
    *("merger", "Herselt", "Hulshout", "--name", "Herselt-Hulshout", "--code", "13099"),
    *("--date", "2027-01-01", "--rehearsal", "--write"),
)
# What somebody else called what is new; the draft made a key of its words.
CALLED = {
    "reporting_point": "heeft_je_lokaal_bestuur_een_meldpunt_voo",
    "rainbow_flag": "hing_je_lokaal_bestuur_de_regenboogvlag",
    "learning_network_themes": "learning_network_themes_single",
    "themes.poverty": "themes.armoede_en_sociale_uitsluiting",
    "aldermen.three_or_more": "aldermen.de_bevoegdheid_valt_onder_drie_of_meer_s",
    "barriers.residents_language": "barriers.drempels_bij_bewoners_taal",
    "barriers.residents_trust": "barriers.drempels_bij_bewoners_vertrouwen_of_bere",
    "support_needs.tools_awareness": "support_needs.tools_om_medewerkers_of_beleid_te_sensib",
}


def run(survey, *words):
    """Run a command on the survey; it succeeds."""
    folders = ["--codebook", str(survey.codebook)]
    if words[0] in ("review", "build"):
        folders += ["--exports", str(survey.exports)]
    outcome = CliRunner().invoke(app, [*words, *folders])
    assert outcome.exit_code == 0, outcome.output
    return outcome.output


def call(key):
    """Return what the codebook calls what the truth calls otherwise."""
    own = key.replace(".neutral", ".neutraal") if key.startswith("vvsg") else key
    for truth, called in CALLED.items():
        if own == truth:
            return called
        if "." not in truth:
            own = own.replace(f"{truth}.", f"{called}.")
    return own


@pytest.mark.parametrize("layout", LAYOUTS)
def test_outside_edition_goes_from_draft_to_the_figures_of_the_truth(
    layout, whole_survey, tmp_path
):
    survey = keep_editions(whole_survey, 2025)
    file = survey.exports / f"{layout}.xlsx"
    shutil.copyfile(HERE / file.name, file)
    form = write_questionnaire(tmp_path / "vragenlijst.csv")
    warehouse = tmp_path / "warehouse.duckdb"
    started = time.monotonic()
    run(survey, "draft", "2027", str(file), "--sheet", "Respons", "--header-rows",
        str(LAYOUTS[layout]), "--questionnaire", str(form))  # fmt: skip
    run(survey, *MERGER)
    told = run(survey, "review", "2027", "--take", str(DECISIONS))
    assert told.endswith("nothing is left to decide: build\n")
    reviewed = time.monotonic()
    run(survey, "build", "--warehouse", str(warehouse))
    # Figures for the table of the docs; nothing hangs on them.
    print(f"{layout}: to the last decision {reviewed - started:.0f} s, built in"
          f" {time.monotonic() - reviewed:.0f} s")  # fmt: skip
    with duckdb.connect(warehouse, read_only=True) as connection:
        found = {
            (base, option): (selected, count)
            for base, option, selected, count in connection.execute(
                "select base, option_key, selected_count, base_count"
                " from marts.mart_question_results where edition_key = 2027"
            ).fetchall()
        }
        contradicted = connection.execute(
            "from marts.mart_verdict_contradictions where to_edition_key = 2027 and not is_seen"
        ).fetchall()
    expected = {(base, call(key)): right for (base, key), right in expected_figures().items()}
    assert {place: (right, found.get(place)) for place, right in expected.items()
            if found.get(place) != right} == {}  # fmt: skip
    assert len(expected) == 2 * 299
    # Whoever called something comparable had seen what speaks against it.
    assert contradicted == []


def test_practice_of_the_docs_gives_the_figures_of_the_rehearsal(whole_survey, built, tmp_path):
    survey, warehouse = whole_survey, tmp_path / "warehouse.duckdb"
    for edition in ("2029", "2027"):
        run(survey, "forget", edition, "--write")
    (survey.exports / "gelijkekansen_2029.csv").unlink()
    file = survey.exports / "answers_2027.xlsx"
    (survey.exports / "gelijkekansen_2027.xlsx").rename(file)
    run(survey, "draft", "2027", str(file), "--header-rows", "2")
    run(survey, "review", "2027", "--take", str(HERE / "decisions_rehearsal.csv"))
    run(survey, "build", "--warehouse", str(warehouse))
    figures = (
        "select base, question_key, option_label, selected_count, base_count"
        " from marts.mart_question_results where edition_key = 2027"
    )
    found = [set(), set()]
    for number, path in enumerate((warehouse, built.warehouse)):
        with duckdb.connect(path, read_only=True) as connection:
            found[number] = set(connection.execute(figures).fetchall())
    assert found[0] == found[1]
    assert len(found[0]) == 560


def test_docs_count_the_decisions_of_the_written_list():
    with DECISIONS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    # What is not left as it was proposed; the merger is a decision too.
    edits = sum(bool(row["field"]) for row in rows)
    decisions = len(read_list(DECISIONS)) + 1
    assert decisions <= 40
    text = (ROOT / "docs/new-edition.md").read_text(encoding="utf-8")
    assert all(f"| {layout} | {decisions} | {edits} |" in text for layout in LAYOUTS)
