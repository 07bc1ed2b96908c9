"""The swap: whatever interrupts it, the warehouse is the old one or the new one, whole."""

import errno
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipeline import place
from pipeline.build import Options, build_warehouse, restore_warehouse
from pipeline.history import Build, append_build, read_builds
from pipeline.paths import BuildError, Paths
from pipeline.place import has_swap_begun, list_kept, put_in_place
from pipeline.workspace import BusyError, hold_workspace
from tests.conftest import OTHER

COMMAND = Path(sys.executable).with_name("gelijkekansen")


def stage_pair(paths: Paths, build_id: str) -> Build:
    """A small warehouse and its restricted database, ready to be put in place."""
    paths.staged.parent.mkdir(parents=True, exist_ok=True)
    for path in (paths.staged, paths.staged_restricted):
        path.unlink(missing_ok=True)
        with duckdb.connect(path) as connection:
            connection.execute("create schema audit; create schema marts")
            connection.execute(
                "create table audit.builds as select ? as build_id, 'built' as verdict", [build_id]
            )
            connection.execute(
                "create table figures as select ? as build_id from range(5000)", [build_id]
            )
    return Build(build_id, "2031-01-01 00:00:00", "test").ended("built")


def read_pair(paths: Paths) -> list[str]:
    """The builds that the two databases are of, after reading all of them."""
    found = []
    for path in (paths.warehouse, paths.restricted):
        with duckdb.connect(path, read_only=True) as connection:
            ((build_id, count, kinds),) = connection.execute(
                "select min(build_id), count(*), count(distinct build_id) from figures"
            ).fetchall()
        assert (count, kinds) == (5000, 1)
        found.append(build_id)
    return found


@pytest.fixture
def paths(tmp_path):
    return Paths(OTHER / "seeds", OTHER / "exports", tmp_path / "warehouse.duckdb")


KILLED = """
import os, signal, sys
from pathlib import Path
from pipeline.history import Build
from pipeline.paths import Paths
from pipeline.place import put_in_place
import duckdb

folder, step = Path(sys.argv[1]), int(sys.argv[2])
paths = Paths(folder, folder, folder / "warehouse.duckdb")
seen = 0

def watch(event, arguments):
    global seen
    if event in ("open", "os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir"):
        if str(folder) in str(arguments[0]):
            seen += 1
            if seen == step:
                os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
put_in_place(paths, Build("b2", "2031-01-01 00:00:00", "test").ended("built"), 3)
print(seen)
"""


def test_swap_killed_at_every_step_leaves_one_whole_pair(paths, tmp_path):
    steps = 0
    outcomes = set()
    for step in range(1, 60):
        folder = tmp_path / str(step)
        folder.mkdir()
        here = Paths(folder, folder, folder / "warehouse.duckdb")
        put_in_place(here, stage_pair(here, "b1"), 3)
        stage_pair(here, "b2")
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(folder), str(step)], capture_output=True, text=True
        )
        with duckdb.connect(here.warehouse, read_only=True) as connection:
            assert connection.execute("select distinct build_id from figures").fetchall()[0][0] in (
                "b1",
                "b2",
            )
        with hold_workspace(here, Build("b3", "2031-01-02 00:00:00", "test")):
            pair = read_pair(here)
        assert pair in (["b1", "b1"], ["b2", "b2"])
        outcomes.add(pair[0])
        if done.returncode == 0:
            steps = int(done.stdout)
            break
        assert done.returncode == -signal.SIGKILL
    assert steps >= 10
    assert outcomes == {"b1", "b2"}


READER = """
import sys, duckdb
path, stop = sys.argv[1:]
from pathlib import Path
reads, seen = 0, set()
while True:
    with duckdb.connect(path, read_only=True) as connection:
        rows = connection.execute("select build_id, count(*) from figures group by 1").fetchall()
    assert len(rows) == 1 and rows[0][1] == 5000, rows
    seen.add(rows[0][0])
    reads += 1
    if reads == 1:
        print("reading", flush=True)
    if Path(stop).exists():
        break
print(reads, len(seen))
"""


EARLY_READER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
print("connected", flush=True)
input()
print(connection.execute("select distinct build_id from figures").fetchall())
"""


def swap_under_readers(folder: Path, count: int, readers: int) -> list[str]:
    """Swap so often while others read and one stays connected; return what went wrong."""
    folder.mkdir(exist_ok=True)
    paths = Paths(OTHER / "seeds", OTHER / "exports", folder / "warehouse.duckdb")
    put_in_place(paths, stage_pair(paths, "b0000"), 3)
    stop = folder / "stop"
    reading = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(paths.warehouse), str(stop)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(readers)
    ]
    early = subprocess.Popen(
        [sys.executable, "-c", EARLY_READER, str(paths.warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert early.stdout.readline() == "connected\n"
    assert [reader.stdout.readline() for reader in reading] == ["reading\n"] * readers
    for number in range(1, count + 1):
        put_in_place(paths, stage_pair(paths, f"b{number:04}"), 3)
    stop.touch()
    found = []
    for reader in reading:
        told, errors = reader.communicate()
        reads, seen = map(int, told.split() or (0, 0))
        if errors or reads < 2 or seen < 2:
            found.append(f"a reader: {reads} reads of {seen} warehouses; {errors}")
    # Who was connected before keeps reading what was there then.
    if early.communicate("go on\n")[0] != "[('b0000',)]\n":
        found.append("who was connected before")
    late = [sys.executable, "-c", READER, str(paths.warehouse), str(stop)]
    # Stopped from the start: it reads once, and sees the last one.
    if subprocess.run(late, capture_output=True, text=True).stdout != "reading\n1 1\n":
        found.append("who comes late")
    last = [f"b{number:04}" for number in range(count, count - 4, -1)]
    if read_pair(paths) != last[:1] * 2 or list_kept(paths) != last[1:]:
        found.append(f"what stands: {read_pair(paths)}, kept {list_kept(paths)}")
    return found


def test_readers_see_no_error_during_forty_swaps(tmp_path):
    assert swap_under_readers(tmp_path / "place", 40, readers=2) == []


def test_previous_warehouse_is_brought_back_and_the_present_one_kept(paths):
    for build_id in ("b1", "b2", "b3"):
        put_in_place(paths, stage_pair(paths, build_id), 2)
    assert list_kept(paths) == ["b2", "b1"]
    assert restore_warehouse(paths, None).startswith("restored the warehouse of build b2")
    assert read_pair(paths) == ["b2", "b2"]
    restore_warehouse(paths, "b1")
    assert read_pair(paths) == ["b1", "b1"]
    assert list_kept(paths) == ["b3", "b2"]
    with pytest.raises(BuildError, match=r"no previous warehouse b9. Kept are: b3, b2\."):
        restore_warehouse(paths, "b9")


def test_stray_file_among_the_kept_ones_is_nobodys_business(paths):
    for build_id in ("b1", "b2"):
        put_in_place(paths, stage_pair(paths, build_id), 3)
        (paths.kept / "half").mkdir(parents=True, exist_ok=True)
        (paths.kept / "notes.txt").write_text("mine")
    assert list_kept(paths) == ["b1"]
    restore_warehouse(paths, None)
    assert read_pair(paths) == ["b1", "b1"]


def test_writer_keeps_the_warehouse_and_the_new_one_waits(paths, tmp_path):
    put_in_place(paths, stage_pair(paths, "b1"), 3)
    writer = subprocess.Popen(
        [sys.executable, "-c", "import sys, duckdb; connection = duckdb.connect(sys.argv[1]);"
         "print('open', flush=True); input(); connection.execute('create table mine (x int)')",
         paths.warehouse],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert writer.stdout.readline() == "open\n"
    with pytest.raises(BuildError, match=r"waits beside it as .*warehouse\.new\.duckdb"):
        put_in_place(paths, stage_pair(paths, "b2"), 3)
    with pytest.raises(BuildError, match="is open in a program that may write to it"):
        build_warehouse(paths)
    writer.communicate("go on\n")
    assert writer.returncode == 0
    assert read_pair(paths) == ["b1", "b1"]


def test_file_that_cannot_be_replaced_keeps_its_content_and_the_new_one_waits(paths, monkeypatch):
    put_in_place(paths, stage_pair(paths, "b1"), 3)
    replace = Path.replace

    def refuse(name):
        def replace_others(path, target):
            if Path(target) == name:
                raise OSError(errno.EBUSY, "Device or resource busy")
            return replace(path, target)

        monkeypatch.setattr(Path, "replace", replace_others)

    # A warehouse that is a mount of its own, for instance.
    refuse(paths.warehouse)
    with pytest.raises(BuildError, match=r"\(Device or resource busy\)\. The new warehouse waits"):
        put_in_place(paths, stage_pair(paths, "b2"), 3)
    assert not has_swap_begun(paths)
    assert read_pair(paths) == ["b1", "b1"]
    refuse(paths.restricted)
    with pytest.raises(BuildError, match="the new warehouse is in place already"):
        put_in_place(paths, stage_pair(paths, "b3"), 3)
    monkeypatch.undo()
    with hold_workspace(paths, Build("b4", "2031-01-01 00:00:00", "test")):
        assert read_pair(paths) == ["b3", "b3"]


def test_swap_that_a_fault_cuts_off_is_finished_by_who_comes_next(
    other_survey, tmp_path, monkeypatch
):
    paths = Paths(other_survey.codebook, other_survey.exports, tmp_path / "warehouse.duckdb")
    build_warehouse(paths)
    find_log = place._find_log

    def fail(database):
        if database == paths.warehouse and has_swap_begun(paths):
            raise OSError(errno.EIO, "Input/output error")
        return find_log(database)

    monkeypatch.setattr(place, "_find_log", fail)
    with pytest.raises(BuildError, match="Input/output error"):
        build_warehouse(paths, Options(is_forced=True))
    before = place.read_build_id(paths.warehouse)
    monkeypatch.undo()
    assert "nothing changed" in build_warehouse(paths).summary
    last = read_builds(paths)[-1]
    assert last.verdict == "built"
    assert place.read_build_id(paths.warehouse) == last.build_id != before


@pytest.mark.parametrize("content", ["", "[1]", '"a"', '{"build": 1}', "\x00"])
def test_damaged_note_is_no_note(paths, content):
    paths.workspace.mkdir()
    (paths.workspace / "running.json").write_text(content)
    (paths.workspace / "builds.jsonl").write_bytes(b"\xff\n" + content.encode())
    with hold_workspace(paths, Build("b1", "2031-01-01 00:00:00", "a\u2028b")):
        append_build(paths, Build("b1", "2031-01-01 00:00:00", "a\u2028b").ended("built"))
        append_build(paths, Build("b1", "2031-01-01 00:00:00", "a\u2028b").ended("built"))
    assert [build.build_id for build in read_builds(paths)] == ["b1"]


def test_journal_that_somebody_changed_is_named(paths):
    put_in_place(paths, stage_pair(paths, "b1"), 3)
    (paths.workspace / "swap.json").write_text("")
    with pytest.raises(BuildError, match=r"swap\.json cannot be read: somebody changed it"):
        restore_warehouse(paths, None)


def test_database_of_something_else_is_not_overwritten(paths):
    with duckdb.connect(paths.warehouse) as connection:
        connection.execute("create table thesis as select 1 as chapter")
    before = paths.warehouse.read_bytes()
    with pytest.raises(BuildError, match="is no warehouse of this project, and would be lost"):
        build_warehouse(paths)
    paths.warehouse.write_text("garbage")
    with pytest.raises(BuildError, match="is no warehouse of this project"):
        build_warehouse(paths)
    assert before


def test_none_is_kept_where_none_is_wanted(paths):
    for build_id in ("b1", "b2"):
        put_in_place(paths, stage_pair(paths, build_id), 0)
    assert list_kept(paths) == []


def test_new_warehouse_waits_where_the_system_does_not_replace_an_open_file(paths, monkeypatch):
    put_in_place(paths, stage_pair(paths, "b1"), 3)
    replace = Path.replace

    def refuse(path, target):
        if target == paths.warehouse:
            raise PermissionError(13, "open elsewhere")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refuse)
    build = stage_pair(paths, "b2")
    with pytest.raises(BuildError, match=r"waits beside it as .*warehouse.new.duckdb"):
        put_in_place(paths, build, 3)
    assert read_pair(paths) == ["b1", "b1"]
    with duckdb.connect(paths.waiting, read_only=True) as connection:
        assert connection.execute("select min(build_id) from figures").fetchall() == [("b2",)]
    monkeypatch.undo()
    put_in_place(paths, stage_pair(paths, "b3"), 3)
    assert not paths.waiting.exists()


def test_second_command_is_told_who_holds_the_workspace_and_since_when(paths):
    first = Build("b1", "2031-01-01 08:00:00", "schedule")
    with (
        hold_workspace(paths, first),
        pytest.raises(BusyError, match=r"process \d+, since 2031-01-01 08:00:00 UTC \(schedule\)"),
        hold_workspace(paths, Build("b2", "2031-01-01 09:00:00", "by hand")),
    ):
        pass


def test_line_cut_off_by_a_power_cut_does_not_swallow_the_next(paths):
    paths.workspace.mkdir()
    append_build(paths, Build("b1", "2031-01-01 08:00:00", "test").ended("built"))
    with (paths.workspace / "builds.jsonl").open("a") as file:
        file.write('{"build_id": "b2", "sta')
    append_build(paths, Build("b3", "2031-01-03 08:00:00", "test").ended("built"))
    assert [build.build_id for build in read_builds(paths)] == ["b1", "b3"]
