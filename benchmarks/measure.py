"""Time and peak memory of a task, each run in a process of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile
from typing import Any

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Measure:
    """Wall seconds and peak resident megabytes, the medians of some runs, and what it returned.

    `seconds` is of the whole process; `inner_seconds` of the task, without starting Python.
    """

    seconds: float
    megabytes: float
    inner_seconds: float
    value: Any = None


def run_task(name: str, *arguments: object, runs: int = 1) -> Measure:
    """Run a function of `benchmarks.tasks` by its name, in a new process each time."""
    command = [sys.executable, "-m", "benchmarks.tasks", name, *map(str, arguments)]
    return _take_medians([_run(command) for _ in range(runs)])


def run_command(*command: object, runs: int = 1) -> Measure:
    """Run a command, whose output is not looked at."""
    return _take_medians([_run([*map(str, command)], is_task=False) for _ in range(runs)])


def alternate(runs: int, **tasks: Callable[[], Measure]) -> dict[str, Measure]:
    """Run tasks in turns, so that what else the machine does weighs on all of them alike."""
    measured: dict[str, list[Measure]] = {name: [] for name in tasks}
    for _ in range(runs):
        for name, task in tasks.items():
            measured[name].append(task())
    return {name: _take_medians(some) for name, some in measured.items()}


def _take_medians(some: list[Measure]) -> Measure:
    return Measure(
        median(one.seconds for one in some),
        median(one.megabytes for one in some),
        median(one.inner_seconds for one in some),
        some[-1].value,
    )


def _run(command: list[str], *, is_task: bool = True) -> Measure:
    with TemporaryFile() as output, TemporaryFile() as errors, ThreadPoolExecutor(1) as watcher:
        started = time.monotonic()
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=errors)  # noqa: S603
        held = watcher.submit(_watch, process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{errors.read().decode()[-2000:]}")
        megabytes = max(usage.ru_maxrss / 1024, held.result())
        if not is_task:
            return Measure(seconds, megabytes, seconds)
        answer = json.loads(output.read().splitlines()[-1])
    return Measure(seconds, megabytes, answer["seconds"], answer["value"])


def _watch(process: int) -> float:
    """Return the most that a process and those it started held together, until its end."""
    most = 0.0
    while held := _count_held(process):
        most = max(most, held)
        time.sleep(0.05)
    return most


def _count_held(process: int) -> float:
    """Return resident megabytes; what two processes share counts twice. 0 where it has ended."""
    folder = Path(f"/proc/{process}")
    try:
        pages = int((folder / "statm").read_text().split()[1])
        threads = list((folder / "task").iterdir())
    except OSError:
        return 0.0
    held = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    for thread in threads:
        # A thread that has ended since has started nothing.
        with suppress(OSError):
            held += sum(map(_count_held, map(int, (thread / "children").read_text().split())))
    return held
