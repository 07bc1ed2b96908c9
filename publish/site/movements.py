"""What became of every answer, of the headlines, and of the questionnaire."""

from collections import defaultdict

from publish.describing import group, lasts, pair, say_caution, say_shares
from publish.reading import Row
from publish.site.context import Site, say_weighting
from vocabulary.lists import Change, Population, Verdict
from vocabulary.rounding import round_half_up
from vocabulary.texts import capitalize_first
from vocabulary.thresholds import CONFIDENCE


def list_movements(site: Site) -> list[Row]:
    """Return what became of every answer, by its verdict, for each pair of editions that compares.

    The last pair comes first, then since the first edition. A comparison that is withheld is in no
    list.
    """
    editions = [edition["edition_key"] for edition in site.survey.editions]
    moved = _list_moved(site)
    pairs = sorted(count_by_chance(site).items(), key=lambda told: told[0][::-1], reverse=True)
    since_first = (editions[0], editions[-1])
    pairs.sort(key=lambda told: (told[0][1] != editions[-1], told[0] == since_first))
    return [
        {"from": first, "to": last, "count": count, "verdicts": moved[first, last]}
        for (first, last), count in pairs
    ]


def _list_moved(site: Site) -> dict[tuple[int, int], dict[str, list[Row]]]:
    """Return the answers of two editions by what became of them; what lasts stands first."""
    found: dict[tuple[int, int], dict[str, list[Row]]] = defaultdict(
        lambda: {verdict: [] for verdict in Verdict}
    )
    compared = {question["question_key"] for question in site.list_compared()}
    parts = {part["part"]: part["label"] for part in site.survey.parts}
    for (key,), rows in site.evolution.items():
        for row in rows:
            is_shown = row["is_main"] and row["base"] == site.survey.bases[-1]
            if is_shown and row["verdict"] is not None:
                first, last = pair(row)
                asked = site.asked.get((last, key)) or site.asked[first, key]
                found[first, last][row["verdict"]].append(
                    row | {"name": site.name(asked), "part": parts[asked["part"]],
                           "lasts": lasts(row), "page": asked["parent_question_key"] or key,
                           "anchor": f"evolutie-{key}" if key in compared else "vraag"}
                )  # fmt: skip
    for verdicts in found.values():
        for verdict in (Verdict.INCREASE, Verdict.DECREASE):
            verdicts[verdict].sort(
                key=lambda row: (not row["lasts"], row["is_indicative"], -abs(row["change"]))
            )
    return found


def describe_changes(site: Site) -> list[Row]:
    """Return what changed in the questionnaire, without new numbers: where, from what, to what."""
    told = []
    for row in site.survey.changes:
        key, first, last = (row[name] for name in
                            ("question_key", "from_edition_key", "to_edition_key"))  # fmt: skip
        asked = site.asked.get((last, key)) or site.asked.get((first, key))
        if row["change"] != Change.RENUMBERED:
            values = dict(zip(("from_value", "to_value"), _tell_change(site, row), strict=True))
            told.append(row | values | {"name": site.name(asked) if asked else key})
    return told


def describe_headlines(site: Site) -> list[Row]:
    """Return each headline: its figure in every edition, and every change of it."""
    changes = group(site.survey.evolution, "option_key", "base", "is_main")
    return [
        {
            "label": figures[0]["label"],
            "page": figures[-1]["question_key"].partition(".")[0] + ".html#antwoord-" + option,
            "figures": figures,
            "changes": changes[option, site.survey.bases[-1], True],
        }
        for (option,), figures in group(site.survey.headlines, "option_key").items()
    ]


def describe_latest(site: Site, headlines: list[Row]) -> Row:
    """Return the headlines with what became of them, since the edition before and since the first.

    What stands in the way of a comparison is in `notes`, to which a change has a number.
    """
    *earlier, last = [edition["edition_key"] for edition in site.survey.editions]
    since = list(dict.fromkeys([*earlier[-1:], *earlier[:1]]))
    notes: dict[str, int] = {}
    rows = []
    for headline in headlines:
        found = {change["from_edition_key"]: change for change in headline["changes"]
                 if change["to_edition_key"] == last}  # fmt: skip
        told = []
        for change in map(found.get, since):
            why = _say_note(site, change) if change else ""
            note = notes.setdefault(why, len(notes) + 1) if why else None
            told.append({"change": change, "note": note})
        rows.append(headline | {"changes": told})
    return {"since": since, "rows": rows, "notes": list(notes)}


def _say_note(site: Site, change: Row) -> str:
    """Return all that stands in the way of a change, in sentences."""
    told = [say_caution(site.texts, change)]
    if change["population"] == Population.COMMON_BASE:
        # It is not what the two figures of the table would give.
        bases = change["from_base_count"], change["to_base_count"]
        shares = site.texts.say("page", "shares_of", say_shares(site.texts, change), *bases)
        told.append(capitalize_first(shares))
    weighting = say_weighting(site.texts, change)
    if weighting:
        told.append(f"{capitalize_first(weighting)}.")
    told.append(_say_panel(site, change))
    return " ".join(filter(None, told))


def _say_panel(site: Site, change: Row) -> str:
    """Return what became of a rise or fall among those who answered twice, where it is another."""
    if change["verdict"] not in (Verdict.INCREASE, Verdict.DECREASE):
        return ""
    same = ("from_edition_key", "to_edition_key", "option_key", "base")
    for row in site.evolution[change["question_key"],]:
        if (
            row["population"] == Population.PANEL
            and all(row[name] == change[name] for name in same)
            and row["verdict"] not in (None, change["verdict"], Verdict.NOT_COMPARABLE)
        ):
            verdict = site.texts["verdicts"][row["verdict"]]
            shares = say_shares(site.texts, row)
            return site.texts.say("page", "panel_says", shares, row["to_base_count"], verdict)
    return ""


def count_by_chance(site: Site) -> dict[tuple[int, int], dict[str, int]]:
    """Return per pair how many changes were tested, look real, and would by chance alone."""
    counts: dict[tuple[int, int], dict[str, int]] = {}
    main = site.survey.bases[-1]
    for rows in site.evolution.values():
        for row in rows:
            tested = counts.setdefault(
                (row["from_edition_key"], row["to_edition_key"]),
                {"tested": 0, "found": 0, "lasting": 0},
            )
            if row["base"] == main and row["is_main"]:
                tested["tested"] += row["p_value"] is not None
                is_found = row["verdict"] in (Verdict.INCREASE, Verdict.DECREASE)
                tested["found"] += is_found
                tested["lasting"] += is_found and lasts(row)
    return {
        pair: {**count, "chance": round_half_up((1 - CONFIDENCE) * count["tested"])}
        for pair, count in counts.items()
    }


def _tell_change(site: Site, change: Row) -> tuple[str | None, str | None]:
    sides = ("from", "to")
    if change["change"] == Change.ROUTING_CHANGED:
        describe = site.survey.routing.describe
        first, second = (
            site.texts.say("site", "asked_of", describe(change[f"{side}_edition_key"], key))
            for side in sides
            for key in [change["question_key"]]
        )
        return first, second
    if change["change"] == Change.REQUIRED_CHANGED:
        first, second = (
            site.texts.say("site", "required" if change[f"{side}_value"] == "true" else "optional")
            for side in sides
        )
        return first, second
    return change["from_value"], change["to_value"]
