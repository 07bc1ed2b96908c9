"""Who was asked what, in the words of a page."""

from collections import defaultdict
from functools import partial
from typing import Any

from vocabulary.texts import OF_THE_SITE, read_texts

Row = dict[str, Any]


class Routing:
    """Who was asked what, in words."""

    def __init__(self, literals: list[Row], questions: list[Row], labels: list[Row]) -> None:
        self.texts = read_texts(OF_THE_SITE)
        self.numbers = {(q["edition_key"], q["question_key"]): q["number"] for q in questions}
        self.rows = {
            (q["edition_key"], q["question_key"]): q for q in questions if q["parent_question_key"]
        }
        self.keys = {(q["edition_key"], q["question_key"]): q["condition_key"] for q in questions}
        self.labels = {(row["edition_key"], row["option_key"]): row["label"] for row in labels}
        self.clauses: dict[int, dict[int, list[tuple[str, str, bool]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for row in literals:
            literal = (row["question_key"], row["option_code"], row["is_negated"])
            self.clauses[row["condition_key"]][row["clause_number"]].append(literal)

    def describe(self, edition: int, question: str) -> str:
        """Return whom a question was asked."""
        key = self.keys.get((edition, question))
        say = partial(self.texts.say, "universes")
        if key is None:
            return say("everyone")
        clauses = [set(clause) for clause in self.clauses[key].values()]
        common = set.intersection(*clauses)
        rest = [clause - common for clause in clauses if clause - common]
        words = [
            self._describe(edition, question, [option], negated)
            for question, option, negated in sorted(common)
        ]
        if len(rest) == len(clauses):
            words.append(self._describe_either(edition, rest))
        return say("those_who", say("and").join(words))

    def _describe_either(self, edition: int, clauses: list[set[tuple[str, str, bool]]]) -> str:
        """Return alternatives in words; those of one question are told together."""
        alone = {literal for clause in clauses if len(clause) == 1 for literal in clause}
        groups: dict[tuple[str, bool], list[str]] = defaultdict(list)
        matrices: dict[tuple[str, str, bool], int] = defaultdict(int)
        for question, option, negated in sorted(alone):
            row = self.rows.get((edition, question))
            if row:
                label = self.labels.get((edition, f"{question}.{option}"), option)
                matrices[row["number"], label, negated] += 1
            else:
                groups[question, negated].append(option)
        told = [
            self._describe(edition, question, options, negated)
            for (question, negated), options in groups.items()
        ]
        say = partial(self.texts.say, "universes")
        told += [
            say("answered_some_row", number, self._name_answer([label], negated))
            for number, label, negated in matrices
        ]
        told += [
            say("and").join(self._describe(edition, q, [o], n) for q, o, n in sorted(clause))
            for clause in clauses
            if len(clause) > 1
        ]
        return told[0] if len(told) == 1 else say("either", say("or").join(told))

    def list_sources(self, edition: int, question: str) -> list[str]:
        """Return the questions that decide whether this one is asked."""
        key = self.keys.get((edition, question))
        clauses = self.clauses[key].values() if key else ()
        return sorted({literal[0] for clause in clauses for literal in clause})

    def list_targets(self, edition: int, question: str) -> list[str]:
        """Return the questions that this one decides on."""
        return [
            target
            for (where, target) in self.keys
            if where == edition and question in self.list_sources(edition, target)
        ]

    def _describe(self, edition: int, question: str, options: list[str], is_negated: bool) -> str:
        labels = [self.labels.get((edition, f"{question}.{option}"), option) for option in options]
        answer = self._name_answer(labels, is_negated)
        number = self.numbers.get((edition, question), question)
        row = self.rows.get((edition, question))
        if row:
            return self.texts.say("universes", "answered_row", number, row["wording"], answer)
        return self.texts.say("universes", "answered", number, answer)

    def _name_answer(self, labels: list[str], is_negated: bool) -> str:
        *others, last = [f"‘{label}’" for label in labels]
        told = self.texts.say("universes", "or").join(
            [", ".join(others), last] if others else [last]
        )
        return self.texts.say("universes", "other_than", told) if is_negated else told
