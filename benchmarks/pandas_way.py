"""The figures of `mart_question_results` as a notebook would make them: melt, merge, groupby."""

import duckdb
import numpy as np
import pandas as pd

RESPONDENT = ["edition_key", "row_number"]
QUESTION = ["edition_key", "question_key"]
ANSWER = [*RESPONDENT, "question_key"]


def compute_results(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return the figures, from the wide exports and the codebook of a landed survey."""
    codebook = {
        name: connection.table(f"codebook.{name}").df()
        for name in (
            *("item_editions", "metadata_values", "municipality_names"),
            *("municipality_successions", "option_editions", "options", "question_editions"),
            *("questions", "routing_literals", "routing_targets"),
        )
    }
    codebook["cell_options"] = connection.table("raw.cell_options").df()
    columns = connection.table("raw.export_columns").df()
    cells = pd.concat(_melt_exports(connection), ignore_index=True)
    cells = cells.merge(columns[["edition_key", "column_number", "role", "question_key",
                                 "option_code"]], on=["edition_key", "column_number"])  # fmt: skip
    rows = connection.sql(
        "select edition_key, row_number from raw.export_rows where exclusion_reason is null"
    ).df()
    answers = _find_answers(cells, codebook)
    options = _list_options(codebook)
    met = _find_conditions_met(rows, answers, codebook)
    on_route = _keep_on_route(answers, met, codebook)
    ranked = _rank_respondents(rows, cells, on_route, codebook)
    shown = _list_shown(on_route, options, met)
    return _count(shown.merge(ranked, on=RESPONDENT), options, ranked, codebook)


def _melt_exports(connection: duckdb.DuckDBPyConnection) -> list[pd.DataFrame]:
    """Return the exports, which a notebook has with a column per question, made long again."""
    frames = []
    for (edition,) in connection.sql("select edition_key from raw.exports order by 1").fetchall():
        wide = connection.sql(f"""
            pivot (
                select
                    row_number, column_number,
                    coalesce(corrected_cells.match_text, cell_text) as text
                from raw.corrected_cells
                inner join raw.export_rows using (edition_key, row_number)
                where edition_key = {edition} and exclusion_reason is null
            ) on column_number using first(text) group by row_number
        """).df()
        long = wide.melt("row_number", var_name="column_number", value_name="match_text")
        long = long.dropna(subset=["match_text"])
        long["column_number"] = long["column_number"].astype(int)
        frames.append(long.assign(edition_key=edition))
    return frames


def _find_answers(cells: pd.DataFrame, codebook: dict[str, pd.DataFrame]) -> pd.DataFrame:
    cells = cells[cells["role"].isin(["question", "option", "options"])].copy()
    cells["codebook_question_key"] = cells["question_key"].str.split(".").str[0]
    questions = codebook["questions"][["question_key", "type"]]
    cells = cells.merge(
        questions.rename(columns={"question_key": "codebook_question_key"}),
        on="codebook_question_key",
    )
    known = codebook["cell_options"].rename(
        columns={"question_key": "codebook_question_key", "option_code": "chosen_code"}
    )
    joined = cells.merge(
        known, how="left", on=["edition_key", "codebook_question_key", "match_text"]
    )
    is_same = joined["option_code"].isna() | (joined["option_code"] == joined["chosen_code"])
    is_open = joined["type"].isin(["text", "integer"])
    is_chosen = (joined["is_selected"] == True) & is_same  # noqa: E712 - may be missing
    answers = joined[is_open | is_chosen]
    return answers[[*ANSWER, "chosen_code"]].rename(columns={"chosen_code": "option_code"})


def _list_options(codebook: dict[str, pd.DataFrame]) -> pd.DataFrame:
    questions = codebook["questions"][["question_key", "type", "municipality_rule"]]
    whole = codebook["question_editions"][QUESTION].merge(questions, on="question_key")
    whole = whole[whole["type"].isin(["single", "multiple"])]
    whole = whole.assign(codebook_question_key=whole["question_key"])
    rows = codebook["item_editions"][[*QUESTION, "item_code"]].merge(questions, on="question_key")
    rows["codebook_question_key"] = rows["question_key"]
    rows["question_key"] += "." + rows["item_code"]
    asked = pd.concat([whole, rows])
    offered = codebook["option_editions"][[*QUESTION, "option_code"]].merge(
        codebook["options"][["question_key", "option_code", "position", "is_exclusive"]],
        on=["question_key", "option_code"],
    )
    options = asked.merge(
        offered.rename(columns={"question_key": "codebook_question_key"}),
        on=["edition_key", "codebook_question_key"],
    )
    return _find_conditions(options, codebook)


def _find_conditions(frame: pd.DataFrame, codebook: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Add the condition of each option, or else of its question."""
    targets = codebook["routing_targets"][[*QUESTION, "option_code", "condition_key"]]
    whole = targets[targets["option_code"].isna()].drop(columns="option_code")
    own = targets[targets["option_code"].notna()]
    frame = frame.merge(whole, how="left", on=QUESTION)
    frame = frame.merge(own, how="left", on=[*QUESTION, "option_code"], suffixes=("_whole", ""))
    frame["condition_key"] = frame["condition_key"].fillna(frame["condition_key_whole"])
    return frame.drop(columns="condition_key_whole")


def _find_conditions_met(
    rows: pd.DataFrame, answers: pd.DataFrame, codebook: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    used = codebook["routing_targets"][["edition_key", "condition_key"]].dropna().drop_duplicates()
    literals = used.merge(codebook["routing_literals"], on="condition_key")
    asked = rows.merge(literals, on="edition_key")
    chosen = answers.dropna(subset=["option_code"]).assign(is_chosen=True)
    answered = answers[ANSWER].drop_duplicates().assign(is_answered=True)
    asked = asked.merge(answered, how="left", on=ANSWER)
    asked = asked.merge(chosen, how="left", on=[*ANSWER, "option_code"])
    asked["is_met"] = asked["is_answered"].notna() & (
        asked["is_chosen"].notna() != asked["is_negated"]
    )
    clause = [*RESPONDENT, "condition_key", "clause_number"]
    clauses = asked.groupby(clause)["is_met"].all().reset_index()
    return clauses[clauses["is_met"]][clause[:-1]].drop_duplicates()


def _keep_met(frame: pd.DataFrame, met: pd.DataFrame) -> pd.DataFrame:
    joined = frame.merge(met.assign(is_met=True), how="left", on=[*RESPONDENT, "condition_key"])
    return joined[joined["condition_key"].isna() | joined["is_met"].notna()]


def _keep_on_route(
    answers: pd.DataFrame, met: pd.DataFrame, codebook: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    return _keep_met(_find_conditions(answers, codebook), met)[[*ANSWER, "option_code"]]


def _rank_respondents(
    rows: pd.DataFrame,
    cells: pd.DataFrame,
    on_route: pd.DataFrame,
    codebook: dict[str, pd.DataFrame],
) -> pd.DataFrame:
    roles = codebook["questions"][["question_key", "role"]]
    cells = cells.merge(roles, how="left", on="question_key", suffixes=("", "_of_question"))
    is_question = cells["role"] == "question"
    cells["role"] = cells["role_of_question"].where(is_question, cells["role"])
    wanted = ["municipality", "postal_code", "is_complete", "started_at", "completed_at"]
    wide = cells[cells["role"].isin(wanted)].pivot_table(
        index=RESPONDENT, columns="role", values="match_text", aggfunc="max"
    )
    frame = rows.merge(wide.reset_index(), how="left", on=RESPONDENT).reindex(
        columns=[*RESPONDENT, *wanted]
    )
    for role in ("municipality", "postal_code"):
        names = codebook["municipality_names"]
        names = names[names["role"] == role][["edition_key", "match_text", "nis_code"]]
        names = names.rename(columns={"match_text": role, "nis_code": f"nis_of_{role}"})
        frame = frame.merge(names, how="left", on=["edition_key", role])
    frame["nis_code"] = frame["nis_of_municipality"].fillna(frame["nis_of_postal_code"])
    values = codebook["metadata_values"][["edition_key", "match_text", "value"]]
    frame = frame.merge(
        values.rename(columns={"match_text": "is_complete"}), on=["edition_key", "is_complete"]
    )
    counts = on_route.groupby(RESPONDENT)["question_key"].nunique().rename("answered_count")
    frame = frame.merge(counts.reset_index(), how="left", on=RESPONDENT)
    frame["answered_count"] = frame["answered_count"].fillna(0)
    frame = frame.sort_values(
        ["edition_key", "value", "answered_count", "completed_at", "started_at", "row_number"],
        ascending=[True, False, False, False, False, True],
        na_position="last",
    )
    frame["seniority"] = frame.groupby("edition_key").cumcount()
    return frame[[*RESPONDENT, "nis_code", "seniority"]]


def _list_shown(on_route: pd.DataFrame, options: pd.DataFrame, met: pd.DataFrame) -> pd.DataFrame:
    answered = on_route[ANSWER].drop_duplicates()
    offered = options[[*QUESTION, "option_code", "condition_key"]]
    shown = _keep_met(answered.merge(offered, on=QUESTION), met)
    chosen = on_route.dropna(subset=["option_code"]).assign(is_selected=True)
    shown = shown.merge(chosen, how="left", on=[*ANSWER, "option_code"])
    return shown.assign(is_selected=shown["is_selected"].notna())


def _count(
    shown: pd.DataFrame,
    options: pd.DataFrame,
    ranked: pd.DataFrame,
    codebook: dict[str, pd.DataFrame],
) -> pd.DataFrame:
    shown["selected_seniority"] = shown["seniority"].where(shown["is_selected"])
    option = [*QUESTION, "option_code"]
    counted = shown.groupby(["nis_code", *option]).agg(
        selected_count=("is_selected", "sum"),
        base_count=("is_selected", "size"),
        first=("selected_seniority", "min"),
    )
    counted = counted.reset_index().merge(options, on=option)
    answer = counted.groupby(["nis_code", *QUESTION])
    chosen = counted["selected_count"] > 0
    others = (chosen & ~counted["is_exclusive"]).groupby(
        [counted["nis_code"], counted["edition_key"], counted["question_key"]]
    )
    highest = counted.assign(place=counted["position"].where(chosen)).groupby(
        ["nis_code", *QUESTION]
    )["place"]
    counted["is_selected"] = np.select(
        [counted["municipality_rule"] == "any", counted["municipality_rule"] == "most_complete"],
        [
            chosen & ~(counted["is_exclusive"] & others.transform("any")),
            counted["first"] == answer["first"].transform("min"),
        ],
        counted["position"] == highest.transform("min"),
    )
    bases = {
        "respondents": counted.groupby(option)[["selected_count", "base_count"]].sum(),
        "municipalities": counted.groupby(option).agg(
            selected_count=("is_selected", "sum"), base_count=("is_selected", "size")
        ),
    }
    results = pd.concat(
        options[option].merge(figures.reset_index(), how="left", on=option).assign(base=base)
        for base, figures in bases.items()
    )
    results[["selected_count", "base_count"]] = (
        results[["selected_count", "base_count"]].fillna(0).astype(int)
    )
    results["option_key"] = results["question_key"] + "." + results["option_code"]
    count = results["base_count"].where(results["base_count"] > 0)
    percentage = (200 * results["selected_count"] + count) // (2 * count)
    return results.assign(percentage=percentage.astype("Int64"))
