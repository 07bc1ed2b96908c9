"""Open answers coded by people: which are still to be coded, and whether a code still fits.

A code stands in the codebook beside a keyed hash of the text that it was given for, so that a
text that changed afterwards is found; the text itself never leaves the restricted database. Of an
edition whose answers are invented there is nothing to keep from anyone: its hashes need no secret.
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


# What everyone may know, of answers that nobody gave.
INVENTED = Secret(b"of invented answers")


def make_fingerprint(secret: Secret, text: str) -> str:
    """Return what tells whether an answer is still the one that was coded, and with what secret."""
    return f"{secret.key_id}_{secret.hash(text)}"


def check_codings(
    connection: duckdb.DuckDBPyConnection, secret: Secret | None
) -> Iterator[Problem]:
    """Yield the coded answers whose text is gone, or is no longer the one that was coded."""
    rows = connection.execute(f"""
        select
            coded_answers._row, coded_answers.edition_key, coded_answers.respondent_key,
            concat_ws('.', coded_answers.question_key, coded_answers.option_code),
            fingerprint, cell_text, is_synthetic
        from codebook.coded_answers
        inner join codebook.editions on editions.edition_key = coded_answers.edition_key
        left join ({OPEN_ANSWERS}) as answers
            on answers.respondent_key = coded_answers.respondent_key
            and answers.question_key = coded_answers.question_key
            and answers.option_code is not distinct from coded_answers.option_code
        -- Of what was purged there is no text to hold a code against.
        where coded_answers.edition_key not in (select edition_key from codebook.purged_editions)
        order by coded_answers._row
    """).fetchall()
    kept = [row for row in rows if not row[-1]]
    if kept and secret is None:
        what = f"Whether its {len(kept)} codes still fit cannot be seen without the secret."
        action = f"Name its file with --secret-file, or set {SECRET_VARIABLE}."
        yield Problem(describe_place("coded_answers"), what, action)
        return
    for row, edition, respondent, key, fingerprint, text, is_synthetic in rows:
        place = describe_place("coded_answers", row)
        own = INVENTED if is_synthetic else secret
        if text is None:
            what = f"{respondent} has no answer to {key!r} in edition {edition}."
            yield Problem(place, what, "Remove the row.")
        elif own is not None and not fingerprint.startswith(f"{own.key_id}_"):
            what = f"The answer of {respondent} to {key!r} was coded with another secret."
            yield Problem(place, what, "Build with the secret with which it was coded.")
        elif own is not None and make_fingerprint(own, text) != fingerprint:
            what = f"The answer of {respondent} to {key!r} is not the one that was coded."
            yield Problem(place, what, "Remove the row, and code the answer again.")
