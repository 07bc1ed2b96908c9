"""What tells a person or an answer again without telling who or what: keyed hashes.

HMAC with SHA-256 (RFC 2104). Without the secret nobody can find out, by trying addresses, whose
key it is.
"""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from ingest.shared.problems import InputError, Problem

SECRET_VARIABLE = "GELIJKEKANSEN_SECRET"  # noqa: S105 - the name of a variable, no secret
MINIMUM_LENGTH = 16


@dataclass(frozen=True, repr=False)
class Secret:
    """The secret with which hashes are keyed; it is never written or told."""

    content: bytes

    @property
    def key_id(self) -> str:
        """Tells one secret from another without telling it."""
        return self.hash("which secret", length=12)

    def hash(self, text: str, length: int = 32) -> str:
        """Return the keyed hash of a text, hexadecimal digits."""
        return hmac.new(self.content, text.encode(), hashlib.sha256).hexdigest()[:length]


def read_secret(file: Path | None) -> Secret | None:
    """Return the secret of the environment or of a file, which is made on first use, mode 600.

    Returns None where neither is given. Raises InputError where it is too short or unreadable.
    """
    told = os.environ.get(SECRET_VARIABLE)
    if told:
        return _check(told.strip().encode(), f"environment: {SECRET_VARIABLE}")
    if file is None:
        return None
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(file)
    except OSError as error:
        raise _refuse(str(file), f"It cannot be made ({error.strerror}).") from None
    with os.fdopen(descriptor, "w") as stream:
        stream.write(f"{secrets.token_hex(32)}\n")
    return _read(file)


def make_passing_secret() -> Secret:
    """Return a secret that is forgotten, so that its hashes can be joined with no others."""
    return Secret(secrets.token_bytes(32))


def _read(file: Path) -> Secret:
    try:
        content = file.read_bytes().strip()
    except OSError as error:
        raise _refuse(str(file), f"It cannot be read ({error.strerror}).") from None
    if os.name == "posix" and file.stat().st_mode & 0o077:
        raise _refuse(str(file), "Others can read it.", "chmod 600 it.")
    return _check(content, str(file))


def _check(content: bytes, place: str) -> Secret:
    if len(content) < MINIMUM_LENGTH:
        raise _refuse(place, f"It has fewer than {MINIMUM_LENGTH} characters.")
    return Secret(content)


def _refuse(place: str, what: str, action: str = "") -> InputError:
    action = action or "Name a file that does not exist yet: it is made with a good secret."
    return InputError([Problem(f"secret: {place}", what, action)])
