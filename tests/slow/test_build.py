"""The build as a whole: what it refuses, and what it leaves as it was."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from expectations.suites import FINDINGS, SUITES
from ingest.shared.problems import InputError
from pipeline.build import build_warehouse
from pipeline.modelling import ModellingError, run_dbt
from pipeline.paths import BuildError, Paths
from tests.conftest import OTHER, ROOT, Survey

COMMAND = Path(sys.executable).with_name("gelijkekansen")


def run(*arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(COMMAND), *map(str, arguments)], capture_output=True, text=True, cwd=cwd, check=False
    )


def build_other(survey: Survey, warehouse: Path, *options: str) -> subprocess.CompletedProcess[str]:
    places = ("--codebook", survey.codebook, "--exports", survey.exports, "--warehouse", warehouse)
    return run("build", *places, *options)


@pytest.fixture
def other_paths(other_survey, other_built, tmp_path):
    """A survey to be spoiled, with the warehouse of its sound state in place."""
    paths = Paths(other_survey.codebook, other_survey.exports, tmp_path / "warehouse.duckdb")
    shutil.copyfile(other_built.warehouse, paths.warehouse)
    return paths


def count_respondents(warehouse: Path) -> int:
    with duckdb.connect(warehouse, read_only=True) as connection:
        return connection.execute(
            "select count(*) from marts.dim_respondents where edition_key = 2024"
        ).fetchone()[0]


def test_refused_input_leaves_the_warehouse(other_survey, other_paths):
    before = other_paths.warehouse.read_bytes()
    other_survey.set("codebook/questions.csv", 2, concept="none")
    with pytest.raises(InputError):
        build_warehouse(other_paths)
    assert other_paths.warehouse.read_bytes() == before


def test_critical_finding_leaves_the_warehouse_and_keeps_what_was_built(other_survey, other_paths):
    before = other_paths.warehouse.read_bytes()
    other_survey.set("codebook/editions.csv", 2, expected_respondent_count="9")
    other_survey.set("published/figures.csv", 2, published_count="4")
    with pytest.raises(BuildError, match="2 critical expectations failed"):
        build_warehouse(other_paths)
    assert other_paths.warehouse.read_bytes() == before
    assert count_respondents(other_paths.staged) == 7


@pytest.mark.parametrize(
    "name", ["restricted.duckdb", "wh'x.duckdb", "warehouse.db", "w.new.duckdb"]
)
def test_name_that_no_warehouse_can_have_is_refused(other_paths, name):
    paths = Paths(other_paths.codebook, other_paths.exports, other_paths.warehouse.with_name(name))
    with pytest.raises(BuildError, match="cannot be the name of a warehouse"):
        build_warehouse(paths)


def test_folder_in_the_place_of_the_warehouse_is_refused_at_once(other_paths, tmp_path):
    (tmp_path / "w.duckdb").mkdir()
    paths = Paths(other_paths.codebook, other_paths.exports, tmp_path / "w.duckdb")
    with pytest.raises(BuildError, match="is no file"):
        build_warehouse(paths)


def test_warehouses_in_one_folder_keep_their_restricted_answers_apart(tmp_path):
    one, two = (Paths(OTHER, OTHER, tmp_path / name) for name in ("warehouse.duckdb", "b.duckdb"))
    assert one.restricted.name == "restricted.duckdb"
    assert two.restricted.name == "b-restricted.duckdb"


def test_second_build_is_told_of_the_first(other_paths):
    other_paths.workspace.mkdir()
    with (
        FileLock(other_paths.workspace / "lock"),
        pytest.raises(BuildError, match="Another command is at work here"),
    ):
        build_warehouse(other_paths)


def test_file_can_be_read_by_duckdb_1_2(built):
    # The storage version stands in the header: 64 is 0.10 to 1.1, 65 is 1.2, 67 is 1.4.
    for path in (built.warehouse, built.restricted):
        assert int.from_bytes(path.read_bytes()[12:20], "little") <= 65


def test_command_refuses_with_exit_code_1_and_the_list(other_survey, tmp_path):
    (other_survey.exports / "fietsen.csv").unlink()
    done = build_other(other_survey, tmp_path / "w.duckdb")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(
        "w.duckdb was not built: 1 problem in the input; nothing was built."
    )
    assert not (tmp_path / "w.duckdb").exists()


def test_refusal_can_be_read_by_a_script_and_stands_whole_in_the_report(other_survey, tmp_path):
    path = other_survey.exports / "fietsen.csv"
    lines = path.read_bytes().split(b"\r\n")
    lines = [line.replace(b";web;", f";web{n};".encode()) for n, line in enumerate(lines)]
    path.write_bytes(b"\r\n".join(lines))
    done = build_other(other_survey, tmp_path / "w.duckdb", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["is_built"]) == (1, False)
    assert told["summary"].startswith(f"{len(told['problems'])} problems in the input")
    path = tmp_path / ".w-build" / "report.txt"
    report = path.read_text("utf-8")
    assert len(told["problems"]) > 5
    for problem in told["problems"]:
        assert f"{problem['where']}\n    {problem['what']}\n    -> {problem['action']}" in report
    assert done.stderr.endswith(f"Every problem stands in {path}.\n")


def test_command_that_is_not_understood_exits_with_2():
    assert run("biuld").returncode == 2


def test_check_reports_and_changes_nothing(built):
    before = built.warehouse.read_bytes()
    done = run("check", "--warehouse", built.warehouse)
    assert done.returncode == 0, done.stderr
    assert re.match(r"\d+ expectations: \d+ passed, 3 known\n", done.stdout)
    assert "2025-000034, themes, off_route" in done.stdout
    assert built.warehouse.read_bytes() == before


def test_check_and_docs_say_that_there_is_no_warehouse(tmp_path):
    for command in ("check", "docs"):
        done = run(command, "--warehouse", tmp_path / "none.duckdb", cwd=tmp_path)
        assert done.returncode == 1
        assert "There is no warehouse" in done.stderr


def test_check_of_what_is_no_warehouse_says_so(tmp_path):
    (tmp_path / "text.duckdb").write_text("no database")
    duckdb.connect(tmp_path / "empty.duckdb").close()
    for name, words in (("text", "cannot be opened"), ("empty", "was not built by")):
        done = run("check", "--warehouse", tmp_path / f"{name}.duckdb")
        assert done.returncode == 1
        assert words in done.stderr
        assert "Traceback" not in done.stderr


def test_diff_prints_what_changed(built):
    done = run("diff", 2025, 2027, "--warehouse", built.warehouse)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("2025 (synthetic) -> 2027 (synthetic)\n")
    assert "option_renamed    themes.lgbti: LGBTI+ personen -> LGBTQIA+ personen" in done.stdout
    assert run("diff", 2027, 2025, "--warehouse", built.warehouse).returncode == 1


def test_build_leaves_nothing_in_the_temporary_folder(built):
    import tempfile

    left = [
        path
        for path in Path(tempfile.gettempdir()).glob("tmp*/index.html")
        if "great_expectations" in path.read_text(errors="replace")
        and path.stat().st_mtime > built.codebook.stat().st_mtime
        and path.stat().st_mtime > built.workspace.stat().st_ctime - 60
    ]
    assert left == []


def test_docs_are_one_page_without_network_or_path(built, tmp_path):
    from pipeline.inspect import write_docs

    page = write_docs(built.warehouse, tmp_path / "site").read_text(encoding="utf-8")
    assert "mart_question_results" in page
    assert str(ROOT) not in page
    assert str(tmp_path) not in page
    # Served, the page starts its tracker only where this says true.
    assert '"send_anonymous_usage_stats": false' in page
    assert not re.search(r"<(script|img|iframe)[^>]* src=\"https?:", page)
    assert not re.search(r"<link[^>]* href=\"https?:", page)


def test_unit_tests_of_the_models_pass(other_built, tmp_path):
    from pipeline.modelling import run_dbt

    copy = tmp_path / other_built.warehouse.name
    shutil.copyfile(other_built.warehouse, copy)
    run_dbt(["test", "--select", "test_type:unit"], copy, tmp_path)


def test_model_keeps_what_it_declares(other_built, tmp_path):
    copy = tmp_path / other_built.warehouse.name
    shutil.copyfile(other_built.warehouse, copy)
    with duckdb.connect(copy) as connection:
        connection.execute("insert into marts.fct_answers from (from marts.fct_answers limit 1)")
        connection.execute(
            "update marts.fct_answers set option_key = 'odd' where option_key = 'has_bikes.yes'"
        )
        connection.execute(
            "update marts.fct_question_responses set state = 'odd' where question_key = 'remark'"
        )
        connection.execute(
            "update intermediate.int_respondents_located set municipality_key = null"
        )
    with pytest.raises(ModellingError) as caught:
        run_dbt(["test", "--select", "test_name:keeps"], copy, tmp_path)
    assert re.findall(r"^(\w+)_keeps_what_it_declares: .*?; (.*)$", str(caught.value), re.M) == [
        (
            "fct_answers",
            "grain: respondent_key + option_key, 1;"
            " reference: option_key to dim_options.option_key, 1",
        ),
        ("fct_question_responses", "values: state, 7"),
        ("int_respondents_located", "required: municipality_key, 11"),
    ]


def test_spoiled_export_of_this_test_is_the_one_that_ships():
    assert (OTHER / "exports/fietsen.csv").read_bytes().count(b"\r\n") == 10


def test_scripts_get_json(built):
    results = json.loads(run("check", "--json", "--warehouse", built.warehouse).stdout)
    assert len(results) == 3 * sum(len(suite.rules) for suite in (*SUITES, FINDINGS))
    assert {result["verdict"] for result in results} == {"passed", "known"}
    changes = json.loads(run("diff", 2025, 2027, "--json", "--warehouse", built.warehouse).stdout)
    assert {
        "change": "option_renamed",
        "key": "themes.lgbti",
        "from_value": "LGBTI+ personen",
        "to_value": "LGBTQIA+ personen",
    } in changes
    arguments = ("--codebook", built.codebook, "--exports", built.exports)
    done = run("build", "--json", *arguments, "--warehouse", built.warehouse)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["is_built"] is False
    assert done.stderr == ""
