"""The scheduled rebuild: one command, that systemd, cron and a workflow call alike."""

import re
import subprocess
import sys
from pathlib import Path

import yaml

from tests.conftest import ROOT
from tests.tools import need

SCHEDULE = ROOT / "schedule"
COMMAND = ".venv/bin/gelijkekansen build --quiet --why schedule"


def test_every_way_calls_the_same_command():
    for path in (
        SCHEDULE / "README.md",
        SCHEDULE / "gelijkekansen.service",
        ROOT / ".github/workflows/rebuild.yml",
    ):
        assert COMMAND in path.read_text("utf-8"), path
    cron = re.search(r"^17 6 \* \* \* .*$", (SCHEDULE / "README.md").read_text(), re.MULTILINE)
    assert cron[0].endswith(COMMAND)


def test_units_are_what_systemd_understands(tmp_path):
    need("systemd")
    home = tmp_path / "home"
    program = home / "gelijkekansen/.venv/bin/gelijkekansen"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for name in ("gelijkekansen.service", "gelijkekansen.timer"):
        unit = (SCHEDULE / name).read_text("utf-8").replace("%h", str(home))
        (tmp_path / name).write_text(unit)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no",
         tmp_path / "gelijkekansen.service", tmp_path / "gelijkekansen.timer"],
        capture_output=True, text=True,
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "gelijkekansen" in line]
    assert ours == []
    assert done.returncode == 0, done.stderr
    (tmp_path / "gelijkekansen.timer").write_text("[Timer]\nOnCalender=daily\n")
    spoiled = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / "gelijkekansen.timer"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert "OnCalender" in spoiled.stderr


def test_workflow_runs_on_a_machine_of_our_own():
    workflow = yaml.safe_load((ROOT / ".github/workflows/rebuild.yml").read_text("utf-8"))
    (job,) = workflow["jobs"].values()
    assert "self-hosted" in job["runs-on"]
    # YAML 1.1 reads the key "on" as true.
    assert set(workflow[True]) == {"workflow_dispatch", "schedule"}


def test_quiet_prints_one_line_where_something_was_built_and_else_nothing(other_survey, tmp_path):
    def run():
        return subprocess.run(
            [Path(sys.executable).with_name("gelijkekansen"), "build", "--quiet", "--codebook",
             other_survey.codebook, "--exports", other_survey.exports, "--warehouse",
             tmp_path / "warehouse.duckdb"],
            capture_output=True, text=True,
        )  # fmt: skip

    first, second = run(), run()
    assert (first.returncode, second.returncode) == (0, 0)
    assert re.fullmatch(
        r"built warehouse\.duckdb in \d+ s: 2 editions, 11 respondents, 66 expectations"
        r" \(2 with findings\), figures not compared\n",
        first.stdout,
    )
    assert (first.stderr, second.stdout, second.stderr) == ("", "", "")
    other_survey.set("codebook/parts.csv", 2, label="")
    refused = run()
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert refused.stderr.startswith("warehouse.duckdb was not built: 1 problem in the input")
