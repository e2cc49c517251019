"""The one door to the data files that are packaged with the core.

Artefacts are files and the core does no input or output; this module is the named exception. Everything it
returns is cached for the life of the process and must not be changed by the caller.
"""

import json
from functools import cache
from importlib import resources
from typing import Any

_FOLDER = "pluralis.core"


@cache
def load_json(name: str) -> Any:
    """Return the parsed content of ``pluralis/core/artefacts/<name>``; ``FileNotFoundError`` if there is none."""
    return json.loads(load_bytes(name))


@cache
def load_lines(name: str) -> tuple[str, ...]:
    """Return the lines of a packaged text file without blank lines and ``#`` comments."""
    lines = (line.strip() for line in load_bytes(name).decode().splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


@cache
def load_bytes(name: str) -> bytes:
    """Return the raw bytes of ``pluralis/core/artefacts/<name>``."""
    return (resources.files(_FOLDER) / "artefacts" / name).read_bytes()
