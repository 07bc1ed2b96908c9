"""What is measured: each a function, called with texts by `python -m benchmarks.tasks NAME`."""

import json
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import duckdb

from ingest.shared.tables import limit_memory

HERE = Path(__file__).parent

FIGURES = """
    select edition_key, base, option_key, selected_count, base_count, percentage
"""
DIFFERENCES = f"""
    with own as ({FIGURES} from marts.mart_question_results), other as ({FIGURES} from {{other}})
    select count(*) from (
        (from own except from other) union all (from other except from own)
    )
"""


def floor(folder: str) -> None:
    """Run dbt on an empty project, and one expectation on one row: the least of our engines.

    What dbt has parsed is kept in the folder, as a build keeps it.
    """
    import pandas as pd

    from expectations.run import load_library
    from pipeline import modelling

    project = Path(folder)
    profiles = (modelling.PROJECT / "profiles.yml").read_text(encoding="utf-8")
    (project / "profiles.yml").write_text(profiles, encoding="utf-8")
    (project / "dbt_project.yml").write_text(
        "name: empty\nprofile: gelijkekansen\nflags: {send_anonymous_usage_stats: false}\n",
        encoding="utf-8",
    )
    modelling.PROJECT = project
    modelling.run_dbt(["build"], project / "empty.duckdb", project)
    gx = load_library()
    context = gx.get_context(mode="ephemeral")
    suite = context.suites.add(gx.ExpectationSuite("floor"))
    suite.add_expectation(gx.expectations.ExpectColumnValuesToNotBeNull(column="one"))
    asset = context.data_sources.add_pandas("floor").add_dataframe_asset("floor")
    batch = asset.add_batch_definition_whole_dataframe("floor")
    if not batch.get_batch({"dataframe": pd.DataFrame({"one": [1]})}).validate(suite).success:
        raise RuntimeError("The floor does not hold.")


def enlarge(source: str, target: str, size: str) -> int:
    """Make a survey with `size` respondents in each edition; return how many cells it has."""
    from benchmarks.growth import enlarge

    return enlarge(Path(source), Path(target), int(size))


def write_types(folder: str) -> int:
    """Write the survey with all other types of questions; return how many editions it has."""
    from tests.survey_of_types import write_survey

    # Those that were the same in both frames, so that nobody is in none.
    names = (
        duckdb.connect()
        .execute(f"""
        select name from read_csv('{HERE.parent}/seeds/municipalities/municipalities.csv')
        where valid_from <= '2025-01-01' and valid_to is null order by name
    """)
        .fetchall()
    )
    Path(folder).mkdir(parents=True)
    survey = write_survey(Path(folder), tuple(name for (name,) in names))
    return len(list(survey.exports.iterdir()))


def model(database: str, folder: str) -> int:
    """Build and test all models; return how many answers there are."""
    from pipeline.modelling import BUILD, run_dbt

    run_dbt(BUILD, Path(database), Path(folder))
    return _count(database, "marts.fct_answers")


def model_results(database: str, folder: str) -> int:
    """Build the models that `mart_question_results` needs; return how many figures it has."""
    from pipeline.modelling import run_dbt

    run_dbt(["run", "--select", "+mart_question_results"], Path(database), Path(folder))
    return _count(database, "marts.mart_question_results")


def check(database: str) -> int:
    """Run all suites and write their report, as a build does; return how many verdicts it has."""
    from expectations.report import write_report
    from expectations.run import run_suites
    from pipeline.ledger_tables import LEDGER_TABLES

    with _open(database) as connection:
        report = run_suites(connection)
        write_report(connection, report)
        connection.execute(LEDGER_TABLES)
    return len(report.results)


def handwritten(database: str) -> int:
    """Make the same figures by a script; return in how many they differ from the mart's."""
    with _open(database) as connection:
        connection.execute((HERE / "handwritten.sql").read_text(encoding="utf-8"))
        started = time.monotonic()
        difference = connection.execute(DIFFERENCES.format(other="results")).fetchall()[0][0]
        _forget(started)
    return int(difference)


def pandas_way(database: str) -> int:
    """Make the same figures with melt, merge and groupby; return in how many they differ."""
    from benchmarks.pandas_way import compute_results

    with _open(database) as connection:
        results = compute_results(connection)
        started = time.monotonic()
        connection.register("results", results)
        difference = connection.execute(DIFFERENCES.format(other="results")).fetchall()[0][0]
        _forget(started)
    return int(difference)


def query(database: str) -> list[float]:
    """Return the median seconds of each query of the cookbook, of five runs after one."""
    text = (HERE.parent / "docs" / "cookbook.md").read_text(encoding="utf-8")
    medians = []
    with duckdb.connect(database, read_only=True) as connection:
        limit_memory(connection)
        for sql in re.findall(r"```sql\n(.*?)```", text, flags=re.DOTALL):
            seconds = []
            for _ in range(6):
                started = time.monotonic()
                connection.execute(sql).fetchall()
                seconds.append(time.monotonic() - started)
            medians.append(median(seconds[1:]))
    return medians


def write_workbook(exports: str, codebook: str, target: str, size: str) -> list[int]:
    """Write a workbook to land; return its edition and how many rows its header has."""
    from benchmarks.growth import write_workbook

    with duckdb.connect() as connection:
        edition, file, header_rows = connection.execute(
            "select edition_key, source_file, header_row_count from read_csv(?)"
            " where source_file like '%.xlsx' order by edition_key desc limit 1",
            [str(Path(codebook) / "codebook" / "editions.csv")],
        ).fetchall()[0]
    write_workbook(Path(exports) / file, Path(target), header_rows, int(size))
    return [edition, header_rows]


def land(codebook: str, path: str, edition: str, header_rows: str) -> int:
    """Land one export in a database in memory; return how many cells stand in it."""
    from ingest.codebook.loading import load_codebook
    from ingest.exports.files import ExportFile
    from ingest.exports.landing import create_raw_tables, land_export

    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as restricted")
        load_codebook(connection, Path(codebook))
        create_raw_tables(connection)
        started = time.monotonic()
        layout = ExportFile(int(edition), Path(path), None, None, None, int(header_rows))
        problems = land_export(connection, [layout])
        _keep_only(started)
        if problems:
            raise RuntimeError(str(problems[0]))
        rows = connection.execute("select count(*) from raw.export_cells").fetchall()
    return int(rows[0][0])


def read_calamine(path: str) -> int:
    """Read a workbook with python-calamine alone; return how many cells are not blank."""
    import python_calamine

    started = time.monotonic()
    workbook = python_calamine.CalamineWorkbook.from_path(path)
    rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    _keep_only(started)
    return sum(cell != "" for row in rows for cell in row)


def read_pandas(path: str) -> int:
    """Read a workbook with pandas and openpyxl; return how many cells are not blank."""
    import pandas as pd

    started = time.monotonic()
    frame = pd.read_excel(path, header=None, engine="openpyxl", dtype=object)
    _keep_only(started)
    return int(frame.notna().sum().sum())


def count_published(database: str) -> list[int | str]:
    """Return an edition with published figures, its export, how many there are and match."""
    with duckdb.connect(database, read_only=True) as connection:
        rows = connection.execute("""
            select
                edition_key, source_file, count(*), count(*) filter (status = 'match')
            from marts.mart_published_reconciliation
            inner join marts.dim_editions using (edition_key)
            group by all
        """).fetchall()
    return list(rows[0])


def peer_pandas(export: str, codebook: str, edition: str) -> int:
    """Make multiple response sets; return how many published figures they give."""
    from benchmarks.peers import count_reproduced
    from benchmarks.peers.multiple_response import compute

    return count_reproduced(compute(Path(export), Path(codebook), int(edition)), Path(codebook))


def peer_r(export: str, codebook: str, edition: str) -> int:
    """Make a survey design in R; return how many published figures it gives."""
    import io
    import subprocess

    import pandas as pd

    from benchmarks.peers import count_reproduced

    command = ["Rscript", str(HERE / "peers" / "survey.R"), export, codebook, edition]
    done = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603
    return count_reproduced(pd.read_csv(io.StringIO(done.stdout)), Path(codebook))


def peer_dbt(export: str, codebook: str, edition: str) -> int:
    """Build models of a generic shape with dbt; return how many published figures they give."""
    from tempfile import TemporaryDirectory

    from benchmarks.peers import count_reproduced, read_export
    from pipeline import modelling

    with TemporaryDirectory() as name:
        database = Path(name) / "generic.duckdb"
        with duckdb.connect(database) as connection:
            connection.register("answers", read_export(Path(export), Path(codebook), int(edition)))
            connection.execute("create schema landed")
            connection.execute("create table landed.question_response as from answers")
            connection.execute(
                "create table landed.question_option as select question_key, option_code"
                " from read_csv(?, all_varchar = true) where edition_key = ?",
                [str(Path(codebook) / "codebook" / "option_editions.csv"), edition],
            )
        modelling.PROJECT = HERE / "peers" / "generic_dbt"
        modelling.run_dbt(["build"], database, Path(name))
        with duckdb.connect(database) as connection:
            results = connection.execute("from main.question_options").df()
    return count_reproduced(results, Path(codebook))


_started = time.monotonic()
_kept: float | None = None


def _forget(since: float) -> None:
    """Leave out what was spent on comparing."""
    global _started
    _started += time.monotonic() - since


def _keep_only(since: float) -> None:
    """Count from then until now only."""
    global _kept
    _kept = time.monotonic() - since


def _count(database: str, table: str) -> int:
    with _open(database) as connection:
        return int(connection.execute(f"select count(*) from {table}").fetchall()[0][0])


@contextmanager
def _open(database: str) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(database) as connection:
        limit_memory(connection)
        yield connection


def main(name: str, *arguments: str) -> None:
    """Run a task and print its seconds and what it returned, as JSON in the last line."""
    value: Any = globals()[name](*arguments)
    seconds = time.monotonic() - _started if _kept is None else _kept
    print(json.dumps({"seconds": seconds, "value": value}))


if __name__ == "__main__":
    main(*sys.argv[1:])
