"""Names of municipalities as people type them, against the real list of 1 January 2025.

After public bug reports of belgium-topojson (5, 9), pelias/api (600), belgian-cities-geocoded (4).
"""

import duckdb
import pytest

from ingest.codebook.loading import load_codebook
from ingest.exports.municipalities import build_municipality_names
from ingest.shared.text import to_match_text
from tests.conftest import ROOT

TAKEN = {
    "Zoutleeuw\u00a0": "Zoutleeuw",
    "St-Niklaas": "Sint-Niklaas",
    "Kruibeke": "Beveren-Kruibeke-Zwijndrecht",
    "Zwijndrecht": "Beveren-Kruibeke-Zwijndrecht",
    "Beveren": "Beveren-Kruibeke-Zwijndrecht",
    "Lokeren": "Lokeren",
    "Galmaarden": "Pajottegem",
    "Melle": "Merelbeke-Melle",
    "Merelbeke\u2013Melle": "Merelbeke-Melle",
    "Scherpenheuvel\u2011Zichem": "Scherpenheuvel-Zichem",
    "Sint-Pieters-Leeuw\u200b": "Sint-Pieters-Leeuw",
    "Gent\u200e": "Gent",
    "OCMW Mol": "Mol",
    "Deinze ": "Deinze",
    "Hasselt": "Hasselt",
    "Oudenaarde\n": "Oudenaarde",
}
NOT_TAKEN = [
    *("Liége", "Brussel/Bruxelles", "Nevele", "Heverlee", "Puurs", "Sint Niklaas", "GENK"),
    *("'s Gravenvoeren", "Tongeren / Borgloon", "3000 Leuven", "sint-niklaas"),
]


@pytest.fixture(scope="module")
def places():
    connection = duckdb.connect()
    load_codebook(connection, ROOT / "seeds")
    build_municipality_names(connection)
    return dict(
        connection.execute("""
            select names.match_text, municipalities.name
            from codebook.municipality_names as names
            inner join codebook.municipality_frames using (edition_key, nis_code)
            inner join codebook.municipalities using (nis_code, valid_from)
            where edition_key = 2025 and names.role = 'municipality'
        """).fetchall()
    )


@pytest.mark.parametrize("typed", TAKEN)
def test_name_is_of_its_municipality(places, typed):
    assert places.get(to_match_text(typed)) == TAKEN[typed]


@pytest.mark.parametrize("typed", NOT_TAKEN)
def test_name_of_nowhere_or_several_is_placed_nowhere(places, typed):
    assert to_match_text(typed) not in places
