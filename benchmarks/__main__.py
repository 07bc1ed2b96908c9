"""Measure what the warehouse costs, and write it to a table: `python -m benchmarks`."""

import datetime
import math
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Annotated

import typer

from benchmarks.measure import ROOT, Measure, alternate, run_command, run_task

COMMAND = Path(sys.executable).with_name("gelijkekansen")
PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "great-expectations", "pandas", "python-calamine")
# Above this only the warehouse itself is measured: melting does not fit, and all take long.
COMPARED_MOST = 100_000
ENLARGED, MODELLED, CHECKED = "made in raw", "all models, with their tests", "check"
COUNTED = {ENLARGED: "cells", MODELLED: "answers", CHECKED: "verdicts"}
SCRIPT, FIGURES, PANDAS = "figures: script", "figures: models", "figures: pandas"
Row = list[str]


def has_r() -> bool:
    """Whether R is here, with the packages that its script loads."""
    script = (Path(__file__).parent / "peers" / "survey.R").read_text(encoding="utf-8")
    loads = [line for line in script.splitlines() if line.startswith("library(")]
    if shutil.which("Rscript") is None:
        return False
    command = ["Rscript", "-e", "; ".join(loads)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603


def real(work: Path, runs: int) -> Iterator[list[Row]]:
    """Measure a build of the editions that ship, beside the floor of its engines."""
    build = (COMMAND, "build", "--quiet", "--warehouse", _build(work))
    floor = work / "floor"
    floor.mkdir(exist_ok=True)
    run_task("floor", floor)
    both = alternate(
        runs,
        floor=lambda: run_task("floor", floor),
        build=lambda: run_command(*build, "--force"),
    )
    unchanged = run_command(*build, runs=runs)
    shown = run_command(COMMAND, "--help", runs=runs)
    yield [
        ["what", "seconds", "peak MB", "times the floor", "target"],
        _row("floor: empty dbt project, one expectation", both["floor"], "1.0", ""),
        _row("build of three editions", both["build"], _ratio(both["build"], both["floor"]), "1.5"),
        _row("build with nothing changed", unchanged, "", "1 s"),
        _row("--help", shown, "", "0.3 s"),
    ]


def growth(work: Path, sizes: list[int], runs: int) -> Iterator[list[Row]]:
    """Measure the stages of a build at several sizes, beside a script and pandas.

    Yields the table after every size: the last ones take long.
    """
    yield from _measure_sizes(work, _build(work), sizes, runs, 3)


def types(work: Path, sizes: list[int], runs: int) -> Iterator[list[Row]]:
    """Measure the same of a survey of ranks, points, grids and days; nothing else makes those."""
    folder = work / "types"
    shutil.rmtree(folder, ignore_errors=True)
    run_task("write_types", folder)
    warehouse = folder / "warehouse.duckdb"
    paths = ("--codebook", folder / "seeds", "--exports", folder / "exports")
    run_command(COMMAND, "build", "--quiet", *paths, "--warehouse", warehouse)
    yield from _measure_sizes(folder, warehouse, sizes, runs, 2)


def _measure_sizes(
    work: Path, source: Path, sizes: list[int], runs: int, editions: int
) -> Iterator[list[Row]]:
    rows = [
        [f"respondents x {editions} editions", "stage", "seconds", "peak MB", "exponent", "remark"]
    ]
    is_compared = source == work / "real" / "warehouse.duckdb"
    before: dict[str, float] = {}
    for place, size in enumerate(sizes):
        own_runs = runs if size < COMPARED_MOST else 1
        stages = _measure_stages(work, source, size, own_runs, is_compared=is_compared)
        for name, measure in stages.items():
            exponent = ""
            if name in before:
                factor = math.log(size / sizes[place - 1])
                exponent = f"{math.log(measure.seconds / before[name]) / factor:.2f}"
            before[name] = measure.seconds
            rows.append(
                [
                    *(f"{size:,}", name, _time(measure), f"{measure.megabytes:,.0f}"),
                    *(exponent, _remark(name, stages)),
                ]
            )
        if size != max(sizes):
            (work / f"{size}.duckdb").unlink()
        yield rows


def _measure_stages(
    work: Path, source: Path, size: int, runs: int, *, is_compared: bool
) -> dict[str, Measure]:
    database, folder = work / f"{size}.duckdb", work / "dbt"
    folder.mkdir(exist_ok=True)
    stages = {
        ENLARGED: run_task("enlarge", source, database, size),
        MODELLED: run_task("model", database, folder, runs=runs),
        CHECKED: run_task("check", database, runs=runs),
    }
    if is_compared and size <= COMPARED_MOST:
        stages[SCRIPT] = run_task("handwritten", database, runs=runs)
        stages[FIGURES] = run_task("model_results", database, folder, runs=runs)
        stages[PANDAS] = run_task("pandas_way", database, runs=runs)
    return stages


def _remark(name: str, stages: dict[str, Measure]) -> str:
    measure = stages[name]
    if name == FIGURES:
        return f"{_ratio(measure, stages[SCRIPT])} times the script"
    if name in (SCRIPT, PANDAS):
        words = f"{measure.value} figures differ"
        if name == SCRIPT:
            return words
        memory = measure.megabytes / stages[FIGURES].megabytes
        ratio = _ratio(measure, stages[FIGURES])
        return f"{ratio} times the models, {memory:.1f} times their memory; {words}"
    words = f"{measure.value:,} {COUNTED[name]}"
    if name == MODELLED and SCRIPT in stages:
        return f"{words}; {_ratio(measure, stages[SCRIPT])} times the script"
    return words


def landing(work: Path, size: int, runs: int) -> Iterator[list[Row]]:
    """Measure the landing of a workbook, beside what only reads it."""
    path = work / "landing.xlsx"
    layout = run_task("write_workbook", ROOT / "exports", ROOT / "seeds", path, size).value
    measured = alternate(
        runs,
        calamine=lambda: run_task("read_calamine", path),
        landing=lambda: run_task("land", ROOT / "seeds", path, *layout),
    )
    measured["pandas"] = run_task("read_pandas", path)
    names = {
        "calamine": "python-calamine alone",
        "landing": "landing: read, checked, matched, in raw",
        "pandas": "pandas with openpyxl",
    }
    reading = measured["calamine"].inner_seconds
    rows = [["what", "seconds", "peak MB", "cells", "cells per second", "times calamine", "target"]]
    for name, words in names.items():
        one = measured[name]
        rate = one.value / one.inner_seconds
        rows.append(
            [
                words,
                f"{one.inner_seconds:.2f}",
                f"{one.megabytes:,.0f}",
                f"{one.value:,} cells",
                f"{rate:,.0f}",
                f"{one.inner_seconds / reading:.1f}",
                "1.5" if name == "landing" else "",
            ]
        )
    yield rows


def querying(work: Path, sizes: list[int]) -> Iterator[list[Row]]:
    """Measure the queries of the cookbook on the real warehouse and on the largest."""
    rows = [["respondents", "queries", "median ms", "worst ms", "target"]]
    for words, database in (
        ("as shipped", _build(work)),
        (f"{max(sizes):,} x 3", work / f"{max(sizes)}.duckdb"),
    ):
        if database.exists():
            seconds = run_task("query", database).value
            target = "10 ms" if words == "as shipped" else ""
            rows.append(
                [
                    words,
                    str(len(seconds)),
                    f"{1000 * median(seconds):.1f}",
                    f"{1000 * max(seconds):.1f}",
                    target,
                ]
            )
    yield rows


def peers(work: Path, runs: int) -> Iterator[list[Row]]:
    """Measure other ways to the published percentages, and how many they reach."""
    database = _build(work)
    edition, file, count, matched = run_task("count_published", database).value
    build = (COMMAND, "build", "--quiet", "--force", "--warehouse", database)
    own = run_command(*build, runs=runs)
    arguments = (ROOT / "exports" / file, ROOT / "seeds", edition)
    rows = [["way", "seconds", "peak MB", "times ours", f"of {count} published figures"]]
    for name, words in (
        ("peer_dbt", "dbt, a generic shape: one row per option"),
        ("peer_pandas", "pandas, multiple response sets"),
        ("peer_r", "R, survey"),
    ):
        if name == "peer_r" and not has_r():
            rows.append([words, "", "", "", "R, or a package that it needs, is not installed"])
            continue
        one = run_task(name, *arguments, runs=runs)
        rows.append(_row(words, one, _ratio(one, own), str(one.value)))
    rows.append(
        _row("this warehouse, all editions, tested", own, "1.0", f"{matched}, the rest explained")
    )
    yield rows


def _build(work: Path) -> Path:
    """Return a warehouse of the editions that ship."""
    warehouse = work / "real" / "warehouse.duckdb"
    warehouse.parent.mkdir(exist_ok=True)
    run_command(COMMAND, "build", "--quiet", "--warehouse", warehouse)
    return warehouse


def _ratio(one: Measure, other: Measure) -> str:
    return f"{one.seconds / other.seconds:.1f}"


def _time(measure: Measure) -> str:
    return f"{measure.seconds:,.2f}"


def _row(words: str, measure: Measure, *rest: str) -> Row:
    return [words, _time(measure), f"{measure.megabytes:,.0f}", *rest]


def _describe_machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    today = datetime.datetime.now(datetime.UTC).date()
    return (
        f"{today}; {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB;"
        f" Python {platform.python_version()}, {versions}."
    )


def _write(path: Path, title: str, rows: list[Row]) -> None:
    """Put a section in the place of the one with the same title, or at the end."""
    header, *body = ["| " + " | ".join(row) + " |" for row in rows]
    rule = "|" + "---|" * len(rows[0])
    section = "\n".join([f"## {title}", "", _describe_machine(), "", header, rule, *body, ""])
    text = path.read_text(encoding="utf-8") if path.exists() else "# Results\n"
    pattern = re.compile(rf"## {re.escape(title)}\n.*?(?=\n## |\Z)", re.DOTALL)
    if pattern.search(text):
        text = pattern.sub(lambda _: section, text)
    else:
        text = f"{text.rstrip()}\n\n{section}"
    path.write_text(text, encoding="utf-8")
    typer.echo(section)


def main(
    only: Annotated[list[str] | None, typer.Argument(help="Sections; all by default.")] = None,
    sizes: Annotated[str, typer.Option(help="Respondents per edition.")] = (
        "1000,10000,100000,1000000"
    ),
    landed: Annotated[int, typer.Option(help="Rows of the workbook to land.")] = 5000,
    runs: Annotated[int, typer.Option(help="Of which the median is taken.")] = 3,
    to: Annotated[Path, typer.Option(help="The file to write.")] = ROOT / "benchmarks/RESULTS.md",
    work: Annotated[Path, typer.Option(help="Folder for what is made.")] = ROOT / ".benchmarks",
) -> None:
    """Measure time and peak memory, each in a process of its own."""
    work.mkdir(exist_ok=True)
    numbers = [int(size) for size in sizes.split(",")]
    sections = {
        "real": ("1. The real size", real(work, runs)),
        "growth": ("2. Growth", growth(work, numbers, runs)),
        "landing": ("3. Landing", landing(work, landed, runs)),
        "querying": ("4. Querying", querying(work, numbers)),
        "peers": ("5. Peers", peers(work, runs)),
        "types": ("6. Other types", types(work, numbers, runs)),
    }
    for name in only or sections:
        title, tables = sections[name]
        for rows in tables:
            _write(to, title, rows)


if __name__ == "__main__":
    typer.run(main)
