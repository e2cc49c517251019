"""Cells on their way into and out of spreadsheets: no cell of ours is ever taken for a formula."""

import re

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet may take for the beginning of a formula (OWASP, *CSV Injection*)."""

_FORMULA = re.compile(r"=\s*(?:[A-Za-z][A-Za-z0-9.]*\(|\$?[A-Za-z]{1,3}\$?[0-9]+\b|[0-9(\"'+-])")
_ERROR = re.compile(r"#(?:REF!|NAME\?|VALUE!|N/A|DIV/0!|NUM!|NULL!|SPILL!|CALC!)", re.IGNORECASE)


def guarded(text: str) -> str:
    """Return a cell as it is written into a file: with an apostrophe before what could begin a formula."""
    return f"'{text}" if text.startswith(RISKY) else text


def unguarded(text: str) -> str:
    """Return a cell as it was before :func:`guarded`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(RISKY) else text


def is_formula(text: str) -> bool:
    """Say whether a cell's text is a formula that nobody computed, rather than words that begin with ``=``."""
    return _FORMULA.match(text) is not None


def is_error(text: str) -> bool:
    """Say whether a cell holds a spreadsheet's own error, such as ``#REF!``."""
    return _ERROR.fullmatch(text.strip()) is not None
