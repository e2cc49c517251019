"""Placeholders of a saved reply: words in braces that are filled when it is used."""

import re
from collections.abc import Mapping

PLACEHOLDERS = ("name", "handle", "account", "agent", "case")
"""The person's name, their @handle, our account's @handle, who answers, and the case number."""
_BRACES = re.compile(r"\{\s*(\w+)\s*\}")


def unknown_placeholders(text: str) -> list[str]:
    """Return the words in braces that are no placeholder, in the order met: most likely mistyped."""
    return [word for word in dict.fromkeys(_BRACES.findall(text)) if word.lower() not in PLACEHOLDERS]


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return ``text`` with its placeholders filled; one without a value stays, for the person who answers to see."""

    def filled(match: re.Match[str]) -> str:
        return values.get(match[1].lower()) or match[0]

    return _BRACES.sub(filled, text)
