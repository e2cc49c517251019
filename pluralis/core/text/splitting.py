"""Cutting a long text into the numbered parts of a thread."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from pluralis.core.data import load_lines
from pluralis.core.text.counting import CountingRule, measure, mention_spans
from pluralis.core.text.emoji import emoji_spans
from pluralis.core.text.entities import entities
from pluralis.core.text.facets import facet_spans
from pluralis.core.text.graphemes import grapheme_ends
from pluralis.core.text.links import url_spans

_MOST_DIGITS = 7
_SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s)|[。！？]++[」』）]?|\n[ \t\r]*+\n")
_WORD_END = re.compile(r"\s+")
_LAST_WORD = re.compile(r"[\w.]+\Z")
_LONGEST_ABBREVIATION = 12


def split_thread(text: str, rule: CountingRule, *, numbered: bool = True) -> list[str]:
    """Return ``text`` cut into parts that each fit ``rule``, at sentence ends where there is one.

    A part ends at the last sentence end that fits, else at the last white space, else between two graphemes;
    never inside a link, a mention, a grapheme or an emoji. With ``numbered``, " 1/3" is added to each part and
    counts in its length. White space around a cut goes. A text that fits comes back alone and without number, a
    blank text as no part. One piece that may not be cut and is longer than a part alone becomes a part that is
    too long: :func:`measure` says so, and a person shortens it.
    """
    if not text.strip():
        return []
    if measure(text, rule).fits:
        return [text]
    pieces = _Pieces.of(text, rule)
    for digits in range(1, _MOST_DIGITS + 1):
        parts = list(_cut(pieces, digits if numbered else 0))
        if not numbered:
            return parts
        if len(str(len(parts))) <= digits:
            break
    return [f"{part} {number}/{len(parts)}" for number, part in enumerate(parts, 1)]


@dataclass(frozen=True, slots=True)
class _Pieces:
    """A text and where it may be cut: after each piece, with the counts and bytes summed up to there."""

    text: str
    rule: CountingRule
    ends: list[int]
    counts: list[int]
    sizes: list[int]
    sentences: list[int] = field(default_factory=list)
    words: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, text: str, rule: CountingRule) -> "_Pieces":
        ends = list(_cuttable_ends(text))
        pieces = [text[start:end] for start, end in zip([0, *ends], ends, strict=False)]
        counts = accumulate(_count(piece, rule) for piece in pieces)
        sizes = accumulate(len(piece.encode("utf-8", "surrogatepass")) for piece in pieces)
        allowed = set(ends)
        sentences = [end for end in _sentence_ends(text) if end in allowed]
        words = [match.start() for match in _WORD_END.finditer(text) if match.start() in allowed]
        return cls(text, rule, ends, list(counts), list(sizes), sentences, words)


def _cuttable_ends(text: str) -> Iterator[int]:
    """Yield the ends of graphemes that lie in no link, mention or emoji."""
    spans = [*url_spans(text, bare=True), *emoji_spans(text), *mention_spans(text)]
    spans += [(found.start, found.end) for found in entities(text) if found.kind in ("mention", "list")]
    spans += facet_spans(text)
    inside = bytearray(len(text) + 1)
    for start, end in spans:
        inside[start + 1 : end] = b"\1" * (end - start - 1)
    return (end for end in grapheme_ends(text) if not inside[end])


def _count(piece: str, rule: CountingRule) -> int:
    return measure(piece, rule).count if len(piece) > 1 or rule.unit == "weighted" else 1


def _sentence_ends(text: str) -> Iterator[int]:
    for match in _SENTENCE_END.finditer(text):
        if not (match.group() == "." and _is_abbreviated(text, match.start())):
            yield match.end()


def _is_abbreviated(text: str, stop: int) -> bool:
    """Whether the full stop at ``stop`` ends an abbreviation, an initial, or is followed by a small letter."""
    following = text[stop + 1 : stop + 3].lstrip()
    if following[:1].islower():
        return True
    found = _LAST_WORD.search(text[max(stop - _LONGEST_ABBREVIATION, 0) : stop])
    word = found.group().lower() if found else ""
    return (len(word) == 1 and word.isalpha()) or word in load_lines("counting_abbreviations.txt")


def _cut(pieces: _Pieces, digits: int) -> Iterator[str]:
    """Yield the parts, each with room for a number of ``digits`` digits twice, a slash and a blank."""
    start, length = 0, len(pieces.text)
    while (start := _skip_space(pieces.text, start)) < length:
        end = _part_end(pieces, start, 2 * digits + 2 if digits else 0)
        part = pieces.text[start:end].rstrip()
        if part:
            yield part
        start = end


def _skip_space(text: str, start: int) -> int:
    space = _WORD_END.match(text, start)
    return space.end() if space else start


def _part_end(pieces: _Pieces, start: int, reserve: int) -> int:
    """Return where the part that begins at ``start`` ends: at a sentence, a word, or just where it is full."""
    first = bisect_right(pieces.ends, start)
    last = _last_fitting(pieces, first, reserve)
    while last > first:
        end = _best_end(pieces, start, pieces.ends[last])
        over = _overflow(pieces, start, end, reserve)
        if over <= 0:
            return end
        last = max(first, bisect_left(pieces.ends, end) - over)
    return pieces.ends[first] if first < len(pieces.ends) else len(pieces.text)


def _last_fitting(pieces: _Pieces, first: int, reserve: int) -> int:
    """Return the number of the last piece up to which the sums keep to the limits; ``first`` at the least."""
    rule = pieces.rule
    before = pieces.counts[first - 1] if first else 0
    last = bisect_right(pieces.counts, before + rule.limit - reserve) - 1
    if rule.byte_limit is not None:
        before = pieces.sizes[first - 1] if first else 0
        last = min(last, bisect_right(pieces.sizes, before + rule.byte_limit - reserve) - 1)
    return max(last, first)


def _best_end(pieces: _Pieces, start: int, full: int) -> int:
    """Return the last sentence end after ``start`` up to ``full``, else the last word end, else ``full``."""
    if full == len(pieces.text):
        return full
    for ends in (pieces.sentences, pieces.words):
        found = bisect_right(ends, full) - 1
        if found >= 0 and ends[found] > start:
            return ends[found]
    return full


def _overflow(pieces: _Pieces, start: int, end: int, reserve: int) -> int:
    """Return by how much the part is too long as it is measured, 0 or less when it fits.

    The sums of pieces and the measure of the whole can differ where a cut changes what is a link.
    """
    length = measure(pieces.text[start:end].rstrip() + "x" * reserve, pieces.rule)
    over = length.count - length.limit
    return max(over, length.bytes - length.byte_limit) if length.byte_limit is not None else over
