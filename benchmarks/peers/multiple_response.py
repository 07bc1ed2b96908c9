"""As SPSS makes multiple response sets: each question's base is whoever has an answer to it."""

from pathlib import Path

import pandas as pd

from benchmarks.peers import QUESTION, read_export


def compute(export: Path, codebook: Path, edition: int) -> pd.DataFrame:
    """Return count and base per option."""
    answers = read_export(export, codebook, edition)
    counts = answers.groupby(QUESTION)["response_id"].nunique().rename("count").reset_index()
    bases = answers.groupby("question_key")["response_id"].nunique().rename("base")
    offered = pd.read_csv(codebook / "codebook" / "option_editions.csv", dtype=str)
    offered = offered[offered["edition_key"] == str(edition)][QUESTION]
    results = offered.merge(counts, how="left", on=QUESTION).join(bases, on="question_key")
    return results.assign(count=results["count"].fillna(0))
