"""The published percentages from the same export, the way that other tools would give them."""

from pathlib import Path

import pandas as pd

QUESTION = ["question_key", "option_code"]


def read_export(export: Path, codebook: Path, edition: int) -> pd.DataFrame:
    """Return an export long, as a connector would land it: response, question, option, value.

    Rows that the codebook excludes are left out, and a value that means "not selected".
    """
    wide = pd.read_excel(export, dtype=str, engine="calamine")
    columns = _read(codebook, "export_columns", edition).set_index("header")
    channel = columns.index[columns["role"] == "channel"]
    tests = _read(codebook, "row_exclusions", edition)["value"].dropna()
    is_counted = wide.notna().any(axis=1) & ~wide[channel].isin(list(tests)).any(axis=1)
    wide = wide[is_counted].rename_axis("response_id").reset_index()
    long = wide.melt("response_id", var_name="header", value_name="spelling")
    long = long.dropna().join(columns, on="header")
    long = long[long["item_code"].isna() & long["role"].isin(["question", "option"])]
    spellings = _read(codebook, "option_spellings", edition)
    chosen = spellings[spellings["is_selected"] == "yes"]
    long = long.merge(
        chosen[["question_key", "option_code", "spelling"]],
        on=["question_key", "spelling"],
        suffixes=("_of_column", ""),
    )
    is_own = long["option_code_of_column"].isna() | (
        long["option_code_of_column"] == long["option_code"]
    )
    return long[is_own][["response_id", *QUESTION]]


def list_multiple(codebook: Path) -> list[str]:
    """Return the questions with several answers."""
    questions = pd.read_csv(codebook / "codebook" / "questions.csv", dtype=str)
    return list(questions[questions["type"] == "multiple"]["question_key"])


def count_reproduced(results: pd.DataFrame, codebook: Path) -> int:
    """Return how many published figures the results give: base, count and percentage."""
    published = pd.read_csv(codebook / "published" / "figures.csv", dtype={"edition_key": int})
    both = published.merge(results, how="left", on=QUESTION)
    exact = 100 * both["count"] / both["base"]
    # As exact as it was published.
    decimals = (both["published_percentage"] % 1 > 0).map({True: 100, False: 1})
    rounded = (exact * decimals + 0.5).floordiv(1) / decimals
    is_same = (
        (both["base"] == both["published_base_count"])
        & (both["published_count"].isna() | (both["count"] == both["published_count"]))
        & (both["published_percentage"].isna() | (rounded == both["published_percentage"]))
    )
    return int(is_same.sum())


def _read(codebook: Path, name: str, edition: int) -> pd.DataFrame:
    frame = pd.read_csv(codebook / "codebook" / f"{name}.csv", dtype=str)
    return frame[frame["edition_key"] == str(edition)]
