"""The command `gelijkekansen`."""

import json
import logging
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ingest.shared.problems import InputError
from pipeline import cli_authoring
from pipeline.modelling import ModellingError
from pipeline.options import (
    CODEBOOK,
    EXPORTS,
    WAREHOUSE,
    Codebook,
    Exports,
    Json,
    Keep,
    SecretFile,
    Site,
    Warehouse,
)
from pipeline.paths import KEPT_COUNT, BuildError, Paths
from pipeline.progress import show_progress
from pipeline.settings import SettingsError, apply_settings
from pipeline.telling import list_problems, locate, refuse, say_of_disk
from vocabulary.thresholds import NOTABLE_DIFFERENCE

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="The survey's warehouse: build it, check it, document it. Exit code 0: done,"
    " or nothing to do; 1: refused, with the reasons; 2: the command was not understood;"
    " 3: another command is at work here.",
)
app.add_typer(cli_authoring.app)


def main() -> None:
    """Run the command, by the settings of the folder in which it is called."""
    try:
        apply_settings(Path.cwd())
    except SettingsError as error:
        typer.echo(error, err=True)
        raise SystemExit(1) from None
    try:
        app()
    except Exception as error:
        words = say_of_disk(error)
        if words is None:
            raise
        typer.echo(words, err=True)
        raise SystemExit(1) from None


@app.callback()
def set_up() -> None:
    """Log to standard error, a line for each thing done."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s", force=True)
    for package in ("ingest", "expectations", "pipeline", "publish"):
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
    max_lost: Annotated[
        int | None,
        typer.Option(
            help="Refuse where more respondents of an edition are gone.",
            envvar="GELIJKEKANSEN_MAX_LOST",
            min=0,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Land the exports, model and check them, and swap the warehouse in whole."""
    from pipeline.build import Options, build_warehouse

    if quiet or as_json:
        logging.disable(logging.INFO)
    paths = Paths(codebook.resolve(), exports.resolve(), warehouse.resolve())
    try:
        with show_progress(quiet or as_json) as tell:
            done = build_warehouse(paths, Options(why, force, keep, secret_file, max_lost, tell))
    except (InputError, ModellingError, BuildError) as error:
        if as_json:
            typer.echo(json.dumps(list_problems(error), ensure_ascii=False))
        rest = isinstance(error, InputError) and error.left_count
        refuse(
            error,
            f"{warehouse.name} was not built: ",
            f"\n\nEvery problem stands in {paths.report}." if rest else "",
        )
    if as_json:
        typer.echo(json.dumps(asdict(done)))
    elif done.is_built or not quiet:
        typer.echo(done.summary)


@app.command()
def restore(
    build_id: Annotated[str | None, typer.Argument(help="The last one by default.")] = None,
    warehouse: Warehouse = WAREHOUSE,
    keep: Keep = KEPT_COUNT,
) -> None:
    """Bring back a previous warehouse; the present one is kept in its stead."""
    from pipeline.build import restore_warehouse

    try:
        typer.echo(restore_warehouse(locate(warehouse), build_id, keep))
    except BuildError as error:
        refuse(error)


@app.command()
def unlock(
    to: Annotated[Path, typer.Option(help="The file to write.", dir_okay=False)],
    warehouse: Warehouse = WAREHOUSE,
    secret_file: SecretFile = None,
) -> None:
    """Write a readable copy of what can name a person, which a build seals with its secret."""
    from ingest.shared.identity import read_secret
    from pipeline.restricting import unlock as write_unlocked

    try:
        count = write_unlocked(locate(warehouse), read_secret(secret_file), to)
    except (BuildError, InputError) as error:
        refuse(error)
    typer.echo(f"{count} cells in {to}; they are personal: remove it when you are done.")


@app.command()
def purge(
    edition: Annotated[int, typer.Argument(help="The edition whose personal cells are removed.")],
    codebook: Codebook = CODEBOOK,
    warehouse: Warehouse = WAREHOUSE,
    write: Annotated[bool, typer.Option("--write", help="Do it; else it is only shown.")] = False,
) -> None:
    """Remove what can name a person in an edition, for good, and keep it out of later builds."""
    from pipeline.purging import purge_edition

    paths = Paths(codebook.resolve(), EXPORTS.resolve(), warehouse.resolve())
    try:
        for line in purge_edition(paths, edition, write=write):
            typer.echo(line)
    except (BuildError, InputError) as error:
        refuse(error)


@app.command()
def check(warehouse: Warehouse = WAREHOUSE, as_json: Json = False) -> None:
    """Run the expectation suites on the warehouse as it stands, and change nothing."""
    from pipeline.inspect import check_warehouse

    try:
        report = check_warehouse(warehouse)
    except BuildError as error:
        refuse(error)
    if as_json:
        typer.echo(json.dumps([asdict(result) for result in report.results], ensure_ascii=False))
    else:
        typer.echo(str(report))
    if report.failures:
        raise typer.Exit(1)


@app.command()
def docs(
    warehouse: Warehouse = WAREHOUSE,
    to: Site = Path("site"),
    serve: Annotated[bool, typer.Option("--serve", help="Show it on this machine only.")] = False,
    port: Annotated[int, typer.Option(help="Port to show it on.")] = 8000,
) -> None:
    """Write the site: results, evolution, response, questionnaire, quality, dbt docs."""
    from pipeline.inspect import open_warehouse, write_docs
    from publish.placing import OutputError, placed
    from publish.site import serve_site, write_site

    try:
        with placed(to) as folder:
            with open_warehouse(warehouse.resolve()) as connection:
                count = write_site(connection, folder)
            write_docs(warehouse.resolve(), folder)
    except (BuildError, ModellingError, OutputError) as error:
        refuse(error)
    typer.echo(f"{count} pages; open {to / 'index.html'}")
    if serve:
        serve_site(to, port)


@app.command()
def export(
    to: Annotated[Path, typer.Option(help="Folder to write the files to.")],
    warehouse: Warehouse = WAREHOUSE,
) -> None:
    """Write the workbook, and for researchers SPSS, Parquet and CSV with a data package."""
    from pipeline.inspect import open_warehouse
    from publish.placing import OutputError, placed
    from publish.research import write_checksums, write_research
    from publish.workbook import write_workbook

    try:
        with placed(to) as folder, open_warehouse(warehouse.resolve()) as connection:
            write_workbook(connection, folder / "gelijkekansen.xlsx")
            write_research(connection, folder / "research")
            write_checksums(folder)
    except (BuildError, OutputError) as error:
        refuse(error)
    typer.echo(f"{to / 'gelijkekansen.xlsx'} may be published; {to / 'research'} is for research.")


@app.command()
def explore(
    warehouse: Warehouse = WAREHOUSE,
    port: Annotated[int, typer.Option(help="Port of the page.", min=1, max=65535)] = 8020,
) -> None:
    """Open cross tables on this machine only: a question by any other, by size, by province."""
    from ingest.shared.local_pages import serve
    from pipeline.inspect import open_warehouse
    from publish.explorer.serving import make_app

    try:
        with open_warehouse(warehouse.resolve()) as connection:
            serve(make_app(connection), port, "the cross tables")
    except (BuildError, InputError) as error:
        refuse(error)


@app.command()
def report(
    edition: Annotated[int, typer.Argument(help="The edition that it is of.")],
    to: Annotated[Path, typer.Option(help="The Word file to write.", dir_okay=False)],
    template: Annotated[
        Path | None, typer.Option(help="Word file with tags.", exists=True, dir_okay=False)
    ] = None,
    draft: Annotated[bool, typer.Option("--draft", help="Write a first template.")] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="Also as PDF, by LibreOffice.")] = False,
    warehouse: Warehouse = WAREHOUSE,
) -> None:
    """Fill a template in Word with the figures of an edition; its prose is left as it is."""
    from pipeline.inspect import open_warehouse
    from publish.report.drafting import write_template
    from publish.report.filling import fill_report, write_pdf
    from publish.report.tags import Tags
    from publish.site.context import make_site

    if (template is None) != draft or to.suffix.lower() != ".docx":
        refuse(ValueError("Give a --template, or --draft for a first one, and --to a .docx."))
    try:
        with open_warehouse(warehouse.resolve()) as connection:
            site = make_site(connection, to.parent)
            if all(row["edition_key"] != edition for row in site.survey.editions):
                refuse(ValueError(f"{warehouse} has no edition {edition}."))
            if draft:
                count = write_template(site, edition, to)
                typer.echo(f"{to}: {count} tags; write your prose around them")
                return
            filled = fill_report(Tags(site, edition), template or to, to)
        if pdf:
            write_pdf(to)
    except (BuildError, InputError, OSError) as error:
        refuse(error)
    for words in filled.typed:
        typer.echo(f"typed by hand: {words}")
    for tag, was, now in filled.changes:
        typer.echo(f"changed: {tag}: {was or '-'} -> {now or '-'}")
    typer.echo(f"{to}: {filled.tag_count} tags filled; its numbers stand beside it")


@app.command()
def sheets(
    municipalities: Annotated[
        list[str] | None, typer.Argument(help="Names or NIS codes; all by default.")
    ] = None,
    to: Annotated[Path, typer.Option(help="Folder to write the sheets to.")] = Path("sheets"),
    edition: Annotated[int | None, typer.Option(help="The last one by default.")] = None,
    warehouse: Warehouse = WAREHOUSE,
) -> None:
    """Write a sheet for each municipality that took part, as HTML and PDF; not for the public."""
    from pipeline.inspect import open_warehouse
    from publish.placing import OutputError, placed
    from publish.sheets import SheetError, write_sheets

    try:
        with placed(to) as folder, open_warehouse(warehouse.resolve()) as connection:
            count = write_sheets(connection, folder, edition, municipalities or [])
    except (BuildError, SheetError, OutputError) as error:
        refuse(error)
    noun = "sheet" if count == 1 else "sheets"
    typer.echo(f"{count} {noun} in {to}; each is for its own municipality only.")


@app.command()
def diff(
    from_edition: Annotated[int, typer.Argument(help="The earlier edition.")],
    to_edition: Annotated[int, typer.Argument(help="The later edition.")],
    warehouse: Warehouse = WAREHOUSE,
    as_json: Json = False,
) -> None:
    """Show what changed in the questionnaire between two editions."""
    from pipeline.inspect import list_questionnaire_changes

    try:
        heading, changes = list_questionnaire_changes(warehouse, from_edition, to_edition)
    except BuildError as error:
        refuse(error)
    if as_json:
        names = ("change", "key", "from_value", "to_value")
        rows = [dict(zip(names, row, strict=True)) for row in changes]
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    typer.echo(heading)
    for change, key, *values in changes:
        told = " -> ".join(value for value in values if value is not None)
        typer.echo(f"{change:<17} {key}: {told}")


@app.command()
def power(
    edition: Annotated[int, typer.Argument(help="The edition after which the next one comes.")],
    warehouse: Warehouse = WAREHOUSE,
    as_json: Json = False,
) -> None:
    """Show which change the next edition could see, per question, and what it would take."""
    from pipeline.inspect import list_power

    try:
        rows = list_power(warehouse, edition)
    except BuildError as error:
        refuse(error)
    if as_json:
        names = ("question_key", "base_count", "detectable_change", "needed_count")
        typer.echo(json.dumps([dict(zip(names, row, strict=True)) for row in rows]))
        return
    wanted = f"n for {NOTABLE_DIFFERENCE} points"
    typer.echo(f"{'question':<36} {'n':>4} {'points seen':>12} {wanted:>16}")
    for question, count, change, needed in rows:
        points = "-" if change is None else f"{100 * change:.0f}"
        typer.echo(f"{question:<36} {count:>4} {points:>12} {needed:>16}")
