"""A note beside the embedded database that says which migrations it has, so that a warm start need not ask."""

import hashlib
from importlib.metadata import version
from pathlib import Path

from pluralis.config.files import write_private

FILE = "migrated"
_WITH_MIGRATIONS = ("django", "django-allauth", "procrastinate")
_PACKAGE = Path(__file__).resolve().parents[1]


def fingerprint() -> str:
    """Return a hash over every migration of ours and the versions of the packages that bring some."""
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.glob("*/migrations/*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    for name in _WITH_MIGRATIONS:
        digest.update(f"{name}={version(name)}".encode())
    return digest.hexdigest()


def is_noted(data_dir: Path) -> bool:
    path = data_dir / FILE
    return path.exists() and path.read_text() == fingerprint()


def note(data_dir: Path) -> None:
    write_private(data_dir / FILE, fingerprint())


def forget(data_dir: Path) -> None:
    """Look again at the next start; called when another database was put in place."""
    (data_dir / FILE).unlink(missing_ok=True)
