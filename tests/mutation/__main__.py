"""`make mutate`: thousands of single changes of the shipped survey, and what is said of each.

A change is *refused* (nothing is built), *told* (there is a finding that was not there), or it
*changed a figure* without a word, or nothing at all. What changed a figure untold is listed in
docs/mutations.md with the reason why that is right; where there is none, this fails.
"""

import argparse
import json
import multiprocessing
import sys
import tempfile
from collections import Counter
from dataclasses import asdict

from tests.conftest import ROOT
from tests.mutation.building import Seen, see, start
from tests.mutation.reasons import find_reason

SEEN = ROOT / "test-results/mutations.json"
PAGE = ROOT / "docs/mutations.md"


def main() -> int:
    """Make the changes on all cores, write the page, and return 1 where one has no reason."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=2027)
    parser.add_argument("--again", action="store_true", help="Write the page of the last run.")
    parser.add_argument("--jobs", type=int, default=multiprocessing.cpu_count())
    told = parser.parse_args()
    if told.again:
        return write_page([Seen(**one) for one in json.loads(SEEN.read_text("utf-8"))], told.seed)
    with tempfile.TemporaryDirectory() as folder:
        pool = multiprocessing.get_context("spawn").Pool(told.jobs, start, [folder])
        with pool:
            tasks = [(told.seed, number, told.count) for number in range(told.count)]
            seen = []
            for one in pool.imap(see, tasks):
                seen.append(one)
                if len(seen) % 50 == 0:
                    _keep(seen)
                    counts = Counter(other.verdict for other in seen)
                    print(f"{len(seen)}: {dict(counts)}", file=sys.stderr, flush=True)
    _keep(seen)
    return write_page(seen, told.seed)


def _keep(seen: list[Seen]) -> None:
    SEEN.parent.mkdir(exist_ok=True)
    SEEN.write_text(json.dumps([asdict(one) for one in seen]), encoding="utf-8")


def write_page(seen: list[Seen], seed: int) -> int:
    """Write what was seen, and return 1 where a figure changed untold without a reason."""
    counts = Counter(one.verdict for one in seen)
    lines = [
        "# Single changes of the survey, and what is said of each\n\n",
        f"`make mutate` made {len(seen)} single changes of the shipped codebook and exports (seed"
        f" {seed}): a label,\na code, a verdict, a spelling, a cell, a row. Written by that"
        " command.\n\n",
        "| what a build made of it | changes |\n|---|---|\n",
        *(f"| {verdict} | {count} |\n" for verdict, count in counts.most_common()),
        "\n## What changed a figure and was not told\n\n",
        "| kind of change | changes | one of them | why that is right |\n|---|---|---|---|\n",
    ]
    untold: dict[str, list[Seen]] = {}
    for one in seen:
        if one.verdict == "changed a figure":
            untold.setdefault(one.kind, []).append(one)
    unexplained = 0
    for kind, group in sorted(untold.items()):
        reason = find_reason(kind)
        unexplained += reason is None
        first = group[0]
        example = f"{first.path}, {first.changed}: {first.words}".replace("|", "\\|")
        lines.append(f"| {kind} | {len(group)} | {example} | {reason or 'none: look at it'} |\n")
    PAGE.write_text("".join(lines), encoding="utf-8")
    print("".join(lines))
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
