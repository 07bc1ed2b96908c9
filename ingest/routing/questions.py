"""Questions as one edition asks them, with their routing as the codebook has it."""

from dataclasses import dataclass, field, replace

import duckdb


@dataclass(frozen=True)
class Question:
    """A question as one edition asks it; `codes` are its rows (matrix) or options (multiple)."""

    key: str
    row: int
    has_rows: bool
    takes_several: bool
    is_number: bool
    type: str
    wording: str
    relevant: str | None
    item_relevant: str | None
    items: dict[str, str] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)

    @property
    def codes(self) -> dict[str, str]:
        """What `item_relevant` is asked for: the rows of a matrix, else the options."""
        return self.items if self.has_rows else self.options


def read_questions(connection: duckdb.DuckDBPyConnection, edition: int) -> list[Question]:
    """Return the questions of an edition, in the order of the questionnaire."""
    rows = connection.execute(
        """
        select
            question_key, question_editions._row, has_rows, takes_several, is_number, type,
            wording, relevant, item_relevant
        from codebook.question_editions
        inner join codebook.questions using (question_key)
        where edition_key = ? order by question_editions.position
        """,
        [edition],
    ).fetchall()
    items = _read_codes(connection, edition, "item")
    options = _read_codes(connection, edition, "option")
    scores: dict[str, dict[str, float]] = {}
    for question, option, score in connection.execute(
        "select question_key, option_code, score from codebook.options where score is not null"
    ).fetchall():
        scores.setdefault(question, {})[option] = score
    return [
        replace(
            Question(*row),
            items=items.get(row[0], {}),
            options=options.get(row[0], {}),
            scores=scores.get(row[0], {}),
        )
        for row in rows
    ]


def _read_codes(
    connection: duckdb.DuckDBPyConnection, edition: int, kind: str
) -> dict[str, dict[str, str]]:
    label = "wording" if kind == "item" else f"{kind}_editions.label"
    rows = connection.execute(
        f"""
        select question_key, {kind}_code, {label} from codebook.{kind}_editions
        inner join codebook.question_{kind}s using (question_key, {kind}_code)
        where edition_key = ? order by question_{kind}s.position
        """.replace("question_options", "options"),
        [edition],
    ).fetchall()
    codes: dict[str, dict[str, str]] = {}
    for question, code, text in rows:
        codes.setdefault(question, {})[code] = text
    return codes
