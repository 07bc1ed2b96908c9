"""Commands on a file system of their own that fills up at one point after another."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.torture.killing import Place, find_broken, make_place

# What a survey with all its outputs needs, and then some: the disk on which all is made.
WHOLE = 400
BLOCK = 4096


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """Mount a file system of so many megabytes; only root may, on Linux."""
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    subprocess.run(mount, check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(place: Place, room: int) -> Path:
    """Leave so many bytes of room, and return the file that takes the rest."""
    ballast = place.folder / "ballast"
    free = int(subprocess.run(
        ["df", "--output=avail", "--block-size=1", str(place.folder)],
        capture_output=True, text=True, check=True,
    ).stdout.split()[1])  # fmt: skip
    with ballast.open("wb") as file:
        file.truncate(0)
        for _ in range(max(free - room, 0) // (64 * BLOCK)):
            file.write(bytes(64 * BLOCK))
    return ballast


def fill_disk(folder: Path, points: int) -> list[str]:
    """Run commands with more and more room; return what was lost, or not said in plain words."""
    found: list[str] = []
    with small_disk(folder, WHOLE):
        place = make_place(folder)
        names = list(place.list_commands())
        for number in range(points):
            name = names[number % len(names)]
            room = 24 * 2**20 * (number + 1) // points
            ballast = fill(place, room)
            try:
                told = place.run(name)
            finally:
                ballast.unlink()
            case = f"{name} with {room // 2**20} MB of room"
            if "Traceback" in told:
                found.append(f"{case}: {told.splitlines()[-1]}")
            found += [f"{case}: {what} is broken" for what in find_broken(place)]
    return found
