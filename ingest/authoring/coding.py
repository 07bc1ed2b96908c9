"""Open answers coded by people: which are still to be coded, and whether a code still fits.

A code stands in the codebook beside a keyed hash of the text that it was given for, so that a
text that changed afterwards is found; the text itself never leaves the restricted database.
"""

from collections.abc import Iterator

import duckdb

from ingest.codebook.loading import describe_place
from ingest.shared.identity import SECRET_VARIABLE, Secret
from ingest.shared.problems import Problem

OPEN_ANSWERS = """
    select
        edition_key, respondent_key, lasting_key, columns.question_key, columns.option_code,
        cells.cell_text
    from restricted.export_cells as cells
    inner join raw.export_columns as columns using (edition_key, column_number)
    inner join raw.export_rows using (edition_key, row_number)
    where columns.role in ('question', 'other_text', 'other_choice') and exclusion_reason is null
"""


def make_fingerprint(secret: Secret, text: str) -> str:
    """Return what tells whether an answer is still the one that was coded, and with what secret."""
    return f"{secret.key_id}_{secret.hash(text)}"


def check_codings(
    connection: duckdb.DuckDBPyConnection, secret: Secret | None
) -> Iterator[Problem]:
    """Yield the coded answers whose text is gone, or is no longer the one that was coded."""
    rows = connection.execute(f"""
        select
            _row, coded_answers.edition_key, coded_answers.respondent_key,
            concat_ws('.', coded_answers.question_key, coded_answers.option_code),
            fingerprint, cell_text
        from codebook.coded_answers
        left join ({OPEN_ANSWERS}) as answers
            on answers.respondent_key = coded_answers.respondent_key
            and answers.question_key = coded_answers.question_key
            and answers.option_code is not distinct from coded_answers.option_code
        order by _row
    """).fetchall()
    if rows and secret is None:
        what = f"Whether its {len(rows)} codes still fit cannot be seen without the secret."
        action = f"Name its file with --secret-file, or set {SECRET_VARIABLE}."
        yield Problem(describe_place("coded_answers"), what, action)
        return
    for row, edition, respondent, key, fingerprint, text in rows:
        place = describe_place("coded_answers", row)
        if text is None:
            what = f"{respondent} has no answer to {key!r} in edition {edition}."
            yield Problem(place, what, "Remove the row.")
        elif secret is not None and not fingerprint.startswith(f"{secret.key_id}_"):
            what = f"The answer of {respondent} to {key!r} was coded with another secret."
            yield Problem(place, what, "Build with the secret with which it was coded.")
        elif secret is not None and make_fingerprint(secret, text) != fingerprint:
            what = f"The answer of {respondent} to {key!r} is not the one that was coded."
            yield Problem(place, what, "Remove the row, and code the answer again.")
