"""A questionnaire read before the field: what of it breaks a trend, for who is still writing it."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from ingest.codebook.loading import load_codebook
from ingest.routing.routes import build_routes
from ingest.shared.problems import InputError, Problem, shorten

# Per kind: what finds its rows, as the question (or more) and what is said of it. `now`
# is the edition, `was` the one before; a question continues another by question_lineage.csv.
BEFORE = """
    with before as (
        select max(edition_key) as was from codebook.editions where edition_key < $now
    ),
    now_asked as (select * from codebook.question_editions where edition_key = $now),
    was_asked as (
        select * from codebook.question_editions
        where edition_key = (select was from before)
    ),
    targets as (
        select edition_key, question_key, universe, condition from codebook.routing_targets
        where option_code is null
    ),
    verdicts as (
        select question_key, any_value(verdict) as verdict from codebook.comparability
        where to_edition_key = $now and from_edition_key = (select was from before)
            and item_code is null
        group by all
    )
"""
TOUCHING = {
    "asked of nobody: it wants two answers to a question that takes one": """
        select question_key, universe from codebook.routing_targets
        where edition_key = $now and option_code is null and condition_key is not null
            and condition_key not in (
                select condition_key from codebook.routing_literals
                where (condition_key, clause_number) not in (
                    select condition_key, clause_number from codebook.routing_literals as literals
                    inner join codebook.questions
                        on questions.question_key = split_part(literals.question_key, '.', 1)
                    where measure = 'option' and comparison = '=' and not is_negated
                        and not takes_several
                    group by condition_key, clause_number, literals.question_key
                    having count(distinct literals.option_code) > 1
                )
            )
    """,
    "asked for the first time": """
        select question_key, wording from now_asked
        where question_key not in (
            select question_key from codebook.question_editions where edition_key < $now
        ) and question_key not in (
            select question_key from codebook.question_lineage where edition_key = $now
        )
    """,
    "no longer asked": """
        select question_key, wording from was_asked
        where question_key not in (select question_key from now_asked)
            and question_key not in (
                select from_question_key from codebook.question_lineage where edition_key = $now
            )
    """,
    "asked in other words: a trend only where the verdict says so": """
        select
            question_key,
            concat(
                was_asked.wording, ' -> ', now_asked.wording, coalesce(' (' || verdict || ')', '')
            )
        from now_asked
        inner join was_asked using (question_key)
        left join verdicts using (question_key)
        where now_asked.wording <> was_asked.wording
    """,
    "asked of others: compared on what both share, or not": """
        select question_key, concat(was.universe, ' -> ', own.universe)
        from targets as own
        inner join targets as was using (question_key)
        where own.edition_key = $now and was.edition_key = (select was from before)
            and own.condition <> was.condition
    """,
    "has no verdict: no trend until comparability.csv has one": """
        select question_key, now_asked.wording
        from now_asked
        inner join was_asked using (question_key)
        anti join verdicts using (question_key)
        inner join codebook.questions using (question_key)
        where not is_open
    """,
    "option that is new: its neighbours may lose to it": """
        select question_key || '.' || option_code, label from codebook.option_editions
        where edition_key = $now and lineage = 'new'
            and question_key in (select question_key from was_asked)
    """,
    "option that is gone: what was chosen before is chosen elsewhere now": """
        select question_key || '.' || option_code, label from codebook.option_editions
        where edition_key = (select was from before)
            and question_key in (select question_key from now_asked)
            and (question_key, option_code) not in (
                select question_key, option_code from codebook.option_editions
                where edition_key = $now
            )
            and (question_key, option_code) not in (
                select question_key, from_option_code from codebook.option_lineage
                where edition_key = $now
            )
    """,
    "option with another label: the same to who answers?": """
        select question_key || '.' || option_code, concat(was.label, ' -> ', own.label)
        from codebook.option_editions as own
        inner join codebook.option_editions as was using (question_key, option_code)
        where own.edition_key = $now and was.edition_key = (select was from before)
            and own.label <> was.label
    """,
    "option that can only be compared as one with others (split or merged)": """
        select question_key || '.' || option_code, 'from ' || string_agg(from_option_code, ', ')
        from codebook.option_lineage where edition_key = $now group by all
    """,
    "scale with another number of points: its mean does not compare": """
        select question_key, concat(was.points, ' -> ', own.points)
        from (
            select edition_key, question_key, count(score) as points
            from codebook.option_editions inner join codebook.options
                using (question_key, option_code)
            group by all having count(score) > 0
        ) as own
        inner join (
            select edition_key, question_key, count(score) as points
            from codebook.option_editions inner join codebook.options
                using (question_key, option_code)
            group by all
        ) as was using (question_key)
        where own.edition_key = $now and was.edition_key = (select was from before)
            and own.points <> was.points
    """,
    "row that is new, or gone": """
        select question_key || '.' || item_code, wording from codebook.item_editions
        where edition_key in ($now, (select was from before))
            and question_key in (select question_key from now_asked)
            and question_key in (select question_key from was_asked)
        qualify count(*) over (partition by question_key, item_code) = 1
    """,
}


def lint_edition(codebook: Path, edition: int) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield what of an edition's questionnaire touches a trend, by kind: what, and what is said.

    The edition needs no export yet. Raises InputError where the codebook is refused, as where a
    question can be reached by nobody, or the edition is not there or is the first.
    """
    with duckdb.connect() as connection:
        load_codebook(connection, codebook)
        build_routes(connection)
        keys = [key for (key,) in connection.execute(
            "select edition_key from codebook.editions order by 1"
        ).fetchall()]  # fmt: skip
        if edition not in keys[1:]:
            what = f"Edition {edition} has none before it; there are {', '.join(map(str, keys))}."
            raise InputError([Problem("codebook", what, "Name a later one.")])
        for words, sql in TOUCHING.items():
            rows = connection.execute(f"{BEFORE} {sql} order by 1", {"now": edition}).fetchall()
            if rows:
                yield words, [(str(key), shorten(str(said))) for key, said in rows]
