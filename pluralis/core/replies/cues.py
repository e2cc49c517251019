"""Words that tell what a message needs, by group and language, as a person may read and change them."""

import re
from functools import cache

from pluralis.core.data import load_json
from pluralis.core.folding import fold

LANGUAGES = ("en", "fr", "es", "ms")
_SAME = {"id": "ms", "ms/id": "ms"}
_HANDLE = re.compile(r"[.@]*@[\w.@-]+")
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "`": "'"})


def said(text: str) -> str:
    """Return a text as the cues read it: folded, without handles, one kind of apostrophe."""
    return fold(_HANDLE.sub(" ", text).translate(_APOSTROPHES))


def has(group: str, folded: str, language: str) -> bool:
    """Say whether a folded text holds a cue of ``group``; an unknown language reads the words of all."""
    return _pattern(group, _SAME.get(language, language)).search(folded) is not None


@cache
def _pattern(group: str, language: str) -> re.Pattern[str]:
    cues: dict[str, list[str]] = load_json("replies_cues.json")[group]
    listed = cues.get(language) or [cue for each in LANGUAGES for cue in cues[each]]
    return re.compile(rf"(?<!\w)(?:{'|'.join(listed)})(?!\w)")
