"""Exports and codebooks with some bytes changed: each is read, or refused with its file."""

import random
import resource
import shutil
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb

from ingest.codebook.loading import load_codebook
from ingest.exports.files import ExportFile
from ingest.exports.reading import read_export
from ingest.routing.routes import build_routes
from ingest.shared.problems import InputError
from tests.conftest import OTHER, ROOT

MOST_SECONDS, MOST_BYTES = 30, 2 * 2**30
WORKBOOK, TEXT = ROOT / "exports/gelijkekansen_2025.xlsx", OTHER / "exports/fietsen.csv"


def spoil(chance: random.Random, content: bytes) -> bytes:
    """Change, take out or double some bytes."""
    made = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        if not made:
            break
        place = chance.randrange(len(made))
        length = chance.choice([1, 1, 4, 64])
        match chance.randrange(3):
            case 0:
                made[place : place + length] = chance.randbytes(length)
            case 1:
                del made[place : place + length]
            case _:
                made[place:place] = made[place : place + length]
    return bytes(made)


def spoil_part(chance: random.Random, source: Path, path: Path) -> None:
    """Write a workbook of which one part is spoiled below its checksum."""
    with zipfile.ZipFile(source) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    spoiled = chance.choice(list(parts))
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, spoil(chance, content) if name == spoiled else content)


def read(path: Path, delimiter: str | None = None, encoding: str | None = None) -> str:
    """Return what becomes of an export: it is read, or refused by its name."""
    try:
        read_export(ExportFile(1, path, None, encoding, delimiter, 1))
    except InputError as error:
        return "refused" if path.name in str(error) else str(error)
    return "read"


def load(codebook: Path) -> str:
    """Return what becomes of a codebook: it is loaded with its routing, or refused."""
    try:
        with duckdb.connect() as connection:
            load_codebook(connection, codebook)
            build_routes(connection)
    except InputError as error:
        return "refused" if "codebook" in str(error) else str(error)
    return "read"


def _spoil_exports(folder: Path, count: int, chance: random.Random) -> Iterator[tuple[str, str]]:
    workbook, text = folder / "spoiled.xlsx", folder / "spoiled.csv"
    for number in range(count):
        match number % 3:
            case 0:
                workbook.write_bytes(spoil(chance, WORKBOOK.read_bytes()))
                yield "workbook", read(workbook)
            case 1:
                spoil_part(chance, WORKBOOK, workbook)
                yield "part of a workbook", read(workbook)
            case _:
                text.write_bytes(spoil(chance, TEXT.read_bytes()))
                yield "csv", read(text, ";", "cp1252")


def _spoil_codebooks(folder: Path, count: int, chance: random.Random) -> Iterator[tuple[str, str]]:
    codebook = folder / "seeds"
    shutil.copytree(OTHER / "seeds", codebook)
    files = sorted(path for path in codebook.rglob("*.csv") if path.stat().st_size)
    for _ in range(count):
        path = chance.choice(files)
        whole = path.read_bytes()
        path.write_bytes(spoil(chance, whole))
        yield path.name, load(codebook)
        path.write_bytes(whole)


def spoil_inputs(folder: Path, count: int, seed: int) -> list[str]:
    """Spoil so many inputs, half of them codebooks; return what ended otherwise, or was too slow.

    Whatever is no refusal ends the run with its traceback.
    """
    chance = random.Random(seed)
    folder.mkdir(exist_ok=True)
    found = []
    for make in (_spoil_exports, _spoil_codebooks):
        started = time.monotonic()
        for number, (kind, outcome) in enumerate(make(folder, count // 2, chance)):
            if outcome not in ("read", "refused"):
                found.append(f"{number} {kind}: {outcome}")
            if time.monotonic() - started > MOST_SECONDS:
                found.append(f"{number} {kind}: over {MOST_SECONDS} seconds")
            started = time.monotonic()
    if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 > MOST_BYTES:
        found.append("over 2 GB")
    return found
