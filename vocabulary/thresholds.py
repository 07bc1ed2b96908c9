"""Thresholds, each written once; dbt gets them as variables, pages as arguments of their words."""

from statistics import NormalDist

# Two-sided confidence of every interval.
CONFIDENCE = 0.95
# Half the width of such an interval, in standard errors.
CONFIDENCE_Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
# How often a change that is there should be seen.
POWER = 0.8
# How many standard errors it then is away from none.
DETECTION_Z = CONFIDENCE_Z + NormalDist().inv_cdf(POWER)
# Percentages on a smaller base, or effective base, or with a wider interval are only indicative
# (Parker et al. 2017, National Center for Health Statistics, Vital Health Stat. 2, 175).
INDICATIVE_BASE_COUNT = 30
INDICATIVE_WIDTH = 0.3
# On a smaller base a group has its counts, and no percentage.
FEW_BASE_COUNT = 10
# What so few of those who answered chose is told to who did; and what so few left out, to who did.
RARE_SHARE = 0.25
# How many such answers are told at most.
MOST_RARE = 5
# With fewer municipalities on a side, the interval of a change would rest on next to nothing.
MINIMUM_CLUSTERS = 5
# More figures than this are not judged by themselves.
MOST_HEADLINES = 12
# A response rate this far from that of all, in percentage points, is told as such.
NOTABLE_DIFFERENCE = 10
# More answers off route than this part of all answers to a question is a wrong routing, not people
# who went back.
MOST_OFF_ROUTE_SHARE = 0.5
# The coder whose codes stand where two coders of open answers differed.
DECIDING_CODER = "agreed"


def as_words() -> dict[str, str]:
    """Return the thresholds as the words of every language may use them."""
    return {
        "confidence": f"{100 * CONFIDENCE:.0f}%",
        "power": f"{100 * POWER:.0f}%",
        "indicative": str(INDICATIVE_BASE_COUNT),
        "few": str(FEW_BASE_COUNT),
        "wide": f"{100 * INDICATIVE_WIDTH:.0f}",
        "clusters": str(MINIMUM_CLUSTERS),
        "notable": str(NOTABLE_DIFFERENCE),
    }
