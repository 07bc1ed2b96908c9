"""`make torture`: bad luck in great numbers, as a table for docs/torture.md; hours on two cores."""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.slow.test_swap import swap_under_readers
from tests.torture.full_disk import fill_disk
from tests.torture.killing import torture
from tests.torture.spoiling import spoil_inputs

SEED = 1
# How often each is done, and what of it is counted.
WHOLE: dict[str, tuple[int, Callable[[Path, int], dict[str, list[str]]]]] = {
    "commands killed": (1000, lambda folder, count: torture(folder, count, SEED)),
    "swaps under three readers": (
        1000, lambda folder, count: {"errors": swap_under_readers(folder, count, readers=3)}
    ),
    "spoiled inputs": (
        10_000, lambda folder, count: {"otherwise ended": spoil_inputs(folder, count, SEED)}
    ),
    "points at which the disk was full": (
        50, lambda folder, count: {"lost or untold": fill_disk(folder, count)}
    ),
}  # fmt: skip


def main(part: float, kinds: list[str]) -> None:
    """Do a part of each, and print what came of it; ends with 1 where anything was found."""
    print("| what | how often | what was found | minutes |\n|---|---|---|---|")
    found = []
    for name, (count, work) in WHOLE.items():
        if kinds and not any(kind in name for kind in kinds):
            continue
        if work is WHOLE["points at which the disk was full"][1] and os.geteuid():
            print(f"| {name} | not tried: only root may mount a disk | | |")
            continue
        started, often = time.monotonic(), max(round(count * part), 1)
        with tempfile.TemporaryDirectory() as folder:
            told = work(Path(folder) / "place", often)
        counts = ", ".join(f"{len(cases)} {kind}" for kind, cases in told.items())
        print(f"| {name} | {often:,} | {counts} | {(time.monotonic() - started) / 60:.0f} |")
        found += [f"{name}: {kind}: {case}" for kind, cases in told.items() for case in cases]
    print("\n".join(found))
    raise SystemExit(1 if found else 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", type=float, default=1, help="Of all of it; 0.01 is a hundredth.")
    parser.add_argument("kinds", nargs="*", help="Only these: killed, swaps, spoiled, disk.")
    arguments = parser.parse_args()
    main(arguments.part, arguments.kinds)
