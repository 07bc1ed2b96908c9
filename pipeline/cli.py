"""The command `gelijkekansen`."""

import logging
from pathlib import Path
from typing import Annotated

import typer

from ingest.problems import InputError
from pipeline.build import BuildError, Paths, build_warehouse
from pipeline.modelling import ModellingError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="The survey's warehouse: build it, check it, document it. Exit code 0: done;"
    " 1: refused, with the reasons; 2: the command was not understood.",
)

Codebook = Annotated[Path, typer.Option(help="Folder of the codebook's CSV files.")]
Exports = Annotated[Path, typer.Option(help="Folder of the raw exports, one file per edition.")]
Warehouse = Annotated[Path, typer.Option(help="The DuckDB file that people query.")]
Site = Annotated[Path, typer.Option("--to", help="Folder to write the pages to.")]

CODEBOOK = Path("seeds")
EXPORTS = Path("exports")
WAREHOUSE = Path("warehouse.duckdb")


@app.callback()
def set_up() -> None:
    """Log to standard error, a line for each thing done."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s", force=True)
    for package in ("ingest", "expectations", "pipeline"):
        logging.getLogger(package).setLevel(logging.INFO)


@app.command()
def build(
    codebook: Codebook = CODEBOOK, exports: Exports = EXPORTS, warehouse: Warehouse = WAREHOUSE
) -> None:
    """Land the exports, model and check them, and swap the warehouse in whole."""
    paths = Paths(codebook.resolve(), exports.resolve(), warehouse.resolve())
    try:
        build_warehouse(paths)
    except (InputError, ModellingError, BuildError) as error:
        _refuse(error)


@app.command()
def check(warehouse: Warehouse = WAREHOUSE) -> None:
    """Run the expectation suites on the warehouse as it stands, and change nothing."""
    from pipeline.inspect import check_warehouse

    try:
        report = check_warehouse(warehouse)
    except BuildError as error:
        _refuse(error)
    typer.echo(str(report))
    if report.failures:
        raise typer.Exit(1)


@app.command()
def docs(warehouse: Warehouse = WAREHOUSE, to: Site = Path("site")) -> None:
    """Write the dbt docs of the warehouse as one page that opens without a network."""
    from pipeline.inspect import write_docs

    try:
        page = write_docs(warehouse.resolve(), to)
    except (BuildError, ModellingError) as error:
        _refuse(error)
    typer.echo(f"Open {page}")


def _refuse(error: Exception) -> None:
    typer.echo(str(error), err=True)
    raise typer.Exit(1) from error
