"""Pages of the questionnaire: one question in all editions, and its way through the routing."""

from collections import defaultdict

from publish.describing import group
from publish.reading import Row
from publish.site.context import Site
from publish.site.evolution import describe_evolution
from publish.site.looking import write_look


def describe_question(site: Site, key: str, blocks: list[Row]) -> Row:
    """Return what the page of one question says; `blocks` has its figures, an edition each."""
    survey = site.survey
    instances = [q for q in survey.questions if q["question_key"] == key]
    items = [q for q in survey.questions if q["parent_question_key"] == key]
    keys = {key, *(item["question_key"] for item in items)}
    codes: dict[str, dict[int, Row]] = defaultdict(dict)
    for row in survey.option_labels:
        question, code = row["option_key"].rsplit(".", 1)
        if question in keys:
            codes[code][row["edition_key"]] = row
    last = instances[-1]
    return {
        "key": key,
        "blocks": blocks[::-1],
        "look": write_look(site, key, blocks),
        "evolution": [
            describe_evolution(site, item) for item in _list_compared(site, key, items, last)
        ],
        "label": last["wording"],
        "type": last["type"],
        "is_closed": last["is_closed"],
        "part": last["part"],
        "instances": [
            instance | {"universe": survey.routing.describe(instance["edition_key"], key)}
            for instance in instances
        ],
        "items": group(items, "question_key"),
        "options": [
            {"code": code, "label": list(own.values())[-1]["label"], "editions": own}
            for code, own in codes.items()
        ],
        "routing": _describe_routing(site, last["edition_key"], key),
        "coded": group(site.coded[key,], "edition_key"),
        "changes": [row for row in survey.changes if row["question_key"] in keys],
        "comparisons": survey.compare(key),
    }


def _list_compared(site: Site, key: str, items: list[Row], last: Row) -> list[Row]:
    """Return the question, or each row of a matrix, where several editions asked it."""
    asked = list({item["question_key"]: item for item in items}.values()) or [last]
    compared = {question["question_key"] for question in site.list_compared()}
    return [question for question in asked if question["question_key"] in compared]


def _describe_routing(site: Site, edition: int, key: str) -> Row:
    """Return the neighbours of a question in the routing, for its picture."""
    routing = site.survey.routing

    def place(keys: list[str]) -> list[Row]:
        found = [site.asked[edition, other] for other in keys]
        tops = dict.fromkeys(q["parent_question_key"] or q["question_key"] for q in found)
        return [site.asked[edition, top] for top in tops if top != key]

    return {
        "edition": edition,
        "sources": place(routing.list_sources(edition, key)),
        "targets": place(routing.list_targets(edition, key)),
    }
