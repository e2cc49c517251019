"""Marking the words a search found, in text that may already hold links."""

import re
from collections.abc import Sequence

_TAG = re.compile(r"<[^<>]*>")


def highlight(markup: str, hits: Sequence[tuple[int, int]], mark: str = "em") -> str:
    """Return ``markup`` with ``<em>`` around each hit.

    ``hits`` are start and end in code points of the text alone, tags not counted, ascending and apart. A hit may
    span links: one that begins before a link ends behind it, one inside a link stays inside. ``markup`` must be
    safe already: nothing is escaped here. Source: twitter-text, hit highlighting.
    """
    starts = dict(hits)
    ends = {end: start for start, end in hits}
    pieces: list[str] = []
    at = opened = 0
    texts, tags = _TAG.split(markup), _TAG.findall(markup)
    for text, tag in zip(texts, [*tags, ""], strict=True):
        for sign in text:
            pieces += [_closing(ends, at, mark), f"<{mark}>" if starts.pop(at, 0) else "", sign]
            at += 1
        spans_link = tag.startswith("</") and ends.get(at, at) < opened
        pieces += [tag, _closing(ends, at, mark)] if spans_link else [_closing(ends, at, mark), tag]
        opened = at if tag and not tag.startswith("</") else opened
    return "".join(pieces)


def _closing(ends: dict[int, int], at: int, mark: str) -> str:
    return "" if ends.pop(at, None) is None else f"</{mark}>"
