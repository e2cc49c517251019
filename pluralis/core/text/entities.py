"""Links, mentions, lists, hashtags and cashtags with their places, by the rules of X's twitter-text 3.1.0."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pluralis.core.data import load_json
from pluralis.core.text.links import LATIN_ACCENTS, PUNCTUATION, SPACES, url_spans

Kind = Literal["url", "mention", "hashtag", "cashtag", "list"]

_MENTION = re.compile(
    r"(?:\A|[^a-zA-Z0-9_!#$%&*@＠]|(?:\A|[^a-zA-Z0-9_+~.-])(?:rt|RT|rT|Rt):?)"
    r"([@＠]([a-zA-Z0-9_]{1,20})(/[a-zA-Z][a-zA-Z0-9_-]{0,24})?)"
)
_AFTER_MENTION = re.compile(f"[@＠{LATIN_ACCENTS}]|://")
_AFTER_HASHTAG = re.compile("[#＃]|://")
_CASHTAG = re.compile(
    rf"(?:\A|[{SPACES}])\$([a-z]{{1,6}}(?:[._][a-z]{{1,2}})?)(?=\Z|[\s{PUNCTUATION}])", re.IGNORECASE
)
_HASHTAG_SPECIALS = "_\u200c\u200d\ua67e\u05be\u05f3\u05f4～〜゛゜゠・〃་༌·"


@dataclass(frozen=True, slots=True)
class Entity:
    """Something in a text that a network turns into a link.

    ``start`` and ``end`` are offsets in Unicode code points, the sign in front included. ``value`` is the link
    as written, the name without ``@``, ``#`` or ``$``, or ``name/list`` for a list.
    """

    kind: Kind
    start: int
    end: int
    value: str


def entities(text: str) -> list[Entity]:
    """Return all entities, left to right, none overlapping another: what begins first wins."""
    found = [*_urls(text), *_mentions(text), *_hashtags(text), *_cashtags(text)]
    found.sort(key=lambda entity: entity.start)
    kept: list[Entity] = []
    for entity in found:
        if not kept or kept[-1].end <= entity.start:
            kept.append(entity)
    return kept


def _urls(text: str) -> Iterator[Entity]:
    for start, end in url_spans(text, bare=True):
        yield Entity("url", start, end, text[start:end])


def _mentions(text: str) -> Iterator[Entity]:
    if "@" not in text and "＠" not in text:
        return
    for match in _MENTION.finditer(text):
        if not _AFTER_MENTION.match(text, match.end()):
            yield Entity("list" if match[3] else "mention", match.start(1), match.end(), match[1][1:])


def _hashtags(text: str) -> Iterator[Entity]:
    if "#" not in text and "＃" not in text:
        return
    for match in _hashtag().finditer(text):
        if not _AFTER_HASHTAG.match(text, match.end()):
            yield Entity("hashtag", match.start(1), match.end(), match[1][1:])


def _cashtags(text: str) -> Iterator[Entity]:
    if "$" not in text:
        return
    for match in _CASHTAG.finditer(text):
        yield Entity("cashtag", match.start(1) - 1, match.end(1), match[1])


@cache
def _hashtag() -> re.Pattern[str]:
    """Letters, marks, digits and a few signs, at least one letter; not behind a letter, not before a scheme."""
    classes = load_json("counting_letters.json")
    letter = f"[{classes['letters']}]"
    inside = f"[{classes['letters']}{classes['digits']}{_HASHTAG_SPECIALS}]"
    # Written as a character that is consumed, so that of two tags without a space between only the first counts.
    boundary = f"(?:\\A|[\ufe0e\ufe0f]|(?!{inside}|&)[^\ud800-\udfff])"
    return re.compile(f"{boundary}([#＃](?![\ufe0f\u20e3]){inside}*{letter}{inside}*)")
