"""The command `gelijkekansen`."""

import logging
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from ingest.problems import InputError
from pipeline.build import KEPT_COUNT, Options, build_warehouse, restore_warehouse
from pipeline.modelling import ModellingError
from pipeline.paths import BuildError, Paths
from pipeline.workspace import BusyError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="The survey's warehouse: build it, check it, document it. Exit code 0: done,"
    " or nothing to do; 1: refused, with the reasons; 2: the command was not understood;"
    " 3: another command is at work here.",
)
coding_app = typer.Typer(no_args_is_help=True, help="Code open answers: out to a person, and back.")
app.add_typer(coding_app, name="coding")

Codebook = Annotated[
    Path, typer.Option(envvar="GELIJKEKANSEN_CODEBOOK", help="Folder of the codebook's CSV files.")
]
Exports = Annotated[
    Path, typer.Option(envvar="GELIJKEKANSEN_EXPORTS", help="Folder of the raw exports.")
]
Warehouse = Annotated[
    Path, typer.Option(envvar="GELIJKEKANSEN_WAREHOUSE", help="The DuckDB file that people query.")
]
SecretFile = Annotated[
    Path | None,
    typer.Option(
        envvar="GELIJKEKANSEN_SECRET_FILE",
        help="Secret for the keys of persons; made on first use, readable by its owner only.",
    ),
]
Keep = Annotated[
    int, typer.Option(envvar="GELIJKEKANSEN_KEEP", min=0, help="How many previous ones to keep.")
]
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
    codebook: Codebook = CODEBOOK,
    exports: Exports = EXPORTS,
    warehouse: Warehouse = WAREHOUSE,
    why: Annotated[str, typer.Option(help="Why, for the ledger.")] = "by hand",
    force: Annotated[bool, typer.Option("--force", help="Also where nothing changed.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="One line where something was built, else none.")
    ] = False,
    keep: Keep = KEPT_COUNT,
    secret_file: SecretFile = None,
) -> None:
    """Land the exports, model and check them, and swap the warehouse in whole."""
    if quiet:
        logging.disable(logging.INFO)
    paths = Paths(codebook.resolve(), exports.resolve(), warehouse.resolve())
    try:
        summary = build_warehouse(paths, Options(why, force, keep, secret_file))
    except (InputError, ModellingError, BuildError) as error:
        _refuse(error, f"{warehouse.name} was not built: ")
    if not (quiet and summary.startswith("nothing")):
        typer.echo(summary)


@app.command()
def restore(
    build_id: Annotated[str | None, typer.Argument(help="The last one by default.")] = None,
    warehouse: Warehouse = WAREHOUSE,
    keep: Keep = KEPT_COUNT,
) -> None:
    """Bring back a previous warehouse; the present one is kept in its stead."""
    try:
        typer.echo(restore_warehouse(_locate(warehouse), build_id, keep))
    except BuildError as error:
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


@coding_app.command("export")
def coding_export(
    coder: Annotated[str, typer.Argument(help="Who will code: letters and digits.")],
    file: Annotated[Path, typer.Argument(help="The workbook to write.")],
    codebook: Codebook = CODEBOOK,
    warehouse: Warehouse = WAREHOUSE,
) -> None:
    """Write the open answers that a coder has not coded yet to a workbook, with the codes."""
    from ingest.coding_workbook import export_answers
    from pipeline.inspect import open_restricted

    try:
        with open_restricted(_locate(warehouse)) as connection:
            count = export_answers(connection, codebook, coder, file)
    except (InputError, BuildError) as error:
        _refuse(error)
    typer.echo(f"{count} answers to code in {file}; it is personal: nobody else may read it.")


@coding_app.command("import")
def coding_import(
    coder: Annotated[str, typer.Argument(help="Who coded.")],
    file: Annotated[Path, typer.Argument(help="The filled workbook.", exists=True)],
    secret_file: SecretFile = None,
    codebook: Codebook = CODEBOOK,
    warehouse: Warehouse = WAREHOUSE,
) -> None:
    """Bring the codes of a filled workbook into the codebook; the answers stay out of it."""
    from ingest.coding_workbook import import_codes
    from ingest.identity import read_secret
    from pipeline.inspect import open_restricted

    try:
        secret = read_secret(secret_file)
        if secret is None:
            raise BuildError("Codes are tied to their answers by a secret: name its --secret-file.")
        with open_restricted(_locate(warehouse)) as connection:
            count = import_codes(connection, codebook, coder, file, secret)
    except (InputError, BuildError) as error:
        _refuse(error)
    typer.echo(f"{count} answers coded by {coder}, in {codebook}. Remove {file}, and build.")


def _locate(warehouse: Path) -> Paths:
    return Paths(CODEBOOK.resolve(), EXPORTS.resolve(), warehouse.resolve())


def _refuse(error: Exception, summary: str = "") -> NoReturn:
    typer.echo(f"{summary}{error}", err=True)
    raise typer.Exit(3 if isinstance(error, BusyError) else 1) from error
