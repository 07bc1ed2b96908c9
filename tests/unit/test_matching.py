from ingest.authoring.matching import KnownQuestion, match_headers, simplify


def test_labels_that_differ_in_a_number_or_a_sign_are_told_apart():
    question = KnownQuestion(
        "size",
        "multiple",
        frozenset({simplify("Hoeveel?")}),
        {simplify(f"{sign}{n} personen"): f"{sign}{n}" for n in (2, 3, 4) for sign in ("", "<")},
    )
    headers = [f"Q1. Hoeveel? - {label}" for label in ("2 personen", "3 personen", "<3 personen")]
    matches = match_headers(headers, [question], {}, "")
    assert [match.target.option_code for match in matches] == ["2", "3", "<3"]
    assert all(match.is_certain for match in matches)
