"""A question that looks new and is an old one: its key, codes and routing, in every file."""

from ingest.authoring.draft_files import LASTING, PER_EDITION, Row, Tables
from ingest.authoring.matching import simplify
from ingest.routing.expressions import ROUTING
from ingest.shared.problems import InputError, Problem, name_candidates
from vocabulary.lists import Lineage

Codes = dict[tuple[str, str], tuple[str, bool]]


def call_the_same(tables: Tables, edition: int, new: str, old: str) -> list[str]:
    """Give a question of an edition the key that it had before, in every file; say what became.

    Options and rows with a label that the old question has get its code; others stay as they are
    and are new to it. Routing that names the question follows. What only the new key had goes.
    Raises InputError where one of the two is not there, both are asked in the edition, or they are
    of other types; then nothing is changed.
    """
    key = str(edition)
    _check(tables, key, new, old)
    codes: Codes = {}
    for names in LASTING:
        for code, found in _match_codes(tables, key, new, old, names).items():
            codes[names[1], code] = found
    routing = _find_routing(tables, old)
    for name in PER_EDITION:
        tables[name] = [
            _rename(row, new, old, codes, routing) if row["edition_key"] == key else row
            for row in tables[name]
        ]
    still = {row["question_key"] for row in tables["question_editions"]}
    for lasting, column, *_ in LASTING:
        tables[lasting] = _move_lasting(tables[lasting], new, old, column, codes, still)
    if new not in still:
        tables["questions"] = [row for row in tables["questions"] if row["question_key"] != new]
        used = {row["concept"] for row in tables["questions"]}
        tables["concepts"] = [
            row for row in tables["concepts"] if row["concept"] != new or new in used
        ]
    told = [f"{old}.{code} is new to it" for code, is_known in codes.values() if not is_known]
    return [f"{new} is {old}", *told]


def rename_question(tables: Tables, old: str, new: str) -> None:
    """Give a question another key, and the concept that was made of it, wherever it is named.

    Raises InputError where the key is another question's; then nothing is changed.
    """
    if any(row["question_key"] == new for row in tables["questions"]):
        what = f"The key {new!r} is of another question."
        raise InputError([Problem("codebook: questions", what, "Give another.")])
    for rows in tables.values():
        for row in rows:
            for column in ("question_key", "concept", "from_question_key"):
                if row.get(column) == old:
                    row[column] = new
            rename_in_routing(row, old, new)


def rename_in_routing(row: Row, old: str, new: str) -> None:
    """Let what a row has of routing name a question, and the rows of it, by another key."""
    for column in ROUTING:
        if column in row:
            for end in ("}", "."):
                row[column] = row[column].replace(f"${{{old}{end}", f"${{{new}{end}")


def _move_lasting(
    rows: list[Row], new: str, old: str, column: str, codes: Codes, still: set[str]
) -> list[Row]:
    """Return a list that lasts, with what is new to the old question at its end."""
    last = max((int(row["position"]) for row in rows if row["question_key"] == old), default=0)
    fresh = [
        row | {"question_key": old, column: codes[column, row[column]][0]}
        for row in rows
        if row["question_key"] == new and not codes.get((column, row[column]), ("", True))[1]
    ]
    return [
        *(row for row in rows if row["question_key"] != new or new in still),
        *(row | {"position": str(last + n)} for n, row in enumerate(fresh, start=1)),
    ]


def _check(tables: Tables, edition: str, new: str, old: str) -> None:
    types = {row["question_key"]: row["type"] for row in tables["questions"]}
    asked = {row["question_key"] for row in tables["question_editions"]
             if row["edition_key"] == edition}  # fmt: skip
    problems = [
        Problem("codebook: questions", f"There is no question {one!r}.", "Name one that is there.",
                name_candidates(one, types))
        for one in (new, old) if one not in types
    ]  # fmt: skip
    if not problems and new not in asked:
        what = f"Edition {edition} does not ask {new!r}."
        problems.append(Problem("codebook: question_editions", what, "Name one that it asks."))
    if not problems and old in asked:
        what = f"Edition {edition} asks {old!r} as well: two questions cannot be one."
        action = "Map their columns to one, or say in question_lineage.csv what became of it."
        problems.append(Problem("codebook: question_editions", what, action))
    if not problems and types[new] != types[old]:
        what = f"{new!r} is of type {types[new]}, and {old!r} of type {types[old]}."
        action = "Say in question_lineage.csv that the one continues the other."
        problems.append(Problem("codebook: questions", what, action))
    if problems:
        raise InputError(problems)


def _match_codes(
    tables: Tables, edition: str, new: str, old: str, names: tuple[str, str, str, str]
) -> dict[str, tuple[str, bool]]:
    """Return the code of the old question for each of the new one, and whether it had it."""
    lasting, column, asked_in, label = names
    known = {
        simplify(row[name]): row[column]
        for table, name in ((asked_in, label), (lasting, "label"))
        for row in tables[table]
        if row["question_key"] == old
    }
    taken = set(known.values())
    codes = {}
    for row in tables[asked_in]:
        if row["question_key"] == new and row["edition_key"] == edition:
            # A code of its own can mean something else there.
            own = row[column] if row[column] not in taken else f"{row[column]}_2"
            code = known.get(simplify(row[label]))
            codes[row[column]] = (own, False) if code is None else (code, True)
    return codes


def _find_routing(tables: Tables, question: str) -> Row:
    """Return the routing that a question had when it was asked last."""
    rows = [row for row in tables["question_editions"] if row["question_key"] == question]
    last = max(rows, key=lambda row: int(row["edition_key"]), default={})
    return {column: last.get(column, "") for column in ROUTING}


def _rename(row: Row, new: str, old: str, codes: Codes, routing: Row) -> Row:
    made = dict(row)
    if row.get("question_key") == new:
        made["question_key"] = old
        for column in ("option_code", "item_code"):
            if row.get(column):
                made[column], is_known = codes[column, row[column]]
                if is_known and "lineage" in row:
                    made["lineage"] = Lineage.KEPT
    if row.get("question_key") == new and "relevant" in row and not row["relevant"]:
        made |= routing
    rename_in_routing(made, new, old)
    return made
