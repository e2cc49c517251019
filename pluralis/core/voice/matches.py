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
    groups: list[list[Match]] = []
    end = -1
    for match in sorted(matches, key=lambda one: (one.start, -one.end)):
        if groups and match.start < end:
            groups[-1].append(match)
        else:
            groups.append([match])
        end = max(end, match.end)
    return [group[0] if len(group) == 1 else _joined(group) for group in groups]


def _joined(group: list[Match]) -> Match:
    edits: list[Edit] = []
    for edit in sorted((edit for match in group for edit in match.edits), key=lambda edit: (edit.start, edit.end)):
        if not edits or edit.start >= edits[-1].end:
            edits.append(edit)
    return replace(group[0], end=max(match.end for match in group), edits=tuple(edits))


def like(new: str, old: str, *, shouting: bool = False) -> str:
    """Return ``new`` with the capitals of ``old``: "Je" gives "Nous", "JE" in a shouted text gives "NOUS"."""
    if shouting or (len(old) > 1 and old.isupper()):
        return new.upper()
    if old[:1].isupper():
        return new[:1].upper() + new[1:]
    return new
