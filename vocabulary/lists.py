"""The closed lists: every code that a table, a check or a page may show, declared once.

SQL and YAML write the codes themselves; a test holds each of them, and the words of each
language, to what stands here. `SQL_LISTS` names the lists whose codes stand in the warehouse.
"""

from collections.abc import Iterable
from enum import StrEnum


class State(StrEnum):
    """What became of a question for a respondent."""

    ANSWERED = "answered"
    SKIPPED = "skipped"
    NOT_SHOWN = "not_shown"
    NOT_REACHED = "not_reached"
    OFF_ROUTE = "off_route"


class Truth(StrEnum):
    """The three values of a routing condition for a respondent."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


class Measure(StrEnum):
    """What of an answer a routing condition asks for."""

    OPTION = "option"
    NUMBER = "number"
    COUNT = "count"
    ANY = "any"


class Comparison(StrEnum):
    """How a routing condition compares, as XLSForm writes it."""

    EQUAL = "="
    UNEQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="


class Base(StrEnum):
    """What is counted."""

    RESPONDENTS = "respondents"
    MUNICIPALITIES = "municipalities"


class Population(StrEnum):
    """Of whom two editions are compared."""

    CROSS_SECTION = "cross_section"
    COMMON_BASE = "common_base"
    PANEL = "panel"


class Breakdown(StrEnum):
    """Into what figures are divided."""

    TOTAL = "total"
    SIZE_CATEGORY = "size_category"
    PROVINCE = "province"


class Suppression(StrEnum):
    """Why a figure is not published: too few municipalities, or what it would give away.

    What tells of one what it answered is called as what gives away others: its reason would tell.
    """

    PRIMARY = "primary"
    SECONDARY = "secondary"


class Withholding(StrEnum):
    """That a comparison is not published, as one of its sides may not be."""

    WITHHELD = "withheld"


class Representation(StrEnum):
    """A level's response rate against that of the whole frame."""

    OVER = "over"
    UNDER = "under"
    EVEN = "even"


class Comparability(StrEnum):
    """The codebook's verdict on a question in two editions."""

    COMPARABLE = "comparable"
    WITH_CAUTION = "comparable_with_caution"
    NOT_COMPARABLE = "not_comparable"


class Contradiction(StrEnum):
    """What can speak against the verdict that a question is comparable."""

    WORDING = "wording"
    OPTIONS = "options"
    LABELS = "labels"
    TYPE = "type"
    ROUTING = "routing"


class Verdict(StrEnum):
    """What can be said of a change."""

    INCREASE = "increase"
    DECREASE = "decrease"
    TOO_FEW = "too_few"
    NOT_DISTINGUISHABLE = "not_distinguishable"
    NOT_COMPARABLE = "not_comparable"


class Reason(StrEnum):
    """Why two editions can or cannot be compared; `REVIEWED` is what the codebook says."""

    REVIEWED = "reviewed"
    ASKED_ONCE = "asked_once"
    NOT_REVIEWED = "not_reviewed"
    OPTION_UNIVERSES_CHANGED = "option_universes_changed"
    SPLITS_AND_MERGES_CROSS = "splits_and_merges_cross"
    OPTION_IS_NEW = "option_is_new"
    OPTION_WAS_DROPPED = "option_was_dropped"
    PART_OF_ANOTHER = "part_of_another"
    UNIVERSE_CHANGED = "universe_changed"
    NOBODY_ANSWERED = "nobody_answered"
    SPLIT_SINCE = "split_since"
    MERGED_SINCE = "merged_since"
    NEW_NEIGHBOURS = "new_neighbours"
    NEW_EXCLUSIVE = "new_exclusive"
    GONE_NEIGHBOURS = "gone_neighbours"
    POOLED_PREDECESSORS = "pooled_predecessors"
    MORE_COLLEAGUES = "more_colleagues"
    TOO_FEW_CLUSTERS = "too_few_clusters"


class Lineage(StrEnum):
    """What became of an option since the edition before."""

    KEPT = "kept"
    RENAMED = "renamed"
    SPLIT = "split"
    MERGED = "merged"
    NEW = "new"


class PointsRule(StrEnum):
    """What of the points of one question counts for an index."""

    SUM = "sum"
    HIGHEST = "highest"


class QuestionLineage(StrEnum):
    """What became of a question under another key."""

    CONTINUED = "continued"
    SPLIT = "split"
    MERGED = "merged"


class Descent(StrEnum):
    """How an option of one edition comes from that of another, editions in between or not."""

    KEPT = "kept"
    RENAMED = "renamed"
    SPLIT = "split"
    MERGED = "merged"


class Change(StrEnum):
    """What changed in the questionnaire."""

    ADDED = "added"
    DROPPED = "dropped"
    REWORDED = "reworded"
    RENUMBERED = "renumbered"
    MOVED = "moved"
    ROUTING_CHANGED = "routing_changed"
    REQUIRED_CHANGED = "required_changed"
    OPTION_ADDED = "option_added"
    OPTION_DROPPED = "option_dropped"
    OPTION_RENAMED = "option_renamed"
    OPTION_SPLIT = "option_split"
    OPTION_MERGED = "option_merged"


class Status(StrEnum):
    """Whether a respondent reached the end."""

    COMPLETE = "complete"
    PARTIAL = "partial"


class Reconciliation(StrEnum):
    """A published figure against the one computed here."""

    MATCH = "match"
    KNOWN_ANOMALY = "known_anomaly"
    MISMATCH = "mismatch"


class LocationMethod(StrEnum):
    """How a respondent's municipality was told."""

    NAME = "name"
    FORMER_NAME = "former_name"
    ALIAS = "alias"
    POSTAL_CODE = "postal_code"


class Severity(StrEnum):
    """Whether an expectation that fails stops a build."""

    CRITICAL = "critical"
    WARNING = "warning"


class Outcome(StrEnum):
    """What came of an expectation."""

    PASSED = "passed"
    KNOWN = "known"
    WARNING = "warning"
    FAILED = "failed"


class BuildVerdict(StrEnum):
    """What came of a build."""

    BUILT = "built"
    REFUSED = "refused"
    FAILED = "failed"
    KILLED = "killed"
    RESTORED = "restored"


class Input(StrEnum):
    """What a build is made from."""

    EXPORT = "export"
    CODEBOOK = "codebook"
    CORRECTION = "correction"
    CODE = "code"
    VERSION = "version"


class InputChange(StrEnum):
    """What became of an input since the build before."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class MunicipalityRule(StrEnum):
    """How colleagues of one municipality collapse to one answer."""

    ANY = "any"
    MOST_COMPLETE = "most_complete"
    FIRST_LISTED = "first_listed"
    MEAN = "mean"
    SUM = "sum"


class QuestionRole(StrEnum):
    """What a question tells of the respondent."""

    MUNICIPALITY = "municipality"
    POSTAL_CODE = "postal_code"
    FUNCTION = "function"


class MetadataRole(StrEnum):
    """What a column of an export tells of an answer, beside the answer."""

    RESPONDENT_ID = "respondent_id"
    EMAIL = "email"
    STARTED_AT = "started_at"
    COMPLETED_AT = "completed_at"
    IS_COMPLETE = "is_complete"
    DURATION_SECONDS = "duration_seconds"
    CHANNEL = "channel"
    # Of a file that several editions are read from: which of them a row is of.
    EDITION = "edition"


class RowRole(StrEnum):
    """What tells a row that does not count, beside what a column holds."""

    REPEATED = "repeated"


class CompletionRule(StrEnum):
    """Who is complete where no words of the export tell it."""

    FILLED = "filled"
    ALWAYS = "always"


class NumberFormat(StrEnum):
    """How an export writes a number, by an example."""

    POINT = "1234.5"
    COMMA = "1234,5"
    POINT_AFTER_COMMAS = "1,234.5"
    COMMA_AFTER_POINTS = "1.234,5"
    COMMA_AFTER_SPACES = "1 234,5"


class RepeatRule(StrEnum):
    """Which row of a respondent who stands there more than once counts."""

    MOST_COMPLETE = "most_complete"
    LATEST = "latest"


class FileContent(StrEnum):
    """What another file of an edition has: more respondents, or more of the same ones."""

    ROWS = "rows"
    COLUMNS = "columns"


class AnswerRole(StrEnum):
    """What a column of an export that is no metadata holds."""

    QUESTION = "question"
    OPTION = "option"
    OPTIONS = "options"
    OTHER_TEXT = "other_text"
    # The rows of a rank in one cell, the first before the second.
    RANKING = "ranking"
    # The text itself chooses the option: there is no box to tick.
    OTHER_CHOICE = "other_choice"
    # An option that nobody chose, and whose column the tool therefore leaves out.
    ABSENT = "absent"
    IGNORED = "ignored"


# What somebody answered, in words of a list or of their own; not the text beside an option.
ANSWERED_IN = (
    *(AnswerRole.QUESTION, AnswerRole.OPTION, AnswerRole.OPTIONS, AnswerRole.OTHER_CHOICE),
    AnswerRole.RANKING,
)


class Privacy(StrEnum):
    """Where the cells of a column go."""

    PUBLIC = "public"
    OPEN = "open"
    PERSONAL = "personal"
    DROP = "drop"


class Review(StrEnum):
    """Whether somebody looked at a row of the codebook."""

    REVIEWED = "reviewed"
    PROPOSED = "proposed"


class SiteText(StrEnum):
    """The texts of the site that the codebook gives."""

    TITLE = "title"
    INTRODUCTION = "introduction"
    # In which language site, workbook, sheets and research files speak.
    LANGUAGE = "language"
    # Where the site stands, for what must name a page in full; whom to ask; what others may do.
    ADDRESS = "address"
    WHOM_TO_ASK = "whom_to_ask"
    LICENSE = "license"


class ReleaseRule(StrEnum):
    """The rules of what may be published."""

    MIN_MUNICIPALITY_COUNT = "min_municipality_count"
    GUARD_ANSWERS = "guard_answers"


COLUMN_ROLES = (*AnswerRole, *MetadataRole)

# The lists whose codes stand in tables that people query, by the name they have in the words.
SQL_LISTS: dict[str, type[StrEnum]] = {
    "states": State,
    "truths": Truth,
    "measures": Measure,
    "comparisons": Comparison,
    "bases": Base,
    "populations": Population,
    "breakdowns": Breakdown,
    "suppressions": Suppression,
    "withholdings": Withholding,
    "representations": Representation,
    "comparability": Comparability,
    "contradictions": Contradiction,
    "verdicts": Verdict,
    "reasons": Reason,
    "lineages": Lineage,
    "descents": Descent,
    "changes": Change,
    "statuses": Status,
    "reconciliations": Reconciliation,
    "location_methods": LocationMethod,
    "severities": Severity,
    "outcomes": Outcome,
    "build_verdicts": BuildVerdict,
    "inputs": Input,
    "input_changes": InputChange,
    "municipality_rules": MunicipalityRule,
}
# Those whose codes stand in the codebook and in `raw` only: nobody reads them on a page.
CODEBOOK_LISTS: tuple[type[StrEnum], ...] = (
    QuestionLineage,
    PointsRule,
    NumberFormat,
    CompletionRule,
    QuestionRole,
    MetadataRole,
    RowRole,
    RepeatRule,
    FileContent,
    AnswerRole,
    Privacy,
    Review,
    SiteText,
    ReleaseRule,
)
# What a spreadsheet writes into a text file where a cell could not be calculated.
SPREADSHEET_ERRORS = (
    *("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"),
    *("#SPILL!", "#CALC!", "#GETTING_DATA"),
)


def quote(codes: Iterable[str]) -> str:
    """Return codes as SQL writes them after `in`: between commas, each in quotes."""
    return ", ".join(f"'{code}'" for code in codes)
