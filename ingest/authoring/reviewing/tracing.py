"""Options of an edition traced to those of before: the lineage, and the code that follows."""

from collections import Counter

from ingest.authoring.draft_files import Row
from ingest.authoring.matching import simplify
from ingest.authoring.proposals import make_code
from ingest.authoring.reviewing.state import State, find_rows
from ingest.routing.expressions import ROUTING
from vocabulary.lists import Lineage

# Where the code of an option stands, of an edition.
CODED = ("option_editions", "option_spellings", "export_columns")


def trace_options(
    state: State, question: str, origins: dict[str, list[str]], scores: dict[str, str]
) -> list[str]:
    """Write what options come from; `origins` has the codes of before, `scores` are of a scale.

    An option with one origin is that one and gets its code; with none it is new; one with several
    is merged, and several with one are split: those have codes of their own. Returns what became.
    """
    asked = read_codes(state, question)
    claimed = {old for olds in origins.values() for old in olds}
    # What another comes from as well is a part of what it was, whatever it is called.
    origins |= {code: [code] for code in asked if code in claimed and code not in origins}
    claims = Counter(old for olds in origins.values() for old in olds)
    told, codes = [], {}
    for code, olds in origins.items():
        is_split = len(olds) == 1 and claims[olds[0]] > 1
        lineage = (
            Lineage.NEW if not olds
            else Lineage.MERGED if len(olds) > 1
            else Lineage.SPLIT if is_split else Lineage.KEPT
        )  # fmt: skip
        codes[code] = _choose_code(state, question, code, olds, lineage)
        if lineage in (Lineage.MERGED, Lineage.SPLIT):
            state.tables["option_lineage"] += [
                {"edition_key": state.edition, "question_key": question,
                 "option_code": codes[code], "from_option_code": old}
                for old in olds
            ]  # fmt: skip
        (row,) = state.list_own("option_editions", question_key=question, option_code=code)
        row["lineage"] = _say_kept(state, row, olds[0]) if lineage == Lineage.KEPT else lineage
        told.append(f"{question}.{codes[code]}: {row['lineage']} {' '.join(olds)}".strip())
    _recode(state, question, codes)
    _reroute(state, question, origins, codes)
    for code, score in scores.items():
        for row in find_rows(state.tables, "options", question_key=question,
                             option_code=codes.get(code, code)):  # fmt: skip
            row["score"] = score
    return told


def read_codes(state: State, question: str) -> set[str]:
    """Return the codes of the options that the edition offers."""
    rows = state.list_own("option_editions", question_key=question)
    return {row["option_code"] for row in rows}


def _choose_code(state: State, question: str, code: str, olds: list[str], lineage: Lineage) -> str:
    """Return the code that an option gets: the old one where it is the same, else its own."""
    if lineage == Lineage.KEPT:
        return olds[0]
    known = {
        row["option_code"]
        for row in find_rows(state.tables, "option_editions", question_key=question)
        if row["edition_key"] != state.edition
    }
    if code not in known:
        return code
    # Its code means what it meant before.
    (row,) = state.list_own("option_editions", question_key=question, option_code=code)
    made = make_code(row["label"])
    return made if made not in known else f"{made}_{state.edition}"


def _say_kept(state: State, row: Row, old: str) -> Lineage:
    """Return whether an option has the label that it had last."""
    rows = find_rows(state.tables, "option_editions", question_key=row["question_key"],
                     option_code=old)  # fmt: skip
    earlier = [one for one in rows if one["edition_key"] != state.edition]
    last = max(earlier, key=lambda one: int(one["edition_key"]))
    is_same = simplify(last["label"]) == simplify(row["label"])
    if is_same:
        row["label"] = last["label"]
    return Lineage.KEPT if is_same else Lineage.RENAMED


def _reroute(
    state: State, question: str, origins: dict[str, list[str]], codes: dict[str, str]
) -> None:
    """Let routing that names an option of before name those that came of it, where it is gone."""
    asked = read_codes(state, question)
    for old in {old for olds in origins.values() for old in olds} - asked:
        heirs = [codes[code] for code, olds in origins.items() if old in olds]
        named = [_name_in_routing(question, heir) for heir in heirs]
        for form, gone in enumerate(_name_in_routing(question, old)):
            instead = " or ".join(forms[form] for forms in named)
            for row in state.list_own("question_editions"):
                for column in ROUTING:
                    row[column] = row[column].replace(
                        gone, f"({instead})" if len(heirs) > 1 else instead
                    )


def _name_in_routing(question: str, code: str) -> tuple[str, str]:
    """Return the ways in which routing says that an option was chosen."""
    place = f"${{{question}}}"
    return f"{place} = '{code}'", f"selected({place}, '{code}')"


def _recode(state: State, question: str, codes: dict[str, str]) -> None:
    """Give options of an edition other codes, in every file; the lists that last follow."""
    for name in CODED:
        for row in state.list_own(name, question_key=question):
            code = row["option_code"]
            row["option_code"] = codes.get(code, code)
    options = state.tables["options"]
    asked = {row["option_code"] for row in find_rows(state.tables, "option_editions",
                                                     question_key=question)}  # fmt: skip
    own = {row["option_code"]: row for row in options if row["question_key"] == question}
    last = max(int(row["position"]) for row in own.values())
    for code, new in codes.items():
        if new not in own:
            last += 1
            label = state.list_own("option_editions", question_key=question, option_code=new)[0]
            options.append(own[code] | {"option_code": new, "position": str(last),
                                        "label": label["label"]})  # fmt: skip
    state.tables["options"] = [
        row for row in options
        if row["question_key"] != question or row["option_code"] in asked
    ]  # fmt: skip
