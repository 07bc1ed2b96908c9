"""What the codes of the warehouse are called on a page, in the language of its readers."""

BASES = {"respondents": "respondenten", "municipalities": "gemeenten"}
VERDICTS = {
    "increase": "stijging",
    "decrease": "daling",
    "not_distinguishable": "geen aantoonbaar verschil",
    "not_comparable": "niet vergelijkbaar",
}
COMPARABILITY = {
    "comparable": "vergelijkbaar",
    "comparable_with_caution": "vergelijkbaar met voorbehoud",
    "not_comparable": "niet vergelijkbaar",
    None: "niet beoordeeld",
}
LINEAGE = {
    "new": "nieuw",
    "kept": "gebleven",
    "renamed": "anders verwoord",
    "split": "afgesplitst",
    "merged": "samengevoegd",
    "dropped": "vervallen",
}
CHANGE_WORDS = {
    "added": "nieuwe vraag",
    "dropped": "vraag vervallen",
    "moved": "verplaatst",
    "renumbered": "ander nummer",
    "reworded": "andere formulering",
    "routing_changed": "aan anderen gesteld",
    "option_added": "nieuw antwoord",
    "option_dropped": "antwoord vervallen",
    "option_merged": "antwoorden samengevoegd",
    "option_renamed": "antwoord anders verwoord",
    "option_split": "antwoord gesplitst",
}
TYPES = {
    "single": "één antwoord",
    "multiple": "meerdere antwoorden",
    "matrix": "tabel met één antwoord per rij",
    "text": "open vraag",
    "integer": "getal",
}
# The warehouse explains in English what it finds itself; the codebook in the survey's language.
REASONS = {
    "Asked in one": "Maar in een van de twee edities gevraagd.",
    "Nobody has reviewed": "Nog niet beoordeeld.",
    "Who was shown which": "Wie welk antwoord te zien kreeg, veranderde.",
    "Splits and merges": "Gesplitste en samengevoegde antwoorden lopen hier door elkaar.",
    "The option is new": "Het antwoord is nieuw.",
    "The option was dropped": "Het antwoord verviel.",
    "Compared as part": "Vergeleken als deel van een ander antwoord, gesplitst of samengevoegd.",
    "Who was asked changed": "De vraag werd aan anderen gesteld; zie de gedeelde basis.",
    "Nobody answered": "In een van de twee edities antwoordde niemand.",
}
