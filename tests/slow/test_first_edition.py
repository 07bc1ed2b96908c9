"""A survey that nobody has described yet: from init and one export to figures, by the commands."""

import csv
import datetime
import random
import struct
import subprocess
import sys
from collections import Counter
from pathlib import Path

import duckdb
import pandas as pd
import pyreadstat
import pytest

from ingest.codebook.tables import TABLES
from tests.conftest import Survey
from tests.forms import answer_xlsform, write_xlsform

COMMAND = Path(sys.executable).with_name("gelijkekansen")
CHANNELS = ("Folder", "Website", "Loket")
THEMES = ("Wonen", "Werk", "Zorg")
SCALE = ("Goed", "Matig", "Slecht")


def answer_form(chance: random.Random, number: int) -> dict[str, str]:
    """One row as Google Forms writes it: one stamp, choices joined in a cell, a grid's rows."""
    row = {
        "Tijdstempel": f"{1 + number % 28}/03/2031 9:{number:02}:00",
        "Welke thema's?": ", ".join(chance.sample(THEMES, chance.randint(1, 3))),
        "Hoeveel mensen?": str(chance.randint(0, 12)),
    }
    for side in ("Personeel", "Burgers"):
        row[f"Hoe tevreden? [{side}]"] = chance.choice(SCALE)
    return row


def answer(chance: random.Random, number: int) -> dict[str, str]:
    """One row as LimeSurvey writes it: a box per option, no submitdate where somebody stopped."""
    began = datetime.datetime(2031, 3, 1, 9, number)
    is_complete = number % 10 != 0
    has = chance.choice(["Ja", "Nee"])
    row = {
        "id": str(number),
        "submitdate": str(began + datetime.timedelta(minutes=7)) if is_complete else "",
        "startdate": str(began),
        "Werkt u hieraan?": has,
        "Thema's": ";".join(chance.sample(THEMES, chance.randint(1, 3))),
    }
    for channel in CHANNELS:
        row[f"Welke kanalen? [{channel}]"] = chance.choice(["Ja", "Nee"]) if has == "Ja" else ""
    for side in ("Personeel", "Burgers"):
        row[f"Hoe tevreden? [{side}]"] = chance.choice(SCALE) if is_complete else ""
    row["Hoeveel VTE?"] = str(chance.randint(0, 80) / 4) if is_complete else ""
    row["Opmerkingen"] = f"eigen woorden {number}"
    return row


@pytest.fixture(scope="module")
def rows():
    chance = random.Random(2031)
    return [answer(chance, number) for number in range(1, 51)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory, rows):
    return begin(tmp_path_factory.mktemp("first") / "survey", rows, "${werkt_u_hieraan} = 'ja'")


def begin(folder, rows, relevant=""):
    """The folder that `init` made, drafted from the export, looked at by somebody, and built."""
    run("init", folder, "--title", "Proef")
    with (folder / "exports/results.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return build_drafted(folder, "results.csv", len(rows), relevant)


def build_drafted(folder, export, count, relevant="", no_answer="", questionnaire=None):
    """Draft, do what a person is asked to do, and build."""
    more = ["--questionnaire", questionnaire] if questionnaire else []
    run("draft", "--first", "2031", f"exports/{export}", *more, cwd=folder)
    survey = Survey(folder / "seeds", folder / "exports")
    if no_answer:
        # A label that means that there is no answer is no option.
        survey.keep("codebook/options.csv", lambda row: row["label"] != no_answer)
        survey.keep("codebook/option_editions.csv", lambda row: row["label"] != no_answer)
        spelled = survey.find("codebook/option_spellings.csv", spelling=no_answer)
        survey.set("codebook/option_spellings.csv", spelled, option_code="", is_selected="no")
    for table in TABLES.values():
        if "review" in table.columns:
            review(survey, table.path)
    survey.set(
        "codebook/editions.csv", 2, label="Proef 2031", field_start_date="2031-03-01",
        field_end_date="2031-03-31", tool="x", expected_respondent_count=str(count),
    )  # fmt: skip
    if relevant:
        editions = "codebook/question_editions.csv"
        follow_up = survey.find(editions, wording="Welke kanalen?")
        survey.set(editions, follow_up, relevant=relevant)
    assert "built warehouse.duckdb" in run("build", cwd=folder)
    return folder


def run(*arguments, cwd=None) -> str:
    command = [COMMAND, *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def review(survey: Survey, name: str) -> None:
    def mark(rows):
        for row in rows:
            assert row["review"] == "proposed"
            row["review"] = "reviewed"

    survey.edit(name, mark)


def test_first_edition_is_built_from_its_export_alone(folder, rows):
    with duckdb.connect(folder / "warehouse.duckdb", read_only=True) as connection:
        figures = {
            option: (selected, base)
            for option, selected, base in connection.execute(
                "select option_key, selected_count, base_count from marts.mart_question_results"
            ).fetchall()
        }
        (number,) = connection.execute(
            "select mean, base_count from marts.mart_scale_results"
        ).fetchall()
        statuses = connection.execute(
            "select status, count(*) from marts.dim_respondents group by all order by all"
        ).fetchall()
    has = Counter(row["Werkt u hieraan?"] for row in rows)
    assert figures["werkt_u_hieraan.ja"] == (has["Ja"], 50)
    ticked = [row for row in rows if "Ja" in [row[f"Welke kanalen? [{c}]"] for c in CHANNELS]]
    for channel in CHANNELS:
        count = sum(row[f"Welke kanalen? [{channel}]"] == "Ja" for row in rows)
        assert figures[f"welke_kanalen.{channel.lower()}"] == (count, len(ticked))
    for theme in THEMES:
        count = sum(theme in row["Thema's"].split(";") for row in rows)
        assert figures[f"thema_s.{theme.lower()}"] == (count, 50)
    complete = [row for row in rows if row["submitdate"]]
    for label in SCALE:
        count = sum(row["Hoe tevreden? [Burgers]"] == label for row in rows)
        assert figures[f"hoe_tevreden.burgers.{label.lower()}"] == (count, len(complete))
    mean = sum(float(row["Hoeveel VTE?"]) for row in complete) / len(complete)
    assert number == (pytest.approx(mean), 45)
    assert statuses == [("complete", 45), ("partial", 5)]
    assert "pages; open site/index.html" in run("docs", cwd=folder)


def test_form_with_one_stamp_and_joined_cells_is_drafted_and_built(tmp_path):
    chance = random.Random(2031)
    rows = [answer_form(chance, number) for number in range(1, 41)]
    folder = begin(tmp_path / "form", rows)
    with duckdb.connect(folder / "warehouse.duckdb", read_only=True) as connection:
        figures = dict(
            connection.execute(
                "select option_key, selected_count from marts.mart_question_results"
                " where base_count = 40"
            ).fetchall()
        )
        (stamp,) = connection.execute(
            "select min(completed_at)::varchar from marts.dim_respondents"
        ).fetchone()
    for theme in THEMES:
        count = sum(theme in row["Welke thema's?"].split(", ") for row in rows)
        assert figures[f"welke_thema_s.{theme.lower()}"] == count
    for label in SCALE:
        count = sum(row["Hoe tevreden? [Personeel]"] == label for row in rows)
        assert figures[f"hoe_tevreden.personeel.{label.lower()}"] == count
    assert stamp == "2031-03-01 09:28:00"


def test_questionnaire_gives_options_and_routing(tmp_path):
    chance = random.Random(2033)
    rows = [answer_xlsform(chance, number) for number in range(50)]
    folder = tmp_path / "kobo"
    run("init", folder, "--title", "Proef")
    with (folder / "exports/kobo.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    form = write_xlsform(tmp_path / "form.xlsx")
    build_drafted(folder, "kobo.csv", 50, questionnaire=form)
    with duckdb.connect(folder / "warehouse.duckdb", read_only=True) as connection:
        figures = dict(connection.execute(
            "select option_key, (selected_count, base_count) from marts.mart_question_results"
        ).fetchall())  # fmt: skip
        means = dict(connection.execute(
            "select question_key, (mean, base_count) from marts.mart_scale_results"
        ).fetchall())  # fmt: skip
        universes = dict(connection.execute(
            "select question_key, universe from marts.bridge_question_editions"
        ).fetchall())  # fmt: skip
        states = connection.execute(
            "select state, count(*) from marts.fct_question_responses"
            " where question_key = 'channels' group by all order by 1"
        ).fetchall()
    shown = [row for row in rows if row["one/has"] == "yes"]
    assert states == [("answered", len(shown)), ("not_shown", 50 - len(shown))]
    assert "'Werkt u?' is 'Ja'" in universes["channels"].translate({0x2018: "'", 0x2019: "'"})
    for code in ("web", "desk"):
        count = sum(row[f"one/channels/{code}"] == "1" for row in rows)
        assert figures[f"channels.{code}"] == (count, len(shown))
        places = [row["order"].split().index(code) + 1 for row in rows]
        assert means[f"order.{code}"] == (pytest.approx(sum(places) / 50), 50)
    for side in ("staff", "people"):
        count = sum(row[f"sat/{side}"] == "2" for row in rows)
        assert figures[f"sat.{side}.2"] == (count, len(shown))
    # An option that nobody chose is in no export, and in the questionnaire.
    assert figures["consent.no"] == (0, 50)


def declare_set(path, words):
    """Put a multiple response set into an SPSS file, as SPSS does: an extension record."""
    content = path.read_bytes()
    record = struct.pack("<iiii", 7, 7, 1, len(words)) + words
    end = content.index(struct.pack("<ii", 999, 0))
    path.write_bytes(content[:end] + record + content[end:])


def test_spss_file_with_a_multiple_response_set_is_drafted_and_built(tmp_path):
    chance = random.Random(2031)
    frame = pd.DataFrame(
        {
            "id": [float(number) for number in range(101, 161)],
            "has": [float(chance.choice([1, 2, 9])) for _ in range(60)],
            **{f"t{n}": [float(chance.random() < 0.5) for _ in range(60)] for n in (1, 2, 3)},
            "staff": [chance.randint(0, 40) / 4 for _ in range(60)],
        }
    )
    run("init", tmp_path / "spss", "--title", "Proef")
    path = tmp_path / "spss/exports/results.sav"
    pyreadstat.write_sav(
        frame, str(path),
        column_labels=["Nummer", "Werkt u hieraan?", *THEMES, "Hoeveel VTE?"],
        variable_value_labels={"has": {1.0: "Ja", 2.0: "Nee", 9.0: "Geen antwoord"}},
        missing_ranges={"has": [9.0]},
    )  # fmt: skip
    declare_set(path, b"$themes=D1 1 14 Welke thema's? t1 t2 t3\n")
    folder = build_drafted(tmp_path / "spss", path.name, 60, no_answer="Geen antwoord")
    with duckdb.connect(folder / "warehouse.duckdb", read_only=True) as connection:
        figures = dict(
            connection.execute(
                "select option_key, [selected_count, base_count] from marts.mart_question_results"
            ).fetchall()
        )
        mean = connection.execute("select mean from marts.mart_scale_results").fetchone()
    answered = int((frame["has"] != 9).sum())
    assert figures["werkt_u_hieraan.ja"] == [int((frame["has"] == 1).sum()), answered]
    ticked = int((frame[["t1", "t2", "t3"]].sum(axis=1) > 0).sum())
    for number, theme in enumerate(THEMES, start=1):
        count = int(frame[f"t{number}"].sum())
        assert figures[f"welke_thema_s.{theme.lower()}"] == [count, ticked]
    assert mean == (pytest.approx(frame["staff"].mean()),)


def test_draft_is_refused_where_the_survey_is_known(folder):
    command = [COMMAND, "draft", "--first", "2033"]
    done = subprocess.run(
        [*command, "exports/results.csv"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Draft without --first." in done.stderr


def test_survey_is_begun_once(folder):
    command = [COMMAND, "init", folder]
    before = (folder / "seeds/codebook/questions.csv").read_bytes()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "is there already" in done.stderr) == (1, True)
    assert (folder / "seeds/codebook/questions.csv").read_bytes() == before
