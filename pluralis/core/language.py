"""Which language a short text is in: English, French, Spanish, Malay, Indonesian, German, Italian, Portuguese.

One pass of an Aho-Corasick automaton over the words of a text finds all parts of them that the model knows; their
integer weights are added up. Two decisions are read from the sums: the language, where Malay and Indonesian are
one, and then which of these two. Training and figures: ``docs/reference/language.md``.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter

import ahocorasick_rs
import numpy as np
import numpy.typing as npt

from pluralis.core.data import load_bytes

CODES = ("de", "en", "es", "fr", "id", "it", "ms", "other", "pt")
MERGED = "ms/id"

# Malay and Indonesian are told apart when one is at least this much more probable than the other.
_TELLING_RATIO = 1.5
# A language named by the caller without a weight is taken to be this many times as likely as the others.
_NAMED_WEIGHT = 4.0
_SMALLEST_PRIOR = 0.01
_LONGEST_READ = 4000

_LETTERS = "a-zA-ZÀ-ÖØ-öø-ɏḀ-ỿ"
_WORD = re.compile(rf"[{_LETTERS}]+(?:['’][{_LETTERS}]+)*")
# Links, addresses, handles and hashtags, and the words that corpora put in the place of links and handles.
_SKIPPED = re.compile(r"https?\S*|www\.\S+|[^\s@]{1,64}@[^\s@]+|[@#]\w+|\bUSER\b|\bURL\b")
# Letters of none of the eight languages: all are written as one, which says "another language" loudly.
_UNNAMED_LETTER = re.compile("[^ a-zßàâæçèéêëîïôœùûüÿñáíóúäöìòãõ']")
_STRETCHED = re.compile(r"(.)\1{2,}")
_FOREIGN = re.compile(
    "[\u0370-\u1dff\u2c00-\u2dff\u3041-\ud7ff\uf900-\ufaff\ufb1d-\ufdff\ufe70-\ufefc\U00010280-\U0001f000\U00020000-\U0003ffff]"
)
_ALIASES = {"in": "id", "msa": "ms", "zsm": "ms", "ind": "id", "eng": "en", "fra": "fr", "spa": "es"}


@dataclass(frozen=True, slots=True)
class Language:
    """The answer: a ``code`` of :data:`CODES` or ``ms/id``, its probability, and those of all codes.

    ``scores`` sums to 1 and holds ``ms`` and ``id`` apart even when ``code`` is the merged group; ``score`` is
    then the sum of both. A text without any letter has ``other`` and score 0, unless a prior says more.
    """

    code: str
    score: float
    scores: Mapping[str, float]


def identify(text: str, prior: Mapping[str, float] | Sequence[str] | None = None) -> Language:
    """Return the language of ``text``.

    ``prior`` is what is known beforehand: weights by language, such as the shares of an account's messages, or
    just the languages that are likely, such as the tag a network gives. Tags may carry a region (``en-GB``);
    unknown ones stand for *other*, tags for "undetermined" are passed over. Only the first 4,000 characters are
    read. Raises ``ValueError`` for a negative weight.
    """
    weights = _prior(prior)
    text = text[:_LONGEST_READ]
    found = _words(text)
    if not text.isascii() and len(_FOREIGN.findall(text)) > sum(map(len, found)):
        return Language("other", 1.0, {code: float(code == "other") for code in CODES})
    return _decide(_model().probabilities(found), weights) if found else _unread(weights)


def normalise(text: str) -> str:
    """Return the words of ``text`` in small letters, one blank between and around them, as the model reads it.

    Links, addresses, handles, hashtags, digits, signs and letters of other scripts are left out; a letter
    written three times or more counts twice. Latin letters that none of the eight languages has become "ø".
    """
    return _framed(_words(text))


def _words(text: str) -> list[str]:
    found: list[str] = _WORD.findall(_SKIPPED.sub(" ", text))
    return found


def _framed(found: Sequence[str]) -> str:
    text = f" {' '.join(found).lower()} "
    if not text.isascii():
        text = _UNNAMED_LETTER.sub("ø", text.replace("’", "'"))
    return _STRETCHED.sub(r"\1\1", text)


class _Model:
    """Patterns with one row of integer weights each, as ``tools.models.language`` writes them."""

    def __init__(self, packed: bytes) -> None:
        header, _, body = packed.partition(b"\n")
        facts = json.loads(header)
        names = body[: facts["pattern_bytes"]].decode().split("\n")
        rows = np.frombuffer(body, np.int8, offset=facts["pattern_bytes"]).reshape(len(names), -1)
        self._automaton = ahocorasick_rs.AhoCorasick(names, store_patterns=False)
        self._rows: npt.NDArray[np.int8] = rows
        self._scales: list[float] = facts["scales"]
        self._biases: list[float] = facts["biases"]
        self._groups: list[str] = facts["groups"]

    def probabilities(self, found: Sequence[str]) -> dict[str, float]:
        """Return the probability of each code for the words of a text, at least one."""
        framed = _framed(found)
        found_parts = self._automaton.find_matches_as_indexes(framed, overlapping=True)
        numbers = np.fromiter(map(itemgetter(0), found_parts), np.intp, len(found_parts))
        sums: list[int] = self._rows.take(numbers, axis=0).sum(axis=0, dtype=np.int32).tolist()
        root = math.sqrt(len(framed))
        logits = [
            bias + scale * total / root for total, scale, bias in zip(sums, self._scales, self._biases, strict=True)
        ]
        malay = 1 / (1 + math.exp(-max(min(logits.pop(), 50.0), -50.0)))
        top = max(logits)
        powers = [math.exp(logit - top) for logit in logits]
        whole = sum(powers)
        chances = {group: power / whole for group, power in zip(self._groups, powers, strict=True)}
        both = chances.pop(MERGED)
        return {**chances, "ms": both * malay, "id": both * (1 - malay)}


def _decide(chances: Mapping[str, float], prior: Mapping[str, float]) -> Language:
    weighed = {code: chances[code] * prior[code] for code in CODES}
    whole = sum(weighed.values()) or 1.0
    scores = {code: weight / whole for code, weight in weighed.items()}
    both = scores["ms"] + scores["id"]
    best = max((code for code in CODES if code not in ("ms", "id")), key=scores.__getitem__)
    if scores[best] >= both:
        return Language(best, scores[best], scores)
    likely, unlikely = sorted(("id", "ms"), key=scores.__getitem__, reverse=True)
    if scores[likely] < _TELLING_RATIO * scores[unlikely]:
        return Language(MERGED, both, scores)
    return Language(likely, scores[likely], scores)


def _unread(prior: Mapping[str, float]) -> Language:
    """Answer for a text without letters: what the prior alone says, or *other* with score 0."""
    if len(set(prior.values())) == 1:
        return Language("other", 0.0, dict.fromkeys(CODES, 1 / len(CODES)))
    return _decide(dict.fromkeys(CODES, 1.0), prior)


def _prior(prior: Mapping[str, float] | Sequence[str] | None) -> dict[str, float]:
    """Return a weight above 0 for every code, 1 for all when nothing is known."""
    if not prior:
        return dict.fromkeys(CODES, 1.0)
    named = [prior] if isinstance(prior, str) else prior
    given = dict(named) if isinstance(named, Mapping) else dict.fromkeys(named, _NAMED_WEIGHT)
    weights = dict.fromkeys(CODES, 0.0 if isinstance(named, Mapping) else 1.0)
    known = False
    for tag, weight in given.items():
        if weight < 0:
            raise ValueError(f"the weight of {tag!r} is negative")
        for code in _codes(tag):
            weights[code] = max(weights[code], weight) if not isinstance(named, Mapping) else weights[code] + weight
            known = True
    floor = _SMALLEST_PRIOR * max(weights.values())
    return (
        {code: max(weight, floor) for code, weight in weights.items()}
        if known and floor
        else dict.fromkeys(CODES, 1.0)
    )


def _codes(tag: str) -> tuple[str, ...]:
    """Return the codes a language tag stands for: none for "undetermined", *other* for an unknown language."""
    if tag == MERGED:
        return ("ms", "id")
    base = re.split("[-_]", tag.strip().lower(), maxsplit=1)[0]
    if base in ("", "und", "zxx", "mul", "mis", "art") or (len(base) == 3 and base.startswith("q")):
        return ()
    base = _ALIASES.get(base, base)
    return (base,) if base in CODES else ("other",)


@cache
def _model() -> _Model:
    return _Model(load_bytes("language.bin"))
