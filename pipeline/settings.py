"""The settings of a survey's folder, so that its commands need not be told where everything is."""

import os
import tomllib
from pathlib import Path

FILE = "gelijkekansen.toml"
# What can be set, with the variable of the environment that goes before it.
PATHS = {name: f"GELIJKEKANSEN_{name.upper()}" for name in
         ("codebook", "exports", "warehouse", "secret_file")}  # fmt: skip
VARIABLES = {**PATHS, "keep": "GELIJKEKANSEN_KEEP", "max_lost": "GELIJKEKANSEN_MAX_LOST"}
NEW = """\
# {title}
# Where everything of this survey is, seen from this folder. What a command is told, or the
# environment says, goes before it.
codebook = "seeds"
exports = "exports"
warehouse = "warehouse.duckdb"
# A file that nobody else may read: with it a person has the same key in every edition.
# secret_file = "secret"
# How many previous warehouses are kept.
# keep = 3
# How many respondents of an edition may be gone from a later export before a build is refused.
# max_lost = 0
"""


class SettingsError(ValueError):
    """The settings cannot be read; says what to do."""


def apply_settings(folder: Path) -> None:
    """Let the commands know what the settings of a folder say, where the environment says nothing.

    Raises SettingsError where the file is no TOML, or sets something else.
    """
    path = folder / FILE
    if not path.is_file():
        return
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}. Mend it.") from None
    strange = sorted(set(settings) - set(VARIABLES))
    if strange:
        what = f"{path} sets {', '.join(strange)}, which means nothing."
        raise SettingsError(f"{what} It can set {', '.join(VARIABLES)}.")
    for name, value in settings.items():
        said = str(folder / str(value)) if name in PATHS else str(value)
        os.environ.setdefault(VARIABLES[name], said)


def write_settings(folder: Path, title: str) -> None:
    """Write the settings of a new survey; one that has some keeps them."""
    path = folder / FILE
    if not path.exists():
        path.write_text(NEW.format(title=" ".join(title.split())), encoding="utf-8")
