"""The commands that make and keep a codebook: begin, draft, review, code."""

import logging
from pathlib import Path
from typing import Annotated

import typer

from ingest.shared.problems import InputError
from pipeline.options import CODEBOOK, EXPORTS, WAREHOUSE, Codebook, Exports, SecretFile, Warehouse
from pipeline.paths import BuildError
from pipeline.telling import as_workbook, locate, refuse, tell_changes

app = typer.Typer()
codebook_app = typer.Typer(no_args_is_help=True, help="The codebook as one workbook.")
app.add_typer(codebook_app, name="codebook")
coding_app = typer.Typer(no_args_is_help=True, help="Code open answers: out to a person, and back.")
app.add_typer(coding_app, name="coding")


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Where the survey gets its place.")],
    title: Annotated[str, typer.Option(help="What the survey is called.")] = "A survey",
) -> None:
    """Begin a survey: a folder with an empty codebook, and one for its exports."""
    from ingest.authoring.beginning import write_codebook
    from pipeline.settings import write_settings

    try:
        write_codebook(folder / CODEBOOK, title)
    except FileExistsError as error:
        refuse(error)
    (folder / EXPORTS).mkdir(exist_ok=True)
    write_settings(folder, title)
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
    from ingest.authoring.holding import hold_codebook
    from ingest.exports.files import ExportFile

    layout = ExportFile(edition, file.resolve(), sheet, encoding, delimiter, header_rows)
    try:
        with hold_codebook(codebook):
            proposed = (
                "\n".join(draft_first(codebook, layout, questionnaire))
                if first
                else str(draft_edition(codebook, layout, questionnaire, accept=accept))
            )
    except InputError as error:
        refuse(error)
    typer.echo(proposed)
    if first:
        typer.echo(
            f"\nProposed in {codebook}: look at the rows of {edition} marked proposed, mend them,"
            " mark them reviewed; say in editions.csv what no export tells; build."
        )
    else:
        typer.echo(f"\nProposed in {codebook}. Decide the rest: gelijkekansen review {edition}")


@codebook_app.command("upgrade")
def codebook_upgrade(
    write: Annotated[bool, typer.Option("--write", help="Do it; else it is only shown.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take it back.")] = False,
    codebook: Codebook = CODEBOOK,
) -> None:
    """Bring a codebook of an older program to the form that this one reads."""
    from ingest.authoring.holding import hold_codebook
    from ingest.authoring.undo import put_back
    from ingest.authoring.upgrading import NOTE, upgrade_codebook

    try:
        with hold_codebook(codebook):
            changes = put_back(codebook, NOTE) if undo else upgrade_codebook(codebook, write=write)
    except InputError as error:
        refuse(error)
    tell_changes(changes, is_done=write or undo)


@app.command()
def review(
    edition: Annotated[int, typer.Argument(help="The edition that was drafted.")],
    codebook: Codebook = CODEBOOK,
    exports: Exports = EXPORTS,
    terminal: Annotated[
        bool, typer.Option("--terminal", help="Go through it here, and open no page.")
    ] = False,
    as_list: Annotated[
        bool, typer.Option("--list", help="Write what is left as a CSV, with what is proposed.")
    ] = False,
    take: Annotated[
        Path | None,
        typer.Option(help="A written list of decisions, as --list writes it.", exists=True),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take the last decision back.")] = False,
    port: Annotated[int, typer.Option(help="Port of the page.", min=1, max=65535)] = 8010,
) -> None:
    """Decide, one after another, what no export tells of an edition; on a page of this machine."""
    from functools import partial

    from ingest.authoring.reviewing import asking
    from ingest.authoring.reviewing.review import Review, read_list
    from ingest.shared.passing import passing_folder
    from pipeline.studying import study_edition

    if sum((terminal, as_list, take is not None, undo)) > 1:
        refuse(ValueError("--terminal, --list, --take and --undo are each asked for alone."))
    # What is landed to look at it is not told: nothing is built.
    logging.disable(logging.INFO)
    with passing_folder() as workspace:
        study = partial(study_edition, edition, codebook, exports.resolve(), workspace)
        reviewed = Review(codebook, edition, exports.resolve(), study)
        try:
            if undo:
                typer.echo(f"taken back: {', '.join(reviewed.take_back())}")
            elif as_list:
                typer.echo(asking.write_list(reviewed.list_decisions()), nl=False)
            elif take is not None:
                for told in reviewed.play(read_list(take)):
                    typer.echo(told)
                typer.echo(asking.say_left(reviewed))
            elif terminal:
                asking.ask(reviewed)
            else:
                from ingest.authoring.reviewing.serving import make_app
                from ingest.shared.local_pages import serve

                reviewed.list_decisions()
                serve(make_app(reviewed), port, "the review")
        except InputError as error:
            refuse(error)


@codebook_app.command("export")
def codebook_export(
    file: Annotated[Path, typer.Argument(help="The workbook to write.", dir_okay=False)],
    codebook: Codebook = CODEBOOK,
) -> None:
    """Write all files of the codebook as sheets of one workbook."""
    from ingest.authoring.codebook_workbook import export_codebook

    try:
        count = export_codebook(codebook, as_workbook(file))
    except InputError as error:
        refuse(error)
    typer.echo(f"{count} rows in {file}; read it back with codebook import {file}")


@codebook_app.command("import")
def codebook_import(
    file: Annotated[Path, typer.Argument(help="The workbook.", exists=True, dir_okay=False)],
    write: Annotated[bool, typer.Option("--write", help="Do it; else it is only shown.")] = False,
    codebook: Codebook = CODEBOOK,
) -> None:
    """Show what a workbook changes in the codebook, and change it."""
    from ingest.authoring.codebook_workbook import import_codebook
    from ingest.authoring.holding import hold_codebook

    try:
        with hold_codebook(codebook):
            changes = import_codebook(codebook, file, write=write)
    except InputError as error:
        refuse(error)
    tell_changes(changes, is_done=write)


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
        refuse(error)
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
    from ingest.authoring.holding import hold_codebook
    from ingest.authoring.populations import add_populations
    from ingest.exports.files import ExportFile

    layout = ExportFile(edition, file.resolve(), None, None, delimiter, 1)
    try:
        with hold_codebook(codebook):
            places, people = add_populations(codebook, edition, layout, (code, count), write=write)
    except InputError as error:
        refuse(error)
    typer.echo(f"{people} people in {places} municipalities" + ("" if write else ": add --write"))


@app.command()
def merger(
    code: Annotated[str, typer.Option(help="Its NIS code.")],
    municipalities: Annotated[
        list[str] | None, typer.Argument(help="Those that became one.")
    ] = None,
    name: Annotated[str, typer.Option(help="What they became.")] = "",
    date: Annotated[str, typer.Option(help="Its first day, as YEAR-MONTH-DAY.")] = "",
    rehearsal: Annotated[bool, typer.Option("--rehearsal", help="It is made up.")] = False,
    write: Annotated[bool, typer.Option("--write", help="Do it; else it is only shown.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take it back.")] = False,
    codebook: Codebook = CODEBOOK,
) -> None:
    """Make municipalities one from a day on, in the files of the reference data."""
    from ingest.authoring.holding import hold_codebook
    from ingest.authoring.mergers import Merger, add_merger, take_back_merger

    try:
        with hold_codebook(codebook):
            if undo:
                typer.echo(f"put back: {', '.join(take_back_merger(codebook, code))}")
                return
            for told in add_merger(
                codebook, Merger(code, name, date, rehearsal), municipalities or [], write=write
            ):
                typer.echo(told)
    except InputError as error:
        refuse(error)
    if not write:
        typer.echo("nothing is changed yet: add --write")


@app.command()
def forget(
    edition: Annotated[int, typer.Argument(help="The edition to take out.")],
    write: Annotated[bool, typer.Option("--write", help="Do it; else it is only shown.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Put back what was taken out.")] = False,
    codebook: Codebook = CODEBOOK,
) -> None:
    """Take an edition, as a rehearsal, out of the codebook, with all that only it had."""
    from ingest.authoring.forgetting import forget_edition, recall_edition
    from ingest.authoring.holding import hold_codebook

    try:
        with hold_codebook(codebook):
            if undo:
                typer.echo(f"put back: {', '.join(recall_edition(codebook, edition))}")
                return
            typer.echo(forget_edition(codebook, edition, write=write))
    except InputError as error:
        refuse(error)
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
            count = write_questionnaire(connection, edition, as_workbook(to))
    except InputError as error:
        refuse(error)
    except KeyError:
        refuse(ValueError(f"The codebook has no edition {edition}."))
    typer.echo(f"{count} questions in {to}")


@coding_app.command("export")
def coding_export(
    coder: Annotated[str, typer.Argument(help="Who will code: letters and digits.")],
    file: Annotated[Path, typer.Argument(help="The workbook to write.")],
    secret_file: SecretFile = None,
    codebook: Codebook = CODEBOOK,
    warehouse: Warehouse = WAREHOUSE,
) -> None:
    """Write the open answers that a coder has not coded yet to a workbook, with the codes."""
    from ingest.authoring.coding_workbook import export_answers
    from ingest.shared.identity import read_secret
    from pipeline.restricting import open_restricted

    try:
        with open_restricted(locate(warehouse), read_secret(secret_file)) as connection:
            count = export_answers(connection, codebook, coder, file)
    except (InputError, BuildError) as error:
        refuse(error)
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
    from ingest.authoring.holding import hold_codebook
    from ingest.shared.identity import read_secret
    from pipeline.restricting import open_restricted

    try:
        secret = read_secret(secret_file)
        if secret is None:
            raise BuildError("Codes are tied to their answers by a secret: name its --secret-file.")
        with (
            hold_codebook(codebook),
            open_restricted(locate(warehouse), secret) as connection,
        ):
            count = import_codes(connection, codebook, coder, file, secret)
    except (InputError, BuildError) as error:
        refuse(error)
    typer.echo(f"{count} answers coded by {coder}, in {codebook}. Remove {file}, and build.")
