"""The build: land, model, check beside the warehouse; move it into place where all is well."""

import datetime
import logging
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from ingest.shared.identity import Secret, read_secret
from ingest.shared.problems import InputError
from pipeline.history import Build, append_build, read_builds
from pipeline.inputs import describe_inputs
from pipeline.modelling import ModellingError
from pipeline.paths import CONFIG, KEPT_COUNT, BuildError, Paths, check_target
from pipeline.place import (
    has_swap_begun,
    is_open_for_writing,
    list_kept,
    put_in_place,
    stage_kept,
)
from pipeline.restricting import save_restricted
from pipeline.workspace import hold_workspace
from vocabulary.lists import BuildVerdict

if TYPE_CHECKING:
    from expectations.report import Report

logger = logging.getLogger(__name__)

SUMMARY = """
    select
        (select count(*) from marts.dim_editions),
        (select count(*) from marts.dim_respondents),
        (select count(*) from audit.expectation_results),
        (select count(*) from audit.expectation_results where verdict <> 'passed')
"""


@dataclass(frozen=True)
class Options:
    """How to build: why, also where nothing changed, what to keep, and the secret's file.

    Of an edition at most `max_lost` respondents may be gone, or the build is refused. `tell` hears
    how far the build is.
    """

    reason: str = "by hand"
    is_forced: bool = False
    kept_count: int = KEPT_COUNT
    secret_file: Path | None = None
    max_lost: int | None = None
    tell: Callable[[str], None] = lambda words: None


@dataclass(frozen=True)
class Done:
    """What came of a build, in one line; nothing is built where nothing changed."""

    is_built: bool
    summary: str


def build_warehouse(paths: Paths, options: Options | None = None) -> Done:
    """Build the warehouse from the codebook and the exports, and swap it in whole.

    Where nothing changed since the last build, nothing is done. Raises InputError,
    ModellingError or BuildError; then the warehouse is as it was, and what was built stays in
    the workspace with a report.
    """
    options = options or Options()
    started = time.monotonic()
    check_target(paths)
    if is_open_for_writing(paths.warehouse):
        raise BuildError(f"{paths.warehouse} is open in a program that may write to it. Close it.")
    secret = read_secret(options.secret_file)
    begun = datetime.datetime.now(datetime.UTC)
    build = Build(
        build_id=f"{begun:%Y%m%dT%H%M%S%f}"[:-3] + f"-{secrets.token_hex(2)}",
        started_at=f"{begun:%Y-%m-%d %H:%M:%S}",
        reason=options.reason,
    )
    with hold_workspace(paths, build):
        build = describe_inputs(build, paths, secret.key_id if secret else None)
        last = _find_last_built(paths)
        if last and last.input_sha256 == build.input_sha256 and not options.is_forced:
            _warn_of_fieldwork(paths)
            words = f"nothing changed since the build of {last.started_at} UTC: nothing was done"
            return Done(False, words)
        with _reported(paths, build):
            build, changed = _build_staged(paths, build, secret, options)
            summary = _summarise(paths, changed)
            put_in_place(paths, build.ended(BuildVerdict.BUILT), options.kept_count)
        seconds = time.monotonic() - started
        return Done(True, f"built {paths.warehouse.name} in {seconds:.0f} s: {summary}")


def restore_warehouse(paths: Paths, build_id: str | None, kept_count: int = KEPT_COUNT) -> str:
    """Bring back a previous warehouse, the last one where none is named, and keep the present.

    Raises BuildError where there is no such warehouse.
    """
    check_target(paths)
    now = datetime.datetime.now(datetime.UTC)
    reason = f"restore {build_id or 'the previous one'}"
    build = Build(f"{now:%Y%m%dT%H%M%S%f}"[:-3], f"{now:%Y-%m-%d %H:%M:%S}", reason)
    with hold_workspace(paths, build):
        kept = list_kept(paths)
        chosen = build_id or next(iter(kept), None)
        if chosen not in kept:
            known = f" Kept are: {', '.join(kept)}." if kept else " None is kept."
            raise BuildError(f"There is no previous warehouse {build_id or ''}.{known}")
        stage_kept(paths, chosen)
        put_in_place(paths, build.ended(BuildVerdict.RESTORED), kept_count)
    return f"restored the warehouse of build {chosen}; it stays until an input changes"


def _find_last_built(paths: Paths) -> Build | None:
    """Return the build that the pair in place comes from, or from which one went back."""
    if not (paths.warehouse.exists() and paths.restricted.exists()):
        return None
    built = [build for build in read_builds(paths) if build.verdict == BuildVerdict.BUILT]
    return built[-1] if built else None


def _build_staged(
    paths: Paths, build: Build, secret: Secret | None, options: Options
) -> tuple[Build, int | None]:
    shutil.rmtree(paths.staged.parent, ignore_errors=True)
    paths.staged.parent.mkdir()
    build = _land_and_model(paths, build, secret, options.tell)
    from expectations.run import run_suites
    from ingest.shared.tables import limit_memory
    from pipeline.ledger import warn_of_fieldwork, write_ledger

    options.tell("checking what is expected")
    shutil.rmtree(paths.data_docs, ignore_errors=True)
    with duckdb.connect(paths.staged) as connection:
        limit_memory(connection)
        try:
            with _timed() as check:
                report = run_suites(connection, paths.data_docs)
        except Exception as error:
            # Its message may quote a row.
            raise BuildError(
                f"The expectations could not be checked ({type(error).__name__})."
                f" What was built is kept in {paths.staged}."
            ) from None
        _judge(paths, connection, report)
        build = replace(build, check_seconds=check[0])
        changed = write_ledger(connection, paths, build.ended(BuildVerdict.BUILT), options.max_lost)
        warn_of_fieldwork(connection)
    return build, changed


def _check_same_exports(connection: duckdb.DuckDBPyConnection, build: Build) -> None:
    """Refuse a warehouse of exports that changed between being hashed and being read."""
    landed = connection.execute(
        "select distinct source_file, source_sha256 from raw.export_files"
    ).fetchall()
    other = sorted(file for file, read in landed if build.export_sha256.get(file, read) != read)
    if other:
        raise BuildError(f"{', '.join(other)} changed while it was read. Build again.")


def _land_and_model(
    paths: Paths, build: Build, secret: Secret | None, tell: Callable[[str], None]
) -> Build:
    from pipeline.modeller import start_modeller

    with start_modeller(paths.staged, paths.workspace) as start_models:
        tell("landing the exports")
        with _timed() as land:
            _land(paths, build, secret)
        tell("modelling")
        with _timed() as model:
            models = start_models(tell)
            # What checks them takes seconds to import, which need not be waited for.
            from expectations.run import load_library

            load_library()
            logger.info("%s", models.result())
    return replace(build, land_seconds=land[0], model_seconds=model[0])


def _warn_of_fieldwork(paths: Paths) -> None:
    from pipeline.ledger import warn_of_fieldwork

    with duckdb.connect(paths.warehouse, read_only=True) as connection:
        warn_of_fieldwork(connection)


@contextmanager
def _timed() -> Iterator[list[float]]:
    started = time.monotonic()
    seconds: list[float] = []
    yield seconds
    seconds.append(round(time.monotonic() - started, 3))


@contextmanager
def _reported(paths: Paths, build: Build) -> Iterator[None]:
    """Leave a report of what goes wrong, and a line in the history."""
    paths.report.unlink(missing_ok=True)
    try:
        yield
    except (InputError, ModellingError, BuildError) as error:
        is_refused = isinstance(error, InputError)
        verdict = BuildVerdict.REFUSED if is_refused else BuildVerdict.FAILED
        words = error.tell_all() if isinstance(error, InputError) else str(error)
        _report(paths, build.ended(verdict, str(error).splitlines()[0]), words)
        raise
    except (OSError, duckdb.Error) as error:
        # A full disk, for instance. The message may quote a row, so it is not repeated.
        what = error.strerror if isinstance(error, OSError) else type(error).__name__
        message = f"The build could not be written to disk or read back ({what})."
        if not has_swap_begun(paths):
            shutil.rmtree(paths.staged.parent, ignore_errors=True)
        _report(paths, build.ended(BuildVerdict.FAILED, message), message)
        raise BuildError(message) from error
    except Exception as error:
        message = f"The build stopped unexpectedly ({type(error).__name__})."
        _report(paths, build.ended(BuildVerdict.FAILED, message), message)
        raise


def _report(paths: Paths, build: Build, message: str) -> None:
    try:
        paths.report.write_text(f"build {build.build_id}\n\n{message}\n", encoding="utf-8")
        append_build(paths, build)
    except OSError as error:
        logger.warning("there is no report: it cannot be written (%s)", error.strerror)


def _land(paths: Paths, build: Build, secret: Secret | None) -> None:
    """Land everything; what can name a person goes to disk last, sealed if there is a secret."""
    from ingest.shared.sealing import seal
    from ingest.survey import load_survey

    with duckdb.connect(paths.staged, config=CONFIG) as connection:
        connection.execute("attach ':memory:' as restricted")
        # So that nobody reads the one beside another warehouse than its own.
        connection.execute(
            "create table restricted.build as select ? as build_id, null::varchar as sealed_with",
            [build.build_id],
        )
        load_survey(connection, paths.codebook, paths.exports, secret)
        _check_same_exports(connection, build)
        if secret is not None:
            seal(connection, secret)
        save_restricted(connection, paths.staged_restricted)


def _judge(paths: Paths, connection: duckdb.DuckDBPyConnection, report: "Report") -> None:
    from expectations.report import write_report

    write_report(connection, report)
    logger.info("%s", report)
    if report.failures:
        raise BuildError(
            f"{len(report.failures)} critical expectations failed; the warehouse is as it was."
            f" What was built is kept in {paths.staged}.\n{report}"
        )


def _summarise(paths: Paths, changed: int | None) -> str:
    with duckdb.connect(paths.staged, read_only=True) as connection:
        ((editions, respondents, expectations, found),) = connection.execute(SUMMARY).fetchall()
    figures = "figures not compared" if changed is None else f"{changed} figures changed"
    return (
        f"{editions} editions, {respondents} respondents, {expectations} expectations"
        f" ({found} with findings), {figures}"
    )
