"""`make simulate`: coverage of every interval, verdicts where nothing changed; docs/coverage.md.

A sample is drawn without replacement from a population whose true share is known, again and
again; the functions of the warehouse judge each. Every sample is a cell: all are judged at once.
Beside it stands what an interval holds that takes every answer for one of a simple random sample
of the frame: the same formula without clusters, the question's own f, weights or covariance.
"""

import argparse
import sys

import duckdb
import numpy as np
import pandas as pd

from figures.changes import compare_shares
from figures.scales import compare_scales, estimate_scales
from figures.shares import estimate, find_wilson, make_total
from figures.weights import weigh
from tests.conftest import ROOT

PAGE = ROOT / "docs/coverage.md"
FRAME = 285
SHARES = (0.1, 0.2, 0.35, 0.5, 0.7)
# Central cities, middling, small and rural municipalities: in the frame, and how many answered.
CLASSES = np.array([13, 64, 85, 123])
STEEP = np.array([12, 25, 18, 15])
SCALES = {
    "mean": "mean of a scale",
    "mean_change": "change of a mean",
    "superiority": "superiority",
}
HOLDS, HOLDS_LEAST, FROM = 0.945, 0.92, 20


def draw(chance: np.random.Generator, repeats: int, size: int, frame: int) -> np.ndarray:
    """Return which municipalities are drawn, a row per sample."""
    order = np.argsort(chance.random((repeats, frame)), axis=1)
    return order[:, :size]


def make_population(share: float, frame: int = FRAME) -> np.ndarray:
    return (np.arange(frame) < round(share * frame)).astype(float)


def judge(selected: np.ndarray, units: np.ndarray, fraction: float, truth: float) -> float:
    """Return how often the interval of a level holds the truth; a row per sample."""
    repeats, size = selected.shape
    table = np.repeat(np.arange(repeats), size)
    found = estimate(
        selected.ravel(), units.ravel(), np.full(repeats, fraction), table,
        make_total(table, repeats),
    )  # fmt: skip
    return float(((found.low <= truth + 1e-9) & (found.high >= truth - 1e-9)).mean())


def list_levels(chance: np.random.Generator, repeats: int):
    """Yield coverage of levels: municipalities, skipped questions, respondents with colleagues."""
    for size in (10, 20, 30, 50, 70, 100, 200):
        for share in SHARES:
            people = make_population(share)
            picked = people[draw(chance, repeats, size, FRAME)]
            covered = judge(picked, np.ones_like(picked), size / FRAME, people.mean())
            plain = _hold(picked.mean(1), _size(size, size / FRAME), people.mean())
            yield "level, municipalities", f"n = {size}, share {share}", size, covered, plain
    for taking_part in (0.05, 0.25, 0.5, 0.75, 1.0):
        for answering in (0.5, 0.8):
            size = round(FRAME * taking_part * answering)
            if size >= 10:
                people = make_population(0.35)
                picked = people[draw(chance, repeats, size, FRAME)]
                fraction = taking_part * answering
                covered = judge(picked, np.ones_like(picked), fraction, people.mean())
                words = f"{taking_part:.0%} take part, {answering:.0%} of them answer"
                # With the f of the edition: where all took part, nothing is left to chance.
                plain = _hold(picked.mean(1), _size(size, taking_part), people.mean())
                yield "level, question that some skip", words, size, covered, plain
    for colleagues in (1, 2, 4, 10):
        for share in (0.2, 0.5):
            # Each municipality leans its own way: its colleagues are alike.
            leaning = chance.beta(share * 2, (1 - share) * 2, FRAME)
            picked = leaning[draw(chance, repeats, 70, FRAME)]
            answers = chance.binomial(colleagues, picked).astype(float)
            units = np.full_like(answers, colleagues)
            covered = judge(answers, units, 0.0, leaning.mean())
            share_of_all = answers.sum(1) / units.sum(1)
            plain = _hold(share_of_all, 70 * colleagues, leaning.mean())
            words = f"{colleagues} colleagues, share {share}"
            yield "level, respondents", words, 70, covered, plain


def list_weighted(chance: np.random.Generator, repeats: int):
    """Yield coverage where large municipalities both answer and choose the option more."""
    for words, by_class in (
        ("steep: 95, 72, 40, 17% by size", (0.95, 0.72, 0.40, 0.17)),
        ("moderate: 85, 55, 40, 30%", (0.85, 0.55, 0.40, 0.30)),
        ("none: 50% everywhere", (0.5, 0.5, 0.5, 0.5)),
    ):
        chosen = np.round(np.array(by_class) * CLASSES).astype(int)
        truth = chosen.sum() / FRAME
        picked = np.stack([chance.hypergeometric(c, n - c, m, repeats)
                           for c, n, m in zip(chosen, CLASSES, STEEP, strict=True)], 1)  # fmt: skip
        shape = (repeats, 1)
        found = weigh(
            picked.astype(float), np.tile(STEEP, shape).astype(float),
            np.tile(CLASSES, shape).astype(float), np.tile(STEEP, shape).astype(float),
            np.ones(repeats),
        )  # fmt: skip
        covered = float(((found.low <= truth) & (found.high >= truth)).mean())
        plain = _hold(picked.sum(1) / 70, _size(70, 70 / FRAME), truth)
        yield "level, weighted", words, 70, covered, plain


def _size(count: int, fraction: float) -> float:
    """The size at which sampling with replacement is as sure, where a part of all was drawn."""
    with np.errstate(divide="ignore"):
        return float((count - fraction) / np.float64(1 - fraction))


def _hold(share: np.ndarray, size: float, truth: float) -> float:
    low, high = find_wilson(share, np.full_like(share, size))
    return float(((low <= truth + 1e-9) & (high >= truth - 1e-9)).mean())


def list_scales(chance: np.random.Generator, repeats: int):
    """Yield coverage of the mean of a scale, of its change and of superiority."""
    repeats = max(repeats // 8, 200)
    scale = np.arange(1, 6)
    before = chance.choice(scale, FRAME, p=(0.1, 0.2, 0.3, 0.25, 0.15))
    after = np.clip(before + chance.choice((-1, 0, 1), FRAME, p=(0.2, 0.4, 0.4)), 1, 5)
    higher = (after[None, :] > before[:, None]) + 0.5 * (after[None, :] == before[:, None])
    truths = {"mean": before.mean(), "mean_change": after.mean() - before.mean(),
              "superiority": higher.mean()}  # fmt: skip
    for size in (10, 20, 50, 70):
        for overlap in (0.0, 0.5):
            together = round(size * overlap)
            picked = draw(chance, repeats, 2 * size - together, FRAME)
            sides = (picked[:, :size], picked[:, size - together :])
            rows = pd.concat([
                pd.DataFrame({
                    "edition_key": edition, "base": "municipalities",
                    "municipality_key": own.ravel(),
                    "question_key": np.repeat(np.arange(repeats), size).astype(str),
                    "score": people[own].ravel().astype(float), "is_top_two": False,
                    "unit_count": 1,
                })
                for edition, (own, people) in enumerate(zip(sides, (before, after), strict=True))
            ])  # fmt: skip
            rows["municipality_key"] = rows["municipality_key"].astype(str)
            frames = duckdb.from_df(pd.DataFrame({
                "municipality_key": [str(n) for n in range(FRAME)], "frame_edition_key": 1,
                "frame_municipality_key": [str(n) for n in range(FRAME)],
            }))  # fmt: skip
            found = compare_scales(duckdb.from_df(rows), frames)
            bases = pd.DataFrame({
                "edition_key": 0, "question_key": rows["question_key"].unique(),
                "sampled_share": size / FRAME,
            })  # fmt: skip
            own = duckdb.from_df(rows[rows["edition_key"] == 0])
            means = estimate_scales(own, duckdb.from_df(bases))
            for kind, told in (("mean", means), ("mean_change", found), ("superiority", found)):
                holds = told[f"{kind}_low"].le(truths[kind]) & told[f"{kind}_high"].ge(truths[kind])
                words = f"n = {size}" + (f", overlap {overlap:.0%}" if kind != "mean" else "")
                yield SCALES[kind], words, size, float(holds.mean()), np.nan


def make_changes(
    chance: np.random.Generator, repeats: int, size: int, overlap: float, truth: tuple, phi: float,
    population: str,
) -> pd.DataFrame:  # fmt: skip
    """Return clusters of two samples that share a part of their municipalities."""
    before, after = _make_pair(*truth, phi)
    together = round(size * overlap)
    order = draw(chance, repeats, 2 * size - together, FRAME)
    first = np.zeros_like(order, dtype=bool)
    first[:, :size] = True
    second = np.zeros_like(first)
    second[:, size - together :] = True
    return pd.DataFrame({
        "from_edition_key": 1, "to_edition_key": 2, "population": population,
        "base": "municipalities", "question_key": "q", "from_question_key": "q",
        "option_key": np.repeat(np.arange(repeats), order.shape[1]),
        "from_selected_count": (before[order] * first).ravel(),
        "from_unit_count": first.ravel().astype(int),
        "to_selected_count": (after[order] * second).ravel(),
        "to_unit_count": second.ravel().astype(int),
    })  # fmt: skip


def _make_pair(one: float, two: float, phi: float) -> tuple[np.ndarray, np.ndarray]:
    """Two answers of each municipality, with their shares and correlation."""
    first, second = round(one * FRAME), round(two * FRAME)
    both = round(FRAME * (one * two + phi * np.sqrt(one * (1 - one) * two * (1 - two))))
    both = int(np.clip(both, max(0, first + second - FRAME), min(first, second)))
    before, after = np.zeros(FRAME, int), np.zeros(FRAME, int)
    before[:first] = 1
    after[:both] = 1
    after[first : first + second - both] = 1
    return before, after


def list_changes(chance: np.random.Generator, repeats: int):
    """Yield coverage of changes with more or less overlap, and of panels."""
    repeats = max(repeats // 4, 200)
    for size in (10, 20, 50, 70, 100, 150):
        for overlap in (0.0, 0.3, 0.6, 0.8):
            for truth in ((0.4, 0.4), (0.35, 0.5)):
                for phi in (0.0, 0.5):
                    rows = make_changes(chance, repeats, size, overlap, truth, phi, "cross_section")
                    words = f"n = {size}, overlap {overlap:.0%}, {truth[0]} > {truth[1]}"
                    yield "change", words, size, *_cover(rows, size / FRAME, truth, phi)
    for size in (20, 40, 70):
        for truth in ((0.4, 0.4), (0.35, 0.5)):
            rows = make_changes(chance, repeats, size, 1.0, truth, 0.4, "panel")
            words = f"n = {size}, {truth[0]} > {truth[1]}"
            yield "change of a panel", words, size, *_cover(rows, size / FRAME, truth, 0.4)


def _compare(rows: pd.DataFrame, fraction: float) -> pd.DataFrame:
    keys = pd.MultiIndex.from_product([[1, 2], ["q"]], names=["edition_key", "question_key"])
    return compare_shares(rows, pd.Series([fraction] * 2, index=keys))


def _cover(rows: pd.DataFrame, fraction: float, truth: tuple, phi: float) -> tuple[float, float]:
    before, after = _make_pair(*truth, phi)
    change = after.mean() - before.mean()
    found = _compare(rows, fraction).dropna(subset="change_low")
    covered = float(((found["change_low"] <= change) & (found["change_high"] >= change)).mean())
    # As if two samples had nothing in common.
    start, end = (found[f"{side}_share"].to_numpy() for side in ("from", "to"))
    sizes = (_size(int(found[f"{side}_base_count"].iloc[0]), fraction) for side in ("from", "to"))
    ends = [
        find_wilson(share, np.full_like(share, size))
        for share, size in zip((start, end), sizes, strict=True)
    ]
    low = end - start - np.hypot(end - ends[1][0], ends[0][1] - start)
    high = end - start + np.hypot(ends[1][1] - end, start - ends[0][0])
    return covered, float(((low <= change) & (high >= change)).mean())


def count_false(chance: np.random.Generator, pairs: int) -> tuple[float, float]:
    """Return which share of 250 unchanged options gets a verdict, without and with q below 5%."""
    from scipy.stats import false_discovery_control

    plain = adjusted = tested = 0
    for _ in range(pairs):
        shares = chance.uniform(0.1, 0.9, 50)
        frames = []
        for number, share in enumerate(shares):
            rows = make_changes(chance, 5, 70, 0.3, (share, share), 0.3, "cross_section")
            frames.append(rows.assign(option_key=rows["option_key"] + 5 * number))
        found = _compare(pd.concat(frames), 70 / FRAME)["p_value"].dropna()
        plain += (found < 0.05).sum()
        adjusted += (false_discovery_control(found, method="bh") < 0.05).sum()
        tested += len(found)
    return plain / tested, adjusted / tested


def _write(coverage: float) -> str:
    return "" if np.isnan(coverage) else f"{coverage:.3f}"


def main() -> int:
    """Simulate, write the page, and return 1 where an interval holds too seldom."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=4000)
    repeats = parser.parse_args().repeats
    chance = np.random.default_rng(2027)
    rows = [
        row
        for make in (list_levels, list_weighted, list_changes, list_scales)
        for row in make(chance, repeats)
    ]
    frame = pd.DataFrame(rows, columns=["kind", "words", "size", "covered", "plain"])
    plain, adjusted = count_false(chance, 20)
    judged = frame[frame["size"] >= FROM]
    lines = [
        "# How often the intervals hold what is true\n\n",
        f"`make simulate` draws {repeats} samples (of changes a quarter) from populations of which"
        f" the true share is known,\nof {FRAME} municipalities; the warehouse judges each at 95%."
        " *Before* is what an\ninterval holds that takes every answer for one of a simple random"
        " sample of the frame. Written by that command.\n\n",
        "| what | cases | mean | least | where | before: mean | least |\n"
        "|---|---|---|---|---|---|---|\n",
    ]
    for kind, own in frame.groupby("kind", sort=False):
        large = own[own["size"] >= FROM] if (own["size"] >= FROM).any() else own
        least = large.loc[large["covered"].idxmin()]
        before = large["plain"]
        lines.append(f"| {kind} | {len(large)} | {large['covered'].mean():.3f} |"
                     f" {least['covered']:.3f} | {least['words']} |"
                     f" {_write(before.mean())} | {_write(before.min())} |\n")  # fmt: skip
    small = frame[(frame["size"] > 0) & (frame["size"] < FROM)]
    lines.append(
        f"\nWith n below {FROM} the least is {small['covered'].min():.3f}. Where nothing"
        f" changed, {plain:.1%} of options rise or\nfall at 95%, and {adjusted:.1%} with"
        " `q_value` below 5%.\n"
    )
    PAGE.write_text("".join(lines), encoding="utf-8")
    print("".join(lines))
    holds = judged["covered"].mean() >= HOLDS and judged["covered"].min() >= HOLDS_LEAST
    return 0 if holds and adjusted <= 0.05 else 1


if __name__ == "__main__":
    sys.exit(main())
