"""What tells others that the site is there: a map of its pages for search engines, and a feed."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, ElementTree, SubElement

from publish.site.context import Site
from vocabulary.lists import SiteText

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
ATOM = "http://www.w3.org/2005/Atom"


def announce(site: Site, paths: Iterable[str]) -> None:
    """Write `sitemap.xml` and `feed.xml`, where the codebook says at what address the site stands.

    Both name pages in full (sitemaps.org 0.9, RFC 4287); the feed has an entry per edition.
    """
    address = site.address
    if address is None:
        return
    pages = Element("urlset", xmlns=SITEMAP)
    for path in paths:
        SubElement(SubElement(pages, "url"), "loc").text = address + path.replace("index.html", "")
    _write(site, pages, "sitemap.xml")
    editions = sorted(site.survey.editions, key=lambda row: row["field_end_date"], reverse=True)
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": site.texts.language})
    _describe(feed, address, site.survey.texts[SiteText.TITLE], editions[0]["field_end_date"])
    SubElement(feed, "link", rel="self", href=f"{address}feed.xml")
    SubElement(SubElement(feed, "author"), "name").text = site.survey.texts[SiteText.TITLE]
    for edition in editions:
        entry = SubElement(feed, "entry")
        place = f"{address}resultaten/#editie-{edition['edition_key']}"
        _describe(entry, place, edition["label"], edition["field_end_date"])
        SubElement(entry, "link", href=place)
        SubElement(entry, "summary").text = site.texts.say(
            "page", "respondents_answered", edition["respondent_count"]
        )
    _write(site, feed, "feed.xml")


def _describe(element: Element, identity: str, title: str, day: object) -> None:
    for name, text in (("id", identity), ("title", title), ("updated", f"{day}T00:00:00Z")):
        SubElement(element, name).text = text


def _write(site: Site, root: Element, name: str) -> None:
    ElementTree(root).write(site.folder / name, encoding="utf-8", xml_declaration=True)
