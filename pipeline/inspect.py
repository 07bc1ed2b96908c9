"""A built warehouse looked at: checked again, or documented."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from expectations.report import Report
from pipeline.build import BuildError
from pipeline.modelling import PROJECT, run_dbt


def check_warehouse(warehouse: Path) -> Report:
    """Run every suite on the warehouse, which is opened read-only.

    Raises BuildError where there is none.
    """
    from expectations.run import run_suites

    _require(warehouse)
    with duckdb.connect(warehouse, read_only=True) as connection:
        return run_suites(connection)


def write_docs(warehouse: Path, folder: Path) -> Path:
    """Write the dbt docs as `dbt/index.html` in a folder, and return that file.

    Works on a copy, so that readers of the warehouse are not locked out. Raises BuildError
    where there is no warehouse, ModellingError where dbt fails.
    """
    _require(warehouse)
    with TemporaryDirectory(prefix="gelijkekansen-docs-") as name:
        workspace = Path(name)
        copy = workspace / warehouse.name
        shutil.copyfile(warehouse, copy)
        run_dbt(["docs", "generate", "--static"], copy, workspace)
        text = (workspace / "target" / "static_index.html").read_text(encoding="utf-8")
    for path, replacement in ((str(workspace), "."), (str(PROJECT.parent), ".")):
        text = text.replace(path, replacement)
    page = folder / "dbt" / "index.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text, encoding="utf-8")
    return page


def _require(warehouse: Path) -> None:
    if not warehouse.is_file():
        raise BuildError(f"There is no warehouse {warehouse}. Build it: gelijkekansen build")
