"""The command `gelijkekansen`."""

import logging
from pathlib import Path
from typing import Annotated, NoReturn

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


@app.command()
def draft(
    edition: Annotated[int, typer.Argument(help="The edition's key: its year.")],
    file: Annotated[Path, typer.Argument(help="The new export.", exists=True, dir_okay=False)],
    codebook: Codebook = CODEBOOK,
    sheet: Annotated[str | None, typer.Option(help="Sheet; the first by default.")] = None,
    header_rows: Annotated[int, typer.Option(help="How many rows the header has.", min=1)] = 1,
    encoding: Annotated[str | None, typer.Option(help="Of a csv; utf-8 by default.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="Of a csv; a comma by default.")] = None,
    accept: Annotated[bool, typer.Option(help="Mark exact matches as reviewed.")] = False,
) -> None:
    """Propose the codebook rows of a new export, from what earlier editions know."""
    from ingest.draft import draft_edition
    from ingest.exports import ExportFile

    layout = ExportFile(edition, file.resolve(), sheet, encoding, delimiter, header_rows)
    try:
        proposed = draft_edition(codebook, layout, accept=accept)
    except InputError as error:
        _refuse(error)
    typer.echo(str(proposed))
    typer.echo(
        f"\nProposed in {codebook}: look at the rows of {edition} marked proposed, mend them, mark"
        " them reviewed; add comparability; put the export in its folder; build."
    )


@app.command()
def diff(
    from_edition: Annotated[int, typer.Argument(help="The earlier edition.")],
    to_edition: Annotated[int, typer.Argument(help="The later edition.")],
    warehouse: Warehouse = WAREHOUSE,
) -> None:
    """Show what changed in the questionnaire between two editions."""
    from pipeline.inspect import list_questionnaire_changes

    try:
        for line in list_questionnaire_changes(warehouse, from_edition, to_edition):
            typer.echo(line)
    except BuildError as error:
        _refuse(error)


def _refuse(error: Exception) -> NoReturn:
    typer.echo(str(error), err=True)
    raise typer.Exit(1) from error
