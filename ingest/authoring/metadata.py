"""Metadata columns of an export, told by their values."""

import datetime

from ingest.authoring.found import TICKED, UNTICKED
from ingest.exports.files import Grid
from vocabulary.lists import MetadataRole
from vocabulary.texts import LANGUAGES, read_texts

FINISHED = {word for one in LANGUAGES for word in read_texts(one)["boxes"]["finished"].split(", ")}


def find_roles(grid: Grid) -> dict[str, str]:
    """Return the roles that the values of columns betray, by header.

    Addresses have an at sign; the beginning and the end of an answer are moments, of which the
    end never comes first; the duration is what lies between; who completed the questionnaire has
    an end, who did not has none; an id is filled in everywhere and nowhere the same.
    """
    columns = {
        header: [row[number] for row in grid.rows if any(row)]
        for number, header in enumerate(grid.headers)
        if header is not None
    }
    moments = {header: _read_moments(values) for header, values in columns.items()}
    moments = {header: values for header, values in moments.items() if any(values)}
    roles: dict[str, str] = {
        header: MetadataRole.EMAIL
        for header, values in columns.items()
        if any(values) and all("@" in value for value in values if value)
    }
    pair = _find_start_and_end(moments)
    if pair is not None:
        start, end = pair
        roles |= {start: MetadataRole.STARTED_AT, end: MetadataRole.COMPLETED_AT}
        spans = [
            str(round((after - before).total_seconds())) if before and after else None
            for before, after in zip(moments[start], moments[end], strict=True)
        ]
        for header, values in columns.items():
            if header in roles:
                continue
            if _agree(values, spans):
                roles[header] = MetadataRole.DURATION_SECONDS
            elif _tells_apart(values, moments[end]) or _says_so(header, values):
                roles[header] = MetadataRole.IS_COMPLETE
    for header, values in columns.items():
        if header not in roles and all(values) and len(set(values)) == len(values):
            roles[header] = MetadataRole.RESPONDENT_ID
            break
    return roles


def _read_moments(values: list[str | None]) -> list[datetime.datetime | None]:
    try:
        return [
            datetime.datetime.fromisoformat(value).replace(tzinfo=None) if value else None
            for value in values
        ]
    except ValueError:
        return []


def _find_start_and_end(
    moments: dict[str, list[datetime.datetime | None]],
) -> tuple[str, str] | None:
    """Return the two columns of which one is never before the other, and often later."""
    for start, begun in moments.items():
        for end, ended in moments.items():
            both = [(a, b) for a, b in zip(begun, ended, strict=True) if a and b]
            if start != end and both and all(begun) and all(a < b for a, b in both):
                return start, end
    return None


def _agree(values: list[str | None], others: list[str | None]) -> bool:
    both = [(a, b) for a, b in zip(values, others, strict=True) if a and b]
    return bool(both) and all(a == b for a, b in both)


def _says_so(header: str, values: list[str | None]) -> bool:
    """Whether a column is called finished, and says yes or no of everyone."""
    told = {str(value).lower() for value in values}
    name = header.split(" - ")[0].strip().lower()
    return name in FINISHED and told <= TICKED | UNTICKED


def _tells_apart(values: list[str | None], ended: list[datetime.datetime | None]) -> bool:
    with_end = {value for value, end in zip(values, ended, strict=True) if end}
    without = {value for value, end in zip(values, ended, strict=True) if not end}
    return len(with_end) == len(without) == 1 and with_end != without and None not in with_end
