"""The command `gelijkekansen`."""

import json
import logging
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from ingest.shared.problems import InputError
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
from pipeline.paths import KEPT_COUNT, BuildError, BusyError, Paths
from pipeline.progress import show_progress
from vocabulary.thresholds import NOTABLE_DIFFERENCE

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


def main() -> None:
    """Run the command."""
    app()


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
    as_json: Json = False,
) -> None:
    """Land the exports, model and check them, and swap the warehouse in whole."""
    from pipeline.build import Options, build_warehouse

    if quiet or as_json:
        logging.disable(logging.INFO)
    paths = Paths(codebook.resolve(), exports.resolve(), warehouse.resolve())
    try:
        with show_progress(quiet or as_json) as tell:
            done = build_warehouse(paths, Options(why, force, keep, secret_file, tell))
    except (InputError, ModellingError, BuildError) as error:
        if as_json:
            typer.echo(json.dumps(_list_problems(error), ensure_ascii=False))
        rest = isinstance(error, InputError) and error.left_count
        _refuse(
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
        typer.echo(restore_warehouse(_locate(warehouse), build_id, keep))
    except BuildError as error:
        _refuse(error)


@app.command()
def check(warehouse: Warehouse = WAREHOUSE, as_json: Json = False) -> None:
    """Run the expectation suites on the warehouse as it stands, and change nothing."""
    from pipeline.inspect import check_warehouse

    try:
        report = check_warehouse(warehouse)
    except BuildError as error:
        _refuse(error)
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
        _refuse(error)
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
        _refuse(error)
    typer.echo(f"{to / 'gelijkekansen.xlsx'} may be published; {to / 'research'} is for research.")


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
        _refuse(error)
    noun = "sheet" if count == 1 else "sheets"
    typer.echo(f"{count} {noun} in {to}; each is for its own municipality only.")


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Where the survey gets its place.")],
    title: Annotated[str, typer.Option(help="What the survey is called.")] = "A survey",
) -> None:
    """Begin a survey: a folder with an empty codebook, and one for its exports."""
    from ingest.authoring.beginning import write_codebook

    try:
        write_codebook(folder / CODEBOOK, title)
    except FileExistsError as error:
        _refuse(error)
    (folder / EXPORTS).mkdir(exist_ok=True)
    typer.echo(
        f"{folder / CODEBOOK} has every file of a codebook. Put the first export into"
        f" {folder / EXPORTS}; then, in {folder}: gelijkekansen draft --first EDITION"
        f" {EXPORTS}/FILE"
    )


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
    first: Annotated[
        bool, typer.Option("--first", help="A survey's first edition: from the export alone.")
    ] = False,
    questionnaire: Annotated[
        Path | None,
        typer.Option(
            help="XLSForm, .qsf, .lss or .csv: texts, options and, with --first, routing.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
) -> None:
    """Propose the codebook rows of a new export, from what earlier editions know."""
    from ingest.authoring.draft import draft_edition
    from ingest.authoring.first import draft_first
    from ingest.exports.files import ExportFile

    layout = ExportFile(edition, file.resolve(), sheet, encoding, delimiter, header_rows)
    try:
        proposed = (
            "\n".join(draft_first(codebook, layout, questionnaire))
            if first
            else str(draft_edition(codebook, layout, questionnaire, accept=accept))
        )
    except InputError as error:
        _refuse(error)
    typer.echo(proposed)
    rest = "say in editions.csv what no export tells" if first else "add comparability"
    typer.echo(
        f"\nProposed in {codebook}: look at the rows of {edition} marked proposed, mend them, mark"
        f" them reviewed; {rest}; put the export in its folder; build."
    )


codebook_app = typer.Typer(no_args_is_help=True, help="The codebook as one workbook.")
app.add_typer(codebook_app, name="codebook")


@codebook_app.command("export")
def codebook_export(
    file: Annotated[Path, typer.Argument(help="The workbook to write.", dir_okay=False)],
    codebook: Codebook = CODEBOOK,
) -> None:
    """Write all files of the codebook as sheets of one workbook."""
    from ingest.authoring.codebook_workbook import export_codebook

    try:
        count = export_codebook(codebook, _as_workbook(file))
    except InputError as error:
        _refuse(error)
    typer.echo(f"{count} rows in {file}; read it back with codebook import {file}")


@codebook_app.command("import")
def codebook_import(
    file: Annotated[Path, typer.Argument(help="The workbook.", exists=True, dir_okay=False)],
    write: Annotated[bool, typer.Option("--write", help="Do it; else it is only shown.")] = False,
    codebook: Codebook = CODEBOOK,
) -> None:
    """Show what a workbook changes in the codebook, and change it."""
    from ingest.authoring.codebook_workbook import import_codebook

    try:
        changes = import_codebook(codebook, file, write=write)
    except InputError as error:
        _refuse(error)
    for line in changes:
        typer.echo(line)
    typer.echo(f"{len(changes)} changes" + ("" if write or not changes else ": add --write"))


@app.command()
def same(
    edition: Annotated[int, typer.Argument(help="The edition that was drafted.")],
    new: Annotated[str, typer.Argument(help="The key that the draft gave.")],
    old: Annotated[str, typer.Argument(help="The key that the question had before.")],
    undo: Annotated[bool, typer.Option("--undo", help="Take it back.")] = False,
    codebook: Codebook = CODEBOOK,
) -> None:
    """Say that a question which looks new is an old one in other words, in every file."""
    from ingest.authoring.deciding import call_the_same, name_note
    from ingest.authoring.undo import put_back

    try:
        told = (
            [f"put back: {', '.join(put_back(codebook, name_note(edition, new)))}"]
            if undo
            else call_the_same(codebook, edition, new, old)
        )
    except InputError as error:
        _refuse(error)
    typer.echo("\n".join(told))


@app.command()
def lint(
    edition: Annotated[int, typer.Argument(help="The edition, planned or not.")],
    codebook: Codebook = CODEBOOK,
) -> None:
    """Say what of a questionnaire touches a trend, before it goes into the field."""
    from ingest.authoring.linting import lint_edition

    try:
        for words, rows in lint_edition(codebook, edition):
            typer.echo(f"{words}: {len(rows)}")
            for key, said in rows:
                typer.echo(f"  {key}: {said}")
    except InputError as error:
        _refuse(error)
    typer.echo("gelijkekansen power says which changes could be seen at all")


@app.command()
def populations(
    edition: Annotated[int, typer.Argument(help="The edition whose frame they are of.")],
    file: Annotated[Path, typer.Argument(help="Statbel's file.", exists=True, dir_okay=False)],
    code: Annotated[str, typer.Option(help="The column of the codes.")] = "CD_REFNIS",
    count: Annotated[str, typer.Option(help="The column of the counts.")] = "MS_POPULATION",
    delimiter: Annotated[str, typer.Option(help="Of a text file.")] = "|",
    write: Annotated[bool, typer.Option("--write", help="Do it; else it is only shown.")] = False,
    codebook: Codebook = CODEBOOK,
) -> None:
    """Add the populations of a frame from one file, and check that they add up."""
    from ingest.authoring.populations import add_populations
    from ingest.exports.files import ExportFile

    layout = ExportFile(edition, file.resolve(), None, None, delimiter, 1)
    try:
        places, people = add_populations(codebook, edition, layout, (code, count), write=write)
    except InputError as error:
        _refuse(error)
    typer.echo(f"{people} people in {places} municipalities" + ("" if write else ": add --write"))


@app.command()
def forget(
    edition: Annotated[int, typer.Argument(help="The edition to take out.")],
    write: Annotated[bool, typer.Option("--write", help="Do it; else it is only shown.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Put back what was taken out.")] = False,
    codebook: Codebook = CODEBOOK,
) -> None:
    """Take an edition, as a rehearsal, out of the codebook, with all that only it had."""
    from ingest.authoring.forgetting import forget_edition, recall_edition

    try:
        if undo:
            typer.echo(f"put back: {', '.join(recall_edition(codebook, edition))}")
            return
        typer.echo(forget_edition(codebook, edition, write=write))
    except InputError as error:
        _refuse(error)
    typer.echo(
        f"taken out; gelijkekansen forget {edition} --undo puts it back"
        if write
        else "nothing is changed yet: add --write"
    )


@app.command()
def questionnaire(
    edition: Annotated[int, typer.Argument(help="The edition whose questions are written.")],
    to: Annotated[Path, typer.Option(help="The workbook to write.", dir_okay=False)],
    codebook: Codebook = CODEBOOK,
) -> None:
    """Write an edition's questionnaire as XLSForm, for ODK, KoBoToolbox and the like."""
    import duckdb

    from ingest.authoring.questionnaires.writing import write_questionnaire
    from ingest.codebook.loading import load_codebook

    try:
        with duckdb.connect() as connection:
            load_codebook(connection, codebook)
            count = write_questionnaire(connection, edition, _as_workbook(to))
    except InputError as error:
        _refuse(error)
    except KeyError:
        _refuse(ValueError(f"The codebook has no edition {edition}."))
    typer.echo(f"{count} questions in {to}")


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
        _refuse(error)
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
        _refuse(error)
    if as_json:
        names = ("question_key", "base_count", "detectable_change", "needed_count")
        typer.echo(json.dumps([dict(zip(names, row, strict=True)) for row in rows]))
        return
    wanted = f"n for {NOTABLE_DIFFERENCE} points"
    typer.echo(f"{'question':<36} {'n':>4} {'points seen':>12} {wanted:>16}")
    for question, count, change, needed in rows:
        points = "-" if change is None else f"{100 * change:.0f}"
        typer.echo(f"{question:<36} {count:>4} {points:>12} {needed:>16}")


@coding_app.command("export")
def coding_export(
    coder: Annotated[str, typer.Argument(help="Who will code: letters and digits.")],
    file: Annotated[Path, typer.Argument(help="The workbook to write.")],
    codebook: Codebook = CODEBOOK,
    warehouse: Warehouse = WAREHOUSE,
) -> None:
    """Write the open answers that a coder has not coded yet to a workbook, with the codes."""
    from ingest.authoring.coding_workbook import export_answers
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
    from ingest.authoring.coding_workbook import import_codes
    from ingest.shared.identity import read_secret
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


def _list_problems(error: Exception) -> dict[str, object]:
    """Return what stopped a build: its message, and every problem of the input."""
    problems = error.problems if isinstance(error, InputError) else ()
    return {
        "is_built": False,
        "summary": str(error).splitlines()[0],
        "problems": [
            {"where": str(problem.where), "what": problem.what, "action": problem.advice}
            for problem in problems
        ],
    }


def _as_workbook(path: Path) -> Path:
    """Return a place for a workbook; another kind of file is never overwritten by one."""
    if path.suffix.lower() != ".xlsx":
        _refuse(ValueError(f"{path}: a workbook is written as .xlsx."))
    return path


def _refuse(error: Exception, summary: str = "", rest: str = "") -> NoReturn:
    typer.echo(f"{summary}{error}{rest}", err=True)
    raise typer.Exit(3 if isinstance(error, BusyError) else 1) from error
