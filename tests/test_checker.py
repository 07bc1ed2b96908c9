import os
import signal
import subprocess
import sys
import time

import pytest

from expectations.checker import CheckerError, start_checker
from tests.conftest import ROOT


def test_checker_reports_what_the_suites_find(other_built, tmp_path):
    with start_checker() as check:
        report = check(other_built.warehouse, tmp_path / "docs")
    assert len(report.results) == 48
    assert not report.failures
    assert (tmp_path / "docs" / "index.html").is_file()


def test_what_is_no_warehouse_is_no_verdict_and_quotes_nothing(tmp_path):
    (tmp_path / "warehouse.duckdb").write_text("secret")
    with start_checker() as check, pytest.raises(CheckerError, match=r"checked \(IOException\)"):
        check(tmp_path / "warehouse.duckdb", tmp_path / "docs")


def test_checker_that_dies_is_no_verdict(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with start_checker() as check, pytest.raises(CheckerError, match="the checker died"):
        check(tmp_path / "warehouse.duckdb", tmp_path / "docs")


def test_checker_ends_with_the_one_who_started_it():
    lines = (
        "import time",
        "from expectations.checker import start_checker",
        "with start_checker() as check:",
        "    print(check.__closure__[0].cell_contents.pid, flush=True)",
        "    time.sleep(60)",
    )
    asker = subprocess.Popen(
        [sys.executable, "-c", "\n".join(lines)], cwd=ROOT, stdout=subprocess.PIPE
    )
    checker = int(asker.stdout.readline())
    os.kill(checker, 0)
    asker.send_signal(signal.SIGKILL)
    asker.communicate()
    for _ in range(300):
        time.sleep(0.1)
        try:
            os.kill(checker, 0)
        except ProcessLookupError:
            return
    pytest.fail("the checker lives on")
