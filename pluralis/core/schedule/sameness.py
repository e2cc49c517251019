"""Are two texts nearly the same? Networks that forbid repeats do not care for one changed word or link."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from pluralis.core.text import canonical

NEAR = 0.9
"""The share of equal signs (Ratcliff and Obershelp) from which two texts count as one. The networks do not publish
where they draw the line; this one catches a changed number, emoji or link and lets a rewritten sentence pass."""

_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_SIGN = re.compile(r"[^\w\s]|\d|_")


def nearly_same(text: str, others: Iterable[str]) -> str | None:
    """Return the first of ``others`` that says nearly the same as ``text``, or ``None``.

    Links, digits, signs, emoji, case and white space do not make a text another one.
    """
    bare = _bare(text)
    for other in others:
        theirs = _bare(other)
        matcher = SequenceMatcher(None, bare, theirs, autojunk=False)
        if bare == theirs or (matcher.quick_ratio() >= NEAR and matcher.ratio() >= NEAR):
            return other
    return None


def _bare(text: str) -> str:
    return " ".join(_SIGN.sub(" ", _LINK.sub(" ", canonical(text))).casefold().split())
