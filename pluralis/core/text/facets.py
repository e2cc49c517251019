"""Links, mentions and hashtags as rich-text facets of the AT Protocol: places in UTF-8 bytes.

Source: the lexicon ``app.bsky.richtext.facet`` and the detection of the protocol's own client library. Servers
accept places outside the text, so they are computed here and nowhere else.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pluralis.core.text.links import is_known_domain, url_spans

FacetKind = Literal["url", "mention", "hashtag"]

_LONGEST_TAG, _LONGEST_HANDLE = 64, 253
_LINK = re.compile(r"(?:\A|(?<=[\s(\"“«]))https?://[^\s]+", re.IGNORECASE)
_OPENING = re.compile(r"[\s(\"“«]")
_HANDLE = re.compile(r"(?:\A|(?<=[\s(]))@([a-z0-9.-]+)\b", re.IGNORECASE)
_HANDLE_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
_TAG = re.compile("(?:\\A|(?<=\\s))[#＃](?!\ufe0f)([^\\s\u00ad\u2060\u200a-\u200d\u20e2]+)")
_CLOSING = ".,;:!?…'\"”’»"


@dataclass(frozen=True, slots=True)
class Facet:
    """A stretch of the text with a meaning. ``byte_start`` and ``byte_end`` count UTF-8 bytes, end exclusive.

    ``value`` is the whole address of a link (``https://`` added where it was left out), a handle without ``@``
    that is still to be resolved to an identifier, or a tag without ``#``.
    """

    byte_start: int
    byte_end: int
    kind: FacetKind
    value: str


def facets(text: str) -> list[Facet]:
    """Return the facets of ``text`` from left to right, none overlapping another."""
    placed: list[Facet] = []
    at = byte_at = 0
    for start, end, kind, value in _found(text):
        byte_start = byte_at + _bytes(text[at:start])
        byte_at = byte_start + _bytes(text[start:end])
        at = end
        placed.append(Facet(byte_start, byte_at, kind, value))
    return placed


def first_link(text: str) -> str | None:
    """Return the whole address of the first link of ``text``, ``None`` where it has none."""
    return next((facet.value for facet in facets(text) if facet.kind == "url"), None)


def facet_spans(text: str) -> list[tuple[int, int]]:
    """Return start and end of the same facets in code points: a text may not be cut inside them."""
    return [(start, end) for start, end, _, _ in _found(text)]


_Found = tuple[int, int, FacetKind, str]


def _found(text: str) -> Iterator[_Found]:
    at = 0
    for found in sorted([*_links(text), *_bare_links(text), *_mentions(text), *_tags(text)]):
        if found[0] >= at:
            yield found
            at = found[1]


def _links(text: str) -> Iterator[_Found]:
    for match in _LINK.finditer(text):
        link = match.group().rstrip(_CLOSING)
        if link.endswith(")") and "(" not in link:
            link = link[:-1].rstrip(_CLOSING)
        if not link.endswith("/") or link.count("/") > 2:
            yield match.start(), match.start() + len(link), "url", link


def _bare_links(text: str) -> Iterator[_Found]:
    for start, end in url_spans(text, bare=True):
        opened = start == 0 or _OPENING.match(text, start - 1)
        if opened and "://" not in text[start:end]:
            yield start, end, "url", f"https://{text[start:end]}"


def _mentions(text: str) -> Iterator[_Found]:
    for match in _HANDLE.finditer(text):
        if is_handle(match[1]):
            yield match.start(), match.end(), "mention", match[1]


def is_handle(name: str) -> bool:
    """Whether ``name`` (without ``@``) is a handle of the AT Protocol: a host name with a known ending."""
    labels = name.split(".")
    if len(name) > _LONGEST_HANDLE or not all(_HANDLE_LABEL.fullmatch(label) for label in labels):
        return False
    return len(labels) > 1 and (labels[-1].lower() == "test" or is_known_domain(labels[-1]))


def _tags(text: str) -> Iterator[_Found]:
    for match in _TAG.finditer(text):
        tag = _without_closing(match[1])
        if len(tag) <= _LONGEST_TAG and any(not (sign.isdigit() or _is_punctuation(sign)) for sign in tag):
            yield match.start(), match.start(1) + len(tag), "hashtag", tag


def _without_closing(tag: str) -> str:
    end = len(tag)
    while end and _is_punctuation(tag[end - 1]):
        end -= 1
    return tag[:end]


def _is_punctuation(sign: str) -> bool:
    return unicodedata.category(sign)[0] == "P"


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
