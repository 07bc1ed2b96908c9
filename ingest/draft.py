"""The codebook rows of a new export, proposed from what earlier editions know."""

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from rapidfuzz import fuzz, process

from ingest.codebook_tables import CLOSED_TYPES, METADATA_ROLES
from ingest.draft_files import PER_EDITION, Row, Tables, read_tables, write_edition
from ingest.exports import ExportFile, Grid, read_export
from ingest.joined import read_joined
from ingest.matching import KnownQuestion, Match, Target, match_headers, simplify
from ingest.metadata import find_roles
from ingest.problems import InputError, Problem
from ingest.text import to_match_text

DELIMITERS = (";", ",", "|")
NEAR_VALUE = 80
# More answers than this that no list had before are no options, but what people wrote.
MOST_NEW_LABELS = 12
BETRAYED = 80


@dataclass
class Draft:
    """The rows proposed for one edition, and what a reviewer should look at first."""

    matches: list[Match]
    rows: Tables = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        certain = sum(match.is_certain for match in self.matches)
        near = sum(match.target is not None and not match.is_certain for match in self.matches)
        none = len(self.matches) - certain - near
        lines = [
            f"{len(self.matches)} columns: {certain} exactly as before, {near} nearly,"
            f" {none} unknown"
        ]
        for title, found in (
            ("new", self.new),
            ("changed", self.changed),
            ("missing", self.missing),
        ):
            lines.append(f"{title}: {len(found) or 'nothing'}")
            lines.extend(f"  {text}" for text in found)
        return "\n".join(lines)


def draft_edition(folder: Path, layout: ExportFile, *, accept: bool = False) -> Draft:
    """Propose the codebook rows of an edition from its export and write them into `folder`.

    Rows are marked `proposed`; with `accept`, those that are to the letter what an earlier
    edition had are marked `reviewed`. Rows of this edition that somebody reviewed stay as they
    are, unless the edition is a rehearsal: then its rows give way. Raises InputError where the
    export cannot be read, or there is no earlier edition to draw on.
    """
    tables = read_tables(folder)
    grid = read_export(layout)
    edition, key = layout.edition_key, str(layout.edition_key)
    earlier = sorted(
        {row["edition_key"] for row in tables["editions"] if int(row["edition_key"]) < edition}
    )
    if not earlier:
        place = f"edition {edition}: {layout.path.name}"
        what = "The codebook has no earlier edition to draw on."
        raise InputError([Problem(place, what, "Write its rows by hand, as a first edition.")])
    drafter = _Drafter(tables, key, earlier, grid)
    draft = drafter.draft(accept)
    draft.rows["editions"] = [_propose_edition(tables, key, earlier[-1], layout, drafter)]
    write_edition(folder, tables, key, draft.rows)
    return draft


class _Drafter:
    """One export against everything that earlier editions had."""

    def __init__(self, tables: Tables, edition: str, earlier: list[str], grid: Grid) -> None:
        self.tables = tables
        self.edition = edition
        self.earlier = earlier
        self.grid = grid
        self.types = {row["question_key"]: row["type"] for row in tables["questions"]}
        self.before = self._take_last(tables["question_editions"], "question_key")
        self.options = self._take_last(tables["option_editions"], "question_key", "option_code")
        self.items = self._take_last(tables["item_editions"], "question_key", "item_code")
        self.delimiter: str | None = None
        self.betrayed = find_roles(grid)
        self.doubts: list[str] = []
        self.labels: dict[str, str | None] = {}
        self.seen: set[str] = set()

    def _take_last(self, rows: list[Row], *key: str) -> dict[tuple[str, ...], Row]:
        """Return the row of the latest earlier edition, by key."""
        taken = {}
        for row in sorted(rows, key=lambda row: row["edition_key"]):
            if row["edition_key"] in self.earlier:
                taken[tuple(row[column] for column in key)] = row
        return taken

    def draft(self, accept: bool) -> Draft:
        headers = [header for header in self.grid.headers if header is not None]
        matches = match_headers(
            headers, self._list_questions(), self._list_metadata(), self._find_other()
        )
        matches = [self._look_at_values(match) for match in matches]
        self.labels = {match.header: match.label for match in matches}
        draft = Draft(matches)
        draft.rows = {name: [] for name in PER_EDITION}
        self._propose_columns(draft)
        self._propose_questions(draft)
        self._propose_labels(draft)
        self._propose_metadata(draft)
        draft.changed.extend(self.doubts)
        for rows in draft.rows.values():
            for row in rows:
                is_certain = bool(row.pop("_certain"))
                row["review"] = "reviewed" if accept and is_certain else "proposed"
        return draft

    def _list_questions(self) -> list[KnownQuestion]:
        wordings: dict[str, set[str]] = {}
        labels: dict[str, dict[str, str]] = {}
        doubtful: dict[str, set[str]] = {}
        for row in self.tables["question_editions"]:
            if row["edition_key"] in self.earlier:
                wordings.setdefault(row["question_key"], set()).add(simplify(row["wording"]))
        for table, code, label in (
            ("item_editions", "item_code", "wording"),
            ("option_editions", "option_code", "label"),
        ):
            for row in self.tables[table]:
                is_matrix = self.types[row["question_key"]] == "matrix"
                if row["edition_key"] in self.earlier and is_matrix == (code == "item_code"):
                    known = labels.setdefault(row["question_key"], {})
                    if known.setdefault(simplify(row[label]), row[code]) != row[code]:
                        doubtful.setdefault(row["question_key"], set()).add(simplify(row[label]))
        return [
            KnownQuestion(
                key,
                self.types[key],
                frozenset(texts),
                labels.get(key, {}),
                frozenset(doubtful.get(key, ())),
            )
            for key, texts in wordings.items()
        ]

    def _list_metadata(self) -> dict[str, str]:
        return {
            simplify(row["header"]): row["role"]
            for row in self.tables["export_columns"]
            if row["edition_key"] in self.earlier and row["role"] in (*METADATA_ROLES, "ignored")
        }

    def _find_other(self) -> str:
        """How earlier headers end where they ask for an "other, namely" text."""
        endings: Counter[str] = Counter()
        for row in self.tables["export_columns"]:
            option = self.options.get((row["question_key"], row["option_code"]))
            if row["role"] == "other_text" and row["edition_key"] in self.earlier and option:
                _, found, ending = simplify(row["header"]).rpartition(simplify(option["label"]))
                endings[ending.strip()] += bool(found)
        return endings.most_common(1)[0][0] if endings else ""

    def _look_at_values(self, match: Match) -> Match:
        """Give a column that no header explains the role that its values betray."""
        if match.target is not None:
            return match
        role = self.betrayed.get(match.header)
        return replace(match, target=Target(role), score=BETRAYED) if role else match

    def _values(self, header: str) -> list[str]:
        column = self.grid.headers.index(header)
        return [to_match_text(row[column] or "") for row in self.grid.rows if row[column]]

    def _propose_columns(self, draft: Draft) -> None:
        reasons = {
            simplify(row["header"]): row
            for row in self.tables["export_columns"]
            if row["edition_key"] in self.earlier
        }
        privacy = {
            (row["role"], row["question_key"], row["option_code"]): row["privacy"]
            for row in self.tables["export_columns"]
            if row["edition_key"] in self.earlier
        }
        for match in draft.matches:
            target = match.target
            same = reasons.get(simplify(match.header), {})
            if target is None:
                draft.new.append(f"column {match.header!r}: nothing like it before")
            question = (target and target.question_key) or ""
            role = target.role if target else "ignored"
            option = (target and target.option_code) or ""
            if match.label is not None and target and not (target.item_code or option):
                code = self._find_code(match.label)
                option = code if role != "question" else ""
                item = code if role == "question" else ""
                draft.new.append(f"{question}.{code}: {match.label!r}")
            else:
                item = (target and target.item_code) or ""
            draft.rows["export_columns"].append(
                {
                    "edition_key": self.edition,
                    "header": match.header,
                    "role": role,
                    "question_key": question,
                    "item_code": item,
                    "option_code": option,
                    # What nobody has judged yet is kept out of the warehouse.
                    "privacy": (privacy.get((role, question, option)) if target else None)
                    or ("public" if self.types.get(question) in CLOSED_TYPES else "")
                    or same.get("privacy", "personal"),
                    "reason": same.get("reason", ""),
                    "_certain": "yes" if match.is_certain else "",
                }
            )

    def _propose_questions(self, draft: Draft) -> None:
        found: dict[str, Match] = {}
        for match in draft.matches:
            if match.target is not None and match.target.question_key:
                found.setdefault(match.target.question_key, match)
        last = self.earlier[-1]
        for (key,), row in self.before.items():
            if row["edition_key"] == last and key not in found:
                draft.missing.append(f"question {key}: {row['wording']!r}")
        for key, match in found.items():
            # The place of its column: what the draft does not know has room in between.
            position = draft.matches.index(match) + 1
            before = self.before[(key,)]
            is_same = to_match_text(match.wording) == to_match_text(before["wording"])
            if not is_same:
                draft.changed.append(f"{key}: {before['wording']!r} became {match.wording!r}")
            proposed = dict(before)
            proposed.update(
                edition_key=self.edition,
                position=str(position),
                number=match.number or str(position),
                wording=match.wording,
                evidence="drafted",
                # Carried routing is for somebody to look at, however alike the words.
                _certain="yes" if is_same and not before["relevant"] else "",
            )
            for column in ("relevant", "item_relevant"):
                gone = [
                    name
                    for name in re.findall(r"\$\{([a-z0-9_]+)", before[column])
                    if name not in found
                ]
                if gone:
                    proposed["_certain"] = ""
                    names = ", ".join(gone)
                    draft.changed.append(
                        f"{key}: {column} names {names}, which is missing: {before[column]}"
                    )
            draft.rows["question_editions"].append(proposed)

    def _propose_labels(self, draft: Draft) -> None:
        for key in [row["question_key"] for row in draft.rows["question_editions"]]:
            columns = [row for row in draft.rows["export_columns"] if row["question_key"] == key]
            if self.types[key] == "matrix":
                for column in columns:
                    self._propose_item(draft, key, column)
            if self.types[key] in CLOSED_TYPES:
                labels = self._read_labels(key, columns)
                self._propose_options(draft, key, columns, labels)

    def _propose_item(self, draft: Draft, key: str, column: Row) -> None:
        wording = self.labels[column["header"]] or ""
        before = self.items.get((key, column["item_code"]))
        draft.rows["item_editions"].append(
            {
                "edition_key": self.edition,
                "question_key": key,
                "item_code": column["item_code"],
                "wording": wording,
                "_certain": "yes" if before and before["wording"] == wording else "",
            }
        )

    def _read_labels(self, key: str, columns: list[Row]) -> dict[str, str]:
        """Return the label of every option that the export has or may have, by code."""
        known = {
            code: row["label"] for (question, code), row in self.options.items() if question == key
        }
        last = {
            code: label
            for code, label in known.items()
            if self.options[key, code]["edition_key"] == self.earlier[-1]
        }
        if any(column["role"] == "option" for column in columns):
            return {
                row["option_code"]: self.labels.get(row["header"]) or row["header"]
                for row in columns
                if row["role"] == "option"
            }
        values = {
            value
            for column in columns
            if column["role"] in ("question", "options")
            for value in self._values(column["header"])
        }
        if any(column["role"] == "options" for column in columns):
            values = self._split_values(values, set(map(to_match_text, known.values())))
        labels = dict(last)
        self.seen = set()
        codes = {to_match_text(label): code for code, label in known.items()}
        if len(values - set(codes)) > MOST_NEW_LABELS:
            self.doubts.append(f"{key}: too many different answers for a list; is it open now?")
            return labels
        for value in sorted(values):
            near = process.extractOne(value, list(codes), scorer=fuzz.ratio)
            if value in codes:
                code = codes[value]
            elif near and near[1] >= NEAR_VALUE and near[0] not in values:
                code = codes[near[0]]
            else:
                code = self._find_code(value)
            labels[code] = value
            self.seen.add(code)
        return labels

    def _find_code(self, label: str) -> str:
        """Return the code that other questions have for a label, else one made from its words."""
        known = Counter(
            key[1]
            for rows, column in ((self.options, "label"), (self.items, "wording"))
            for key, row in rows.items()
            if simplify(row[column]) == simplify(label)
        )
        return known.most_common(1)[0][0] if known else _make_code(label)

    def _split_values(self, values: set[str], known: set[str]) -> set[str]:
        """Take joined cells apart, by the delimiter with which most can be read."""
        pieces = {text: text for text in known}
        readings = {
            delimiter: [list(read_joined(value, delimiter, pieces)) for value in values]
            for delimiter in DELIMITERS
        }
        best = max(DELIMITERS, key=lambda mark: sum(map(bool, readings[mark])))
        self.delimiter = self.delimiter or best
        found = {piece for ways in readings[best] for way in ways for piece in way}
        for value, ways in zip(values, readings[best], strict=True):
            if not ways:
                rest = value
                for label in sorted(known, key=len, reverse=True):
                    rest = rest.replace(label, "")
                found.update(part.strip() for part in rest.split(best) if part.strip())
        return found

    def _propose_options(
        self, draft: Draft, key: str, columns: list[Row], labels: dict[str, str]
    ) -> None:
        headers = [column["header"] for column in columns if column["role"] == "option"]
        used = {value for header in headers for value in self._values(header)}
        is_marked = bool(used) and used.isdisjoint(map(to_match_text, labels.values()))
        for code, label in labels.items():
            before = self.options.get((key, code))
            is_same = before is not None and to_match_text(before["label"]) == to_match_text(label)
            lineage = "new" if before is None else "kept" if is_same else "renamed"
            if before is not None and not is_same:
                draft.changed.append(f"{key}.{code}: {before['label']!r} became {label!r}")
            row = {"edition_key": self.edition, "question_key": key, "option_code": code}
            is_seen = bool(headers) or code in self.seen
            if not is_seen:
                draft.missing.append(f"option {key}.{code}: nobody chose it; is it still offered?")
            certain = {"_certain": "yes" if is_same and is_seen else ""}
            draft.rows["option_editions"].append(
                {
                    **row,
                    "label": before["label"] if is_same and before else label,
                    "lineage": lineage,
                }
                | certain
            )
            spellings = {label: "yes"}
            if is_marked:
                spellings = {
                    value: "no" if value in ("0", "-") else "yes" for value in sorted(used)
                }
            for spelling, is_selected in spellings.items():
                draft.rows["option_spellings"].append(
                    {**row, "spelling": spelling, "is_selected": is_selected} | certain
                )
        for (question, code), before in self.options.items():
            if question == key and before["edition_key"] == self.earlier[-1] and code not in labels:
                draft.missing.append(f"option {key}.{code}: {before['label']!r}")

    def _propose_metadata(self, draft: Draft) -> None:
        """Read what stands for "completed" from earlier editions, or from who has an end."""
        known = {
            simplify(row["spelling"]): row["value"]
            for row in self.tables["metadata_values"]
            if row["edition_key"] in self.earlier
        }
        roles = {row["role"]: row["header"] for row in draft.rows["export_columns"]}
        if "is_complete" not in roles:
            return
        column = self.grid.headers.index(roles["is_complete"])
        end = self.grid.headers.index(roles["completed_at"]) if "completed_at" in roles else None
        ended = {
            row[column] for row in self.grid.rows if row[column] and end is not None and row[end]
        }
        for value in sorted({row[column] or "" for row in self.grid.rows} - {""}):
            certain = known.get(simplify(value))
            draft.rows["metadata_values"].append(
                {
                    "edition_key": self.edition,
                    "role": "is_complete",
                    "spelling": value,
                    "value": certain or ("yes" if value in ended else "no"),
                    "_certain": "yes" if certain else "",
                }
            )


def _make_code(label: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", simplify(label)).strip("_")
    return words[:40].rstrip("_") or "option"


def _propose_edition(
    tables: Tables, edition: str, last: str, layout: ExportFile, drafter: _Drafter
) -> Row:
    for row in tables["editions"]:
        if row["edition_key"] == edition and row["is_synthetic"] == "no":
            return row
    before = next(row for row in tables["editions"] if row["edition_key"] == last)
    proposed = dict(before)
    # What no export tells is left blank: a build asks for it.
    for column in ("label", "field_start_date", "field_end_date", "frame_date", "tool"):
        proposed[column] = ""
    filled = [row for row in drafter.grid.rows if any(row)]
    proposed.update(
        edition_key=edition,
        is_baseline="no",
        is_synthetic="no",
        source_note="",
        source_file=layout.path.name,
        sheet=drafter.grid.sheet or "",
        encoding=layout.encoding or "",
        delimiter=layout.delimiter or "",
        header_row_count=str(layout.header_row_count),
        option_delimiter=drafter.delimiter or "",
        expected_respondent_count=str(len(filled)),
    )
    return proposed
