"""The page that says who took part."""

import textwrap

from markupsafe import Markup

from publish.charts import Heading, draw_shares
from publish.describing import group
from publish.reading import RATES, Row, read_rows
from publish.site.context import Site, say_yes
from publish.site.taking import head, take_along
from vocabulary.lists import Breakdown, Representation
from vocabulary.rounding import round_half_up

# How many letters of a line stand beside each other above a map.
LETTERS = 80
POWER = """
    select
        edition_key, max(base_count) as base_count, arg_max(needed_count, base_count) as needed,
        arg_max(detectable_change, base_count) as change
    from public_release.power group by all
"""
PLACES = """
    select edition_key, province, name, nis_code, size_category_label, population,
        is_participating, tile_column, tile_row
    from public_release.municipalities
    order by edition_key, province, name
"""


def read_rates(site: Site) -> list[Row]:
    """Return the response rates of all editions."""
    return read_rows(site.connection, RATES)


def describe_response(site: Site, rates: list[Row]) -> list[Row]:
    """Return the response of each edition: rates, and a tile for each municipality."""
    places = group(read_rows(site.connection, PLACES), "edition_key")
    power = group(read_rows(site.connection, POWER), "edition_key")
    return [
        _describe_edition(
            site,
            edition,
            [row for row in rates if row["edition_key"] == edition["edition_key"]],
            places[edition["edition_key"],],
            power[edition["edition_key"],],
        )
        for edition in site.survey.editions
    ]


def tell_missing(site: Site, rates: list[Row]) -> dict[int, str]:
    """Return which sizes and provinces took part least in each edition, the rarest first."""
    few = [row for row in rates if row["representation"] == Representation.UNDER]
    few.sort(key=lambda row: row["response_rate"])
    told = {edition: ", ".join(f"{row['level']} ({row['percentage']}%)" for row in rows)
            for (edition,), rows in group(few, "edition_key").items()}  # fmt: skip
    return {
        row["edition_key"]: told.get(row["edition_key"], site.texts.say("page", "none_missing"))
        for row in site.survey.editions
    }


def _describe_edition(
    site: Site, edition: Row, rates: list[Row], places: list[Row], power: list[Row]
) -> Row:
    total = next(row for row in rates if row["breakdown"] == Breakdown.TOTAL)
    say = site.texts.say
    levels = [row for row in rates if row["breakdown"] != Breakdown.TOTAL]
    # What a group is held against stands above them.
    rows = [total | {"level": say("page", "all_units")}, *levels]
    bars = [
        {
            "label": row["level"],
            "percentage": 100 * row["response_rate"],
            "text": say("site", "part_of_whole", row["participating_count"], row["frame_count"]),
        }
        for row in rows
    ]
    number, name = edition["edition_key"], edition["label"]
    took_part = say(
        "page", "took_part", total["participating_count"], total["frame_count"], total["percentage"]
    )

    def draw(heading: Heading | None) -> str:
        return draw_shares(bars, say("site", "of_the_frame"), heading)

    file = f"data/respons-{number}"
    heading = head(site, say("page", "response"), name, took_part, editions=[number])
    take_along(
        site, file, draw(heading),
        [*(say("page", word) for word in ("group", "took_part_count", "in_the_frame")), "%",
         say("page", "against_all"), say("page", "outcome")],
        [[row["level"], row["participating_count"], row["frame_count"], 100 * row["response_rate"],
          row["difference"], site.texts["representations"][row["representation"]]]
         for row in rows],
        number,
    )  # fmt: skip
    map_ = draw_map(places)
    return {
        "edition": edition,
        "total": total,
        "file": file,
        "took_part": took_part,
        "rows": rows,
        "indicators": {
            kind: rows[0]["r_indicator"]
            for (kind,), rows in group(levels, "breakdown").items()
            if rows[0]["r_indicator"] is not None
        },
        "chart": Markup(draw(None)),  # noqa: S704
        "power": [
            say(
                "site",
                "power",
                row["base_count"],
                round_half_up(100 * row["change"]),
                row["needed"],
            )
            for row in power
            if row["change"] is not None
        ],
        "map": map_,
        "places_file": _write_places(site, edition, took_part, places, map_),
        "places": group([place for place in places if place["is_participating"]], "province"),
    }


def _write_places(
    site: Site, edition: Row, took_part: str, places: list[Row], map_: Row | None
) -> str:
    """Write who took part as a table, and as a map where it is known where they are."""
    say, number = site.texts.say, edition["edition_key"]
    file, chart = f"data/deelnemers-{number}", None
    if map_:
        heading = head(
            site, say("page", "who_answered"), edition["label"], took_part, editions=[number]
        )
        lines = [line for one in heading.lines for line in textwrap.wrap(one, LETTERS)]
        chart = site.environment.get_template("map.svg").render(
            map=map_, title=heading.title, lines=lines
        )
    heads = [say("report", word) for word in ("municipality", "size", "population", "province")]
    cells = [
        [place["name"], place["size_category_label"], place["population"], place["province"],
         place["nis_code"], say_yes(site.texts, place["is_participating"])]
        for place in places
    ]  # fmt: skip
    heads += [say("research", "nis_code"), say("page", "took_part_count")]
    take_along(site, file, chart, heads, cells, number)
    return file


def draw_map(places: list[Row]) -> Row | None:
    """Return a map of squares: its size, its places in reading order, and where provinces meet.

    Those of which the codebook does not say where they stand are named apart; None where it says
    so of none.
    """
    tiles = {
        (place["tile_column"], place["tile_row"]): place
        for place in places
        if place["tile_column"] is not None
    }
    if not tiles:
        return None
    borders = [
        edge
        for (column, row), place in tiles.items()
        for other, edge in (
            ((column + 1, row), f"M{column + 1} {row}v1"),
            ((column, row + 1), f"M{column} {row + 1}h1"),
        )
        if other in tiles and tiles[other]["province"] != place["province"]
    ]
    columns, rows = (max(place) for place in zip(*tiles, strict=True))
    return {
        "columns": columns,
        "rows": rows,
        "places": [tiles[place] for place in sorted(tiles, key=lambda place: place[::-1])],
        "borders": "".join(sorted(borders)),
        "elsewhere": [place["name"] for place in places if place["tile_column"] is None],
    }
