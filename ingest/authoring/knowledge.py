"""What the editions before a new one know of questions, options and columns."""

from collections import Counter
from dataclasses import dataclass
from itertools import chain

from ingest.authoring.draft_files import Row, Tables
from ingest.authoring.matching import KnownQuestion, simplify
from ingest.shared.text import to_match_text
from vocabulary.lists import AnswerRole, MetadataRole
from vocabulary.types import TRAITS, QuestionType, Traits


@dataclass(frozen=True)
class Knowledge:
    """The rows of all earlier editions, and of each thing the row of the latest that has it."""

    edition: str
    earlier: list[str]
    types: dict[str, QuestionType]
    questions: dict[str, Row]
    items: dict[tuple[str, str], Row]
    options: dict[tuple[str, str], Row]
    tables: Tables

    @property
    def last(self) -> str:
        """The edition just before."""
        return self.earlier[-1]

    def find_traits(self, question: str) -> Traits:
        """Return what follows from a question's type; of none, what follows from nothing."""
        return TRAITS[self.types[question]] if question in self.types else Traits()


def gather_knowledge(tables: Tables, edition: int) -> Knowledge:
    """Return what is known before an edition; `earlier` is empty where that is nothing."""
    keys = {row["edition_key"] for row in tables["editions"]}
    earlier = sorted((key for key in keys if int(key) < edition), key=int)
    before = {
        name: [row for row in rows if row.get("edition_key") in earlier]
        for name, rows in tables.items()
    }

    def take_last(name: str, *columns: str) -> dict[tuple[str, ...], Row]:
        rows = sorted(before[name], key=lambda row: int(row["edition_key"]))
        return {tuple(row[column] for column in columns): row for row in rows}

    return Knowledge(
        edition=str(edition),
        earlier=earlier,
        types={row["question_key"]: QuestionType(row["type"]) for row in tables["questions"]},
        questions={
            key: row for (key,), row in take_last("question_editions", "question_key").items()
        },
        items={
            (question, item): row
            for (question, item), row in take_last(
                "item_editions", "question_key", "item_code"
            ).items()
        },
        options={
            (question, option): row
            for (question, option), row in take_last(
                "option_editions", "question_key", "option_code"
            ).items()
        },
        tables=before,
    )


def list_questions(known: Knowledge) -> list[KnownQuestion]:
    """Return every question with all the wordings and labels that it had."""
    wordings: dict[str, set[str]] = {}
    for row in known.tables["question_editions"]:
        wordings.setdefault(row["question_key"], set()).add(simplify(row["wording"]))
    labels: dict[str, dict[str, str]] = {}
    doubtful: dict[str, set[str]] = {}
    for table, code, label in (
        ("item_editions", "item_code", "wording"),
        ("option_editions", "option_code", "label"),
    ):
        for row in known.tables[table]:
            question = row["question_key"]
            # Below the header of a matrix stand its rows, below another its options.
            if known.find_traits(question).has_rows == (code == "item_code"):
                own = labels.setdefault(question, {})
                if own.setdefault(simplify(row[label]), row[code]) != row[code]:
                    doubtful.setdefault(question, set()).add(simplify(row[label]))
    return [
        KnownQuestion(
            key,
            known.types[key],
            frozenset(texts),
            labels.get(key, {}),
            frozenset(doubtful.get(key, ())),
        )
        for key, texts in wordings.items()
    ]


def list_metadata(known: Knowledge) -> dict[str, str]:
    """Return the headers of columns that hold no answers, simplified, with their roles."""
    return {
        simplify(row["header"]): row["role"]
        for row in known.tables["export_columns"]
        if row["role"] in (*MetadataRole, AnswerRole.IGNORED)
    }


def find_other(known: Knowledge) -> str:
    """Return how headers end where they ask for an "other, namely" text."""
    endings: Counter[str] = Counter()
    for row in known.tables["export_columns"]:
        option = known.options.get((row["question_key"], row["option_code"]))
        if row["role"] == AnswerRole.OTHER_TEXT and option:
            _, found, ending = simplify(row["header"]).rpartition(simplify(option["label"]))
            endings[ending.strip()] += bool(found)
    return endings.most_common(1)[0][0] if endings else ""


def find_code(known: Knowledge, label: str) -> str | None:
    """Return the code that most questions have for a label, as an option or as a row."""
    labelled = chain(
        ((code, row["label"]) for (_, code), row in known.options.items()),
        ((code, row["wording"]) for (_, code), row in known.items.items()),
    )
    codes = Counter(code for code, text in labelled if simplify(text) == simplify(label))
    return codes.most_common(1)[0][0] if codes else None


def list_spellings(tables: Tables, question: str) -> dict[str, str]:
    """Return the texts that stood for one option of a question in every edition, with its code."""
    codes: dict[str, set[str]] = {}
    for row in tables["option_spellings"]:
        if row["question_key"] == question and row["option_code"] and row["is_selected"] == "yes":
            codes.setdefault(to_match_text(row["spelling"]), set()).add(row["option_code"])
    return {text: own.pop() for text, own in codes.items() if len(own) == 1}
