"""The pages of the site: which there are, and how they are written."""

import json
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb

from publish.reading import Row, read_rows
from publish.site.announcing import announce
from publish.site.context import Site, make_site
from publish.site.looking import write_runtime
from publish.site.movements import (
    describe_changes,
    describe_headlines,
    describe_latest,
    list_movements,
)
from publish.site.quality import describe_quality
from publish.site.questions import describe_question
from publish.site.response import describe_response, read_rates, tell_missing
from publish.site.results import describe_results
from publish.site.tables import write_tables
from publish.speaking import list_languages
from publish.templating import FOLDER
from vocabulary.lists import Breakdown

logger = logging.getLogger(__name__)


def write_site(connection: duckdb.DuckDBPyConnection, folder: Path) -> int:
    """Write the site's own pages into a folder, and return how many there are.

    They are there in the survey's language, and below that in each it is translated to. The dbt
    docs are written by another function.
    """
    count = 0
    for language in list_languages(connection):
        site = make_site(connection, folder, language)
        pages = list(list_pages(site))
        for path, template, context in pages:
            _write_page(site, path, template, context)
        _write_index(site, pages)
        announce(site, [path for path, template, _ in pages if template != "moved.html"])
        shutil.copytree(FOLDER / "assets", site.folder / "assets", dirs_exist_ok=True)
        count += len(pages)
    write_runtime(folder)
    logger.info("site: %s pages", count)
    return count


def serve_site(folder: Path, port: int) -> None:
    """Show the site to this machine only, until interrupted."""
    from functools import partial
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        logger.info("http://127.0.0.1:%s (stop with Ctrl+C)", server.server_port)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            logger.info("stopped")


def list_pages(site: Site) -> Iterator[tuple[str, str, Row]]:
    """Yield the path, template and context of every page."""
    rates = read_rates(site)
    totals = {row["edition_key"]: row for row in rates if row["breakdown"] == Breakdown.TOTAL}
    news = {"movements": list_movements(site), "headlines": describe_headlines(site)}
    latest = describe_latest(site, news["headlines"])
    last = site.survey.editions[-1]["edition_key"]
    missing = tell_missing(site, rates)
    write_tables(site, news["headlines"], totals, missing)
    start = {
        "totals": totals, "dataset": describe_dataset(site), "missing": missing,
        "latest": latest,
        "newest": [pair for pair in news["movements"]
                   if pair["to"] == last and pair["from"] in latest["since"]],
    }  # fmt: skip
    yield "index.html", "start.html", start
    yield "resultaten/index.html", "results_index.html", {"find": site.find_part_questions}
    blocks: dict[tuple[int, str], Row] = {}
    for edition in site.survey.editions:
        for part in site.survey.parts:
            shown = site.find_part_questions(edition["edition_key"], part["part"])
            own = [describe_results(site, edition, question) for question in shown]
            blocks |= {(edition["edition_key"], block["key"]): block for block in own}
            if own:
                path = f"resultaten/{edition['edition_key']}-{part['part']}.html"
                yield path, "results.html", {"edition": edition, "part": part, "blocks": own}
    yield from _list_evolution(site, news)
    if site.survey.has_frame:
        yield "respons/index.html", "response.html", {"blocks": describe_response(site, rates)}
    yield "vragenlijst/index.html", "questions_index.html", {}
    tops = [q for q in site.survey.questions if q["parent_question_key"] is None]
    keys = list(dict.fromkeys(question["question_key"] for question in tops[::-1]))[::-1]
    for number, key in enumerate(keys):
        own = [block for (_, one), block in blocks.items() if one == key]
        context = describe_question(site, key, own) | {
            "earlier": keys[number - 1] if number else None,
            "later": keys[number + 1] if number + 1 < len(keys) else None,
        }
        yield f"vragenlijst/{key}.html", "question.html", context
    yield "kwaliteit/index.html", "quality.html", describe_quality(site)
    yield "zoeken.html", "search.html", {}


def describe_dataset(site: Site) -> Row:
    """Return what a search engine is told of the figures, by schema.org's Dataset."""
    editions, texts = site.survey.editions, site.survey.texts
    days = [edition[name].isoformat() for edition, name in
            ((editions[0], "field_start_date"), (editions[-1], "field_end_date"))]  # fmt: skip
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": texts["title"],
        "description": texts["introduction"],
        "inLanguage": site.texts.language,
        "temporalCoverage": "/".join(days),
        "variableMeasured": [
            question["wording"]
            for question in site.survey.list_questions(editions[-1]["edition_key"])
            if question["is_closed"]
        ],
    }


def _list_evolution(site: Site, news: Row) -> Iterator[tuple[str, str, Row]]:
    pairs = {(row["from_edition_key"], row["to_edition_key"]) for row in site.survey.changes}
    context = {"pairs": sorted(pairs), "changes": describe_changes(site)}
    yield "evolutie/index.html", "evolution_index.html", news | context
    for question in site.list_compared():
        # Where the evolution of a question stood before it stood on the page of the question.
        key = question["question_key"]
        page = f"../vragenlijst/{question['parent_question_key'] or key}.html#evolutie-{key}"
        yield f"evolutie/{key}.html", "moved.html", {"page": page, "label": site.name(question)}


def _write_page(site: Site, path: str, template: str, context: Row) -> None:
    """Write one page; its links are relative, so that it opens from anywhere."""
    root = "../" * path.count("/")
    target = site.folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    text = site.environment.get_template(template).render(root=root, path=path, **context)
    # What stands between the lines of a template is of no use to a page.
    target.write_text("\n".join(filter(None, text.splitlines())), encoding="utf-8")


def _write_index(site: Site, pages: list[tuple[str, str, Row]]) -> None:
    """Write what the search looks through, as a script that a page on disk may load."""
    say = site.texts.say
    synonyms = read_rows(site.connection, "from codebook.synonyms")
    entries = []
    for path, template, context in pages:
        if template == "question.html":
            texts = [*(row["wording"] for row in context["instances"]),
                     *(words for block in context["blocks"] for words in block["words"]),
                     *(row["label"] for row in context["options"])]  # fmt: skip
            words = " ".join(dict.fromkeys(texts))
            also = (row["word"] for row in synonyms if row["means"].lower() in words.lower())
            entries.append([path, context["label"], say("site", "questionnaire"),
                            " ".join([words, *also])])  # fmt: skip
        if template == "response.html":
            names = (place["name"] for block in context["blocks"]
                     for places in block["places"].values() for place in places)  # fmt: skip
            words = " ".join([say("page", "took_part_count"), *dict.fromkeys(names)])
            entries.append([path, say("page", "response"), say("page", "who_answered"), words])
    content = f"const pages = {json.dumps(entries, ensure_ascii=False)};\n"
    (site.folder / "assets").mkdir(parents=True, exist_ok=True)
    (site.folder / "assets/pages.js").write_text(content, encoding="utf-8")
