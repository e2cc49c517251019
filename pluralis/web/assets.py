"""Where the built files lie: names as the templates write them, addresses with the hash of their content."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.templatetags.static import static

FOLDER = Path(__file__).resolve().parent / "static" / "desk"


@cache
def manifest() -> dict[str, Any]:
    """Return what the build wrote down: ``packages`` (version, licence) and ``files`` (file, sha256, bytes)."""
    written: dict[str, Any] = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    return written


def address(name: str) -> str:
    """Return the address of a built file such as ``app.css``. Raises KeyError for one that was never built."""
    return _static(manifest()["files"][name]["file"])


# A page asks for the sheet of signs some two hundred times; a file's name holds its content's hash.
@cache
def _static(file: str) -> str:
    return static(f"desk/{file}")


@cache
def icons() -> frozenset[str]:
    """Return the names of all signs in the sheet."""
    return frozenset(manifest()["icons"])
