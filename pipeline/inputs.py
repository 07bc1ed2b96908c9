"""What a warehouse is made from, told by hashes: where none changed, there is nothing to build."""

import hashlib
import platform
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from ingest.shared.files import hash_file
from pipeline.history import Build
from pipeline.paths import Paths

ROOT = Path(__file__).parents[1]
CODE_FOLDERS = ("dbt_project", "expectations", "figures", "ingest", "pipeline", "vocabulary")
CODE_SUFFIXES = (".md", ".py", ".sql", ".toml", ".yml")
MADE_FOLDERS = {"logs", "target", "__pycache__"}
PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "great-expectations", "pandas")


def describe_inputs(build: Build, paths: Paths, secret_id: str | None) -> Build:
    """Return the build with the hash of everything it is made from, each and together."""
    exports = {
        path.name: hash_file(path)
        for path in sorted(paths.exports.glob("*"))
        if path.is_file() and not path.name.startswith((".", "~$"))
    }
    build = replace(
        build,
        code_revision=_find_revision(),
        code_sha256=_hash_files(ROOT, _list_code()),
        codebook_sha256=_hash_files(paths.codebook, sorted(paths.codebook.glob("**/*.csv"))),
        export_sha256=exports,
        versions={
            "python": platform.python_version(),
            **{name: version(name) for name in PACKAGES},
        },
    )
    parts = (
        build.code_sha256,
        build.codebook_sha256,
        sorted(exports.items()),
        sorted(build.versions.items()),
        secret_id,
    )
    return replace(build, input_sha256=hashlib.sha256(repr(parts).encode()).hexdigest())


def _list_code() -> list[Path]:
    return sorted(
        path
        for folder in CODE_FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.suffix in CODE_SUFFIXES and not MADE_FOLDERS & set(path.parts)
    )


def _hash_files(root: Path, files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.relative_to(root).as_posix()} {hash_file(path)}\n".encode())
    return digest.hexdigest()


def _find_revision() -> str | None:
    """Return the commit that the code is of, with a plus where it was changed since."""
    command = ["git", "-C", str(ROOT), "describe", "--always", "--abbrev=12", "--dirty=+"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
