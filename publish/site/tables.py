"""Tables that have no chart of their own, to take along: a file each for the whole survey."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TypeAlias

from publish.describing import pair
from publish.reading import Row
from publish.site.context import Site, say_yes
from publish.site.evolution import list_change_heads, tell_change
from publish.site.taking import Cell, list_invented, take_along
from publish.speaking import say_day
from vocabulary.texts import capitalize_first

Table: TypeAlias = tuple[list[str], Sequence[Sequence[Cell]]]
# To which side and by how many points those who did not answer are taken to differ.
SENSITIVITY = {(end, points): f"share_if_{points}_{end}"
               for points in (10, 20) for end in ("lower", "higher")}  # fmt: skip
MOVES = ("kept_count", "adopted_count", "dropped_count", "never_count", "municipality_count")


def write_tables(
    site: Site, headlines: list[Row], totals: dict[int, Row], missing: dict[int, str]
) -> None:
    """Write what the pages show of all editions or all questions, by the names of their files."""
    tables = {
        "edities": _list_editions(site, totals, missing),
        "kerncijfers": _list_headlines(site, headlines),
        "gevoeligheid": _list_sensitivity(site, headlines),
        "evolutie": _list_changes(site),
        "panel": _list_moves(site),
        "vragenlijst": _list_questions(site),
        "antwoorden": _list_options(site),
    }
    for file, (heads, rows) in tables.items():
        take_along(site, f"data/{file}", None, heads, rows)


def _list_editions(site: Site, totals: dict[int, Row], missing: dict[int, str]) -> Table:
    say, bases = site.texts.say, site.survey.bases
    names = (capitalize_first(site.texts["bases"][base]) for base in bases)
    heads = [say("page", "edition"), *names,
             say("page", "in_the_frame"), f"% {say('page', 'of_all_units').lower()}",
             say("page", "missing"), say("page", "fieldwork"),
             say("table", "is_synthetic")]  # fmt: skip
    rows: list[list[Cell]] = []
    for edition in site.survey.editions:
        key, respondents = edition["edition_key"], edition["respondent_count"]
        total = totals.get(key, {})
        counts = [respondents, total.get("participating_count")][: len(bases)]
        rate = 100 * total["response_rate"] if total else None
        days = (say_day(site.texts, edition[f"field_{end}_date"]) for end in ("start", "end"))
        rows.append([edition["label"], *counts, total.get("frame_count"), rate, missing[key],
                     say("page", "from_to", *days),
                     say_yes(site.texts, edition["is_synthetic"])])  # fmt: skip
    return heads, rows


def _list_headlines(site: Site, headlines: list[Row]) -> Table:
    return list_change_heads(site), [
        tell_change(site, headline["label"], change["label"], change)
        for headline in headlines
        for change in headline["changes"]
    ]


def _list_sensitivity(site: Site, headlines: list[Row]) -> Table:
    say = site.texts.say
    heads = [say("site", "headlines_heading"), say("page", "edition"), "%"]
    heads += (say("table", f"if_{end}", points) for end, points in SENSITIVITY)
    return [*heads, say("table", "is_synthetic")], [
        [headline["label"], site.survey.name(figure["edition_key"]), figure["percentage"],
         *(100 * figure[name] for name in SENSITIVITY.values()),
         say_yes(site.texts, figure["is_synthetic"])]
        for headline in headlines
        for figure in headline["figures"]
        if figure["share_if_10_lower"] is not None
    ]  # fmt: skip


def _list_changes(site: Site) -> Table:
    """Return what to go by of every answer and pair of editions."""
    names = site.survey.names_asked
    return list_change_heads(site), [
        tell_change(site, name, row["label"], row)
        for (key,), rows in site.evolution.items()
        for row in rows
        if row["is_main"] and row["base"] == site.survey.bases[-1]
        for first, last in [pair(row)]
        for name in [names.get((last, key)) or names[first, key]]
    ]


def _list_moves(site: Site) -> Table:
    say, invented = site.texts.say, list_invented(site)
    words = ("answer", "editions", "kept", "begun", "stopped", "never")
    heads = [say("page", "question"), *(say("page", word) for word in words),
             capitalize_first(site.texts["bases"][site.survey.bases[-1]]),
             say("table", "suppression"), say("table", "is_synthetic")]  # fmt: skip
    labels = {row["option_key"]: row["label"] for row in site.survey.option_labels}
    return heads, [
        [site.survey.names_asked[last, key], labels[row["option_key"]],
         " → ".join(map(site.survey.name, (first, last))), *(row[name] for name in MOVES),
         site.texts["withholdings"].get(row["suppression"]),
         say_yes(site.texts, invented.intersection((first, last)))]
        for (key,), rows in site.transitions.items()
        for row in rows
        for first, last in [pair(row)]
    ]  # fmt: skip


def _list_questions(site: Site) -> Table:
    say, routing = site.texts.say, site.survey.routing
    words = ("edition", "number", "wording", "kind", "asked_of_whom")
    return [*(say("page", word) for word in words), say("table", "question_key")], [
        [site.survey.name(edition), question["number"], wording,
         site.texts["question_types"][question["type"]], routing.describe(edition, key), key]
        for (edition, key), wording in site.survey.names_asked.items()
        for question in [site.asked[edition, key]]
    ]  # fmt: skip


def _list_options(site: Site) -> Table:
    heads = [site.texts.say("table", name) for name in ("edition_key", "option_key")]
    heads += [site.texts.say("page", word) for word in ("question", "answer", "change")]
    first = site.survey.editions[0]["edition_key"]
    options: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in site.survey.option_labels:
        options[row["edition_key"], row["option_key"].rsplit(".", 1)[0]].append(row)
    return heads, [
        [site.survey.name(edition), row["option_key"], wording, row["label"],
         # Of what was asked first, all is new.
         site.texts["lineages"].get(row["lineage"]) if edition != first else None]
        for (edition, key), wording in site.survey.names_asked.items()
        for row in options[edition, key]
    ]  # fmt: skip
