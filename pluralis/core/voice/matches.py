"""What a grammar finds: one place where the writer says "I", and the pieces to change to make it "we"."""

from dataclasses import dataclass, replace
from typing import Protocol

from pluralis.core.voice.profile import VoiceProfile
from pluralis.core.voice.words import Words


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace ``start:end`` of the plain text by ``new``."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Match:
    """One finding before it has a severity: its rule, why, and its edits, in order and apart from each other.

    A match without edits is a place to look at, ``start:end``, with nothing proposed.
    """

    rule: str
    start: int
    end: int
    reason: str
    edits: tuple[Edit, ...] = ()


class Grammar(Protocol):
    """The rules of one language, or of one pair of languages that share them."""

    def may_speak(self, lowered: str, words: frozenset[str] | set[str]) -> bool:
        """Return whether a text with these lower-case words needs a closer look; quick, and never a false no."""

    def find(self, words: Words, profile: VoiceProfile) -> list[Match]:
        """Return every first person singular, in order of place."""


def apply(text: str, edits: tuple[Edit, ...], start: int, end: int) -> str:
    """Return ``text[start:end]`` with the edits that lie inside applied; edits are in order and apart."""
    pieces = []
    for edit in edits:
        pieces += [text[start : edit.start], edit.new]
        start = edit.end
    return "".join([*pieces, text[start:end]])


def merged(matches: list[Match]) -> list[Match]:
    """Return the matches in order, those that overlap made one, so that a fix never undoes another."""
    result: list[Match] = []
    for match in sorted(matches, key=lambda one: (one.start, -one.end)):
        if result and match.start < result[-1].end:
            result[-1] = _joined(result[-1], match)
        else:
            result.append(match)
    return result


def _joined(first: Match, second: Match) -> Match:
    edits = list(first.edits)
    for edit in second.edits:
        if all(edit.end <= other.start or edit.start >= other.end for other in edits):
            edits.append(edit)
    edits.sort(key=lambda edit: edit.start)
    return replace(first, end=max(first.end, second.end), edits=tuple(edits))


def like(new: str, old: str, *, shouting: bool = False) -> str:
    """Return ``new`` with the capitals of ``old``: "Je" gives "Nous", "JE" in a shouted text gives "NOUS"."""
    if shouting or (len(old) > 1 and old.isupper()):
        return new.upper()
    if old[:1].isupper():
        return new[:1].upper() + new[1:]
    return new
