"""What the tests look with: browsers, spreadsheets, schedulers. They are no part of the product.

`python -m tests.tools` installs them where it may (root and apt-get); `make test` runs it. Where it
may not, the tests that need one are skipped, by name; with CI=true that is a failure.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# By Debian's package: the programs, or the library, of which one must be there.
PACKAGES = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    # What drives the browser is linked with it.
    "libatomic1": ("libatomic.so.1",),
    "libreoffice-calc-nogui": ("soffice",),
    "libreoffice-writer-nogui": ("/usr/lib/libreoffice/program/libswdlo.so",),
    "systemd": ("systemd-analyze",),
}
INSTALL = "apt-get install --yes --no-install-recommends"


def find_program(package: str) -> str | None:
    """Where one of a package's programs or libraries is; None where there is none."""
    return next(filter(None, map(_locate, PACKAGES[package])), None)


def _locate(name: str) -> str | None:
    if name.startswith("/"):
        return name if Path(name).exists() else None
    if ".so." not in name:
        return shutil.which(name)
    try:
        ctypes.CDLL(name)
    except OSError:
        return None
    return name


def list_missing() -> list[str]:
    return [package for package in PACKAGES if find_program(package) is None]


def need(package: str) -> str:
    """Return where a program is; skip the test, or fail it in CI, where it is not."""
    program = find_program(package)
    if program is None:
        words = f"{package} is not installed: sudo {INSTALL} {package}"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(words)
    return str(program)


def install() -> None:
    missing = list_missing()
    if not missing:
        return
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        print(f"Without {', '.join(missing)} some tests are skipped; this brings what they need:")
        print(f"    sudo apt-get update && sudo {INSTALL} {' '.join(missing)}")
        return
    print(f"installing {', '.join(missing)}, which the tests look with", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in ("apt-get update", f"{INSTALL} {' '.join(missing)}"):
        done = subprocess.run(
            command.split(), env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            print(f"{command} failed:\n{done.stderr[-2000:]}")
            return


if __name__ == "__main__":
    os.chdir(Path(__file__).parents[1])
    install()
    sys.exit(0)
