"""Files for researchers: SPSS, Parquet and CSV with a data package, DDI, checksums."""

import json
import textwrap
from collections import defaultdict
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyreadstat

from ingest.shared.files import hash_file
from publish.ddi import MISSING, label_missing, write_ddi
from publish.placing import MARKER
from publish.reading import Row, Survey, read_rows, read_survey
from publish.speaking import name_row, spoken
from publish.spss_names import (
    LONGEST_FILE_LABEL,
    LONGEST_LABEL,
    LONGEST_VALUE_LABEL,
    cut,
    name_variables,
)
from vocabulary.lists import State

# Whoever gets the files has no business with these.
WITHHELD_COLUMNS = ("person_key",)

RESPONDENTS = """
    with places as (
        select
            *, count(*) over size / nullif(count_if(is_participating) over size, 0) as frame_weight
        from marts.fct_municipality_editions
        window size as (partition by edition_key, size_category)
    )
    select
        respondent_key, nis_code, dim_municipalities.name as municipality, province,
        size_category_label as size_category,
        frame_weight / count(*) over (partition by municipality_key) as weight,
        status, duration_seconds::double as duration_seconds
    from marts.dim_respondents
    left join marts.dim_municipalities using (municipality_key)
    left join places using (edition_key, municipality_key)
    where edition_key = ?
    order by respondent_key
"""
# What is known of a municipality; where there is no frame, no file speaks of one.
OF_PLACES = ["nis_code", "municipality", "province", "size_category", "weight"]
# Whole numbers, whose codes are shown without decimals; and those that are counted or measured.
WHOLE, MEASURED = "F8.0", ("weight", "duration_seconds")
QUESTIONS = """
    select
        own.question_key, own.takes_several, here.wording,
        -- Of a number the bands are for figures alone.
        own.is_closed and not own.is_number as is_chosen,
        own.is_ordered,
        parents.wording as parent_wording
    from marts.bridge_question_editions as here
    inner join marts.dim_questions as own using (question_key)
    left join marts.bridge_question_editions as parents
        on own.parent_question_key = parents.question_key
        and here.edition_key = parents.edition_key
    where here.edition_key = ? and not own.has_rows
        and (own.is_closed or own.is_number or own.is_date)
    order by here.position
"""
OPTIONS = """
    select question_key, option_key, option_code, position, bridge_option_editions.label
    from marts.bridge_option_editions inner join marts.dim_options using (option_key)
    where edition_key = ? order by question_key, position
"""
STATES = "select respondent_key, question_key, state from marts.fct_question_responses"
ANSWERS = """
    select respondent_key, question_key, option_key, position, is_selected
    from marts.fct_answers inner join marts.dim_options using (question_key, option_key)
"""
NUMBERS = """
    select respondent_key, question_key, number from marts.fct_number_answers where edition_key = ?
"""
DAYS = """
    select respondent_key, question_key, answered_day::timestamp as answered_day
    from marts.fct_day_answers where edition_key = ?
"""
TABLES = """
    select schema_name, table_name, comment from duckdb_tables()
    where schema_name in ('marts', 'public_release') order by all
"""
COLUMNS = """
    select column_name, data_type, comment from duckdb_columns()
    where schema_name = ? and table_name = ? order by column_index
"""
TYPES = {
    "INTEGER": {"type": "integer"},
    "BIGINT": {"type": "integer"},
    "DOUBLE": {"type": "number"},
    "BOOLEAN": {"type": "boolean"},
    "DATE": {"type": "date"},
    "TIMESTAMP": {"type": "datetime", "format": "%Y-%m-%d %H:%M:%S"},
}


def write_research(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write an SPSS file with its DDI codebook per edition, and every table as CSV and Parquet."""
    survey = read_survey(connection)
    for edition in read_rows(connection, "from public_release.editions order by edition_key"):
        path = folder / "spss" / f"{edition['edition_key']}.sav"
        path.parent.mkdir(parents=True, exist_ok=True)
        frame, variables = build_frame(connection, edition["edition_key"], survey)
        _write_sav(frame, variables, path, edition["label"])
        write_ddi(frame, variables, path.with_suffix(".xml"), edition)
        write_sets(variables, path)
    write_tables(connection, folder / "tables")


def write_sets(variables: dict[str, Row], path: Path) -> None:
    """Write the syntax that declares multiple response sets, which no library writes into a file.

    A set has the variables of a question of several answers; 1 stands for chosen.
    """
    sets: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, variable in variables.items():
        if "set" in variable:
            sets[variable["set"]].append(name)
    names = name_variables(key for key, _ in sets)
    lines = [f"GET FILE='{path.name}'."]
    for (key, wording), own in sets.items():
        label = cut(wording, LONGEST_LABEL).replace("'", "''")
        lines += [
            f"MRSETS /MDGROUP NAME=${names[key]} LABEL='{label}'",
            *(f"  {line}" for line in textwrap.wrap(f"VARIABLES={' '.join(own)} VALUE=1.", 200)),
        ]
    lines.append(f"SAVE OUTFILE='{path.name}'.")
    path.with_name(f"{path.stem}-sets.sps").write_text("\n".join(lines) + "\n", encoding="utf-8")


def build_frame(
    connection: duckdb.DuckDBPyConnection, edition: int, survey: Survey
) -> tuple[pd.DataFrame, dict[str, Row]]:
    """Return one row per respondent, one column per variable, and what each variable is.

    A single choice has the option's position, a multiple choice a variable of 0 and 1 per
    option, a number itself; without an answer there stands one of the codes of MISSING. A number
    that can be below 0, or a day, leaves it blank.
    """
    texts = spoken()["research"]
    selected = {0: texts["not_selected"], 1: texts["selected"]}
    frame = connection.execute(RESPONDENTS, [edition]).df()
    if not survey.has_frame:
        frame = frame.drop(columns=OF_PLACES)
    variables: dict[str, Row] = {
        name: {
            "label": texts[name],
            "values": {},
            "question": None,
            "universe": None,
            "is_weight": name == "weight",
        }
        for name in frame.columns
    }
    respondents = frame["respondent_key"]
    where = " where edition_key = ?"
    states = connection.execute(STATES + where, [edition]).df()
    states["code"] = states["state"].map({str(state): code for state, code in MISSING.items()})
    state_of = states.pivot(index="respondent_key", columns="question_key", values="code")
    answers = connection.execute(ANSWERS + where, [edition]).df()
    chosen = answers[answers["is_selected"]].groupby(["respondent_key", "question_key"])
    single = chosen["position"].first().unstack("question_key")
    ticks = answers.pivot(index="respondent_key", columns="option_key", values="is_selected")
    options = defaultdict(list)
    for option in read_rows(connection, OPTIONS, edition):
        options[option["question_key"]].append(option)
    amounts = connection.execute(NUMBERS, [edition]).df()
    amount_of = amounts.pivot(index="respondent_key", columns="question_key", values="number")
    days = connection.execute(DAYS, [edition]).df()
    day_of = days.pivot(index="respondent_key", columns="question_key", values="answered_day")
    columns = {}
    for question in read_rows(connection, QUESTIONS, edition):
        key = question["question_key"]
        missing = state_of[key].reindex(respondents).to_numpy(float)
        wording = name_row(question["parent_wording"], question["wording"])
        shared = {"question": wording, "universe": survey.routing.describe(edition, key)}
        if not question["is_chosen"]:
            of = day_of if key in day_of else amount_of
            answered = of.get(key, pd.Series(dtype=float)).reindex(respondents).to_numpy()
            has_codes = of is amount_of and not (answered < 0).any()
            columns[key] = np.where(np.isnan(missing), answered, missing) if has_codes else answered
            variables[key] = shared | {"label": wording, "values": {}, "has_codes": has_codes}
        elif question["takes_several"]:
            for option in options[key]:
                ticked = ticks.get(option["option_key"])
                values = (
                    np.full(len(respondents), np.nan)
                    if ticked is None
                    else ticked.reindex(respondents).astype(float).to_numpy()
                )
                # The question was answered, and this option was not among those shown.
                values = np.where(
                    np.isnan(values) & np.isnan(missing), MISSING[State.NOT_SHOWN], values
                )
                name = option["option_key"]
                columns[name] = np.where(np.isnan(missing), values, missing)
                variables[name] = shared | {
                    "label": f"{wording}: {option['label']}",
                    "values": selected,
                    "set": (key, wording),
                }
        else:
            answered = (
                single[key].reindex(respondents).to_numpy(float)
                if key in single
                else np.full(len(respondents), np.nan)
            )
            name = key
            columns[name] = np.where(np.isnan(missing), answered, missing)
            labels = {option["position"]: option["label"] for option in options[key]}
            variables[name] = shared | {"label": wording, "values": labels,
                                        "is_ordered": question["is_ordered"]}  # fmt: skip
    names = name_variables(variables)
    whole = pd.concat([frame, pd.DataFrame(columns, index=frame.index)], axis=1)
    return whole.rename(columns=names), {
        names[key]: variable | {"key": key} for key, variable in variables.items()
    }


def _write_sav(frame: pd.DataFrame, variables: dict[str, Row], path: Path, label: str) -> None:
    if set(frame.columns) != set(variables):
        raise ValueError(
            f"{path.name} would lose a variable: {set(variables) ^ set(frame.columns)}"
        )
    numbers = [name for name, variable in variables.items() if variable.get("has_codes")]
    options = [name for name, variable in variables.items() if variable["values"]]
    coded = [*options, *numbers]
    missing = label_missing()
    values = {name: variables[name]["values"] | missing for name in coded}
    pyreadstat.write_sav(
        frame,
        path,
        file_label=cut(label, LONGEST_FILE_LABEL),
        column_labels={
            name: cut(variable["label"], LONGEST_LABEL) for name, variable in variables.items()
        },
        variable_value_labels={
            name: {float(code): cut(text, LONGEST_VALUE_LABEL) for code, text in labels.items()}
            for name, labels in values.items()
        },
        missing_ranges={name: [{"lo": min(missing), "hi": max(missing)}] for name in coded},
        variable_measure={
            **dict.fromkeys(variables, "nominal"),
            **{name: "ordinal" for name in options if variables[name].get("is_ordered")},
            **dict.fromkeys([*numbers, *(name for name in MEASURED if name in variables)], "scale"),
        },
        variable_format=dict.fromkeys(options, WHOLE),
    )


def write_tables(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write every table as CSV and Parquet, and describe the CSV files in a data package."""
    folder.mkdir(parents=True, exist_ok=True)
    resources = []
    keys = _list_keys(connection)
    for table in read_rows(connection, TABLES):
        schema, name = table["schema_name"], table["table_name"]
        file = name if schema == "marts" else f"{schema}-{name}"
        columns = [
            column
            for column in read_rows(connection, COLUMNS, schema, name)
            if column["column_name"] not in WITHHELD_COLUMNS
        ]
        names = ", ".join(f'"{column["column_name"]}"' for column in columns)
        guarded = ", ".join(_guard(column) for column in columns)
        source = f'from {schema}."{name}" order by all'
        place = str(folder / file).replace("'", "''")
        connection.execute(f"copy (select {names} {source}) to '{place}.parquet' (format parquet)")
        connection.execute(
            f"copy (select {guarded} {source}) to '{place}.csv'"
            " (timestampformat '%Y-%m-%d %H:%M:%S')"
        )
        resource = _describe_table(table, columns, file, folder / f"{file}.csv")
        resource["schema"] |= _describe_keys(connection, schema, name, columns, keys)
        resources.append(resource)
    ((title,),) = connection.execute(
        "select text from codebook.texts where text_key = 'title'"
    ).fetchall()
    package = {
        "name": "survey-warehouse",
        "title": title,
        "profile": "tabular-data-package",
        "resources": resources,
    }
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8")


def _list_keys(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the dimension that each key is of: its first column."""
    rows = read_rows(
        connection,
        "select column_name, table_name from duckdb_columns()"
        " where schema_name = 'marts' and table_name like 'dim!_%' escape '!' and column_index = 1",
    )
    return {row["column_name"]: row["table_name"] for row in rows}


def _describe_keys(
    connection: duckdb.DuckDBPyConnection,
    schema: str,
    name: str,
    columns: list[Row],
    keys: dict[str, str],
) -> Row:
    """Return the primary key of a dimension, and which columns refer to one, all of them."""
    own = {column["column_name"] for column in columns} & keys.keys()
    made: Row = {}
    foreign = []
    for column in sorted(own):
        dimension = keys[column]
        if (schema, name) == ("marts", dimension):
            made["primaryKey"] = column
            continue
        strays = connection.execute(
            f"select 1 from {schema}.{name} anti join marts.{dimension} using ({column})"
            f" where {column} is not null limit 1"
        ).fetchall()
        if not strays:
            target = {"resource": dimension.replace("_", "-"), "fields": column}
            foreign.append({"fields": column, "reference": target})
    return made | ({"foreignKeys": foreign} if foreign else {})


def _describe_table(table: Row, columns: list[Row], file: str, path: Path) -> Row:
    return {
        "name": file.replace("_", "-"),
        "path": f"{file}.csv",
        "profile": "tabular-data-resource",
        "description": table["comment"],
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{hash_file(path)}",
        "schema": {
            "fields": [
                {"name": column["column_name"], "description": column["comment"]}
                | TYPES.get(column["data_type"], {"type": "string"})
                for column in columns
            ],
            "missingValues": [""],
        },
    }


def _guard(column: Row) -> str:
    """Return a column as no spreadsheet takes it for a formula."""
    name = f'"{column["column_name"]}"'
    if column["data_type"] != "VARCHAR":
        return name
    return (
        f"if(regexp_matches({name}, '^[=+@\\t\\r-]')"
        f" and try_cast({name} as double) is null, '''' || {name}, {name}) as {name}"
    )


def write_checksums(folder: Path) -> None:
    """Write the SHA-256 of every file, as `sha256sum --check` reads it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MARKER)
    lines = [
        f"{hash_file(path)}  {path.relative_to(folder).as_posix()}\n"
        for path in files
        if path.name != "SHA256SUMS"
    ]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
