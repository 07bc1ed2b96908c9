"""What the suites found, in words and in schema `audit`."""

from collections import Counter
from dataclasses import astuple, dataclass

import duckdb

from ingest.shared.problems import make_printable
from ingest.shared.tables import insert_rows
from vocabulary.lists import Outcome

SHOWN = 10

AUDIT_TABLES = """
    create schema if not exists audit;
    create or replace table audit.expectation_results (
        edition_key integer, suite varchar, rule varchar, words varchar, severity varchar,
        verdict varchar, checked_count integer, finding_count integer, known_count integer
    );
    create or replace table audit.expectation_findings (
        edition_key integer, suite varchar, rule varchar, respondent_key varchar,
        question_key varchar, value varchar, is_known boolean, explanation varchar
    );
    comment on table audit.expectation_results is 'One row per edition and expectation.';
    comment on table audit.expectation_findings is
        'One row per edition, expectation and thing it found.';
    comment on column audit.expectation_results.edition_key is 'The edition, as its year.';
    comment on column audit.expectation_results.suite is 'The suite it belongs to.';
    comment on column audit.expectation_results.rule is 'The key of the expectation.';
    comment on column audit.expectation_results.finding_count is 'Number of things found.';
    comment on column audit.expectation_results.known_count is
        'How many of them the codebook explains.';
    comment on column audit.expectation_findings.edition_key is 'The edition, as its year.';
    comment on column audit.expectation_findings.suite is 'The suite it belongs to.';
    comment on column audit.expectation_findings.rule is 'The key of the expectation.';
    comment on column audit.expectation_findings.respondent_key is
        'The respondent; null where it is not about one.';
    comment on column audit.expectation_findings.question_key is
        'The question or matrix row; null where it is not about one.';
    comment on column audit.expectation_findings.is_known is
        'Whether the codebook explains it.';
    comment on column audit.expectation_results.words is 'The rule, in words.';
    comment on column audit.expectation_results.severity is
        'critical stops a build unless every finding is known; warning is reported.';
    comment on column audit.expectation_results.verdict is
        'passed, known (the codebook explains every finding), warning or failed.';
    comment on column audit.expectation_results.checked_count is 'Rows looked at.';
    comment on column audit.expectation_findings.value is 'What was found.';
    comment on column audit.expectation_findings.explanation is
        'The explanation in known_findings.csv, where the number found is the number known.';
"""


@dataclass(frozen=True)
class Finding:
    """One thing that an expectation found."""

    edition_key: int
    suite: str
    rule: str
    respondent_key: str | None
    question_key: str | None
    value: str | None
    is_known: bool = False
    explanation: str | None = None


@dataclass(frozen=True)
class Result:
    """An expectation's verdict on one edition: passed, known, warning or failed."""

    edition_key: int
    suite: str
    rule: str
    words: str
    severity: str
    verdict: str
    checked_count: int
    finding_count: int
    known_count: int


@dataclass(frozen=True)
class Report:
    """All verdicts and findings of one run."""

    results: list[Result]
    findings: list[Finding]

    @property
    def failures(self) -> list[Result]:
        """The critical expectations with findings that nobody explained."""
        return [result for result in self.results if result.verdict == Outcome.FAILED]

    def __str__(self) -> str:
        counts = Counter(result.verdict for result in self.results)
        lines = [
            f"{len(self.results)} expectations: "
            + ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
        ]
        for result in self.results:
            if result.verdict != Outcome.PASSED:
                lines.append(
                    f"  {result.verdict}: edition {result.edition_key}: {result.words}"
                    f" [{result.rule}]"
                )
                lines.extend(self._describe_findings(result))
        return "\n".join(lines)

    def _describe_findings(self, result: Result) -> list[str]:
        findings = self.list_findings(result)
        lines = [
            "    "
            + ", ".join(
                make_printable(text)
                for text in (finding.respondent_key, finding.question_key, finding.value)
                if text is not None
            )
            for finding in findings[:SHOWN]
        ]
        rest = [f"    ... and {len(findings) - SHOWN} more"] if len(findings) > SHOWN else []
        known = {f"    known: {item.explanation}" for item in findings if item.is_known}
        return [*lines, *rest, *sorted(known)]

    def list_findings(self, result: Result) -> list[Finding]:
        """Return what one expectation found in its edition."""
        return [
            finding
            for finding in self.findings
            if (finding.edition_key, finding.rule) == (result.edition_key, result.rule)
        ]


def write_report(connection: duckdb.DuckDBPyConnection, report: Report) -> None:
    """Write a report to `audit.expectation_results` and `audit.expectation_findings`."""
    connection.execute(AUDIT_TABLES)
    insert_rows(connection, "audit.expectation_results", list(map(astuple, report.results)))
    insert_rows(connection, "audit.expectation_findings", list(map(astuple, report.findings)))
