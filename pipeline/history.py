"""The history of builds, one line each, also of those that failed."""

import json
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from pipeline.paths import Paths


@dataclass(frozen=True)
class Build:
    """One build: when, why, from what, how long, and what came of it.

    `verdict` is `built`, `refused` (the input), `failed`, `killed` or `restored`.
    """

    build_id: str
    started_at: str
    reason: str
    input_sha256: str = ""
    code_revision: str | None = None
    code_sha256: str | None = None
    codebook_sha256: str | None = None
    export_sha256: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    land_seconds: float | None = None
    model_seconds: float | None = None
    check_seconds: float | None = None
    verdict: str | None = None
    message: str | None = None

    def to_record(self) -> dict[str, Any]:
        """Return the build as plain values."""
        return asdict(self)

    def ended(self, verdict: str, message: str | None = None) -> "Build":
        """Return the build with what came of it."""
        return replace(self, verdict=verdict, message=message)


def to_build(record: dict[str, Any]) -> Build:
    """Return the build that `to_record` made plain."""
    return Build(**record)


def append_build(paths: Paths, build: Build) -> None:
    """Add a build to the history, on disk before this returns; what is there stays once."""
    if (build.build_id, build.verdict) in {(b.build_id, b.verdict) for b in read_builds(paths)}:
        return
    path = _find_file(paths)
    line = json.dumps(build.to_record(), ensure_ascii=False)
    with path.open("a+b") as file:
        # A line that a power cut left unfinished must not swallow this one.
        if file.tell() and not path.read_bytes().endswith(b"\n"):
            line = f"\n{line}"
        file.write(f"{line}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def read_builds(paths: Paths) -> list[Build]:
    """Return the builds of the workspace, the oldest first; a line cut off by a crash is none."""
    path = _find_file(paths)
    builds = []
    for line in path.read_bytes().split(b"\n") if path.exists() else ():
        try:
            builds.append(to_build(json.loads(line)))
        except (ValueError, TypeError):
            continue
    return builds


def read_build_id(warehouse: Path) -> str:
    """Return which build made a warehouse. Raises duckdb.Error where it is none."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        rows = connection.execute(
            "select max(build_id) from audit.builds where verdict = 'built'"
        ).fetchall()
    if rows[0][0] is None:
        raise duckdb.CatalogException(f"{warehouse} does not say which build made it.")
    return str(rows[0][0])


def _find_file(paths: Paths) -> Path:
    return paths.workspace / "builds.jsonl"
