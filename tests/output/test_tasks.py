"""What people come for, and how many clicks it takes from the start page."""

import pytest

TASKS = {
    # What somebody wants to know: what they click on from the start page, and what is then there.
    "the change of one answer with its reason": (
        ["Evolutie", "Welke thema's zijn expliciet opgenomen in het bestuursakkoord?"],
        "van 20% naar 56%",
    ),
    "the share in small municipalities": (
        ["Vragenlijst", "Rond welke thema's en/of doelgroepen werkt je lokaal bestuur?",
         "Naar grootte en provincie"],
        "Klein",
    ),
    "a chart for Word": (
        ["Vragenlijst", "Rond welke thema's en/of doelgroepen werkt je lokaal bestuur?"], "PNG",
    ),
    "who answered": (["Respons", "Welke gemeenten namen deel in 2029"], "Antwerpen"),
    "what a question asked in 2027": (
        ["Vragenlijst", "Welke drempels ervaar", "In elke editie"], "Formulering",
    ),
}  # fmt: skip


@pytest.mark.parametrize("task", TASKS)
def test_task_takes_at_most_three_clicks_from_the_start(page, site, task):
    clicks, seen = TASKS[task]
    assert len(clicks) <= 3
    page.goto((site / "index.html").as_uri())
    for words in clicks:
        place = page.locator("a:visible, summary:visible").filter(has_text=words).first
        place.click()
    page.get_by_text(seen).first.wait_for()
