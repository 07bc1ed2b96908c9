"""What a build would find in an edition that is still being reviewed, in a place of its own."""

import shutil
from pathlib import Path

import duckdb

from ingest.authoring.draft_files import Tables, write_tables
from ingest.authoring.reviewing.state import Study
from ingest.shared.problems import InputError, Problem
from ingest.survey import load_survey
from pipeline.modelling import ModellingError, run_dbt
from vocabulary.lists import Base

MODELS = ["run", "--select", "+mart_question_results", "+off_route_answers"]


def study_edition(
    edition: int, codebook: Path, exports: Path, workspace: Path, tables: Tables
) -> Study:
    """Land and model the exports by a codebook with these tables in its files, and count.

    Nothing is changed; what a build would refuse is returned with the study. No answer is left in
    `workspace`, where dbt keeps the project as it read it, for the next time.
    """
    copied, database = workspace / "codebook", workspace / "study.duckdb"
    try:
        shutil.copytree(codebook, copied)
        write_tables(copied, tables)
        with duckdb.connect(database) as connection:
            connection.execute("attach ':memory:' as restricted")
            load_survey(connection, copied, exports)
        run_dbt(MODELS, database, workspace)
        with duckdb.connect(database, read_only=True) as connection:
            return _count(connection, edition)
    except InputError as error:
        return Study(problems=error.problems)
    except ModellingError as error:
        return Study(problems=(Problem("models", str(error), "Mend what they stumble over."),))
    finally:
        shutil.rmtree(copied, ignore_errors=True)
        database.unlink(missing_ok=True)


def _count(connection: duckdb.DuckDBPyConnection, edition: int) -> Study:
    chosen = connection.execute(
        "select edition_key::varchar, question_key, option_code, selected_count, base_count"
        " from marts.mart_question_results where base = ? order by all",
        [Base.RESPONDENTS],
    ).fetchall()
    off_route = connection.execute(
        "select split_part(question_key, '.', 1), count(distinct respondent_key)"
        " from audit.off_route_answers where edition_key = ? group by all",
        [edition],
    ).fetchall()
    most = connection.execute(
        "with chosen as (select question_key, respondent_key, count_if(is_selected) as chosen"
        " from marts.fct_answers where edition_key = ? group by all)"
        " select question_key, max(chosen) from chosen group by all",
        [edition],
    ).fetchall()
    return Study(
        {(str(one), question, option): (selected, base)
         for one, question, option, selected, base in chosen},
        dict(off_route),
        dict(most),
    )  # fmt: skip
