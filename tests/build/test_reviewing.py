"""The decisions on a drafted edition: which are put, what each writes, and how it is taken back."""

import csv
import re
import shutil

import pytest
from typer.testing import CliRunner

from ingest.authoring.draft_files import read_tables
from ingest.authoring.reviewing import asking
from ingest.authoring.reviewing.review import Review, read_list
from ingest.authoring.reviewing.serving import make_app
from ingest.authoring.reviewing.state import Study
from ingest.shared.problems import InputError
from pipeline.cli import app
from tests.conftest import share
from tests.reviews import FACTS, draft_outside, open_review

NETWORKS = "neemt_je_lokaal_bestuur_deel_aan_netwerk"
FLAG = "hing_je_lokaal_bestuur_de_regenboogvlag"


@pytest.fixture
def drafted(tmp_path_factory):
    return draft_outside(tmp_path_factory)


@pytest.fixture
def review(drafted, tmp_path):
    shutil.copytree(drafted, tmp_path / "survey")
    return open_review(tmp_path / "survey")


@pytest.fixture
def questions(drafted, tmp_path_factory, tmp_path):
    """The same, with what comes before the changed questions decided, all as proposed."""

    def make(folder):
        shutil.copytree(drafted, folder, dirs_exist_ok=True)
        review = open_review(folder)
        review.take("edition", FACTS)
        review.take("counts:is_complete", {})
        review.take("counts:channel", {"Toolrevisie": "excluded"})
        review.take("columns", {})
        for one in review.list_decisions():
            if one.topic == "new":
                review.take(one.key, {})
        review.take("routing:all", {})

    shutil.copytree(share(tmp_path_factory, "reviewed_2027", make), tmp_path / "survey")
    return open_review(tmp_path / "survey")


def rows(review, name, **cells):
    return [row for row in read_tables(review.folder)[name]
            if cells.items() <= row.items()]  # fmt: skip


def find(review, key):
    return next(one for one in review.list_decisions() if one.key == key)


def test_decisions_are_put_in_their_order_and_are_about_twenty(review):
    keys = [one.key for one in review.list_decisions()]
    assert keys[:7] == [
        "edition", "counts:is_complete", "counts:channel", "columns",
        "new:heeft_je_lokaal_bestuur_een_meldpunt_voo", f"new:{FLAG}", f"new:{NETWORKS}",
    ]  # fmt: skip
    assert keys[7] == "routing:all"
    assert keys[-2:] == ["unchanged:all", "rest:all"]
    assert len(keys) == 19


def test_what_can_hang_on_another_decision_waits_for_it(review):
    with pytest.raises(InputError, match=re.escape("'edition' comes before 'rest:all'")):
        review.take("rest:all", {"looked": "yes"})
    assert review.taken_count == 0


def test_decisions_are_taken_back_to_the_letter(questions, drafted):
    questions.take("changed:themes", {})
    assert questions.taken_count == 9
    for _ in range(9):
        questions.take_back()
    for path in (drafted / "seeds").rglob("*.csv"):
        now = questions.folder / path.relative_to(drafted / "seeds")
        assert now.read_bytes() == path.read_bytes()
    with pytest.raises(InputError, match=re.escape("Nothing was decided of edition 2027")):
        questions.take_back()


def test_what_was_changed_by_hand_since_is_not_taken_back(review):
    review.take("edition", FACTS)
    path = review.folder / "codebook/editions.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Medallia", "Qualtrics"), "utf-8")
    with pytest.raises(InputError, match=re.escape("It has changed since.")):
        review.take_back()


def test_channel_that_is_nobodys_takes_over_the_rule_of_before(questions):
    kept = rows(questions, "row_exclusions", edition_key="2027", role="channel")
    assert [(row["value"], row["reason"]) for row in kept] == [
        ("Toolrevisie", "Testantwoord van de makers van de vragenlijst.")
    ]
    values = rows(questions, "metadata_values", edition_key="2027", role="channel", value="yes")
    assert "Toolrevisie" not in {row["spelling"] for row in values}


def take_facts(review):
    review.take("edition", FACTS)
    review.take("counts:is_complete", {})
    review.take("counts:channel", {"Toolrevisie": "excluded"})
    review.take("columns", {})


@pytest.mark.slow
def test_question_that_looks_new_is_proposed_as_the_old_one_it_is_like(review):
    decision = find(review, f"new:{NETWORKS}")
    assert decision.complete({})["is"] == "same"
    assert decision.complete({})["old"] == "networks"
    take_facts(review)
    assert review.take(f"new:{NETWORKS}", {}) == [f"{NETWORKS} is networks"]
    assert find(review, "changed:networks").complete({})["verdict_2025"] == (
        "comparable_with_caution"
    )


@pytest.mark.slow
def test_new_question_gets_the_key_that_queries_know_it_by(review):
    take_facts(review)
    with pytest.raises(InputError, match=re.escape("'themes' is of another question")):
        review.take(f"new:{FLAG}", {"key": "themes"})
    review.take(f"new:{FLAG}", {"key": "rainbow_flag", "relevant": "${has_policy} = 'yes'"})
    (row,) = rows(review, "question_editions", question_key="rainbow_flag")
    assert row["relevant"] == "${has_policy} = 'yes'"
    assert rows(review, "export_columns", question_key="rainbow_flag")
    assert not any(FLAG in row.values() for own in read_tables(review.folder).values()
                   for row in own)  # fmt: skip


@pytest.mark.slow
def test_question_that_continues_another_has_its_verdict_beside_it(review):
    take_facts(review)
    with pytest.raises(InputError, match=re.escape("and not which")):
        review.take(f"new:{NETWORKS}", {"is": "continued", "old": ""})
    said = {"is": "continued", "old": "networks", "reason": "Ruimer gevraagd."}
    review.take(f"new:{NETWORKS}", said)
    (row,) = rows(review, "question_lineage")
    assert (row["question_key"], row["from_question_key"], row["lineage"]) == (
        NETWORKS, "networks", "continued",
    )  # fmt: skip
    evidence = {line.what for line in find(review, f"changed:{NETWORKS}").evidence}
    assert {"2025: wording", "2025: continues"} <= evidence


@pytest.mark.parametrize(
    ("key", "values", "told"),
    [
        ("edition", FACTS | {"frame_date": "1/1/2027"}, "'1/1/2027' is no date."),
        ("edition", FACTS | {"expected_respondent_count": "many"}, "'many' is no whole number."),
        ("edition", {}, "It is blank."),
        ("edition", FACTS | {"labl": "x"}, "It is no field of this decision. "),
        ("edition", FACTS | {"field_end_date": "2027-01-01"}, "ends before it begins"),
        ("edition", FACTS | {"is_synthetic": "maybe"}, "'maybe' is none of the choices."),
        ("verdict", {}, "'verdict' is not left to decide."),
    ],
)
def test_what_cannot_be_decided_changes_nothing(review, key, values, told):
    before = read_tables(review.folder)
    with pytest.raises(InputError) as caught:
        review.take(key, values)
    assert told.strip() in str(caught.value)
    assert read_tables(review.folder) == before
    assert review.taken_count == 0


def test_answers_that_were_merged_and_split_get_codes_of_their_own(questions):
    proposed = find(questions, "changed:aldermen").complete({})
    assert proposed["from:three"] == "three more_than_three"
    questions.take("changed:aldermen", {})
    merged = "de_bevoegdheid_valt_onder_drie_of_meer_s"
    assert {(row["option_code"], row["from_option_code"])
            for row in rows(questions, "option_lineage", question_key="aldermen")} == {
        (merged, "three"), (merged, "more_than_three"),
    }  # fmt: skip
    assert rows(questions, "option_spellings", edition_key="2027", option_code=merged)
    questions.take("changed:barriers", {})
    split = {
        row["option_code"] for row in rows(questions, "option_lineage", question_key="barriers")
    }
    assert split == {"drempels_bij_bewoners_taal", "drempels_bij_bewoners_vertrouwen_of_bere"}
    # Who was asked because of the one is asked because of either.
    (asked,) = rows(questions, "question_editions", edition_key="2027",
                    question_key="residents_barriers_which")  # fmt: skip
    assert asked["relevant"] == (
        "(selected(${barriers}, 'drempels_bij_bewoners_taal')"
        " or selected(${barriers}, 'drempels_bij_bewoners_vertrouwen_of_bere'))"
    )


def test_answer_that_was_carved_from_one_that_stayed_splits_it(questions):
    questions.take("changed:vvsg_support_helpful", {"from:neutraal": "3"})
    lineage = rows(questions, "option_lineage", question_key="vvsg_support_helpful")
    assert {(row["option_code"], row["from_option_code"]) for row in lineage} == {
        ("neutraal", "3"), ("helpend", "3"),
    }  # fmt: skip


def test_answer_in_other_words_is_the_one_it_comes_from(questions):
    told = questions.take("changed:actions", {})
    assert "actions.bystander_staff: renamed bystander_staff" in told
    (row,) = rows(questions, "option_editions", edition_key="2027", option_code="bystander_staff")
    assert row["lineage"] == "renamed"
    assert not rows(questions, "option_lineage", question_key="actions")


def test_verdict_says_what_its_giver_saw(questions):
    decision = find(questions, "changed:policy_plan")
    assert decision.complete({})["reason_2025"] == "Anders geformuleerd."
    questions.take("changed:policy_plan", {"verdict_2025": "comparable"})
    (row,) = rows(questions, "comparability", to_edition_key="2027", question_key="policy_plan")
    assert (row["verdict"], row["seen"]) == ("comparable", "wording")


def test_scale_with_another_number_of_points_is_proposed_as_not_comparable(review):
    decision = find(review, "changed:vvsg_support_helpful")
    proposed = decision.complete({})
    assert proposed["verdict_2025"] == "not_comparable"
    assert "De schaal had 4 punten, en heeft er nu 5." in proposed["reason_2025"]
    assert "score:neutraal" in proposed


def test_question_of_which_every_answer_is_one_gets_a_key_of_its_own(questions):
    assert find(questions, "changed:learning_network_themes").complete({})["answers"] == "one"
    questions.take("changed:learning_network_themes", {})
    key = "learning_network_themes_single"
    (row,) = rows(questions, "questions", question_key=key)
    assert (row["type"], row["municipality_rule"]) == ("single", "most_complete")
    (column,) = rows(questions, "export_columns", edition_key="2027", question_key=key)
    assert column["role"] == "question"
    (verdict,) = rows(questions, "comparability", to_edition_key="2027", question_key=key)
    assert verdict["verdict"] == "not_comparable"


def test_routing_is_shown_with_those_who_answered_all_the_same(questions):
    # Taken back, so that it is put again.
    questions.take_back()
    decision = find(questions, "routing:all")
    # One who went back is usual; five are not.
    assert [(line.what, line.now) for line in decision.evidence] == [
        ("coalition_agreement", "answered by 5 all the same")
    ]
    for wrong, told in (("${has_polcy} = 'yes'", "has_polcy"), ("${gone} = 'x'", "gone")):
        with pytest.raises(InputError, match=told):
            questions.take("routing:all", {"coalition_agreement": wrong})
    wider = "${has_policy} = 'yes' or ${has_policy} = 'no'"
    questions.take("routing:all", {"coalition_agreement": wider})
    assert find(questions, "changed:coalition_agreement").complete({})["verdict_2025"] == (
        "comparable"
    )


@pytest.mark.slow
def test_column_that_is_not_needed_has_a_reason(review):
    review.take("edition", FACTS)
    review.take("counts:is_complete", {})
    review.take("counts:channel", {"Toolrevisie": "excluded"})
    with pytest.raises(InputError, match=re.escape("no reason is given")):
        review.take("columns", {"Aangepast veld 1: reason": ""})
    assert find(review, "columns").evidence[0].now.startswith("filled in 88 rows: ")


def test_reviewed_edition_asks_nothing_but_a_verdict_that_it_lacks(whole_survey):
    review = Review(whole_survey.codebook, 2027, whole_survey.exports, lambda _: Study())
    assert review.list_decisions() == []
    assert asking.say_left(review) == "nothing is left to decide: build"
    review = Review(whole_survey.codebook, 2029, whole_survey.exports, lambda _: Study())
    (decision,) = review.list_decisions()
    assert decision.key == "changed:vvsg_contact_frequency"


def test_verdict_on_a_step_in_between_is_carried_on(whole_survey):
    whole_survey.keep(
        "codebook/comparability.csv",
        lambda row: (
            (row["from_edition_key"], row["to_edition_key"], row["question_key"])
            != ("2025", "2029", "cross_service_cooperation")
        ),
    )
    review = Review(whole_survey.codebook, 2029, whole_survey.exports, lambda _: Study())
    proposed = find(review, "changed:cross_service_cooperation").complete({})
    assert (proposed["verdict_2025"], proposed["reason_2025"]) == (
        "not_comparable",
        "De vraag gaat sinds 2027 over hoe vaak er overleg was, niet meer over de mate van"
        " samenwerking.",
    )


def test_edition_without_one_before_it_is_refused(whole_survey):
    for edition in (2025, 2031):
        review = Review(whole_survey.codebook, edition, whole_survey.exports, lambda _: Study())
        with pytest.raises(InputError, match=re.escape("was not drafted, or has none before it")):
            review.list_decisions()


@pytest.mark.slow
def test_written_list_is_what_the_command_writes_and_plays(review, tmp_path):
    folders = ["--codebook", str(review.folder), "--exports", str(review.exports)]
    path = tmp_path / "besluiten.csv"
    path.write_text(asking.write_list(review.list_decisions()[:2]), encoding="utf-8")
    with path.open(encoding="utf-8") as file:
        assert next(csv.reader(file)) == ["decision", "field", "value"]
    decided = read_list(path)
    assert list(decided) == ["edition", "counts:is_complete"]
    decided["edition"] |= FACTS
    assert list(review.play(decided)) == [
        "edition 2027: 2027, 2027-11-02 to 2027-12-10",
        "0: no",
        "1: yes",
    ]
    outcome = CliRunner().invoke(app, ["review", "2027", "--undo", *folders])
    assert (
        outcome.output == "taken back: codebook/metadata_values.csv, codebook/export_columns.csv\n"
    )
    # Excel's own, with semicolons, is one as well.
    path.write_text("decision;field;value\nedition;label;2027\n", encoding="utf-8")
    assert read_list(path) == {"edition": {"label": "2027"}}
    for wrong in (b"besluit,veld\n", "decision,field,é".encode("cp1252"), b"\x89PNG\x00\xff", b""):
        path.write_bytes(wrong)
        with pytest.raises(InputError, match="It is no CSV in UTF-8 with the columns decision"):
            read_list(path)
    both = CliRunner().invoke(app, ["review", "2027", "--undo", "--list", *folders])
    assert (both.exit_code, "asked for alone" in both.output) == (1, True)


def test_terminal_puts_one_after_another_and_leaves_what_is_skipped(review, monkeypatch):
    said = iter(
        ["2027", "2/11/2027", "2027-11-02", "2027-12-10", "2027-01-01", "Medallia", "86", "yes"]
    )  # what is no date is asked again
    monkeypatch.setattr(asking.typer, "prompt", lambda *_, **__: next(said, "-"))
    asking.ask(review)
    assert next(one.key for one in review.list_decisions()) == "counts:is_complete"
    (row,) = rows(review, "editions", edition_key="2027")
    assert (row["frame_date"], row["is_synthetic"]) == ("2027-01-01", "yes")


def test_page_takes_a_decision_and_takes_it_back(review):
    client = make_app(review).test_client()
    page = client.get("/", base_url="http://127.0.0.1:8010").text
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    assert "Review of edition 2027: 19 left, 0 taken" in page
    form = {"token": token, "decision": "edition"}
    wrong = form | {f"say:{name}": value for name, value in FACTS.items()} | {
        "say:frame_date": "vandaag"
    }  # fmt: skip
    refused = client.post("/take", data=wrong, base_url="http://127.0.0.1:8010")
    assert refused.status_code == 422
    assert "is no date." in refused.text
    # What was said stays on the page.
    assert 'value="vandaag"' in refused.text
    right = wrong | {"say:frame_date": "2027-01-01", "say:label": "2027", "say:tool": "Medallia",
                     "say:is_synthetic": "yes"}  # fmt: skip
    taken = client.post("/take", data=right, base_url="http://127.0.0.1:8010")
    assert taken.status_code == 303
    assert "18 left, 1 taken" in client.get("/", base_url="http://127.0.0.1:8010").text
    # The same on another page, sent later, changes nothing and says so.
    again = client.post("/take", data=right, base_url="http://127.0.0.1:8010")
    assert again.status_code == 303
    page = client.get("/", base_url="http://127.0.0.1:8010").text
    assert "That is decided already" in page
    assert "still be refused" not in page
    assert client.get("/take", base_url="http://127.0.0.1:8010").status_code == 303
    client.post("/back", data={"token": token}, base_url="http://127.0.0.1:8010")
    assert review.taken_count == 0


@pytest.mark.parametrize(
    ("data", "base_url"),
    [
        ({"decision": "edition"}, "http://127.0.0.1:8010"),
        ({"decision": "edition", "token": "guessed"}, "http://127.0.0.1:8010"),
        ({"decision": "edition"}, "http://elsewhere.example:8010"),
    ],
)
def test_page_listens_to_nobody_else(review, data, base_url):
    client = make_app(review).test_client()
    assert client.post("/take", data=data, base_url=base_url).status_code == 403
    assert review.taken_count == 0
