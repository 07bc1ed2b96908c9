"""What the tags of a report give: numbers and sentences with their base, tables, figures.

Only what may be published is read: a figure that is withheld is given as withheld.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from ingest.shared.problems import name_candidates
from publish.charts import Heading
from publish.describing import (
    INDICATIVE,
    has_few,
    list_sides,
    say_caution,
    say_instead,
    say_share,
    say_shares,
)
from publish.reading import Row, read_rows
from publish.report.blocks import Block, Figure, Table
from publish.site.context import Site, say_points, say_scale, sign, sign_end
from publish.site.movements import count_by_chance
from publish.site.response import read_rates
from publish.site.results import describe_block, draw_block
from publish.speaking import name_row, say_day, say_outcome, say_reasons, say_verdict
from vocabulary.lists import Breakdown, Verdict
from vocabulary.texts import capitalize_first
from vocabulary.thresholds import FEW_BASE_COUNT

MUNICIPALITIES = """
    select name, postal_code, population, size_category_label, province
    from public_release.municipalities
    left join (
        select nis_code, min(postal_code) as postal_code from codebook.postal_codes group by all
    ) using (nis_code)
    where edition_key = ? and is_participating order by name
"""


class TagError(ValueError):
    """A tag that names nothing; says what may have been meant."""


@dataclass
class Tags:
    """The tags of one edition's report; those without an edition of their own are of it."""

    site: Site
    edition: int

    def list_all(self) -> dict[str, Callable[..., Any]]:
        """Return every tag by its name."""
        names = (
            *("count", "percent", "base", "mean", "sentence", "change", "why"),
            *("respondents", "completed", "participants", "frame", "rate", "label"),
            *("table", "figure", "breakdown", "evolution", "municipalities", "response"),
            *("coded", "method", "changed"),
        )
        return {name: getattr(self, name) for name in names}

    def list_years(self) -> set[str]:
        """Return what editions are called by, which is no figure."""
        return {str(row["edition_key"]) for row in self.site.survey.editions}

    # Numbers and sentences.

    def count(self, option: str, edition: int | None = None, base: str = "") -> str:
        """Return how many chose an option."""
        return self._give(self._find(option, edition, base), "selected_count")

    def percent(self, option: str, edition: int | None = None, base: str = "") -> str:
        """Return which part of who answered chose it, in whole percents."""
        return self._give(self._find(option, edition, base), "percentage", "%")

    def base(self, question: str, edition: int | None = None, base: str = "") -> str:
        """Return how many answered a question."""
        rows = self._list(question, edition, base)
        return self._give(max(rows, key=lambda row: row["base_count"] or 0), "base_count")

    def mean(self, question: str, edition: int | None = None) -> str:
        """Return the mean of a scale, with its interval, median and base."""
        scales = self.site.scales[edition or self.edition, question]
        if not scales:
            raise TagError(f"{question!r} is no scale with a mean that may be published.")
        return " ".join(
            say_scale(self.site.texts, scale) + self._mark(scale["is_indicative"])
            for scale in scales
        )

    def sentence(self, option: str, edition: int | None = None, base: str = "") -> str:
        """Return a share in words, with its base, and that it is indicative where it is."""
        row = self._find(option, edition, base)
        asked = self._question(row["question_key"], edition)
        of_row = f"{asked['wording']}: " if asked["parent_question_key"] else ""
        if row["suppression"]:
            return f"{of_row}{row['option_label']}: {self._say('site', 'withheld')}"
        words = self.site.texts["bases"][row["base"]]
        mark = self._mark(row["is_indicative"])
        if edition not in (None, self.edition):
            mark = f" ({self._edition(edition)['edition_name']}){mark}"
        few = say_instead(self.site.texts, row)
        share = row["selected_count"] if few else f"{row['percentage']}%"
        return of_row + self._say("report", "sentence", share, words, row["base_count"],
                                  row["option_label"], mark)  # fmt: skip

    def change(self, option: str, since: int | None = None, base: str = "") -> str:
        """Return what became of a share since an edition before, or why that is not said."""
        row = self._compare(option, since, base)
        texts = self.site.texts
        outcome = say_outcome(texts, row)
        if row["suppression"]:
            return outcome
        if row["verdict"] == Verdict.NOT_COMPARABLE:
            return f"{outcome}: {say_reasons(row['reasons'])}"
        told = [say_shares(texts, row)]
        if not has_few(row):
            told.append(say_points(texts, 100 * row["change"]) + self._interval(row))
        return f"{', '.join([*told, outcome])} (N = {self._counts(row)})"

    def why(self, option: str, since: int | None = None, base: str = "") -> str:
        """Return why a share can or cannot be held against that of an edition before."""
        return say_reasons(self._compare(option, since, base)["reasons"])

    def respondents(self, edition: int | None = None) -> str:
        """Return how many respondents count."""
        return str(self._edition(edition)["respondent_count"])

    def completed(self, edition: int | None = None) -> str:
        """Return how many of them reached the end."""
        return str(self._edition(edition)["complete_count"])

    def participants(self, edition: int | None = None) -> str:
        """Return how many municipalities took part."""
        return str(self._rate(edition)["participating_count"])

    def frame(self, edition: int | None = None) -> str:
        """Return how many municipalities could take part."""
        return str(self._rate(edition)["frame_count"])

    def rate(self, edition: int | None = None) -> str:
        """Return which part of them took part, in whole percents."""
        return f"{self._rate(edition)['percentage']}%"

    def label(self, edition: int | None = None) -> str:
        """Return what an edition is called."""
        return str(self._edition(edition)["label"])

    # Blocks: what stands in paragraphs of its own.

    def table(self, question: str, edition: int | None = None) -> Block:
        """Return the answers of a question on every base; of a matrix a table for each base."""
        block = self._block(question, edition)
        if block["is_matrix"]:
            return Block([self._cross(block, base) for base in self.site.survey.bases])
        texts, bases = self.site.texts, self.site.survey.bases
        heads = [self._say("page", "answer"), *(
            head for base in bases for head in (texts["bases"][base], "%", "N")
        )]  # fmt: skip
        rows = [
            [row["label"], *(cell for base in bases for cell in self._cells(row[base]))]
            for row in block["tables"][0]["rows"]
        ]
        name = self.site.name(self._question(question, edition))
        caption = self._caption(name, block["edition"], block["takes_several"])
        return Block([self._table(caption, heads, rows)])

    def figure(self, question: str, edition: int | None = None) -> Block:
        """Return the chart of a question, as the site draws it."""
        block = self._block(question, edition)
        base = self.site.texts["bases"][self.site.survey.bases[-1]]
        told = [self._caption(block["label"], block["edition"]), f"{capitalize_first(base)}."]
        caption = " ".join(filter(None, [*told, block["marks_mean"]]))
        draw = partial(draw_block, self.site, block, Heading("", ()))
        shown = [
            [_name_table(block, table) + ", " + row["label"],
             self._share(row[self.site.survey.bases[-1]])]
            for table in block["tables"] for row in table["rows"]
        ]  # fmt: skip
        return Block([Figure(caption, draw, block["summary"], shown)])

    def breakdown(
        self, question: str, by: str = Breakdown.SIZE_CATEGORY, edition: int | None = None
    ) -> Block:
        """Return a question by size category or by province, in municipalities."""
        tables = []
        block = self._block(question, edition)
        for table in block["tables"]:
            for one in table["breakdowns"]:
                if one["kind"] == by:
                    rows = [
                        [label, *(self._say_level(cells[level]) for level in one["levels"])]
                        for label, cells in one["rows"].items()
                    ]
                    heads = [self._say("page", "answer"), *one["levels"]]
                    words = self.site.texts["breakdowns"][by]
                    name = f"{_name_table(block, table)}, {words}"
                    caption = self._caption(name, block["edition"], block["takes_several"])
                    tables.append(self._table(caption, heads, rows))
        if not tables:
            raise TagError(f"{question!r} has no breakdown {by!r}: size_category or province.")
        return Block(tables)

    def evolution(self, question: str, since: int | None = None) -> Block:
        """Return what became of every answer to a question since an edition before."""
        rows = [row for row in self._list_compared(since, "") if row["question_key"] == question]
        if not rows:
            raise TagError(f"{question!r} is in no comparison with an edition before.")
        heads = self._head_change(rows)
        was, now = heads[1:3]
        verdict = next(
            pair for pair in self.site.survey.compare(question)
            if (pair["from_edition_key"], pair["to_edition_key"])
            == (rows[0]["from_edition_key"], self.edition)
        )  # fmt: skip
        mark = self._not_real(self._edition(None))
        caption = f"{self._name(question)}, {was} {self._say('report', 'and')} {now}{mark}: "
        table = Table(caption + say_verdict(self.site.texts, verdict), heads,
                      [self._say_change(row) for row in rows])  # fmt: skip
        return Block([table])

    def municipalities(self) -> Block:
        """Return which municipalities took part, with postal code, inhabitants and size."""
        rows = read_rows(self.site.connection, MUNICIPALITIES, self.edition)
        heads = [self._say("report", name) for name in
                 ("municipality", "postal_code", "population", "size", "province")]  # fmt: skip
        cells = [["" if cell is None else str(cell) for cell in row.values()] for row in rows]
        return Block([Table(self._caption(self._say("report", "participants"),
                                          self._edition(None)), heads, cells)])  # fmt: skip

    def response(self) -> Block:
        """Return who took part, by size category and by province."""
        rows = self._list_rates(self.edition)
        heads = [self._say("page", name) for name in
                 ("group", "took_part_count", "in_the_frame", "rate")]  # fmt: skip
        table = Table(
            self._caption(self._say("page", "response"), self._edition(None)), heads,
            [
                [self.site.texts["breakdowns"][Breakdown.TOTAL]
                 if row["breakdown"] == Breakdown.TOTAL else row["level"],
                 str(row["participating_count"]), str(row["frame_count"]),
                 f"{row['percentage']}%"]
                for row in rows
            ],
        )  # fmt: skip
        return Block([table])

    def coded(self, question: str, edition: int | None = None) -> Block:
        """Return the open answers to a question, by their codes, the most frequent first."""
        asked, own = self._question(question, edition), self._edition(edition)
        rows = [
            row for row in self.site.coded[question,] if row["edition_key"] == own["edition_key"]
        ]
        if not rows:
            return Block([], self._say("report", "nothing_coded"))
        rows.sort(key=lambda row: -row["selected_count"])
        heads = [self._say("report", "code"), self._say("page", "count"), "%", "N"]
        cells = [self._cells({**row, "suppression": None}, row["code_label"]) for row in rows]
        caption = self._caption(asked["wording"], own)
        note = self._say("page", "coded_means", rows[0]["base_count"])
        return Block([self._table(caption, heads, cells, note)])

    def method(self) -> Block:
        """Return who was asked, when, how many answered, and how the figures are to be read."""
        edition, rate = self._edition(None), self._rate(None)
        days = (say_day(self.site.texts, edition[name]) for name in
                ("field_start_date", "field_end_date"))  # fmt: skip
        told = [
            self._say("report", "fieldwork", *days, edition["respondent_count"],
                      edition["complete_count"]),
            self._say("page", "took_part", rate["participating_count"], rate["frame_count"],
                      rate["percentage"]),
            self._say("page", "base_means"),
            self._say("page", "two_bases_means"),
            self._say("page", "indicative_means"),
            self._say("page", "withheld_means"),
            self._say("page", "about_figures"),
        ]  # fmt: skip
        if edition["is_synthetic"]:
            told.insert(
                0, f"{self._say('page', 'not_real')} {edition['source_note'] or ''}".strip()
            )
        return Block([], *told)

    def changed(self, since: int | None = None) -> Block:
        """Return what rose and what fell since an edition before, and how much of it is chance."""
        compared = self._list_compared(since, "")
        heads = [self._say("page", "question"), *self._head_change(compared)]
        tables = []
        for verdict, words in ((Verdict.INCREASE, "moved_up"), (Verdict.DECREASE, "moved_down")):
            found = [row for row in compared if row["verdict"] == verdict]
            found.sort(key=lambda row: -abs(row["change"]))
            rows = [[self._name(row["question_key"]), *self._say_change(row)] for row in found]
            if rows:
                caption = f"{self._say('page', words)}: {heads[2]} {self._say('report', 'and')}"
                tables.append(Table(f"{caption} {heads[3]}.", heads, rows))
        count = count_by_chance(self.site)[compared[0]["from_edition_key"], self.edition]
        numbers = (count[name] for name in ("tested", "found", "chance"))
        told = [self._say("site", "by_chance", *numbers),
                self._say("site", "by_chance_q", count["lasting"]),
                self._say("site", "by_chance_means")]  # fmt: skip
        return Block(tables, *told)

    # What the tags are made of.

    def _cross(self, block: Row, base: str) -> Table:
        """Return a matrix as one table: its rows by its options, in percents, with their N."""
        options = dict.fromkeys(row["label"] for table in block["tables"] for row in table["rows"])
        rows = []
        for table in block["tables"]:
            cells = {row["label"]: row[base] for row in table["rows"]}
            count = table["counts"][base]
            rows.append([
                table["label"],
                *(self._share(cells[one]) if one in cells else "–" for one in options),
                "–" if count is None else str(count),
            ])  # fmt: skip
        heads = [self._say("page", "row"), *options, "N"]
        name = f"{block['label'].rstrip(' .:')}, {self.site.texts['bases'][base]}"
        caption = self._caption(name, block["edition"], block["takes_several"])
        return self._table(caption, heads, rows)

    def _say(self, name: str, code: str, *arguments: object) -> str:
        return self.site.texts.say(name, code, *arguments)

    def _mark(self, is_indicative: bool | None) -> str:
        return f" ({self._say('site', 'indicative')})" if is_indicative else ""

    def _give(self, row: Row, name: str, unit: str = "") -> str:
        return self._say("site", "withheld") if row[name] is None else f"{row[name]}{unit}"

    def _cells(self, row: Row, *first: str) -> list[str]:
        if row["suppression"]:
            return [*first, self._say("site", "withheld"), "–", "–"]
        if not row["base_count"]:
            return [*first, "–", "–", "0"]
        return [*first, str(row["selected_count"]), self._share(row), str(row["base_count"])]

    def _share(self, row: Row) -> str:
        """Return a share, marked where it is indicative; or what stands for it."""
        mark = INDICATIVE if row["is_indicative"] and row["base_count"] >= FEW_BASE_COUNT else ""
        return say_share(self.site.texts, row) + mark

    def _say_level(self, row: Row) -> str:
        instead = say_instead(self.site.texts, row)
        return instead or f"{self._share(row)} ({self._say('page', 'of', row['base_count'])})"

    def _head_change(self, rows: list[Row]) -> list[str]:
        editions = rows[0]["from_edition_key"], self.edition
        return [self._say("page", "answer"), *map(self.site.survey.name, editions),
                self._say("page", "change"), "N", self._say("report", "verdict")]  # fmt: skip

    def _say_change(self, row: Row) -> list[str]:
        if row["suppression"]:
            return [row["option_label"], *[self._say("site", "withheld")] * 2, "–", "–", "–"]
        shares = self._shares(row)
        outcome = say_outcome(self.site.texts, row)
        if say_caution(self.site.texts, row):
            outcome += f": {say_reasons(row['reasons'])}"
        if row["verdict"] == Verdict.NOT_COMPARABLE:
            return [row["option_label"], *shares, "–", "–", outcome]
        change = sign(100 * row["change"]) + self._interval(row)
        return [row["option_label"], *shares, change, self._counts(row), outcome]

    def _shares(self, row: Row) -> list[str]:
        return [say_share(self.site.texts, side) for side in list_sides(row)]

    def _interval(self, row: Row) -> str:
        """Return how far chance could move a change; nothing where that is not known."""
        if row["change_low"] is None:
            return ""
        low, high = (
            sign_end(self.site.texts, 100 * row[name]) for name in ("change_low", "change_high")
        )
        return f" ({self._say('page', 'from_to', low, high)})"

    def _counts(self, row: Row) -> str:
        return self._say("page", "and", row["from_base_count"], row["to_base_count"])

    def _not_real(self, edition: Row) -> str:
        return f" ({self._say('page', 'not_real_mark')})" if edition["is_synthetic"] else ""

    def _caption(self, title: str, edition: Row, takes_several: bool = False) -> str:
        several = f" {self._say('page', 'several_answers')}" if takes_several else ""
        name = edition["edition_name"]
        return f"{title.rstrip(' .:')} ({name}){self._not_real(edition)}.{several}"

    def _table(
        self, caption: str, heads: list[str], rows: list[list[str]], note: str = ""
    ) -> Table:
        """Return a table, with what its mark means in its note where it has one."""
        if any(INDICATIVE in cell for row in rows for cell in row[1:]):
            note = f"{note} {INDICATIVE} {self._say('site', 'indicative_below')}.".strip()
        return Table(caption, heads, rows, note)

    def _base(self, base: str) -> str:
        bases = self.site.survey.bases
        if base and base not in bases:
            raise TagError(f"There is no base {base!r}; there are {', '.join(bases)}.")
        return base or bases[-1]

    def _edition(self, edition: int | None) -> Row:
        wanted = edition or self.edition
        for row in self.site.survey.editions:
            if row["edition_key"] == wanted:
                return row
        keys = ", ".join(str(row["edition_key"]) for row in self.site.survey.editions)
        raise TagError(f"There is no edition {wanted}; there are {keys}.")

    def _question(self, question: str, edition: int | None) -> Row:
        key = self._edition(edition)["edition_key"]
        if (key, question) not in self.site.asked:
            asked = [one for number, one in self.site.asked if number == key]
            raise TagError(f"Edition {key} asks no question {question!r}."
                           f"{name_candidates(question, asked)}")  # fmt: skip
        return self.site.asked[key, question]

    def _block(self, question: str, edition: int | None) -> Row:
        asked = self._question(question, edition)
        if not asked["is_closed"]:
            raise TagError(f"{question!r} is no closed question: it has no figures to show.")
        return describe_block(self.site, self._edition(edition), asked)

    def _list(self, question: str, edition: int | None, base: str) -> list[Row]:
        self._question(question, edition)
        rows = [
            row for row in self.site.results[edition or self.edition, question]
            if (row["breakdown"], row["base"]) == (Breakdown.TOTAL, self._base(base))
        ]  # fmt: skip
        if not rows:
            raise TagError(f"{question!r} has no figures: name a row of it, or a closed question.")
        return rows

    def _find(self, option: str, edition: int | None, base: str) -> Row:
        rows = self._list(option.rpartition(".")[0] or option, edition, base)
        return _pick(rows, option, f"There is no answer {option!r}.")

    def _list_compared(self, since: int | None, base: str) -> list[Row]:
        earlier = [row["edition_key"] for row in self.site.survey.editions
                   if row["edition_key"] < self.edition]  # fmt: skip
        if not earlier:
            raise TagError(f"Edition {self.edition} has none before it.")
        step = (since or earlier[-1], self.edition)
        return [
            row for row in self.site.survey.evolution
            if (row["from_edition_key"], row["to_edition_key"]) == step and row["is_main"]
            and row["base"] == self._base(base)
        ]  # fmt: skip

    def _compare(self, option: str, since: int | None, base: str) -> Row:
        rows = self._list_compared(since, base)
        return _pick(rows, option, f"No comparison has an answer {option!r}.")

    def _rate(self, edition: int | None) -> Row:
        key = self._edition(edition)["edition_key"]
        for row in self._list_rates(key):
            if row["breakdown"] == Breakdown.TOTAL:
                return row
        raise TagError("Without a frame there is no response rate.")

    def _list_rates(self, edition: int) -> list[Row]:
        return [row for row in self._rates if row["edition_key"] == edition]

    @cached_property
    def _rates(self) -> list[Row]:
        return read_rates(self.site)

    def _name(self, question: str) -> str:
        """Return what a question is called in this edition, or in the last one that asked it."""
        own = [row for (_, key), row in self.site.asked.items() if key == question]
        asked = self.site.asked.get((self.edition, question)) or own[-1]
        return self.site.name(asked)


def _name_table(block: Row, table: Row) -> str:
    """Return what a table is called: its question, and its row of a matrix."""
    return name_row(block["label"] if block["is_matrix"] else None, table["label"])


def _pick(rows: list[Row], option: str, missed: str) -> Row:
    """Return the row of an option. Raises TagError, with the nearest, where there is none."""
    for row in rows:
        if row["option_key"] == option:
            return row
    raise TagError(missed + name_candidates(option, [row["option_key"] for row in rows]))
