"""Reads the marked texts of ``cases/privacy.txt``: ``[[TYPE:piece]]`` is to be found, nothing else."""

import re
from pathlib import Path
from typing import NamedTuple

_FILE = Path(__file__).with_name("cases") / "privacy.txt"
_MARK = re.compile(r"\[\[([A-Z]+):((?:[^\[\]]|\[[^\[\]]*\])*)\]\]")


class Marked(NamedTuple):
    """A text with its language and the pieces it holds: (start, end, type)."""

    language: str
    text: str
    pieces: tuple[tuple[int, int, str], ...]


def read_cases() -> list[Marked]:
    """Return every case of the file."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return [unmark(*line.split("\t")) for line in lines if line and not line.startswith("#")]


def unmark(language: str, marked: str) -> Marked:
    """Take the marks out of a text and keep where they stood."""
    marked = marked.replace("\\n", "\n")
    text, reached, pieces = "", 0, []
    for mark in _MARK.finditer(marked):
        text += marked[reached : mark.start()]
        pieces.append((len(text), len(text) + len(mark[2]), mark[1]))
        text += mark[2]
        reached = mark.end()
    return Marked(language, text + marked[reached:], tuple(pieces))
