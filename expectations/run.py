"""The suites run on a warehouse by Great Expectations, and laid out as Data Docs."""

import os
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from expectations.report import Finding, Report, Result
from expectations.suites import FINDINGS, SUITES, Rule, Suite
from vocabulary.lists import Outcome, Severity

# Which of the rows that Great Expectations sees is unexpected.
INDEX = "combination"


def run_suites(connection: duckdb.DuckDBPyConnection, docs: Path | None = None) -> Report:
    """Run every suite on every edition; lay the results out as Data Docs in `docs`."""
    known = _read_known_findings(connection)
    validator = _Validator(docs)
    editions = [
        edition
        for (edition,) in connection.execute(
            "select edition_key from codebook.editions order by 1"
        ).fetchall()
    ]
    results: list[Result] = []
    findings: list[Finding] = []
    for suite in (*SUITES, FINDINGS):
        if suite is FINDINGS:
            connection.register("found", _list_found(findings))
            keys = [rule.key for other in SUITES for rule in other.rules]
            connection.register("rules", pd.DataFrame({"rule": keys}))
        frame = _combine(connection, suite)
        counts = frame.groupby("edition_key")["combination_count"].sum()
        for rule, unexpected in validator.validate(suite, frame):
            found = _find(connection, suite, rule, unexpected)
            if bool(unexpected) != bool(found):
                raise RuntimeError(f"{rule.key} has {len(unexpected)} and {len(found)} findings")
            explained = _explain(found, known)
            findings.extend(explained)
            for edition in editions:
                own = [finding for finding in explained if finding.edition_key == edition]
                results.append(_judge(suite, rule, edition, int(counts.get(edition, 0)), own))
    for name in ("found", "rules"):
        connection.unregister(name)
    connection.execute("drop table if exists combinations")
    validator.write_docs()
    return Report(results, findings)


def _combine(connection: duckdb.DuckDBPyConnection, suite: Suite) -> pd.DataFrame:
    """Return a row per edition and combination of values that the rules look at, with its count.

    A rule looks at one row at a time, so that rows with the same values need one look.
    """
    connection.execute(f"""
        create or replace temporary table combinations as
        select row_number() over () as {INDEX}, *
        from (
            select edition_key, {", ".join(suite.columns)}, count(*) as combination_count
            from ({suite.sql}) group by all order by all
        )
    """)
    return connection.execute(f"from combinations order by {INDEX}").df()


def _find(
    connection: duckdb.DuckDBPyConnection, suite: Suite, rule: Rule, unexpected: list[int]
) -> list[Finding]:
    """Return what has the unexpected combinations of values."""
    if not unexpected:
        return []
    same = " and ".join(
        f"looked_at.{column} is not distinct from combinations.{column}"
        for column in ("edition_key", *suite.columns)
    )
    rows = connection.execute(
        f"""
        select edition_key, respondent_key, question_key, value
        from ({suite.sql}) as looked_at
        semi join combinations on {same} and {INDEX} in (select unnest(?))
        order by all
        """,
        [unexpected],
    ).fetchall()
    return [Finding(edition, suite.name, rule.key, *rest) for edition, *rest in rows]


def _list_found(findings: list[Finding]) -> pd.DataFrame:
    columns = ["edition_key", "rule", "question_key", "respondent_key"]
    rows = [[getattr(finding, column) for column in columns] for finding in findings]
    # A column that is blank throughout would have no type to join on.
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"edition_key": "int64", **dict.fromkeys(columns[1:], "str")})


def _read_known_findings(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    columns = ["edition_key", "rule", "question_key", "respondent_key", "expected_count", "words"]
    rows = connection.execute(
        "select edition_key, rule, question_key, respondent_key, expected_count, explanation"
        " from codebook.known_findings"
    ).fetchall()
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _explain(findings: list[Finding], known: list[dict[str, Any]]) -> list[Finding]:
    """Mark the findings that the codebook knows, where there are as many as it says."""
    explained = list(findings)
    for row in known:
        alike = [
            number
            for number, finding in enumerate(findings)
            if (finding.edition_key, finding.rule, finding.question_key)
            == (row["edition_key"], row["rule"], row["question_key"])
            and row["respondent_key"] in (None, finding.respondent_key)
        ]
        if len(alike) == row["expected_count"]:
            for number in alike:
                explained[number] = replace(
                    findings[number], is_known=True, explanation=row["words"]
                )
    return explained


def _judge(suite: Suite, rule: Rule, edition: int, checked: int, findings: list[Finding]) -> Result:
    known = sum(finding.is_known for finding in findings)
    if not findings:
        outcome = Outcome.PASSED
    elif known == len(findings):
        outcome = Outcome.KNOWN
    else:
        outcome = Outcome.FAILED if rule.severity == Severity.CRITICAL else Outcome.WARNING
    return Result(
        edition,
        suite.name,
        rule.key,
        rule.words,
        rule.severity,
        outcome,
        checked,
        len(findings),
        known,
    )


def load_library() -> Any:  # noqa: ANN401 - the library is not typed
    """Import Great Expectations so that it tells nobody and prints nothing; takes seconds."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations
    return great_expectations


class _Validator:
    """Great Expectations without files of its own, except the Data Docs it is asked for."""

    def __init__(self, docs: Path | None) -> None:
        gx = self.gx = load_library()
        from great_expectations.data_context.types.base import (
            DataContextConfig,
            InMemoryStoreBackendDefaults,
            ProgressBarsConfig,
        )

        # By itself the library would leave a site with all findings in the temporary folder.
        stores = InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
        self.context = gx.get_context(
            mode="ephemeral", project_config=DataContextConfig(store_backend_defaults=stores)
        )
        self.context.variables.progress_bars = ProgressBarsConfig(globally=False)
        asset = self.context.data_sources.add_pandas("warehouse").add_dataframe_asset(
            "combinations"
        )
        self.batch = asset.add_batch_definition_whole_dataframe("combinations")
        self.docs = docs
        if docs is not None:
            self.context.add_data_docs_site(
                "expectations",
                {
                    "class_name": "SiteBuilder",
                    "show_how_to_buttons": False,
                    "store_backend": {
                        "class_name": "TupleFilesystemStoreBackend",
                        "base_directory": str(docs),
                    },
                    "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
                },
            )

    def validate(self, suite: Suite, frame: pd.DataFrame) -> list[tuple[Rule, list[int]]]:
        """Return, per rule, the rows that are unexpected."""
        expected = self.context.suites.add(self.gx.ExpectationSuite(suite.name))
        rules = {}
        for rule in suite.rules:
            rules[rule.key] = rule
            expected.add_expectation(
                getattr(self.gx.expectations, rule.expectation)(
                    **rule.arguments,
                    severity=rule.severity.value,
                    description=rule.words,
                    meta={"rule": rule.key},
                )
            )
        definition = self.context.validation_definitions.add(
            self.gx.ValidationDefinition(name=suite.name, data=self.batch, suite=expected)
        )
        outcome = definition.run(
            batch_parameters={"dataframe": frame},
            result_format={
                "result_format": "COMPLETE",
                "unexpected_index_column_names": [INDEX],
            },
        )
        return [
            (rule, _read_outcome(rule, item))
            for item in outcome.results
            for rule in [rules[item.expectation_config.meta["rule"]]]
        ]

    def write_docs(self) -> None:
        if self.docs is not None:
            self.context.build_data_docs()


def _read_outcome(
    rule: Rule,
    item: Any,  # noqa: ANN401 - the library is not typed
) -> list[int]:
    if item.exception_info.get("raised_exception", True):
        message = item.exception_info.get("exception_message", "unknown error")
        raise RuntimeError(f"{rule.key} could not be checked: {message}")
    unexpected = [int(row[INDEX]) for row in item.result.get("unexpected_index_list") or []]
    if bool(unexpected) == item.success:
        raise RuntimeError(f"{rule.key} says {item.success} with {len(unexpected)} findings")
    return unexpected
