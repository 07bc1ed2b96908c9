"""Commands killed at any moment: what stands is whole, nothing goes on, and nothing is left."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from ingest.authoring.draft_files import read_tables
from ingest.shared.csv_files import JOURNAL
from pipeline.paths import Paths
from publish.placing import MARKER
from tests.conftest import OTHER

COMMAND = Path(sys.executable).with_name("gelijkekansen")
# Told to every process that a killed command started, so that it is found again.
MARK = "GELIJKEKANSEN_TORTURE"
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGSTOP)
WHO = ("parent", "child", "group")
SECONDS_TO_END = 10
# What is decided of what was drafted.
DECISIONS = """decision,field,value
edition,label,2028
edition,field_start_date,2028-03-01
edition,field_end_date,2028-04-01
edition,frame_date,2026-01-01
edition,expected_respondent_count,4
counts:is_complete,volledig,yes
routing:all,,
"""


@dataclass
class Place:
    """A survey with all that can be made of it, and how long each command takes undisturbed."""

    folder: Path
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def paths(self) -> Paths:
        return Paths(
            self.folder / "seeds", self.folder / "exports", self.folder / "warehouse.duckdb"
        )

    def list_commands(self) -> dict[str, list[str]]:
        own = ["--codebook", "seeds", "--exports", "exports", "--warehouse", "warehouse.duckdb"]
        return {
            "build": ["build", "--force", *own],
            "restore": ["restore", "--warehouse", "warehouse.duckdb"],
            "docs": ["docs", "--warehouse", "warehouse.duckdb", "--to", "site"],
            "export": ["export", "--warehouse", "warehouse.duckdb", "--to", "files"],
            "draft": ["draft", "2028", "fietsen_2028.csv", "--codebook", "seeds"],
            "review": ["review", "2028", "--take", "decisions.csv", "--codebook", "seeds"],
            "forget": ["forget", "2028", "--write", "--codebook", "seeds"],
        }

    def start(self, name: str) -> "subprocess.Popen[str]":
        """Start a command in a group of its own, with a folder of its own for passing files."""
        passing = self.folder / "passing"
        passing.mkdir(exist_ok=True)
        return subprocess.Popen(
            [COMMAND, *self.list_commands()[name]],
            cwd=self.folder, start_new_session=True, text=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env={**os.environ, MARK: str(self.folder), "TMPDIR": str(passing)},
        )  # fmt: skip

    def run(self, name: str) -> str:
        """Run a command to its end, and return what it said."""
        process = self.start(name)
        _, told = process.communicate()
        return told


def make_place(folder: Path) -> Place:
    """Return a survey that was built, with every output made once."""
    shutil.copytree(OTHER, folder, dirs_exist_ok=True)
    shutil.copy(folder / "exports/fietsen_2026.csv", folder / "fietsen_2028.csv")
    (folder / "decisions.csv").write_text(DECISIONS)
    place = Place(folder)
    for name in ("build", "build", *place.list_commands()):
        started = time.monotonic()
        told = place.run(name)
        assert "Traceback" not in told, told
        place.seconds[name] = time.monotonic() - started
    return place


def list_processes(folder: Path) -> list[int]:
    """Return the processes that a command of this place started and that have not ended."""
    mark = f"{MARK}={folder}".encode()
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            is_dead = b") Z" in path.with_name("stat").read_bytes()
            if not is_dead and mark in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def kill(place: Place, name: str, chance: random.Random) -> tuple[str, str]:
    """Send a signal to a command, its child or both at some moment; return to whom, and which."""
    process = place.start(name)
    time.sleep(chance.uniform(0, place.seconds[name]))
    who, number = chance.choice(WHO), chance.choice(SIGNALS)
    own = list_processes(place.folder)
    children = [one for one in own if one != process.pid]
    aimed = {"parent": [process.pid], "child": children, "group": own}[who]
    for one in aimed:
        _send(one, number)
    if number == signal.SIGSTOP:
        # What is stopped never ends by itself; who waits for it is killed at last.
        _send(process.pid, signal.SIGKILL)
    process.communicate()
    return who, signal.Signals(number).name


def _send(process: int, number: int) -> None:
    try:
        os.kill(process, number)
    except ProcessLookupError:
        return


def find_broken(place: Place) -> list[str]:
    """Return what is not whole after a command was killed."""
    found = []
    try:
        with duckdb.connect(place.paths.warehouse, read_only=True) as connection:
            connection.execute("select count(*) from marts.fct_answers")
    except duckdb.Error as error:
        found.append(f"the warehouse: {type(error).__name__}")
    for name in ("site", "files"):
        folder, old = place.folder / name, place.folder / f".{name}.old"
        # Between two renames the one before stands beside it, whole.
        here = folder if folder.exists() else old
        made = json.loads((here / MARKER).read_text()) if (here / MARKER).exists() else None
        if not made or any(not (here / file).is_file() for file in made):
            found.append(name)
    try:
        read_tables(place.paths.codebook)
    except Exception as error:
        found.append(f"the codebook: {error}")
    return found


def find_running(place: Place) -> list[int]:
    """Return the processes that go on after the one that started them was killed."""
    end = time.monotonic() + SECONDS_TO_END
    while (left := list_processes(place.folder)) and time.monotonic() < end:
        time.sleep(0.02)
    for process in left:
        _send(process, signal.SIGKILL)
    return left


def find_litter(place: Place) -> list[str]:
    """Return what is left once every command was run to its end again."""
    for name in place.list_commands():
        place.run(name)
    passing = [path.name for path in (place.folder / "passing").iterdir()]
    kept = {"kept", "lock", "builds.jsonl", "logs", "target", "data_docs", "staged", "report.txt"}
    left = [path.name for path in place.paths.workspace.iterdir() if path.name not in kept]
    left += [path.name for path in place.paths.staged.parent.glob("*") if path.is_file()]
    left += [path.name for path in place.folder.glob(".*") if path.suffix in (".part", ".old")]
    left += [path.name for path in place.paths.codebook.rglob(".*.part")]
    left += [JOURNAL] * (place.paths.codebook / JOURNAL).exists()
    if passing:
        shutil.rmtree(place.folder / "passing")
    return passing + left


def torture(folder: Path, count: int, seed: int) -> dict[str, list[str]]:
    """Kill commands `count` times; return what was broken, running and left, each with its case."""
    chance = random.Random(seed)
    place = make_place(folder)
    told: dict[str, list[str]] = {"broken": [], "running": [], "litter": []}
    names = list(place.list_commands())
    for number in range(count):
        name = names[number % len(names)]
        case = f"{number} {name} {' '.join(kill(place, name, chance))}"
        told["running"] += [f"{case}: {process}" for process in find_running(place)]
        told["broken"] += [f"{case}: {what}" for what in find_broken(place)]
    told["litter"] = find_litter(place)
    return told
