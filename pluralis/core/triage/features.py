"""What the model sees of a message: n-grams found in one pass, and what the cues and the surface say.

Training and use share this module, so a weight always means the same thing in both.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from pluralis.core.triage.cues import Cue, Lexicon
from pluralis.core.triage.fold import LIMIT, fold

_URL = re.compile(r"https?://|www\.|\bhttp\b|\b[a-z0-9-]+\.(?:ly|me|co|gl|link|io)/", re.I)
# What a link and an amount of money hold at least: most texts have neither, and are spared the longer look.
_MAY_LINK = re.compile(r"/|[wW][wW][wW]\.|[hH][tT][tT][pP]")
_DIGIT = re.compile(r"\d")
_MONEY = re.compile(
    r"[$€£¥]\s?\d|\d\s?(?:[$€£¥]|usd|eur|euros?|d[oó]lares|rm\b|rb\b|ribu|juta|k\b)|\brm\s?\d|\brp\.?\s?\d", re.I
)
RULE = "rule_"
"""Lists whose name begins so serve a rule: no weight is learnt for them."""

_RETWEET = re.compile(r"^\s*rt\b", re.I)

# The order of precedence when one phrase stands in several lists: what a sentence is built of comes first.
_SKELETON = [
    "youinsult",
    "slur",
    "insult",
    "dehuman",
    "hate",
    "harm",
    "swear",
    "counter",
    "group",
    "neg",
    "wish",
    "you",
    "self",
    "they",
    "brandfolk",
    "thing",
    "bad",
    "pos2",
    "neg2",
    "pos1",
    "neg1",
    "someone",
    "quote",
    "but",
]
_RANK = {name: place for place, name in enumerate(_SKELETON)}
_PAIRED = frozenset(
    [
        "youinsult",
        "slur",
        "insult",
        "dehuman",
        "hate",
        "harm",
        "swear",
        "counter",
        "group",
        "neg",
        "wish",
        "you",
        "they",
        "self",
        "brandfolk",
        "thing",
        "bad",
        "someone",
        "quote",
        "problem",
        "thanks",
        "praise",
        "ask",
        "want",
        "spam",
        "news",
        "chat",
        "demand",
        "duration",
        "pos2",
        "neg2",
        "pos1",
        "neg1",
        "but",
    ]
)


@dataclass(frozen=True)
class Reading:
    """One message as the model reads it: the folded text, its language, its cues and its surface."""

    raw: str
    folded: str
    language: str | None
    cues: list[Cue]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How often each list was touched."""
        counts: dict[str, int] = {}
        for cue in self.cues:
            for group in cue.groups:
                counts[group] = counts.get(group, 0) + 1
        return counts

    @cached_property
    def surface(self) -> tuple[str, ...]:
        """What the letters themselves show: question and exclamation marks, capitals, links, money."""
        return tuple(_surface(self.raw, self.folded))

    @cached_property
    def skeleton(self) -> list[str]:
        """The chain of cues in reading order, one name each, for the cues a sentence is built of."""
        return _skeleton(self.cues)


def read(text: str, language: str | None, lexicon: Lexicon) -> Reading:
    """Return how a message reads in a language; ``None`` reads every language's lists."""
    folded = fold(text)
    return Reading(text[:LIMIT], folded, language, lexicon.find(folded, language))


def derived_features(reading: Reading) -> set[str]:
    """Return the names of all that is no n-gram: cues ``c:``, pairs ``p:``, order ``s:``, surface ``f:``."""
    names = {f"f:{name}" for name in reading.surface}
    names.add(f"l:{_language_name(reading.language)}")
    for group, count in reading.counts.items():
        if not group.startswith(RULE):
            names.update(f"c:{group}:{step}" for step in range(1, min(count, 3) + 1))
    names.update(_pairs(reading))
    names.update(_order(reading.skeleton))
    return names


def _language_name(language: str | None) -> str:
    return "ms" if language in ("id", "ms", "ms/id") else str(language)


def _pairs(reading: Reading) -> Iterable[str]:
    present = sorted(group for group in reading.counts if group in _PAIRED)
    marks = [name for name in ("question", "link", "money", "caps", "shout") if name in reading.surface]
    names = present + marks
    return [f"p:{left}+{right}" for left, right in combinations(names, 2)]


def _skeleton(cues: list[Cue]) -> list[str]:
    chain: list[str] = []
    for _, kinds in sorted(_best_by_start(cues).items()):
        if not chain or chain[-1] != kinds:
            chain.append(kinds)
    return chain


def _best_by_start(cues: list[Cue]) -> dict[int, str]:
    best: dict[int, str] = {}
    for cue in cues:
        ranked = [group for group in cue.groups if group in _RANK]
        if ranked:
            name = min(ranked, key=_RANK.__getitem__)
            before = best.get(cue.start)
            if before is None or _RANK[name] < _RANK[before]:
                best[cue.start] = name
    return best


def _order(chain: list[str]) -> Iterable[str]:
    for place, name in enumerate(chain[:40]):
        if place + 1 < len(chain):
            yield f"s:{name}>{chain[place + 1]}"
        if place + 2 < len(chain):
            yield f"s:{name}>{chain[place + 1]}>{chain[place + 2]}"
            yield f"s:{name}~{chain[place + 2]}"
    if chain:
        yield f"s:^{chain[0]}"
        yield f"s:{chain[-1]}$"


def _surface(raw: str, folded: str) -> Iterable[str]:
    if "?" in folded:
        yield "question"
        if folded.rstrip().endswith("?"):
            yield "question_end"
    shouts = raw.count("!")
    if shouts:
        yield "exclaimed"
    if shouts > 2:
        yield "shout"
    if _MAY_LINK.search(raw) and _URL.search(raw):
        yield "link"
    if _DIGIT.search(raw) and _MONEY.search(raw):
        yield "money"
    if _RETWEET.match(raw):
        yield "retweet"
    if " @u " in folded:
        yield "handle"
    if " @u " in folded or " http " in folded or "#" in raw:
        yield "addressed"
    if raw.count("#") > 2:
        yield "hashtags"
    if any(len(word) > 3 and word.isupper() for word in raw.split()[:200]):
        yield "caps"
    words = folded.count(" ")
    yield "short" if words < 8 else "long" if words > 25 else "middling"
