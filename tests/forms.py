"""A questionnaire as XLSForm, and an export of it as KoBoToolbox writes one."""

import datetime

import openpyxl


def write_xlsform(path):
    """Write a form with groups, a table, a rank, and what no codebook has a place for."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "survey"
    for row in [
        ["type", "name", "label::Nederlands (nl)", "label::English (en)", "required", "relevant",
         "appearance", "calculation"],
        ["start", "begun"],
        ["begin_group", "one", "Deel 1", "Part 1", None, "${consent} = 'yes'"],
        ["select_one yn", "has", "Werkt u?", "Do you?", "yes"],
        ["select_multiple ch", "channels", "Kanalen?", "Channels?", None, "${has} = 'yes'"],
        ["integer", "many", "Hoeveel?", "How many?"],
        ["end_group"],
        ["begin_group", "sat", "Hoe tevreden?", "Satisfied?", None, "${has} != 'no'", "table-list"],
        ["select_one sc", "staff", "Personeel", "Staff"],
        ["select_one sc", "people", "Burgers", "People"],
        ["end_group"],
        ["rank ch", "order", "Rangschik", "Rank"],
        ["date", "since", "Sinds?", "Since?"],
        ["geopoint", "where", "Waar?", "Where?"],
        ["calculate", "sum", None, None, None, None, None, "1 + 1"],
        ["begin_repeat", "person", "Persoon", "Person"],
        ["text", "who", "Wie?", "Who?"],
        ["end_repeat"],
        ["note", "thanks", "Dank", "Thanks"],
    ]:  # fmt: skip
        sheet.append(row)
    sheet.insert_rows(3)
    for column, cell in enumerate(["select_one yn", "consent", "Akkoord?", "Agreed?", "yes"], 1):
        sheet.cell(3, column, cell)
    choices = book.create_sheet("choices")
    for row in [
        ["list_name", "name", "label::Nederlands (nl)", "label::English (en)"],
        ["yn", "yes", "Ja", "Yes"], ["yn", "no", "Neen", "No"],
        ["ch", "web", "Website", "Site"], ["ch", "desk", "Loket", "Desk"],
        ["sc", "1", "Slecht", "Bad"], ["sc", "2", "Goed", "Good"],
    ]:  # fmt: skip
        choices.append(row)
    book.save(path)
    return path


def answer_xlsform(chance, number):
    """Return one row of its export: names of groups and codes, boxes beside the joined cell."""
    began = datetime.datetime(2031, 3, 1, 9, number)
    has = chance.choice(["yes", "no"])
    row = {
        "begun": began.isoformat(),
        "end": (began + datetime.timedelta(minutes=4)).isoformat(),
        "consent": "yes",
        "one/has": has,
        "one/channels": "",
        "one/channels/web": "",
        "one/channels/desk": "",
        "one/many": str(chance.randint(0, 20)),
        "sat/staff": "",
        "sat/people": "",
        "order": " ".join(chance.sample(["web", "desk"], 2)),
        "since": f"2020-01-{1 + number % 28:02}",
        "where": "51.0 4.4 0 0",
        "_id": str(1000 + number),
    }
    if has == "yes":
        chosen = chance.sample(["web", "desk"], chance.randint(1, 2))
        row["one/channels"] = " ".join(chosen)
        row |= {f"one/channels/{code}": str(int(code in chosen)) for code in ("web", "desk")}
        row |= {f"sat/{side}": chance.choice(["1", "2"]) for side in ("staff", "people")}
    return row
