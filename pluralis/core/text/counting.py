"""How long a text is for a network: weighted length, graphemes with bytes, or characters with short links.

A rule is a value; the standard rules and the weights stand in ``artefacts/counting.json``. Sources: twitter-text
configuration version 3 for weights; AT Protocol's ``app.bsky.feed.post`` (graphemes and UTF-8 bytes); Mastodon's
``StatusLengthValidator`` (graphemes, links with a scheme counted at a fixed length, mentions without domain).
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from pluralis.core.data import load_json
from pluralis.core.text.emoji import emoji_spans
from pluralis.core.text.graphemes import count_graphemes, grapheme_ends
from pluralis.core.text.links import url_spans

Unit = Literal["weighted", "graphemes", "characters"]

# A mention on a federated network: only the part before the second @ is counted.
_REMOTE_MENTION = re.compile(r"(?<![=/\w])(@[a-z0-9_]++(?:[.-]++[a-z0-9_]++)*+)@\w++(?:[.-]++\w++)*+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CountingRule:
    """What one network counts and how much it takes.

    ``limit`` is in ``unit``; ``byte_limit`` is in UTF-8 bytes; ``url_length`` replaces the length of every link
    when it is set: with *weighted* also of links without a scheme, with the other units only of http(s) ones.
    """

    unit: Unit
    limit: int
    byte_limit: int | None = None
    url_length: int | None = None
    mention_without_domain: bool = False


@dataclass(frozen=True, slots=True)
class Length:
    """A measured text: ``count`` in the unit of the rule, ``bytes`` in UTF-8, beside the limits of both."""

    count: int
    limit: int
    bytes: int
    byte_limit: int | None = None

    @property
    def left(self) -> int:
        """How many units are left; negative when the text is too long. Bytes are not looked at."""
        return self.limit - self.count

    @property
    def fits(self) -> bool:
        """Whether the text keeps to both limits."""
        return self.count <= self.limit and (self.byte_limit is None or self.bytes <= self.byte_limit)


def counting_rule(family: str, **overrides: Any) -> CountingRule:
    """Return a standard rule by its family: ``weighted``, ``premium``, ``graphemes`` or ``characters``.

    ``overrides`` replace fields of it, for example ``limit=11_000`` for a server with its own limit. Raises
    ``KeyError`` for an unknown family and ``TypeError`` for an unknown field.
    """
    return replace(CountingRule(**load_json("counting.json")["families"][family]), **overrides)


def measure(text: str, rule: CountingRule) -> Length:
    """Return the length of ``text`` by ``rule``. An unpaired surrogate counts as the U+FFFD that will be sent."""
    count = _weighted(text, rule) if rule.unit == "weighted" else _graphemes(text, rule)
    return Length(count, rule.limit, len(text.encode("utf-8", "surrogatepass")), rule.byte_limit)


def overflow_start(text: str, rule: CountingRule) -> int:
    """Return the offset in code points from where ``text`` no longer fits; ``len(text)`` when all of it fits.

    A link, an emoji or a grapheme that crosses the limit belongs to the overflow as a whole. Weighted text is
    looked at as the network stores it, in composed form (NFC), so there the offset is one into that form.
    """
    if measure(text, rule).fits:
        return len(text)
    at = count = size = 0
    whole = unicodedata.normalize("NFC", text) if rule.unit == "weighted" else text
    scale = _weights()["scale"] if rule.unit == "weighted" else 1
    for end, weight in _pieces(whole, rule):
        count += weight
        size += len(whole[at:end].encode("utf-8", "surrogatepass"))
        if count > rule.limit * scale or size > (rule.byte_limit or size):
            return at
        at = end
    return at


def _weighted(text: str, rule: CountingRule) -> int:
    """Return the weighted length: the sum of weights of the composed text, in whole units."""
    text = text if text.isascii() else unicodedata.normalize("NFC", text)
    scale: int = _weights()["scale"]
    total = _weight(text)
    links = url_spans(text, bare=True) if rule.url_length is not None else []
    for start, end in links:
        total += (rule.url_length or 0) * scale - _weight(text[start:end])
    for start, end in _outside(emoji_spans(text), links):
        total += _weights()["emoji"] - _weight(text[start:end])
    return total // scale


def _graphemes(text: str, rule: CountingRule) -> int:
    """Return the number of graphemes, with links and remote mentions shortened where the rule says so."""
    total = count_graphemes(text)
    for start, end, counted in _shortened(text, rule):
        total += counted - count_graphemes(text[start:end])
    return total


def _shortened(text: str, rule: CountingRule) -> list[tuple[int, int, int]]:
    """Return the spans that count for another length than their own: start, end, length; left to right."""
    links: list[tuple[int, int]] = []
    if rule.url_length is not None:
        links = url_spans(text, bare=False)
    spans = [(start, end, rule.url_length or 0) for start, end in links]
    if rule.mention_without_domain and "@" in text:
        found = {match.span(): len(match[1]) for match in _REMOTE_MENTION.finditer(text)}
        spans += [(start, end, found[start, end]) for start, end in _outside(list(found), links)]
    return sorted(spans)


def mention_spans(text: str) -> list[tuple[int, int]]:
    """Return start and end of each mention with a domain, ``@name@host``, in code points, left to right."""
    return [match.span() for match in _REMOTE_MENTION.finditer(text)] if "@" in text else []


def _outside(spans: list[tuple[int, int]], links: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield those of the ordered ``spans`` that do not begin inside one of the ordered ``links``."""
    at = 0
    for start, end in spans:
        while at < len(links) and links[at][1] <= start:
            at += 1
        if at == len(links) or start < links[at][0]:
            yield start, end


def _pieces(text: str, rule: CountingRule) -> Iterator[tuple[int, int]]:
    """Yield the end and the counted length of each piece that cannot be cut, left to right."""
    if rule.unit == "weighted":
        links = url_spans(text, bare=True) if rule.url_length is not None else []
        length, emoji = (rule.url_length or 0) * _weights()["scale"], _weights()["emoji"]
        whole = sorted(
            [(start, end, length) for start, end in links]
            + [(start, end, emoji) for start, end in _outside(emoji_spans(text), links)]
        )
        yield from _walk(text, whole, range(1, len(text) + 1), _weight)
    else:
        yield from _walk(text, _shortened(text, rule), grapheme_ends(text), lambda piece: 1)


def _walk(
    text: str, whole: list[tuple[int, int, int]], ends: Iterable[int], count: Callable[[str], int]
) -> Iterator[tuple[int, int]]:
    """Merge the spans counted as a whole with the single characters between them."""
    at = index = 0
    for end in ends:
        if end <= at:
            continue
        if index < len(whole) and whole[index][0] <= at:
            at = whole[index][1]
            yield at, whole[index][2]
            index += 1
            continue
        yield end, count(text[at:end])
        at = end


def _weight(text: str) -> int:
    """Return the summed weights of the code points, in parts of the scale."""
    weights = _weights()
    total: int = weights["default"] * len(text)
    for pattern, difference in _lighter():
        total += difference * sum(map(len, pattern.findall(text)))
    return total


@cache
def _lighter() -> list[tuple[re.Pattern[str], int]]:
    """For each weight but the default: the code points that have it, and its difference to the default."""
    groups: dict[int, str] = {}
    for start, end, weight in _weights()["ranges"]:
        groups[weight] = groups.get(weight, "") + f"{re.escape(chr(start))}-{re.escape(chr(end))}"
    return [(re.compile(f"[{inside}]+"), weight - _weights()["default"]) for weight, inside in groups.items()]


@cache
def _weights() -> dict[str, Any]:
    weights: dict[str, Any] = load_json("counting.json")["weights"]
    return weights
