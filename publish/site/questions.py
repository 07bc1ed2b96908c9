"""Pages of the questionnaire: one question in all editions, and its way through the routing."""

from collections import defaultdict

from markupsafe import Markup

from publish.charts import draw_shares
from publish.describing import group, say_share_of
from publish.reading import Row
from publish.site.context import Site
from publish.site.evolution import describe_evolution
from publish.site.looking import write_look
from publish.site.taking import head, take_along
from vocabulary.lists import Base
from vocabulary.texts import capitalize_first


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
    last, coded = instances[-1], group(site.coded[key,], "edition_key")
    return {
        "key": key,
        "blocks": blocks[::-1],
        "look": write_look(site, key, blocks),
        "evolution": describe_evolution(
            site, last, list({item["question_key"]: item for item in items}.values())
        ),
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
        "coded": [_describe_coded(site, last, edition, rows) for (edition,), rows in coded.items()],
        "uncoded": [
            site.survey.name(asked["edition_key"])
            for asked in instances
            if (asked["edition_key"],) not in coded
        ],
        "changes": [row for row in survey.changes if row["question_key"] in keys],
        "comparisons": survey.compare(key),
    }


def _describe_coded(site: Site, question: Row, edition: int, rows: list[Row]) -> Row:
    """Return open answers by their codes, the most frequent first, and write their files."""
    say, base = site.texts.say, site.texts["bases"][Base.RESPONDENTS]
    rows = sorted(rows, key=lambda row: -row["selected_count"])
    bars = [
        {"label": row["code_label"], "percentage": 100 * row["share"],
         "text": say_share_of(site.texts, {**row, "suppression": None})}
        for row in rows
    ]  # fmt: skip
    label = say("page", "coded", site.survey.name(edition))
    count = say("site", "base_is", rows[0]["base_count"])
    axis = say("site", f"of_{Base.RESPONDENTS}")
    heading = head(site, site.name(question), f"{label}{count}, {base}", editions=[edition])
    file = f"data/thema-{edition}-{question['question_key']}"
    take_along(
        site, file, draw_shares(bars, axis, heading),
        [say("page", "theme"), say("table", "selected_count"), "N", "%"],
        [[row["code_label"], row["selected_count"], row["base_count"], 100 * row["share"]]
         for row in rows],
        edition,
    )  # fmt: skip
    return {
        "edition": edition,
        "label": label,
        "rows": rows,
        "file": file,
        "chart": Markup(draw_shares(bars, axis)),  # noqa: S704
        "caption": f"{capitalize_first(base)}{count}.",
    }


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
