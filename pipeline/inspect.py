"""A built warehouse looked at: checked again, or documented."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from expectations.report import Report
from ingest.shared.passing import passing_folder
from pipeline.modelling import PROJECT, run_dbt
from pipeline.paths import BuildError


def check_warehouse(warehouse: Path) -> Report:
    """Run every suite on the warehouse, which is opened read-only.

    Raises BuildError where there is none.
    """
    from expectations.run import run_suites

    with open_warehouse(warehouse) as connection:
        return run_suites(connection)


def list_questionnaire_changes(
    warehouse: Path, from_edition: int, to_edition: int
) -> tuple[str, list[tuple[str, ...]]]:
    """Return a heading, and what changed in the questionnaire: change, key, from and to value.

    Raises BuildError where there is no warehouse, or it does not have both editions.
    """
    with open_warehouse(warehouse) as connection:
        editions = {
            edition: f"{edition}{' (synthetic)' if is_synthetic else ''}"
            for edition, is_synthetic in connection.execute(
                "select edition_key, is_synthetic from marts.dim_editions"
            ).fetchall()
        }
        missing = {from_edition, to_edition} - editions.keys()
        if missing or from_edition >= to_edition:
            raise BuildError(
                f"Name two editions of {', '.join(map(str, sorted(editions)))}, the earlier first."
            )
        rows = connection.execute(
            """
            select change, coalesce(option_key, question_key), from_value, to_value
            from marts.mart_questionnaire_changes
            where from_edition_key = ? and to_edition_key = ?
            order by change, question_key, option_key
            """,
            [from_edition, to_edition],
        ).fetchall()
    return f"{editions[from_edition]} -> {editions[to_edition]}", rows


def list_power(warehouse: Path, edition: int) -> list[tuple[str, int, float | None, int]]:
    """Return what an edition's successor could see: question, base, change, base for ten points.

    Raises BuildError where there is no warehouse, or it does not have the edition.
    """
    with open_warehouse(warehouse) as connection:
        rows = connection.execute(
            """
            select question_key, base_count, detectable_change, needed_count
            from marts.mart_power
            inner join marts.bridge_question_editions using (edition_key, question_key)
            where edition_key = ? order by position
            """,
            [edition],
        ).fetchall()
        known = [
            key
            for (key,) in connection.execute(
                "select edition_key from marts.dim_editions order by 1"
            ).fetchall()
        ]
        if edition not in known:
            raise BuildError(f"Name one of the editions {', '.join(map(str, known))}.")
    return rows


@contextmanager
def open_warehouse(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a warehouse read-only. Raises BuildError where there is none that can be read."""
    require(warehouse)
    try:
        with duckdb.connect(warehouse, read_only=True) as connection:
            yield connection
    except duckdb.IOException as error:
        raise BuildError(
            f"{warehouse} cannot be opened: it is no DuckDB file, or something else is writing"
            f" to it.\n{error}"
        ) from error
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise BuildError(
            f"{warehouse} was not built by gelijkekansen build, or by an older one. Build it"
            f" again.\n{error}"
        ) from error


def write_docs(warehouse: Path, folder: Path) -> Path:
    """Write the dbt docs as `dbt/index.html` in a folder, and return that file.

    Works on a copy, so that readers of the warehouse are not locked out. Raises BuildError
    where there is no warehouse, ModellingError where dbt fails.
    """
    require(warehouse)
    with passing_folder() as workspace:
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


def require(warehouse: Path) -> None:
    """Raise BuildError where there is no such file."""
    if not warehouse.is_file():
        raise BuildError(f"There is no warehouse {warehouse}. Build it: gelijkekansen build")
