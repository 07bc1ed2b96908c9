"""A question by another, by place or by function: one query, and what can be said of each cell."""

from dataclasses import dataclass, field
from typing import Any

import duckdb
from scipy import stats

from publish.reading import Row, read_rows
from publish.speaking import name_row, spoken
from vocabulary.lists import Base, ReleaseRule
from vocabulary.thresholds import CONFIDENCE, CONFIDENCE_Z

# By what a question can be divided, beside by another question, and how SQL says it; no question
# has a key with a point before it.
ALL, SIZE, PARTICIPATION = "", ".size", ".participation"
LEVELS = {
    ALL: "'total'",
    SIZE: "size_category_label",
    ".province": "province",
    PARTICIPATION: "if(earlier.municipality_key is null, 'new', 'before')",
}
# The parts of a query: what is counted, and where it is.
UNITS = {
    Base.RESPONDENTS: ("marts.fct_answers", "respondent_key"),
    Base.MUNICIPALITIES: ("marts.fct_municipality_answers", "municipality_key"),
}
QUESTIONS = """
    select question_key, number, any_value(parent.wording) as parent_wording, bridge.wording
    from marts.bridge_question_editions as bridge
    inner join marts.dim_questions using (question_key)
    left join (select edition_key, question_key as parent_question_key, wording
               from marts.bridge_question_editions) as parent
        using (edition_key, parent_question_key)
    where edition_key = ? and is_closed and not has_rows
    group by question_key, number, bridge.wording, position order by position
"""


@dataclass(frozen=True)
class View:
    """What is looked at; every part of it stands in the address of its page."""

    edition: int
    question: str
    by: str = ""
    base: str = Base.MUNICIPALITIES
    is_weighted: bool = False


@dataclass(frozen=True)
class Cell:
    """A share with its interval; `mark` says that it is above or below all other groups."""

    count: int
    share: float
    low: float
    high: float
    mark: str


@dataclass
class Crossing:
    """A cross table: groups with how many answered, and a row of cells per option."""

    sql: str
    groups: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    rows: dict[str, dict[str, Cell]] = field(default_factory=dict)
    fewest: int = 0
    is_ordered: bool = False


def list_questions(connection: duckdb.DuckDBPyConnection, edition: int) -> dict[str, str]:
    """Return the closed questions of an edition, with their words."""
    return {
        row["question_key"]: name_row(row["parent_wording"], row["wording"])
        for row in read_rows(connection, QUESTIONS, edition)
    }


def write_sql(view: View) -> str:
    """Return the query of a view, as an analyst would write it.

    Its keys are those of the warehouse: whoever makes a view has held them to its lists.
    """
    answers, unit = UNITS[Base(view.base)]
    group = LEVELS.get(view.by, "words_by.label")
    order = "any_value(size_position)" if view.by == SIZE else "any_value(0)"
    if view.by not in LEVELS:
        order = "any_value(options_by.position)"
    weight = "frame_weight" if view.is_weighted else "1"
    joins = [f"from {answers} as answers"]
    if view.base == Base.RESPONDENTS:
        joins.append("inner join marts.dim_respondents using (edition_key, respondent_key)")
    joins += [
        "inner join places using (edition_key, municipality_key)",
        "inner join marts.dim_options using (question_key, option_key)",
        # As it was called in the edition.
        "inner join marts.bridge_option_editions as words using (edition_key, option_key)",
    ]
    if view.by == PARTICIPATION:
        joins.append("left join earlier using (municipality_key)")
    if view.by not in LEVELS:
        joins.append(
            f"inner join {answers} as answers_by\n"
            f"    on answers.{unit} = answers_by.{unit}"
            " and answers.edition_key = answers_by.edition_key\n"
            f"    and answers_by.question_key = '{view.by}' and answers_by.is_selected\n"
            "inner join marts.dim_options as options_by"
            " on answers_by.option_key = options_by.option_key\n"
            "inner join marts.bridge_option_editions as words_by"
            " on answers_by.edition_key = words_by.edition_key"
            " and answers_by.option_key = words_by.option_key"
        )
    return f"""with places as (
    select
        edition_key, municipality_key, size_category_label, province, position as size_position,
        count(*) over size / nullif(count(answered.municipality_key) over size, 0) as frame_weight
    from marts.fct_municipality_editions
    inner join marts.dim_municipalities using (municipality_key)
    inner join codebook.size_categories using (size_category)
    left join (
        select distinct edition_key, municipality_key from marts.fct_municipality_answers
        where question_key = '{view.question}'
    ) as answered using (edition_key, municipality_key)
    window size as (partition by edition_key, size_category_label)
),
earlier as (
    select distinct frame_municipality_key as municipality_key
    from intermediate.int_municipality_frames
    inner join marts.fct_municipality_editions using (municipality_key)
    where is_participating and edition_key < {view.edition} and frame_edition_key = {view.edition}
)
select
    *,
    -- Wilson's score interval.
    (share + z2 / (2 * n) - sqrt(z2 * share * (1 - share) / n + z2 ** 2 / (4 * n ** 2)))
        / (1 + z2 / n) as share_low,
    (share + z2 / (2 * n) + sqrt(z2 * share * (1 - share) / n + z2 ** 2 / (4 * n ** 2)))
        / (1 + z2 / n) as share_high
from (
select
    {CONFIDENCE_Z**2:.6f} as z2,
    {group} as level,
    words.label as option_label,
    count_if(answers.is_selected) as selected_count,
    count(*) as base_count,
    count(distinct municipality_key) as municipality_count,
    sum({weight} * answers.is_selected::int) / sum({weight}) as share,
    sum({weight}) ** 2 / sum(({weight}) ** 2) as n,
    {order} as level_place,
    any_value(dim_options.position) as option_place
{chr(10).join(joins)}
where answers.edition_key = {view.edition} and answers.question_key = '{view.question}'
    and {group} is not null
group by all
)
order by level_place, level, option_place"""


def cross(connection: duckdb.DuckDBPyConnection, view: View) -> Crossing:
    """Return the cross table of a view."""
    made = Crossing(write_sql(view))
    found = read_rows(connection, made.sql)
    rule = read_rows(
        connection, "select value from codebook.release_rules where rule = ?",
        ReleaseRule.MIN_MUNICIPALITY_COUNT,
    )  # fmt: skip
    made.fewest = int(rule[0]["value"]) if rule else 0
    made.is_ordered = read_rows(
        connection, "select is_ordered from marts.dim_questions where question_key = ?",
        view.question,
    )[0]["is_ordered"]  # fmt: skip
    if view.by in (ALL, PARTICIPATION):
        words = spoken()["levels"]
        found = [row | {"level": words[row["level"]]} for row in found]
    for row in found:
        made.groups[row["level"]] = max(made.groups.get(row["level"], 0), row["base_count"])
        made.places[row["level"]] = max(made.places.get(row["level"], 0), row["municipality_count"])
        made.rows.setdefault(row["option_label"], {})[row["level"]] = Cell(
            row["selected_count"], row["share"], row["share_low"], row["share_high"],
            "" if view.is_weighted else _mark(row, found),
        )  # fmt: skip
    return made


def _mark(cell: Row, rows: list[Row]) -> str:
    """Return whether a share is above or below that of all other groups (Fisher's exact test)."""
    others = [row for row in rows if row["option_label"] == cell["option_label"]
              and row["level"] != cell["level"]]  # fmt: skip
    chosen, asked = (sum(row[name] for row in others) for name in ("selected_count", "base_count"))
    if not asked:
        return ""
    own = [cell["selected_count"], cell["base_count"] - cell["selected_count"]]
    test: Any = stats.fisher_exact([own, [chosen, asked - chosen]])
    if test.pvalue > 1 - CONFIDENCE:
        return ""
    return "▲" if cell["share"] > chosen / asked else "▼"
