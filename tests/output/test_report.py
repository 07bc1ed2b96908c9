"""The report in Word: its numbers, its prose, and what is refused."""

import csv
import re

import duckdb
import pytest
from docx import Document
from typer.testing import CliRunner

from ingest.shared.problems import InputError
from pipeline.cli import app
from publish.report.blocks import Table, fit
from publish.report.drafting import write_template
from publish.report.filling import fill_report
from publish.report.tags import Tags
from publish.site.context import make_site, say_points


@pytest.fixture(scope="module")
def connection(built):
    with duckdb.connect(built.warehouse, read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def site(connection, tmp_path_factory):
    return make_site(connection, tmp_path_factory.mktemp("report"))


def write(path, *paragraphs):
    document = Document()
    document.add_heading("Thema's", 1)
    for words in paragraphs:
        document.add_paragraph(words)
    document.save(path)
    return path


def read(path):
    return [paragraph.text for paragraph in Document(path).paragraphs]


def fill(site, tmp_path, *paragraphs, edition=2027):
    template = write(tmp_path / "sjabloon.docx", *paragraphs)
    filled = fill_report(Tags(site, edition), template, tmp_path / "verslag.docx")
    return filled, read(tmp_path / "verslag.docx")


def test_numbers_are_those_of_the_release_and_the_prose_is_left(site, connection, tmp_path):
    counted, asked, percentage = connection.execute(
        "select selected_count, base_count, percentage from public_release.question_results"
        " where edition_key = 2027 and option_key = 'themes.lgbti' and base = 'municipalities'"
        " and breakdown = 'total'"
    ).fetchone()
    _, words = fill(
        site, tmp_path,
        "In {{ label() }} werkt {{ percent('themes.lgbti') }} ({{ count('themes.lgbti') }} van"
        " {{ base('themes') }}) rond dit thema. De rest schreef ik zelf.",
        "{{ sentence('themes.lgbti', edition=2025, base='respondents') }}",
        "{{ change('coalition_agreement.gender_equality', since=2025) }}",
        "{{ change('themes.armoede') if false else change('cross_service_cooperation.1') }}",
    )  # fmt: skip
    assert words[1] == (
        f"In Oefeneditie 2027 werkt {percentage}% ({counted} van {asked}) rond dit thema."
        " De rest schreef ik zelf."
    )
    # 37 of 67, as published.
    assert words[2] == (
        "55% van de respondenten die de vraag kregen en beantwoordden (N = 67) koos"
        " ‘LGBTI+ personen’ (2025)."
    )
    assert re.fullmatch(
        r"van 20% naar 56%, \+36 procentpunten \(\+\d+ tot \+\d+\), stijging, op de gedeelde basis"
        r" \(N = 49 en 59\)",
        words[3],
    )
    assert words[4].startswith("niet vergelijkbaar: De vraag gaat sinds 2027 over hoe vaak")


def test_blocks_have_numbered_captions_alternative_texts_and_heads_that_come_back(site, tmp_path):
    _, words = fill(
        site, tmp_path,
        "{{p figure('themes') }}", "{{p table('themes') }}", "{{p breakdown('themes') }}",
        "{{p evolution('themes') }}", "{{p response() }}", "{{p municipalities() }}",
        "{{p method() }}", "{{p changed() }}",
    )  # fmt: skip
    captions = [text for text in words if re.match(r"(Tabel|Figuur) ", text)]
    document = Document(tmp_path / "verslag.docx")
    xml = document.element.xml
    assert [len(captions), xml.count("SEQ Tabel"), xml.count("SEQ Figuur")] == [8, 7, 1]
    assert all("geen echte antwoorden" in text or "2025 en 2027" in text for text in captions)
    assert xml.count("w:tblHeader") == 7
    # The picture is of municipalities, and so is what is said instead of it.
    assert 'descr="% van de gemeenten: ' in xml
    assert re.search(r'descr="[^"]*Personen van buitenlandse herkomst \d+%', xml)
    table = document.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == [
        "Antwoord", "respondenten", "%", "N", "gemeenten", "%", "N",
    ]  # fmt: skip
    assert any("namen deel" in text for text in words)


def test_template_of_a_new_document_gets_the_styles_that_it_lacks(site, tmp_path):
    # Word writes a style into a document when it is first used.
    template = write(tmp_path / "sjabloon.docx", "{{p table('has_policy') }}")
    document = Document(template)
    for name in ("Caption", "Table Grid"):
        document.styles[name].delete()
    document.save(template)
    fill_report(Tags(site, 2027), template, tmp_path / "verslag.docx")
    made = Document(tmp_path / "verslag.docx")
    assert made.tables[0].style.name == "Table Grid"
    assert made.tables[0].style.element.xml.count('w:val="single"') == 6
    assert made.paragraphs[1].style.name == "Caption"


def test_every_tag_that_names_nothing_is_told_with_its_place(site, tmp_path):
    paragraphs = (
        "Goed: {{ percent('themes.lgbti') }}.",
        "Fout: {{ percent('themes.lgbtq') }} en {{ percnt('themes.lgbti') }}.",
        "{{p table('theemas') }}",
        "{{p figure('final_remarks') }}",
        "{{ change('themes.lgbti', since=2029) }}",
        "{{ percent('themes.lgbti', base='people') }}",
        "{{ percent('themes.lgbti' }}",
        "Voor {{p figure('themes') }} na",
        "{{ figure('themes') }}",
        "{{p percent('themes.lgbti') }}",
        "{{ percent('themes.lgbti') }",
        "{{ ''.__class__.__mro__ }}",
        "Samen {{ percent }} en {{ 3 }}.",
    )
    with pytest.raises(InputError) as caught:
        fill(site, tmp_path, *paragraphs)
    told = caught.value.tell_all()
    assert len(caught.value.problems) == 14
    for words in (
        "sjabloon.docx, Thema's: \"Fout: ",
        "There is no answer 'themes.lgbtq'. Nearest: 'themes.lgbti'",
        "'percnt' is undefined",
        "asks no question 'theemas'",
        "'final_remarks' is no closed question",
        "There is no base 'people'",
        "words stand beside it: they would be lost",
        "write a p after its braces",
        "write no p after its braces",
        "A tag is not closed, or not opened.",
        "access to attribute '__class__'",
        "It gives no text: a tag has brackets after its name.",
    ):
        assert words in told, words
    assert not (tmp_path / "verslag.docx").exists()


def test_number_that_was_typed_beside_another_is_listed(site, tmp_path):
    filled, _ = fill(
        site, tmp_path,
        "Nu {{ percent('themes.lgbti', edition=2025, base='respondents') }} (vorige keer 48%).",
        "In 2027 zijn het er 76.",
        "Anders dan in 2025 is het {{ percent('themes.lgbti') }} van de 10 themas uit vraag 12.",
    )  # fmt: skip
    assert filled.typed == [
        "Thema's: \"Nu {{ percent('themes.lgbti', edition=2025, base='respondents') }} (vorige keer"
        ' 48%).": 48%, beside 55%'
    ]


def test_percentage_that_was_typed_by_a_table_without_it_is_listed(site, tmp_path):
    filled, _ = fill(
        site, tmp_path,
        "Van elke 10 gaven er 8, dus 99%, geen middelen; 12 zwegen.",
        "{{p table('funding', edition=2025) }}",
        "In 2025 was het nog 98%.",
        "Verderop staat 97%, bij geen tabel.",
        "{{p figure('funding', edition=2025) }}",
        "{{ percent('themes.lgbti', edition=2025) }} is geen 96%.",
    )  # fmt: skip
    told = [words.rpartition(": ")[2] for words in filled.typed]
    assert told == [
        "99%, beside table('funding', edition=2025)",
        "98%, beside table('funding', edition=2025)",
        "97%, beside figure('funding', edition=2025)",
        "96%, beside 59%, figure('funding', edition=2025)",
    ]


def test_head_and_foot_of_a_page_are_looked_at_and_a_loop_is_refused(site, tmp_path):
    template = write(tmp_path / "sjabloon.docx", "Goed.")
    document = Document(template)
    document.sections[0].header.paragraphs[0].text = "{{ label() }}, {{ percnt('themes.lgbti') }}"
    document.sections[0].footer.paragraphs[0].text = "{{ participants() }} gemeenten"
    document.sections[0].footer.add_paragraph("{{p figure('themes') }}")
    document.add_paragraph("{%p for one in ['themes.lgbti'] %}")
    document.save(template)
    with pytest.raises(InputError) as caught:
        fill_report(Tags(site, 2027), template, tmp_path / "verslag.docx")
    told = caught.value.tell_all()
    assert len(caught.value.problems) == 3
    assert "stands in a note or at a page's edge" in told
    assert '(head or foot of the page): "{{ label() }}, ' in told
    assert "\"{%p for one in ['themes.lgbti'] %}\" repeats or leaves out" in told
    document.paragraphs[-1].text = ""
    document.sections[0].header.paragraphs[0].text = "{{ label() }}"
    document.sections[0].footer.paragraphs[1].text = ""
    document.save(template)
    filled = fill_report(Tags(site, 2027), template, tmp_path / "verslag.docx")
    made = Document(tmp_path / "verslag.docx").sections[0]
    assert filled.tag_count == 2
    assert made.header.paragraphs[0].text == "Oefeneditie 2027"
    assert re.fullmatch(r"\d+ gemeenten", made.footer.paragraphs[0].text)


def test_column_of_a_table_is_as_wide_as_its_longest_word():
    table = Table("", ["Antwoord", "respondenten", "%"], [["Ja, er is een plan", "7", "100%"]])
    size, (first, second, third) = fit(table)
    # Twelve letters and four, of 10 points, which take 0.24 mm a point, and 4.5 mm beside them.
    assert size == 10
    assert [second, third] == [pytest.approx(33.3), pytest.approx(14.1)]
    assert first == pytest.approx(150 - 33.3 - 14.1)
    # Of four, 8 points leave the first its 36 mm (4 x 27.54 = 110.2), and 9 do not (121.7).
    assert fit(Table("", ["", *["respondenten"] * 4], []))[0] == 8
    # Where there is no room at all, it keeps them.
    wide = Table("", ["Antwoord", *["respondenten"] * 8], [["", *["49 en 57"] * 8]])
    assert fit(wide) == (7, [pytest.approx(36), *[pytest.approx(14.25)] * 8])
    # What is short stands on one line: eight letters.
    short = fit(Table("", ["", "N"], [["", "49 en 57"]]))
    assert short[1][1] == pytest.approx(8 * 0.24 * 10 + 4.5)


def test_sentence_names_the_row_of_its_matrix_and_one_point_is_one(site, tmp_path):
    _, words = fill(
        site, tmp_path, "{{ sentence('expert_organisations.cavaria.works_with', edition=2025) }}"
    )
    assert words[1].startswith("Çavaria: ")
    assert [say_points(site.texts, value) for value in (-1, 0.6, 1.5, 0)] == [
        "−1 procentpunt", "+1 procentpunt", "+2 procentpunten", "0 procentpunten"
    ]  # fmt: skip


def test_what_changed_since_the_last_report_is_listed(site, tmp_path):
    filled, _ = fill(site, tmp_path, "{{ percent('themes.lgbti') }}", "{{ respondents() }}")
    assert filled.changes == []
    numbers = tmp_path / "verslag-numbers.csv"
    with numbers.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["tag", "value"]
    assert rows[2] == ["respondents()", "84"]
    # What somebody wrote into a report is not lost, nor is the template.
    document = Document(tmp_path / "verslag.docx")
    document.add_paragraph("Met de hand.")
    kept = (tmp_path / "verslag.docx").read_bytes()
    document.save(tmp_path / "verslag.docx")
    for target, told in (("verslag", "was edited since"), ("sjabloon", "the template itself")):
        with pytest.raises(InputError, match=told):
            fill_report(Tags(site, 2027), tmp_path / "sjabloon.docx", tmp_path / f"{target}.docx")
    with pytest.raises(InputError, match="may hold somebody's prose"):
        write_template(site, 2027, tmp_path / "sjabloon.docx")
    (tmp_path / "verslag.docx").write_bytes(kept)
    numbers.write_text(numbers.read_text("utf-8-sig").replace(",84\n", ",83\n"), encoding="utf-8")
    filled, _ = fill(site, tmp_path, "{{ percent('themes.lgbti') }}", "{{ respondents() }}")
    assert filled.changes == [("respondents()", "83", "84")]


def test_every_cell_of_every_block_is_in_the_list_of_numbers(site, connection, tmp_path):
    filled, _ = fill(
        site, tmp_path, "{{p table('staff_for') }}", "{{p breakdown('aldermen') }}",
        "{{p figure('aldermen') }}", "{{p breakdown('aldermen', edition=2025) }}",
        "{{p coded('local_partners', edition=2025) }}", "{{p changed(since=2025) }}",
    )  # fmt: skip
    cells = connection.execute(
        "select percentage, base_count from public_release.question_results"
        " where edition_key = 2027 and question_key = 'staff_for.disability'"
        " and breakdown = 'total' and base = 'municipalities' order by option_position"
    ).fetchall()
    (name,) = (
        name for name in filled.seen
        if name.startswith("table('staff_for')") and "gemeenten" in name and "handicap" in name
    )  # fmt: skip
    # Three answers and their N, in one row for the row of the matrix.
    assert filled.seen[name].replace("*", "") == (
        " | ".join(f"{percentage}%" for percentage, _ in cells) + f" | {cells[0][1]}"
    )
    assert sum(name.startswith("breakdown('aldermen'):") for name in filled.seen) == 5
    assert sum(name.startswith("figure('aldermen')") for name in filled.seen) == 5
    # What differs from the last report in a cell of a table alone is told, and kept.
    numbers = tmp_path / "verslag-numbers.csv"
    text = numbers.read_text("utf-8-sig")
    assert text.count(f"{filled.seen[name]}\n") >= 1
    with numbers.open(encoding="utf-8-sig", newline="") as file:
        listed = [[tag, "x" if tag.endswith(name) else value]
                  for tag, value in csv.reader(file)]  # fmt: skip
    with numbers.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(listed)
    filled, _ = fill(site, tmp_path, "{{p table('staff_for') }}")
    assert [(was, now) for tag, was, now in filled.changes if tag == name] == [
        ("x", filled.seen[name])
    ]
    assert ",x," in (tmp_path / "verslag-changes.csv").read_text("utf-8-sig")


def test_what_may_not_be_published_is_not_given(site, connection, tmp_path):
    (option,) = connection.execute(
        "select option_key from public_release.question_results where edition_key = 2027"
        " and suppression is not null and breakdown = 'total' and base = 'municipalities' limit 1"
    ).fetchone()
    _, words = fill(
        site, tmp_path, f"{{{{ percent('{option}') }}}}", f"{{{{ count('{option}') }}}}"
    )
    assert words[1:] == ["afgeschermd", "afgeschermd"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["2027", "--to", "x.docx"], "Give a --template, or --draft"),
        (["2027", "--draft", "--to", "x.pdf"], "--to a .docx"),
        (["2031", "--draft", "--to", "x.docx"], "has no edition 2031"),
    ],
)
def test_command_that_cannot_be_meant_is_refused(built, options, told):
    outcome = CliRunner().invoke(app, ["report", *options, "--warehouse", str(built.warehouse)])
    assert outcome.exit_code == 1
    assert told in outcome.output


def test_what_is_no_word_document_is_refused(site, tmp_path):
    (tmp_path / "sjabloon.docx").write_text("geen Word", encoding="utf-8")
    with pytest.raises(InputError, match=re.escape("It is no Word document (.docx).")):
        fill_report(Tags(site, 2027), tmp_path / "sjabloon.docx", tmp_path / "verslag.docx")
