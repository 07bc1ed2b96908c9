"""A codebook of a research file in DDI-Codebook 2.5."""

from pathlib import Path
from xml.etree import ElementTree

import pandas as pd

from publish.reading import Row
from publish.speaking import spoken
from vocabulary.lists import State

DDI = "ddi:codebook:2_5"
# A variable tells apart why there is no answer; SPSS treats all four as missing.
MISSING = {
    State.NOT_SHOWN: -1,
    State.SKIPPED: -2,
    State.NOT_REACHED: -3,
    State.OFF_ROUTE: -4,
}


def label_missing() -> dict[int, str]:
    """Return what the codes for no answer are called."""
    texts = spoken()["states"]
    return {code: texts[state] for state, code in MISSING.items()}


def write_ddi(frame: pd.DataFrame, variables: dict[str, Row], path: Path, edition: Row) -> None:
    """Write a codebook in DDI-Codebook 2.5: variables, questions, universes, categories."""
    ElementTree.register_namespace("", DDI)

    def add(
        parent: ElementTree.Element, tag: str, text: str | None = None, **more: str
    ) -> ElementTree.Element:
        element = ElementTree.SubElement(parent, f"{{{DDI}}}{tag}", more)
        element.text = text
        return element

    book = ElementTree.Element(f"{{{DDI}}}codeBook", {"version": "2.5"})
    study = add(book, "stdyDscr")
    citation = add(study, "citation")
    add(add(citation, "titlStmt"), "titl", edition["label"])
    info = add(study, "stdyInfo")
    if edition["source_note"]:
        add(info, "abstract", edition["source_note"])
    summary = add(info, "sumDscr")
    for event in ("start", "end"):
        add(summary, "collDate", date=f"{edition[f'field_{event}_date']}", event=event)
    data = add(book, "dataDscr")
    for name, variable in variables.items():
        weight = {"wgt": "wgt"} if variable.get("is_weight") else {}
        element = add(data, "var", ID=f"V_{name}", name=name, **weight)
        add(element, "labl", variable["label"])
        # What it is called in the warehouse, where SPSS could not take that name.
        if variable["key"] != name:
            add(element, "notes", variable["key"], type="key in the warehouse")
        if variable["question"]:
            add(add(element, "qstn"), "qstnLit", variable["question"])
            add(element, "universe", variable["universe"])
        if variable["values"] or variable.get("has_codes"):
            counts = frame[name].value_counts()
            missing = label_missing()
            for code, text in (variable["values"] | missing).items():
                more = {"missing": "Y"} if code in missing else {}
                category = add(element, "catgry", **more)
                add(category, "catValu", str(code))
                add(category, "labl", text)
                add(category, "catStat", str(counts.get(code, 0)), type="freq")
    tree = ElementTree.ElementTree(book)
    ElementTree.indent(tree)
    tree.write(path, encoding="utf-8", xml_declaration=True)
