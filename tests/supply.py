"""The licences of a software bill, as a table: who hands on the program has to know them."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any


def name_licence(component: dict[str, Any]) -> str:
    """Return the licence of a package as an SPDX expression, or as the package words it."""
    told = component.get("licenses", [])
    expressions = [one["expression"] for one in told if "expression" in one]
    own = [one["license"] for one in told if "license" in one]
    names = expressions or [one["id"] for one in own if "id" in one] or [
        one["name"].rpartition(" :: ")[2] for one in own if one.get("name")
    ]  # fmt: skip
    return " or ".join(sorted(set(names))) or "not said"


def main(path: Path) -> None:
    bill = json.loads(path.read_text(encoding="utf-8"))
    counts: Counter[str] = Counter(map(name_licence, bill["components"]))
    print(f"{path}: {len(bill['components'])} packages, CycloneDX {bill['specVersion']}")
    for licence, count in counts.most_common():
        print(f"{count:>5} {licence}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
