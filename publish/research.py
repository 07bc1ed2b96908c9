"""Files for researchers: SPSS, Parquet and CSV with a data package, DDI, checksums."""

import json
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import numpy as np
import pandas as pd
import pyreadstat

from ingest.shared.files import hash_file
from publish.reading import Row, read_rows, read_survey
from publish.routing import Routing
from vocabulary.lists import State
from vocabulary.texts import OF_THE_SITE, read_texts

# A variable tells apart why there is no answer; SPSS treats all four as missing.
MISSING = {
    State.NOT_SHOWN: -1,
    State.SKIPPED: -2,
    State.NOT_REACHED: -3,
    State.OFF_ROUTE: -4,
}
# Whoever gets the files has no business with these.
WITHHELD_COLUMNS = ("person_key",)
DDI = "ddi:codebook:2_5"

RESPONDENTS = """
    select
        respondent_key, nis_code, dim_municipalities.name as municipality, province,
        size_category_label as size_category, status, duration_seconds::double as duration_seconds
    from marts.dim_respondents
    inner join marts.dim_municipalities using (municipality_key)
    inner join marts.fct_municipality_editions using (edition_key, municipality_key)
    where edition_key = ?
    order by respondent_key
"""
QUESTIONS = """
    select
        own.question_key, own.takes_several, here.wording, parents.wording as parent_wording
    from marts.bridge_question_editions as here
    inner join marts.dim_questions as own using (question_key)
    left join marts.bridge_question_editions as parents
        on own.parent_question_key = parents.question_key
        and here.edition_key = parents.edition_key
    where here.edition_key = ? and own.is_closed and not own.has_rows
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
    routing = read_survey(connection).routing
    for edition in read_rows(connection, "from public_release.editions order by edition_key"):
        path = folder / "spss" / f"{edition['edition_key']}.sav"
        path.parent.mkdir(parents=True, exist_ok=True)
        frame, variables = build_frame(connection, edition["edition_key"], routing)
        _write_sav(frame, variables, path, edition["label"])
        _write_ddi(frame, variables, path.with_suffix(".xml"), edition)
    write_tables(connection, folder / "tables")


def build_frame(
    connection: duckdb.DuckDBPyConnection, edition: int, routing: Routing
) -> tuple[pd.DataFrame, dict[str, Row]]:
    """Return one row per respondent, one column per variable, and what each variable is.

    A single choice has the option's position, a multiple choice a variable of 0 and 1 per
    option; without an answer there stands one of the codes of MISSING.
    """
    texts = read_texts(OF_THE_SITE)["research"]
    selected = {0: texts["not_selected"], 1: texts["selected"]}
    frame = connection.execute(RESPONDENTS, [edition]).df()
    variables: dict[str, Row] = {
        name: {"label": texts[name], "values": {}, "question": None, "universe": None}
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
    columns = {}
    for question in read_rows(connection, QUESTIONS, edition):
        key = question["question_key"]
        missing = state_of[key].reindex(respondents).to_numpy(float)
        wording = " – ".join(filter(None, (question["parent_wording"], question["wording"])))
        shared = {"question": wording, "universe": routing.describe(edition, key)}
        if question["takes_several"]:
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
                name = _name(option["option_key"])
                columns[name] = np.where(np.isnan(missing), values, missing)
                variables[name] = shared | {
                    "label": f"{wording}: {option['label']}",
                    "values": selected,
                }
        else:
            answered = (
                single[key].reindex(respondents).to_numpy(float)
                if key in single
                else np.full(len(respondents), np.nan)
            )
            name = _name(key)
            columns[name] = np.where(np.isnan(missing), answered, missing)
            labels = {option["position"]: option["label"] for option in options[key]}
            variables[name] = shared | {"label": wording, "values": labels}
    return pd.concat([frame, pd.DataFrame(columns, index=frame.index)], axis=1), variables


def _name(key: str) -> str:
    """Return a name that SPSS takes: letters, digits and points, at most 64."""
    return key[:64]


def _label_missing() -> dict[int, str]:
    texts = read_texts(OF_THE_SITE)["states"]
    return {code: texts[state] for state, code in MISSING.items()}


def _write_sav(frame: pd.DataFrame, variables: dict[str, Row], path: Path, label: str) -> None:
    coded = [name for name, variable in variables.items() if variable["values"]]
    missing = _label_missing()
    values = {name: variables[name]["values"] | missing for name in coded}
    pyreadstat.write_sav(
        frame,
        path,
        file_label=label[:64],
        column_labels={name: variable["label"][:255] for name, variable in variables.items()},
        variable_value_labels={
            name: {float(code): text[:120] for code, text in labels.items()}
            for name, labels in values.items()
        },
        missing_ranges={name: [{"lo": min(missing), "hi": max(missing)}] for name in coded},
        variable_measure=dict.fromkeys(coded, "nominal"),
    )


def _write_ddi(frame: pd.DataFrame, variables: dict[str, Row], path: Path, edition: Row) -> None:
    """Write a codebook in DDI-Codebook 2.5: variables, questions, universes, categories."""
    ElementTree.register_namespace("", DDI)

    def add(
        parent: ElementTree.Element, tag: str, text: str | None = None, **more: str
    ) -> ElementTree.Element:
        element = ElementTree.SubElement(parent, f"{{{DDI}}}{tag}", more)
        element.text = text
        return element

    book = ElementTree.Element(f"{{{DDI}}}codeBook", {"version": "2.5"})
    study = add(book, "stdyDscr")
    citation = add(study, "citation")
    add(add(citation, "titlStmt"), "titl", edition["label"])
    info = add(study, "stdyInfo")
    if edition["source_note"]:
        add(info, "abstract", edition["source_note"])
    summary = add(info, "sumDscr")
    for event in ("start", "end"):
        add(summary, "collDate", date=f"{edition[f'field_{event}_date']}", event=event)
    data = add(book, "dataDscr")
    for name, variable in variables.items():
        element = add(data, "var", ID=f"V_{name}", name=name)
        add(element, "labl", variable["label"])
        if variable["question"]:
            add(add(element, "qstn"), "qstnLit", variable["question"])
            add(element, "universe", variable["universe"])
        if variable["values"]:
            counts = frame[name].value_counts()
            missing = _label_missing()
            for code, text in (variable["values"] | missing).items():
                more = {"missing": "Y"} if code in missing else {}
                category = add(element, "catgry", **more)
                add(category, "catValu", str(code))
                add(category, "labl", text)
                add(category, "catStat", str(counts.get(code, 0)), type="freq")
    tree = ElementTree.ElementTree(book)
    ElementTree.indent(tree)
    tree.write(path, encoding="utf-8", xml_declaration=True)


def write_tables(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write every table as CSV and Parquet, and describe the CSV files in a data package."""
    folder.mkdir(parents=True, exist_ok=True)
    resources = []
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
        resources.append(_describe_table(table, columns, file, folder / f"{file}.csv"))
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
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [
        f"{hash_file(path)}  {path.relative_to(folder).as_posix()}\n"
        for path in files
        if path.name != "SHA256SUMS"
    ]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
