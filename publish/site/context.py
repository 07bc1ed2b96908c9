"""What every page of the site is made from."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import jinja2

from publish.describing import (
    INDICATIVE,
    group,
    has_few,
    say_caution,
    say_instead,
    say_share,
    say_shares,
)
from publish.reading import Row, Survey, read_rows, read_survey
from publish.speaking import list_languages, say_change, say_day, say_reasons, say_verdict, spoken
from publish.templating import make_environment
from vocabulary import lists
from vocabulary.rounding import round_half_up, write_half_up
from vocabulary.texts import Texts, capitalize_first, read_texts
from vocabulary.thresholds import FEW_BASE_COUNT

# Open answers by the codes that they were given, the last edition first.
CODED = """
    select question_key, edition_key, code_label, selected_count, base_count, share, percentage,
        is_indicative, is_synthetic
    from public_release.coded_results order by edition_key desc, code_position
"""


@dataclass(frozen=True)
class Site:
    """The survey, indexes over its rows, and where and how pages are written."""

    survey: Survey
    connection: duckdb.DuckDBPyConnection
    folder: Path
    environment: jinja2.Environment
    texts: Texts
    address: str | None
    results: dict[tuple[Any, ...], list[Row]]
    scales: dict[tuple[Any, ...], list[Row]]
    evolution: dict[tuple[Any, ...], list[Row]]
    transitions: dict[tuple[Any, ...], list[Row]]
    coded: dict[tuple[Any, ...], list[Row]]
    asked: dict[tuple[int, str], Row]

    def name(self, question: Row) -> str:
        """Return a question's wording; a matrix row's behind that of its matrix."""
        return self.survey.names_asked[question["edition_key"], question["question_key"]]

    def find_part_questions(self, edition: int, part: int) -> list[Row]:
        """Return the closed questions of a part."""
        return [q for q in self.survey.list_questions(edition, part) if q["is_closed"]]

    def list_compared(self) -> list[Row]:
        """Return the questions with figures that several editions asked, as the first did."""
        instances: dict[str, list[Row]] = defaultdict(list)
        for question in self.survey.questions:
            if question["has_figures"]:
                instances[question["question_key"]].append(question)
        return [own[0] for own in instances.values() if len(own) > 1]


def make_site(
    connection: duckdb.DuckDBPyConnection, folder: Path, language: str | None = None
) -> Site:
    """Read the survey and get ready to write its pages into a folder.

    In another language than its own they go into a folder of that below it.
    """
    own, *others = list_languages(connection)
    survey = read_survey(connection, language)
    texts = spoken()
    branches = {own: "", **{other: f"{other}/" for other in others}}
    branch = branches[texts.language]
    address = survey.texts.get(lists.SiteText.ADDRESS)
    address = address and address + branch
    environment = make_environment()
    environment.filters["named"] = survey.name
    environment.filters["signed"] = sign
    environment.filters["day"] = lambda day: say_day(texts, day)
    environment.filters["end"] = lambda value: sign_end(texts, value)
    environment.filters["points"] = lambda value: say_points(texts, value)
    environment.filters["capitalize_first"] = capitalize_first
    environment.filters["decimal"] = lambda number: say_decimal(texts, number)
    environment.filters["percent"] = lambda share: f"{round_half_up(100 * share)}%"
    environment.globals.update(
        texts=texts,
        say=texts.say,
        has_few=has_few,
        say_caution=say_caution,
        say_change=say_change,
        say_instead=say_instead,
        say_share=say_share,
        say_shares=say_shares,
        say_reasons=say_reasons,
        say_verdict=say_verdict,
        say_weighting=say_weighting,
        survey=survey,
        address=address,
        top="../" if branch else "",
        languages={
            read_texts(other).say("page", "language"): (other, place)
            for other, place in branches.items()
            if other != texts.language
        },
        built=_read_build(connection),
        lists=lists,
    )
    return Site(
        survey,
        connection,
        folder / branch,
        environment,
        texts,
        address,
        results=group(survey.results, "edition_key", "question_key"),
        scales=group(survey.scales, "edition_key", "question_key"),
        evolution=group(survey.evolution, "question_key"),
        transitions=group(survey.transitions, "question_key"),
        coded=group(read_rows(connection, CODED), "question_key"),
        asked={(q["edition_key"], q["question_key"]): q for q in survey.questions},
    )


def _read_build(connection: duckdb.DuckDBPyConnection) -> Row | None:
    """Return the build that made the warehouse; None where there is no ledger."""
    rows = read_rows(
        connection,
        "select build_id, started_at from audit.builds where verdict = ?"
        " order by build_id desc limit 1",
        lists.BuildVerdict.BUILT,
    )
    return rows[0] if rows else None


def say_scale(texts: Texts, scale: Row) -> str:
    """Return a sentence on a scale: its mean with interval, and its median."""

    def tell(number: float) -> str:
        return say_decimal(texts, write_half_up(number))

    interval = ""
    if scale["mean_low"] is not None and scale["base_count"] >= FEW_BASE_COUNT:
        # No mean lies beyond its scale.
        low = max(scale["mean_low"], float(scale["lowest_score"]))
        high = min(scale["mean_high"], float(scale["highest_score"]))
        interval = texts.say("site", "scale_interval", tell(low), tell(high))
    lowest, highest, median = (
        _say_score(texts, scale[name]) for name in ("lowest_score", "highest_score", "median")
    )
    return texts.say(
        "site", "scale", tell(scale["mean"]), lowest, highest, interval, median, scale["base_count"]
    )


def tell_stacks(texts: Texts, scales: list[Row], figures: list[Row]) -> list[str]:
    """Return what stands in and beside stacked bars: numbers, means of a scale, and their mark."""
    told = [texts.say("page", "inside_means")]
    for scale in scales[:1]:
        ends = (_say_score(texts, scale[name]) for name in ("lowest_score", "highest_score"))
        told.append(texts.say("page", "scale_ends", *ends))
    if any(row["is_indicative"] for row in (*scales, *figures)):
        told.append(f"{INDICATIVE} {texts.say('site', 'indicative_below')}.")
    return told


def _say_score(texts: Texts, score: float) -> str:
    return f"{float(score):.10g}".replace(".", texts.say("site", "decimal", "", ""))


def say_mean(site: Site, scales: list[Row], figures: list[Row]) -> str:
    """Return the mean of a scale on the base of the charts, in a word, marked where indicative.

    Without scores, and of so few that they are told in counts, the mark alone, if its `figures`
    are indicative.
    """
    for row in scales:
        if row["base"] == site.survey.bases[-1]:
            mean = say_decimal(site.texts, write_half_up(row["mean"]))
            words = site.texts.say("site", "mean_is", mean)
            mark = INDICATIVE if row["is_indicative"] else ""
            return mark if row["base_count"] < FEW_BASE_COUNT else words + mark
    return INDICATIVE if any(figure["is_indicative"] for figure in figures) else ""


def say_yes(texts: Texts, value: object) -> str:
    """Return whether something holds, for a cell of a table."""
    return texts["table"]["yes" if value else "no"]


def say_decimal(texts: Texts, number: str) -> str:
    """Return a number that is written with a point as the language writes it."""
    return texts.say("site", "decimal", *number.split("."))


def say_points(texts: Texts, value: float) -> str:
    """Return a change in words, in whole points."""
    signed = sign(value)
    return texts.say("page", "point" if signed.strip("+−") == "1" else "points", signed)


def say_weighting(texts: Texts, pair: Row) -> str:
    """Return whether a change hangs on which sizes answered, or that nobody may know.

    Nothing where it does not, and where there is no change to tell.
    """
    if pair["hangs_on_weighting"]:
        ends = (sign_end(texts, 100 * pair[f"change_weighted_{end}"]) for end in ("low", "high"))
        interval = texts.say("page", "from_to", *ends)
        return texts.say(
            "site", "hangs_on_weighting", sign(100 * pair["change_weighted"]), interval
        )
    is_found = pair["verdict"] in (lists.Verdict.INCREASE, lists.Verdict.DECREASE)
    is_weighted = pair["base"] == lists.Base.MUNICIPALITIES
    is_unknown = is_found and is_weighted and pair["hangs_on_weighting"] is None
    return texts.say("site", "weighting_unknown") if is_unknown else ""


def sign_end(texts: Texts, value: float) -> str:
    """Return an end of an interval in whole points; finer where that would be taken for 0."""
    finer = f"{value:+.1f}"
    if round_half_up(value) or not float(finer):
        return sign(value)
    return say_decimal(texts, finer).replace("-", "−")


def sign(value: float) -> str:
    """Return a change in whole points, with its sign."""
    rounded = round_half_up(value)
    return f"{rounded:+d}".replace("-", "−") if rounded else "0"
