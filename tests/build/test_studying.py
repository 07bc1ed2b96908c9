"""A look at an edition under review: its counts, and nothing left of its answers."""

from dbt.parser.models import ModelParser

from ingest.authoring.draft_files import read_tables
from pipeline.studying import study_edition


def test_study_counts_leaves_no_answer_and_reads_the_models_once(
    other_survey, tmp_path, monkeypatch
):
    read, parse = [], ModelParser.parse_file
    monkeypatch.setattr(
        ModelParser, "parse_file", lambda *args, **named: read.append(1) or parse(*args, **named)
    )
    place = tmp_path / "workspace"
    place.mkdir()
    tables = read_tables(other_survey.codebook)
    counts = []
    for _ in range(2):
        study = study_edition(2026, other_survey.codebook, other_survey.exports, place, tables)
        assert study.problems == ()
        # Of the four who answered, two said yes; and one sort of bicycle is the city bicycle.
        assert study.chosen["2026", "has_bikes", "yes"] == (2, 4)
        assert {path.name for path in place.iterdir()} <= {"target", "logs"}
        counts.append(len(read))
    assert counts[0] > 30
    assert counts[1] == counts[0]
