"""A sheet for each municipality that took part: its own answers beside those of others."""

import logging
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb

from publish.reading import Row, read_rows, read_survey
from publish.templating import FOLDER, make_environment

logger = logging.getLogger(__name__)

PLACES = """
    select municipality_key, nis_code, name, size_category_label, respondent_count
    from marts.fct_municipality_editions
    inner join marts.dim_municipalities using (municipality_key)
    where edition_key = ? and is_participating order by name
"""
OWN_ANSWERS = """
    select municipality_key, question_key, option_key, is_selected
    from intermediate.int_municipality_answers
    where edition_key = ? and from_edition_key = to_edition_key
"""


class SheetError(Exception):
    """Nobody can get this sheet: no such edition, no such participant, or no way to make a PDF."""


def write_sheets(
    connection: duckdb.DuckDBPyConnection, folder: Path, edition: int | None, names: list[str]
) -> int:
    """Write the sheets of an edition, the last by default, as HTML and PDF; return how many.

    `names` are names or NIS codes; without any, everyone who took part gets one. Raises
    SheetError for one who did not.
    """
    weasyprint = _import_weasyprint()
    survey = read_survey(connection)
    editions = {row["edition_key"]: row for row in survey.editions}
    key = max(editions) if edition is None else edition
    if key not in editions:
        raise SheetError(f"There is no edition {key}; there are {sorted(editions)}.")
    places = _choose(read_rows(connection, PLACES, key), names, key)
    own: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in read_rows(connection, OWN_ANSWERS, key):
        own[row["municipality_key"]][row["option_key"]] = row
    figures = {
        (row["option_key"], row["level"]): row
        for row in survey.results
        if row["edition_key"] == key and row["base"] == "municipalities"
    }
    ((minimum,),) = connection.execute(
        "select value from codebook.release_rules where rule = 'min_municipality_count'"
    ).fetchall()
    questions = [
        question
        for question in survey.questions
        if question["edition_key"] == key
        and question["type"] in ("single", "multiple", "matrix_row")
    ]
    titles = {
        question["question_key"]: question["wording"]
        for question in survey.questions
        if question["edition_key"] == key
    }
    options: dict[str, list[Row]] = defaultdict(list)
    for label in survey.option_labels:
        if label["edition_key"] == key:
            options[label["option_key"].rsplit(".", 1)[0]].append(label)
    environment = make_environment()
    style = (FOLDER / "assets/sheet.css").read_text(encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    for place in places:
        text = environment.get_template("sheet.html").render(
            title=survey.texts["title"],
            place=place,
            edition=editions[key],
            questions=questions,
            titles=titles,
            options=options,
            own=own[place["municipality_key"]],
            minimum=minimum,
            figures=figures,
            style=style,
        )
        path = folder / f"{key}-{place['nis_code']}-{re.sub(r'[^A-Za-z]+', '-', place['name'])}"
        path.with_suffix(".html").write_text(text, encoding="utf-8")
        weasyprint.HTML(string=text).write_pdf(path.with_suffix(".pdf"), pdf_variant="pdf/ua-1")
        logger.info("%s", path.with_suffix(".pdf"))
    return len(places)


def _import_weasyprint() -> Any:  # noqa: ANN401 - a module
    """Return the library that makes the PDF: a second to import, with Pango from the system."""
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    try:
        import weasyprint
    except OSError as error:
        what = "A PDF is made with Pango, which this system does not have. Install it (Debian:"
        raise SheetError(f"{what} libpango-1.0-0 libpangoft2-1.0-0).\n{error}") from None
    return weasyprint


def _choose(places: list[Row], names: list[str], edition: int) -> list[Row]:
    if not names:
        return places
    known = {place[key].casefold(): place for place in places for key in ("name", "nis_code")}
    unknown = [name for name in names if name.casefold() not in known]
    if unknown:
        raise SheetError(
            f"{', '.join(unknown)} did not take part in {edition}. Name one of: "
            + ", ".join(place["name"] for place in places)
        )
    return [known[name.casefold()] for name in names]
