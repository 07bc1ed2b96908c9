"""The site: static pages in Dutch that open from disk and ask nothing of the network."""

import csv
import io
import json
import logging
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import duckdb
from markupsafe import Markup

from ingest.shared.csv_files import guard
from publish.charts import draw_bars, draw_intervals, draw_stacks
from publish.describing import (
    collect_reasons,
    describe_breakdowns,
    draw_places,
    draw_results,
    group,
    pair,
    point,
    summarise,
    tell_base,
)
from publish.reading import Row, Survey, read_rows, read_survey
from publish.templating import FOLDER, make_environment
from publish.words import (
    BASES,
    CHANGE_WORDS,
    COMPARABILITY,
    LINEAGE,
    TYPES,
    VERDICTS,
)

logger = logging.getLogger(__name__)

RATES = """
    select response_rates.* from public_release.response_rates
    left join codebook.size_categories on level = label
    order by edition_key, breakdown, position, level
"""
PLACES = """
    select edition_key, province, arrondissement, name, is_participating
    from marts.fct_municipality_editions
    inner join marts.dim_municipalities using (municipality_key)
    order by edition_key, province, arrondissement, name
"""
QUALITY = {
    "expectations": """
        select edition_key, suite, words, severity, verdict, checked_count, finding_count,
            known_count
        from audit.expectation_results order by edition_key, suite, rule
    """,
    "explanations": """
        select edition_key, rule, explanation, count(*) as count from audit.expectation_findings
        where is_known group by all order by all
    """,
    "anomalies": """
        select edition_key, section, question_key, option_code, published_percentage,
            computed_percentage, note
        from marts.mart_published_reconciliation where status = 'known_anomaly' order by all
    """,
    "reconciled": """
        select edition_key, count(*) as count, count(*) filter (status = 'match') as match_count
        from marts.mart_published_reconciliation group by all order by all
    """,
    "corrections": """
        select edition_key, question_key, reason, corrected_on, count(*) as count
        from audit.corrections group by all order by all
    """,
    "builds": """
        select started_at, reason, code_revision, verdict, message
        from audit.builds order by build_id desc limit 10
    """,
    "figure_changes": """
        select edition_key, base, option_key, old_percentage, new_percentage, changed_inputs
        from audit.figure_changes
        inner join public_release.question_results using (edition_key, base, option_key)
        where build_id = (select max(build_id) from audit.builds where verdict = 'built')
            and breakdown = 'total' and suppression is null
        order by all limit 500
    """,
}
CSV_COLUMNS = (
    "edition_key",
    "question_key",
    "option_key",
    "option_label",
    "base",
    "breakdown",
    "level",
    "selected_count",
    "base_count",
    "percentage",
    "low",
    "high",
    "suppression",
)


def write_site(connection: duckdb.DuckDBPyConnection, folder: Path) -> int:
    """Write the site's own pages into a folder, and return how many there are.

    What an earlier site left there is removed; the dbt docs are written by another command.
    """
    survey = read_survey(connection)
    for name in ("resultaten", "evolutie", "respons", "vragenlijst", "kwaliteit", "data"):
        shutil.rmtree(folder / name, ignore_errors=True)
    site = _Site(survey, connection, folder)
    pages = list(site.list_pages())
    for path, template, context in pages:
        site.write_page(path, template, context)
    site.write_index(pages)
    shutil.copytree(FOLDER / "assets", folder / "assets", dirs_exist_ok=True)
    logger.info("site: %s pages", len(pages))
    return len(pages)


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


def _sign(value: float) -> str:
    return f"{value:+.0f}".replace("-", "−") if round(value) else "0"


class _Site:
    """One run over the survey: indexes over its rows, and the pages made from them."""

    def __init__(self, survey: Survey, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self.survey, self.connection, self.folder = survey, connection, folder
        self.results = group(survey.results, "edition_key", "question_key")
        self.evolution = group(survey.evolution, "question_key")
        self.transitions = group(survey.transitions, "question_key")
        self.bridged = {(q["edition_key"], q["question_key"]): q for q in survey.questions}
        self.environment = make_environment()
        self.environment.filters["values_of"] = lambda row: list(row.values())
        self.environment.filters["signed"] = _sign
        self.environment.globals.update(
            bases=BASES,
            verdicts=VERDICTS,
            comparability_words=COMPARABILITY,
            lineage_words=LINEAGE,
            change_words=CHANGE_WORDS,
            type_words=TYPES,
            survey=survey,
        )

    def list_pages(self) -> Iterator[tuple[str, str, Row]]:
        """Yield the path, template and context of every page."""
        editions, parts = self.survey.editions, self.survey.parts
        rates = read_rows(self.connection, RATES)
        totals = {row["edition_key"]: row for row in rates if row["breakdown"] == "total"}
        respondents = dict(
            self.connection.execute(
                "select edition_key, count(*) from marts.dim_respondents group by all"
            ).fetchall()
        )
        yield "index.html", "start.html", {"totals": totals, "respondents": respondents}
        yield "resultaten/index.html", "results_index.html", {"find": self.find_part_questions}
        for edition in editions:
            for part in parts:
                shown = self.find_part_questions(edition["edition_key"], part["part"])
                if shown:
                    blocks = [self.describe_results(edition["edition_key"], q) for q in shown]
                    path = f"resultaten/{edition['edition_key']}-{part['part']}.html"
                    context = {"edition": edition, "part": part, "blocks": blocks}
                    yield path, "results.html", context
        pairs = {(row["from_edition_key"], row["to_edition_key"]) for row in self.survey.changes}
        compared = self.list_compared()
        names = [(question["question_key"], self.name(question)) for question in compared]
        context = {"pairs": sorted(pairs), "compared": names}
        yield "evolutie/index.html", "evolution_index.html", context
        for question in compared:
            key = question["question_key"]
            context = self.describe_evolution(question)
            yield f"evolutie/{key}.html", "evolution.html", context
        yield "respons/index.html", "response.html", {"blocks": self.describe_response(rates)}
        yield "vragenlijst/index.html", "questions_index.html", {}
        for key in dict.fromkeys(q["question_key"] for q in self.survey.questions):
            if self.find_first(key)["parent_question_key"] is None:
                page = self.describe_question(key)
                yield f"vragenlijst/{key}.html", "question.html", page
        quality = {name: read_rows(self.connection, sql) for name, sql in QUALITY.items()}
        yield "kwaliteit/index.html", "quality.html", quality
        yield "zoeken.html", "search.html", {}

    def write_page(self, path: str, template: str, context: Row) -> None:
        """Write one page; its links are relative, so that it opens from anywhere."""
        root = "../" * path.count("/")
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        text = self.environment.get_template(template).render(root=root, path=path, **context)
        target.write_text(text, encoding="utf-8")

    def write_index(self, pages: list[tuple[str, str, Row]]) -> None:
        """Write what the search looks through, as a script that a page on disk may load."""
        entries = []
        for path, template, context in pages:
            if template == "question.html":
                options = " ".join(row["label"] for row in context["options"])
                words = " ".join(row["wording"] for row in context["instances"])
                entries.append([path, context["label"], "Vragenlijst", f"{words} {options}"])
            if template == "evolution.html":
                entries.append([path, context["label"], "Evolutie", " ".join(context["words"])])
            for block in context["blocks"] if template == "results.html" else []:
                heading = f"Resultaten {context['edition']['edition_key']}"
                place = f"{path}#{block['key']}"
                entries.append([place, block["label"], heading, " ".join(block["words"])])
        content = f"const pages = {json.dumps(entries, ensure_ascii=False)};\n"
        (self.folder / "assets").mkdir(parents=True, exist_ok=True)
        (self.folder / "assets/pages.js").write_text(content, encoding="utf-8")

    def is_closed(self, question: Row) -> bool:
        """Whether a question has options, and so figures."""
        return question["type"] in ("single", "multiple", "matrix")

    def find_first(self, key: str) -> Row:
        """Return a question as its first edition has it."""
        return next(q for q in self.survey.questions if q["question_key"] == key)

    def find_part_questions(self, edition: int, part: int) -> list[Row]:
        """Return the closed questions of a part."""
        return [q for q in self.survey.list_questions(edition, part) if self.is_closed(q)]

    def describe_results(self, edition: int, question: Row) -> Row:
        """Return what a page says of one question in one edition."""
        key = question["question_key"]
        items = self.survey.list_items(edition, key) or [question]
        tables = [self.describe_table(edition, item) for item in items]
        is_matrix = question["type"] == "matrix"
        self.write_csv(edition, key, [row for item in items for row in self.find(edition, item)])
        return {
            "key": key,
            "label": question["wording"],
            "number": question["number"],
            "universe": self.survey.routing.describe(edition, key),
            "is_matrix": is_matrix,
            "tables": tables,
            "chart": Markup(self.draw_matrix(tables) if is_matrix else draw_results(tables[0])),  # noqa: S704
            "csv": f"data/{edition}-{key}.csv",
            "words": [row["label"] for table in tables for row in table["rows"]],
            "summary": summarise(tables),
        }

    def find(self, edition: int, question: Row) -> list[Row]:
        """Return the results of a question or matrix row."""
        return self.results[edition, question["question_key"]]

    def describe_table(self, edition: int, question: Row) -> Row:
        """Return one table: a row per option, with both bases and the breakdowns."""
        cells = self.find(edition, question)
        total = [row for row in cells if row["breakdown"] == "total"]
        rows = [
            {"label": bases[0]["option_label"], "is_missing": bases[0]["is_missing"]}
            | {row["base"]: row for row in bases}
            for bases in group(total, "option_key").values()
        ]
        counts = {
            base: None
            if any(r[base]["suppression"] for r in rows)
            else max((r[base]["base_count"] for r in rows), default=0)
            for base in BASES
        }
        return {
            "label": question["wording"],
            "key": question["question_key"],
            "rows": rows,
            "counts": counts,
            "has_option_bases": any(
                len({r[base]["base_count"] for r in rows}) > 1 for base in BASES
            ),
            "is_indicative": any(r[base]["is_indicative"] for r in rows for base in BASES),
            "breakdowns": describe_breakdowns(cells),
        }

    def draw_matrix(self, tables: list[Row]) -> str:
        """Return the chart of a matrix, a bar for each of its rows."""
        rows = [
            {
                "label": table["label"] + tell_base(table),
                "option": row["label"],
                "percentage": 100 * (row["respondents"]["share"] or 0),
            }
            for table in tables
            for row in table["rows"]
        ]
        options = [row["label"] for row in tables[0]["rows"]]
        undecided = [row["label"] for row in tables[0]["rows"] if row["is_missing"]]
        return draw_stacks(rows, options, undecided, "% van de respondenten")

    def write_csv(self, edition: int, key: str, rows: list[Row]) -> None:
        """Write the table behind a chart, as Excel opens it."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(CSV_COLUMNS)
        for row in rows:
            cells = ("" if row[name] is None else row[name] for name in CSV_COLUMNS)
            writer.writerow(guard(str(cell)) for cell in cells)
        path = self.folder / f"data/{edition}-{key}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.getvalue(), encoding="utf-8-sig")

    def list_compared(self) -> list[Row]:
        """Return the questions and matrix rows that several editions asked, as the first did."""
        asked: dict[str, list[Row]] = defaultdict(list)
        for question in self.survey.questions:
            if question["type"] in ("single", "multiple", "matrix_row"):
                asked[question["question_key"]].append(question)
        return [instances[0] for instances in asked.values() if len(instances) > 1]

    def name(self, question: Row) -> str:
        """Return a question's wording; a matrix row's behind that of its matrix."""
        parent = question["parent_question_key"]
        if parent is None:
            return str(question["wording"])
        return f"{self.bridged[question['edition_key'], parent]['wording']} {question['wording']}"

    def describe_evolution(self, question: Row) -> Row:
        """Return one question's editions side by side, and every comparison of two of them."""
        key = question["question_key"]
        editions = [edition["edition_key"] for edition in self.survey.editions]
        asked = [edition for edition in editions if (edition, key) in self.bridged]
        options = group(self.evolution[key,], "option_key")
        results = {
            (edition, row["option_key"], row["base"]): row
            for edition in asked
            for row in self.results[edition, key]
            if row["breakdown"] == "total"
        }
        rows = [
            {
                "label": cells[-1]["label"],
                "editions": [
                    [results.get((edition, option, base)) for base in BASES] for edition in asked
                ],
                "pairs": [
                    cell
                    for cell in cells
                    if cell["base"] == "municipalities" and cell["from_edition_key"] in asked
                ],
            }
            for (option,), cells in options.items()
        ]
        points = [
            {"label": row["label"], "series": str(edition), **point(cell)}
            for row in rows
            for edition, (_, cell) in zip(asked, row["editions"], strict=True)
            if cell is not None and cell["share"] is not None
        ]
        series = [str(edition) for edition in asked]
        return {
            "page": question["parent_question_key"] or key,
            "label": self.name(question),
            "asked": asked,
            "pairs": sorted({pair(cell) for row in rows for cell in row["pairs"]}),
            "rows": rows,
            "reasons": collect_reasons(rows),
            "cautions": [
                pair
                for pair in self.survey.compare(key)
                if pair["verdict"] == "comparable_with_caution"
            ],
            "panel": self.transitions[key,],
            "labels": {option: cells[-1]["label"] for (option,), cells in options.items()},
            "chart": Markup(draw_intervals(points, series, "% van de gemeenten")),  # noqa: S704
            "words": [row["label"] for row in rows],
        }

    def describe_response(self, rates: list[Row]) -> list[Row]:
        """Return the response of each edition: rates, and a tile for each municipality."""
        places = group(read_rows(self.connection, PLACES), "edition_key")
        blocks = []
        for edition in self.survey.editions:
            key = edition["edition_key"]
            own = [row for row in rates if row["edition_key"] == key]
            total = next(row for row in own if row["breakdown"] == "total")
            levels = [
                row | {"difference": 100 * (row["response_rate"] - total["response_rate"])}
                for row in own
                if row["breakdown"] != "total"
            ]
            bars = [
                {
                    "label": row["level"],
                    "series": "",
                    "percentage": 100 * row["response_rate"],
                    "text": f"{row['participating_count']} van {row['frame_count']}",
                }
                for row in levels
            ]
            blocks.append(
                {
                    "edition": edition,
                    "total": total,
                    "levels": levels,
                    "chart": Markup(draw_bars(bars, [""], "% van de gemeenten in het kader")),  # noqa: S704
                    "tiles": Markup(draw_places(places[key,])),  # noqa: S704
                    "places": group(
                        [place for place in places[key,] if place["is_participating"]], "province"
                    ),
                }
            )
        return blocks

    def describe_question(self, key: str) -> Row:
        """Return what the questionnaire's page says of one question, all editions."""
        instances = [q for q in self.survey.questions if q["question_key"] == key]
        items = [q for q in self.survey.questions if q["parent_question_key"] == key]
        prefixes = {key, *(item["question_key"] for item in items)}
        labels = [
            row for row in self.survey.option_labels
            if row["option_key"].rsplit(".", 1)[0] in prefixes
        ]  # fmt: skip
        codes: dict[str, dict[int, Row]] = defaultdict(dict)
        for row in labels:
            codes[row["option_key"].rsplit(".", 1)[1]][row["edition_key"]] = row
        last = instances[-1]
        return {
            "key": key,
            "label": last["wording"],
            "type": last["type"],
            "part": last["part"],
            "instances": [
                instance
                | {"universe": self.survey.routing.describe(instance["edition_key"], key)}
                for instance in instances
            ],
            "items": group(items, "question_key"),
            "options": [
                {"code": code, "label": list(own.values())[-1]["label"], "editions": own}
                for code, own in codes.items()
            ],
            "routing": self.describe_routing(last["edition_key"], key),
            "changes": [
                row
                for row in self.survey.changes
                if row["question_key"] == key or row["question_key"] in prefixes
            ],
            "comparisons": self.survey.compare(key),
        }  # fmt: skip

    def describe_routing(self, edition: int, key: str) -> Row:
        """Return the neighbours of a question in the routing, for its picture."""
        routing = self.survey.routing

        def place(keys: list[str]) -> list[Row]:
            found = [self.bridged[edition, other] for other in keys]
            tops = dict.fromkeys(q["parent_question_key"] or q["question_key"] for q in found)
            return [self.bridged[edition, top] for top in tops if top != key]

        return {
            "edition": edition,
            "sources": place(routing.list_sources(edition, key)),
            "targets": place(routing.list_targets(edition, key)),
        }
