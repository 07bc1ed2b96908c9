"""Rules of headlines and indices."""

from ingest.codebook.rules.rule import Rule
from vocabulary.thresholds import MOST_HEADLINES

RULES = (
    Rule(
        "headlines_are_few",
        "headlines",
        "{seen} is one too many.",
        f"Keep {MOST_HEADLINES}: what is judged by itself is chosen before it is looked at.",
        f"""
        select _row, label from codebook.headlines
        qualify row_number() over (order by position) > {MOST_HEADLINES}
        """,
    ),
    *(
        Rule(
            f"{table}_name_what_is_answered",
            table,
            "{seen} is a matrix without a row, or no matrix with one.",
            "Name the row of a matrix in item_code, and of it only.",
            f"""
            select {table}._row, question_key from codebook.{table}
            inner join codebook.questions using (question_key)
            where has_rows <> (item_code is not null)
            """,
        )
        for table in ("headlines", "index_items")
    ),
    Rule(
        "indices_have_items",
        "indices",
        "Index {seen} is made of nothing.",
        "Add its options with their points to index_items.csv.",
        """
        select _row, index_key from codebook.indices
        anti join codebook.index_items using (index_key)
        """,
    ),
    Rule(
        "indices_are_no_questions",
        "indices",
        "Index {seen} has the key of a question.",
        "Give it another key.",
        """
        select _row, index_key from codebook.indices
        semi join codebook.questions on index_key = question_key
        """,
    ),
)
