"""Respondents found again in a later download, whose rows may have moved.

What people decided of a respondent (a correction, a code, a finding that was explained) holds on to
the id, else the address, else the moment they began. Ids and addresses are hashed, keyed with the
secret and the edition, so that no key joins two editions or tells whose it is.
"""

from collections.abc import Iterator

import duckdb
import pandas as pd

from ingest.codebook.loading import describe_place
from ingest.shared.identity import SECRET_VARIABLE, Secret
from ingest.shared.problems import Problem
from vocabulary.lists import MetadataRole, quote

# The most telling first.
KINDS = {
    MetadataRole.RESPONDENT_ID: "id",
    MetadataRole.EMAIL: "mail",
    MetadataRole.STARTED_AT: "at",
}
HELD = ("corrections", "coded_answers", "known_findings")
TABLES = """
    create table raw.lasting_keys (
        edition_key integer, row_number integer, preference integer, lasting_key varchar
    );
    create table raw.lost_work (
        source varchar, _row integer, edition_key integer, respondent_key varchar,
        lasting_key varchar
    );
    comment on table raw.lasting_keys is
        'One row per row of an export and what tells its respondent again: id, address, start.';
    comment on table raw.lost_work is
        'One row per row of the codebook about a respondent who is not found again; it is kept.';
"""


def mark_lasting(
    connection: duckdb.DuckDBPyConnection, edition: int, secret: Secret | None
) -> None:
    """Give each row of the staged `cells` what tells its respondent again; ids need a secret."""
    rows = connection.execute(
        "select row_number, role, trim(cell_text),"
        " coalesce(try_cast(trim(cell_text) as timestamp)::varchar, trim(cell_text))"
        f" from cells where role in ({quote(KINDS)})",
    ).fetchall()
    keys = []
    for number, role, text, moment in rows:
        if role == MetadataRole.STARTED_AT:
            key = f"{KINDS[role]}_{moment}"
        elif secret is None:
            continue
        else:
            told = secret.hash(f"{edition} {KINDS[role]} {text.lower()}")
            key = f"{KINDS[role]}_{secret.key_id}_{told}"
        keys.append((edition, number, list(KINDS).index(role), key))
    if keys:
        frame = pd.DataFrame(keys, columns=["edition_key", "row_number", "preference", "key"])
        connection.register("keys", frame)
        connection.execute("insert into raw.lasting_keys from keys")
        connection.unregister("keys")
    connection.execute(
        """
        update raw.export_rows set lasting_key = told.lasting_key
        from (
            select row_number, arg_min(lasting_key, preference) as lasting_key
            from (
                from raw.lasting_keys where edition_key = $edition
                qualify count(*) over (partition by lasting_key) = 1
            ) as single
            group by all
        ) as told
        where export_rows.edition_key = $edition and export_rows.row_number = told.row_number
        """,
        {"edition": edition},
    )


def find_again(connection: duckdb.DuckDBPyConnection, secret: Secret | None) -> Iterator[Problem]:
    """Give what the codebook says of a respondent the row in which that respondent stands now.

    Who is not found again is listed in `raw.lost_work`; what was said of them stays in the
    codebook, and counts nowhere. Yields a problem for keys made with another secret.
    """
    # Where a correction says when its respondent began, that tells them as well.
    connection.execute(
        """
        update codebook.corrections set lasting_key = told.lasting_key
        from raw.lasting_keys as told
        where corrections.lasting_key is null and told.edition_key = corrections.edition_key
            and told.lasting_key = concat(?, '_', try_cast(corrections.started_at as timestamp))
        """,
        [KINDS[MetadataRole.STARTED_AT]],
    )
    for table in HELD:
        others = connection.execute(
            f"""
            select _row from codebook.{table}
            where regexp_matches(lasting_key, '^(id|mail)_')
                and split_part(lasting_key, '_', 2) is distinct from ?
            order by 1
            """,
            [secret.key_id if secret else None],
        ).fetchall()
        for (row,) in others:
            what = "Its respondent was told by another secret than that of this build."
            action = f"Build with that one: name its --secret-file, or set {SECRET_VARIABLE}."
            yield Problem(describe_place(table, row, "lasting_key"), what, action)
        connection.execute(f"""
            create temporary table found as
            select
                held._row,
                -- One that several have is of the one who was there.
                case
                    when count(*) filter (rows.respondent_key = held.respondent_key) = 1
                        then held.respondent_key
                    when count(rows.respondent_key) = 1 then any_value(rows.respondent_key)
                end as respondent_key
            from codebook.{table} as held
            left join raw.lasting_keys using (edition_key, lasting_key)
            left join raw.export_rows as rows
                on rows.edition_key = held.edition_key
                and rows.row_number = lasting_keys.row_number and rows.exclusion_reason is null
            where held.lasting_key is not null
            group by held._row, held.respondent_key;

            insert into raw.lost_work
            select '{table}', _row, edition_key, held.respondent_key, lasting_key
            from codebook.{table} as held inner join found using (_row)
            where found.respondent_key is null;

            delete from codebook.{table}
            where _row in (select _row from found where respondent_key is null);

            update codebook.{table} set respondent_key = found.respondent_key
            from found where {table}._row = found._row;

            drop table found;
        """)
