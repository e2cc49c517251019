"""The word lists: which words of a text speak for what, and where they stand.

The lists are a packaged text file, ``artefacts/triage_cues.txt``, written for this project; its head says how
a line reads. A cue is *not* a verdict: the model weighs cues, their pairs and their order.
"""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import ahocorasick_rs

from pluralis.core.data import load_lines
from pluralis.core.triage.fold import fold

LANGUAGES = ("en", "fr", "es", "ms")
_SAME_LIST = {"id": "ms", "ms/id": "ms"}
_EVERYWHERE = (1 << len(LANGUAGES)) - 1


class Cue(NamedTuple):
    """One word or phrase found: where it starts in the folded text, itself, and the lists it stands in."""

    start: int
    phrase: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All lists as one automaton; ``entries[i]`` holds the phrase and its (group, languages) pairs."""

    automaton: ahocorasick_rs.AhoCorasick
    entries: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]

    def find(self, folded: str, language: str | None) -> list[Cue]:
        """Return the cues of a folded text in reading order; an unknown language reads every list."""
        allowed = language_mask(language)
        found = []
        for index, start, _ in self.automaton.find_matches_as_indexes(folded, overlapping=True):
            phrase, groups = self.entries[index]
            names = tuple(name for name, mask in groups if mask & allowed)
            if names:
                found.append(Cue(start, phrase, names))
        return found


def language_mask(language: str | None) -> int:
    """Return the bit set of the lists that are read for a language code of ``core.language``."""
    code = _SAME_LIST.get(language or "", language)
    if code in LANGUAGES:
        return 1 << LANGUAGES.index(code)
    return _EVERYWHERE


@cache
def packaged_lexicon() -> Lexicon:
    """Return the shipped lists, read once."""
    return build_lexicon(load_lines("triage_cues.txt"))


def build_lexicon(lines: tuple[str, ...]) -> Lexicon:
    """Return a lexicon from lines ``group language: phrase, phrase``; ``ValueError`` names a line that is not one."""
    phrases: dict[str, dict[str, int]] = {}
    for line in lines:
        group, mask, listed = _parse(line)
        for phrase in listed:
            pattern = _pattern(phrase)
            if pattern.strip():
                groups = phrases.setdefault(pattern, {})
                groups[group] = groups.get(group, 0) | mask
    entries = tuple((pattern.strip(), tuple(groups.items())) for pattern, groups in phrases.items())
    return Lexicon(ahocorasick_rs.AhoCorasick(list(phrases)), entries)


def _parse(line: str) -> tuple[str, int, list[str]]:
    head, colon, tail = line.partition(": ")
    words = head.split()
    if not colon or len(words) != 2:
        raise ValueError(f"not a line of cues (group language: phrase, phrase): {line[:60]!r}")
    group, language = words
    if language != "*" and language.rstrip("+") not in LANGUAGES:
        raise ValueError(f"unknown language {language!r} in the cues of {group!r}")
    mask = _EVERYWHERE if language.endswith(("*", "+")) else 1 << LANGUAGES.index(language)
    return group, mask, [phrase.strip() for phrase in tail.split(", ")]


def _pattern(phrase: str) -> str:
    if phrase.endswith("*") and len(phrase) > 2:
        return fold(phrase[:-1]).rstrip()
    return fold(phrase)
