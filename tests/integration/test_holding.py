"""Two commands that change one codebook: one after the other, never by halves."""

from functools import partial

import pytest
from typer.testing import CliRunner

from ingest.authoring import holding
from ingest.authoring.reviewing import review
from pipeline import purging
from pipeline.cli import app

COMMANDS = {
    "draft": ["draft", "2028", "exports/fietsen_2026.csv"],
    "draft --first": ["draft", "2028", "exports/fietsen_2026.csv", "--first"],
    "forget": ["forget", "2026", "--write"],
    "forget --undo": ["forget", "2026", "--undo"],
    "merger": ["merger", "--code", "11111", "a", "b"],
    "merger --undo": ["merger", "--code", "11111", "--undo"],
    "populations": ["populations", "2026", "exports/fietsen_2026.csv"],
    "upgrade": ["codebook", "upgrade", "--write"],
    "import": ["codebook", "import", "exports/fietsen.csv"],
    "review --undo": ["review", "2026", "--undo", "--exports", "exports"],
    "review --take": ["review", "2026", "--take", "decisions.csv", "--exports", "exports"],
}


def read_all(folder):
    return {path: path.read_bytes() for path in folder.rglob("*.csv")}


@pytest.mark.parametrize("command", COMMANDS)
def test_codebook_that_another_command_holds_is_not_changed(other_survey, monkeypatch, command):
    monkeypatch.chdir(other_survey.codebook.parent)
    (other_survey.codebook.parent / "decisions.csv").write_text("decision,field,value\nx,y,z\n")
    at_once = partial(holding.hold_codebook, seconds=0)
    for module in (holding, review, purging):
        monkeypatch.setattr(module, "hold_codebook", at_once)
    before = read_all(other_survey.codebook)
    arguments = [*COMMANDS[command], "--codebook", other_survey.codebook.name]
    with at_once(other_survey.codebook):
        refused = CliRunner().invoke(app, arguments)
    assert refused.exit_code == 1, refused.output
    assert "Another command is changing it." in refused.output
    assert read_all(other_survey.codebook) == before
    # Once it is free, the command is not kept from its work.
    again = CliRunner().invoke(app, arguments)
    assert "Another command" not in again.output


def test_codebook_that_is_only_read_needs_no_hold(other_survey):
    with holding.hold_codebook(other_survey.codebook / "not there"):
        pass
