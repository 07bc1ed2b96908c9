"""The benchmarks run, and what is compared does the same work. Nothing here looks at a clock."""

import re
import subprocess
import sys

import pytest

from benchmarks.__main__ import has_r
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("benchmarks")
    command = [
        *(sys.executable, "-m", "benchmarks", "--sizes", "100,200", "--landed", "100"),
        *("--runs", "1", "--to", folder / "results.md", "--work", folder / "work"),
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return (folder / "results.md").read_text(encoding="utf-8")


def test_every_section_has_its_table(results):
    titles = re.findall(r"^## (.*)$", results, re.MULTILINE)
    assert [title[:2] for title in titles] == ["1.", "2.", "3.", "4.", "5.", "6."]
    assert results.count("|---|") >= 6
    kept = (ROOT / "benchmarks" / "RESULTS.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)$", kept, re.MULTILINE) == titles


def test_models_script_and_pandas_come_to_the_same_figures(results):
    assert re.findall(r"\d+ figures differ", results) == ["0 figures differ"] * 4


def test_all_read_the_same_cells(results):
    section = results[results.index("## 3.") : results.index("## 4.")]
    read = re.findall(r"^\| (?:python|landing|pandas).*\| ([\d,]+) cells", section, re.MULTILINE)
    assert len(read) == 3
    assert read[0] == read[2]


def test_only_routing_gives_what_was_published(results):
    section = results[results.index("## 5.") :]
    reached = dict(re.findall(r"^\| (\w+).*\| (\d+)[^|]*\|$", section, re.MULTILINE))
    # All but the 19 figures on themes and actions, in whose base stands who was routed away.
    assert reached["pandas"] == "68"
    assert reached["dbt"] == "4"
    assert reached["this"] == "87"
    if has_r():
        assert reached["R"] == "68"
