"""What stays of a joined cell in which somebody wrote something of their own."""

import pytest

from ingest.exports.left_over import mask

KNOWN = {"Fiets", "Auto", "Bus, tram", "Te voet"}


@pytest.mark.parametrize(
    ("text", "form", "kept"),
    [
        ("Fiets;Auto", ";", "Fiets;Auto"),
        ("Fiets;step;Auto", ";", "Fiets;Auto;*"),
        ("mijn eigen; woorden", ";", "*"),
        # An option that holds the delimiter is one.
        ("Fiets, Bus, tram, step", ",", "Fiets,Bus, tram,*"),
        ("Fiets; Bus", "; ", "Fiets; *"),
        ("Bus, tram", ", ", "Bus, tram"),
        ("Fiets\nde step", "\\n", "Fiets\n*"),
        ('["Te  voet", "step"]', "json", '["Te  voet", "*"]'),
        ("Fiets;", ";", "Fiets"),
        # What a list or a line keeps apart stays apart.
        ('["Te", "voet"]', "json", '["*"]'),
        ("Te\nvoet", "\\n", "*"),
    ],
)
def test_options_stay_and_words_go(text, form, kept):
    assert mask(text, form, KNOWN, "*") == kept
