"""The ^initials that tell which person of the team wrote an answer (a custom of company accounts since 2009)."""

import re

_SIGN = "^"
_SIGNED = re.compile(r"\^\w{1,4}\s*$")


def signed(text: str, initials: str) -> str:
    """Return the text with ``^XY`` behind it; unchanged without initials, or where the text is signed already."""
    if not initials or not text.strip() or _SIGNED.search(text):
        return text
    return f"{text.rstrip()} {_SIGN}{initials}"
