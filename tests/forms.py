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


def make_qualtrics():
    """A survey of five questions: one skips to the end, one hangs on it, one on another thing."""

    def question(number, tag, kind, selector, choices, **more):
        payload = {
            "QuestionID": f"QID{number}", "DataExportTag": tag, "QuestionText": f"<b>{tag}?</b>",
            "QuestionType": kind, "Selector": selector,
            "Choices": {str(n): {"Display": text} for n, text in enumerate(choices, 1)},
            "ChoiceOrder": [str(n) for n in range(1, len(choices) + 1)],
        }  # fmt: skip
        return {"Element": "SQ", "Payload": payload | more}

    def logic(*conditions):
        return {"0": {str(n): one for n, one in enumerate(conditions)} | {"Type": "If"},
                "Type": "BooleanExpression"}  # fmt: skip

    def selected(number, choice, operator="Selected", **more):
        return {"LogicType": "Question", "QuestionID": f"QID{number}", "Operator": operator,
                "ChoiceLocator": f"q://QID{number}/SelectableChoice/{choice}"} | more  # fmt: skip

    blocks = {
        "0": {"Type": "Default", "ID": "BL_1", "Description": "Begin", "BlockElements": [
            {"Type": "Question", "QuestionID": f"QID{n}"} for n in (1, 2, 3)]},
        "1": {"Type": "Standard", "ID": "BL_2", "Description": "Rest", "BlockElements": [
            {"Type": "Question", "QuestionID": f"QID{n}"} for n in (4, 5, 6, 7)]},
        "2": {"Type": "Trash", "ID": "BL_3", "Description": "Trash", "BlockElements": []},
    }  # fmt: skip
    number = {"Settings": {"ContentType": "ValidNumber"}}
    return {"SurveyElements": [
        {"Element": "BL", "Payload": blocks},
        {"Element": "FL", "Payload": {"Flow": [
            {"Type": "Block", "ID": "BL_1"},
            {"Type": "Branch", "BranchLogic": logic(selected(1, 1)),
             "Flow": [{"Type": "Standard", "ID": "BL_2"}]},
        ]}},
        question(1, "Has", "MC", "SAVR", ["Yes", "No"], RecodeValues={"1": "1", "2": "0"},
                 Validation={"Settings": {"ForceResponse": "ON"}}),
        question(2, "Kinds", "MC", "MAVR", ["A", "B"], SkipLogic=[
            {"ChoiceLocator": "q://QID2/SelectableChoice/2", "Condition": "NotSelected",
             "SkipToDestination": "ENDOFBLOCK"}]),
        question(3, "Many", "TE", "SL", [], Validation=number),
        question(4, "Sat", "Matrix", "Likert", ["Staff", "People"], SubSelector="SingleAnswer",
                 Answers={"1": {"Display": "Bad"}, "2": {"Display": "Good"}}),
        question(5, "Points", "CS", "VRTL", ["X", "Y"],
                 DisplayLogic=logic(
                     {"LogicType": "Question", "QuestionID": "QID3", "Operator": "GreaterThan",
                      "LeftOperand": "q://QID3/ChoiceTextEntryValue", "RightOperand": "3"},
                     selected(2, 1, "NotSelected", Conjuction="Or"))),
        question(6, "Why", "TE", "ML", [], DisplayLogic=logic(
            {"LogicType": "EmbeddedField", "Description": "If <b>Language</b> is NL"})),
        question(7, "Draw", "Draw", "Signature", []),
    ]}  # fmt: skip
