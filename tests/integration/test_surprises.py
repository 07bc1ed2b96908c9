"""What an export holds that the codebook does not expect: one for each kind of surprise."""


def rewrite(path, old, new):
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8-sig")


def test_renamed_column_of_a_later_edition_stops_the_build(whole_survey):
    rewrite(whole_survey.exports / "gelijkekansen_2029.csv", "V5 Werkt je", "V5 Werkte je")
    refusal = whole_survey.refusal()
    assert "edition 2029: gelijkekansen_2029.csv, cell K1" in refusal
    assert "The codebook has no column 'V5 Werkte je lokaal bestuur" in refusal


def test_option_that_was_dropped_from_the_codebook_stops_the_build(whole_survey):
    for name in ("option_spellings", "option_editions"):
        whole_survey.edit(
            f"codebook/{name}.csv",
            lambda rows: [
                row
                for row in rows
                if (row["edition_key"], row["question_key"], row["option_code"])
                != ("2029", "themes", "poverty")
            ],
        )
    refusal = whole_survey.refusal()
    assert "edition 2029: gelijkekansen_2029.csv, cells M2, M4, M8 and 23 more\n" in refusal
    assert "Armoede en sociale uitsluiting" in refusal


def test_reused_option_code_is_refused(whole_survey):
    def reuse(rows):
        for row in rows:
            if (row["edition_key"], row["question_key"], row["option_code"]) == (
                "2029",
                "themes",
                "poverty",
            ):
                row["label"] = "Dierenwelzijn"

    whole_survey.edit("codebook/option_editions.csv", reuse)
    refusal = whole_survey.refusal()
    assert "codebook: codebook/option_editions.csv, row " in refusal
    assert "themes.poverty is kept in 2029, but its label changed from Armoede" in refusal

    def call_it_new(rows):
        for row in rows:
            if row["label"] == "Dierenwelzijn":
                row["lineage"] = "new"

    whole_survey.edit("codebook/option_editions.csv", call_it_new)
    assert (
        'themes.poverty is new in 2029, but its code stood for "Armoede en sociale uitsluiting"'
        in whole_survey.refusal()
    )


def test_split_option_without_its_origin_is_refused(whole_survey):
    whole_survey.edit("codebook/option_lineage.csv", lambda rows: rows[1:])
    refusal = whole_survey.refusal()
    assert "funding.subsidies_flanders is split in 2027 without the rows" in refusal


def test_joined_cell_is_read_in_one_way_or_refused(other_survey):
    path = other_survey.exports / "fietsen_2026.csv"
    path.write_text(
        "Volledig,Waar werk je?,Zijn er dienstfietsen?,Welke?,Komen er?\n"
        'volledig,Nieuwstad,Ja,"Rood, Wit",Ja\nvolledig,Cefeld,Ja,Rood,Ja\n'
    )
    other_survey.set(
        "codebook/editions.csv", 3, option_delimiter=",", expected_respondent_count="2"
    )

    def join(rows):
        kept = [
            row
            for row in rows
            if row["edition_key"] != "2026" or row["role"] in ("is_complete", "question")
        ]
        return [*kept, {**kept[-1], "header": "Welke?", "role": "options", "question_key": "kinds"}]

    other_survey.edit("codebook/export_columns.csv", join)
    labels = {"city": "Rood", "electric": "Wit", "none": "Rood, Wit"}

    def relabel(rows):
        for row in rows:
            if row["edition_key"] == "2026" and row["option_code"] in labels:
                row["spelling"] = labels[row["option_code"]]

    other_survey.edit("codebook/option_spellings.csv", relabel)
    # The whole cell is a spelling, and two spellings joined: nobody knows which was meant.
    assert "'Welke?' can be read in several ways: 'Rood, Wit' or 'Rood' + 'Wit'." in (
        other_survey.refusal()
    )
    path.write_text(path.read_text().replace('"Rood, Wit"', '"Wit, Rood, Rood,"'))
    rows = other_survey.load().execute(
        "select option_code from raw.cell_options"
        " where edition_key = 2026 and match_text = 'Wit, Rood, Rood,' order by 1"
    )
    assert rows.fetchall() == [("city",), ("electric",)]
    # The same list with a wider space is the same list.
    lines = path.read_text().splitlines()
    lines.append(next(line for line in lines if "Wit, Rood" in line).replace("Wit, R", "Wit,  R"))
    path.write_text("\n".join(lines))
    assert other_survey.load().execute(
        "select count(*) from raw.cell_options"
        " where edition_key = 2026 and match_text = 'Wit, Rood, Rood,'"
    ).fetchone() == (2,)
    path.write_text(path.read_text().replace('"Wit, Rood, Rood,"', '"Rood, Zwart"'))
    assert "holds 'Zwart', which is no option" in other_survey.refusal()


def test_empty_list_is_refused_as_it_stands(other_survey):
    from ingest.exports.joined import JSON, find_unread, separate

    assert separate('["Rood", null, "Wit"]', JSON)[0].split("\x1f") == ["Rood", "Wit"]
    # Then the cell is told as it stands, so that it can be declared to mean no answer.
    assert find_unread(*separate("[]", JSON), {}) == []
