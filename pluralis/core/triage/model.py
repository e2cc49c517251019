"""The linear model: integer weights of n-grams and derived features, scored in one pass."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from operator import itemgetter
from typing import Any

import ahocorasick_rs
import numpy as np
import numpy.typing as npt

from pluralis.core.data import load_bytes
from pluralis.core.triage.features import Reading, derived_features
from pluralis.core.triage.overlay import Overlay
from pluralis.core.triage.result import LABELS, SENTIMENTS

LISTS = ("en", "fr", "es", "ms")
"""The languages with columns of their own; Malay and Indonesian share one."""

HEADS = (
    "aimed",
    "abuse:en",
    "abuse:fr",
    *(f"{feeling}:{language}" for language in LISTS for feeling in SENTIMENTS),
    *LABELS,
)
"""What each column of weights decides: hard words aimed at people (all languages), abuse as two collections of
tweets define it, the three feelings in each language, and the six labels."""

_MAGIC = b"PLTR2\n"
_MOST_WORDS = 8
_PATTERN_NUMBER = itemgetter(0)
_Floats = npt.NDArray[np.float64]


class BadModel(ValueError):
    """The bytes are no triage model of this version: build it again with ``make models``, or learn anew."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The raw scores of one message, one per head, and the n-grams (rows) that were found in it."""

    values: _Floats
    rows: npt.NDArray[np.intp]


@dataclass(frozen=True)
class TriageModel:
    """Weights of one model; immutable and safe to share between threads.

    ``patterns`` are n-grams of folded text; ``weights`` int8 of shape (patterns, heads); ``sizes`` uint16, the
    square of each n-gram's length in hundredths (its idf squared). ``names`` are derived features; ``derived``
    int8 of shape (names, heads). A raw score is the sum of the matched rows, the n-grams divided by the length
    of the text they make up, times ``scale`` (one float per block and head), plus ``bias``. ``calibration`` has
    what turns raw scores into probabilities, by name. ``overlay`` is what was learnt from a team's own
    corrections, or ``None``.
    """

    patterns: tuple[str, ...]
    weights: npt.NDArray[np.int8]
    sizes: npt.NDArray[np.uint16]
    names: tuple[str, ...]
    derived: npt.NDArray[np.int8]
    scale: tuple[tuple[float, ...], tuple[float, ...]]
    bias: tuple[float, ...]
    calibration: Mapping[str, Sequence[float]] = field(default_factory=dict)
    overlay: Overlay | None = None

    @cached_property
    def _automaton(self) -> ahocorasick_rs.AhoCorasick:
        return ahocorasick_rs.AhoCorasick(self.patterns)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.names)}

    @cached_property
    def _scales(self) -> tuple[_Floats, _Floats, _Floats]:
        return np.array(self.scale[0]), np.array(self.scale[1]), np.array(self.bias)

    def score(self, reading: Reading) -> Scored:
        """Return the raw scores of a message, without the overlay, in the order of :data:`HEADS`."""
        gram_scale, derived_scale, bias = self._scales
        matches = self._automaton.find_matches_as_indexes(reading.folded, overlapping=True)
        found = set(map(_PATTERN_NUMBER, matches))
        rows = np.fromiter(found, np.intp, len(found))
        total = bias.copy()
        if rows.size:
            length = (int(self.sizes.take(rows).sum(dtype=np.int64)) / 100) ** 0.5
            total += self.weights.take(rows, axis=0).sum(axis=0, dtype=np.int32) * (gram_scale / length)
        find = self._places.get
        known = [place for place in map(find, derived_features(reading)) if place is not None]
        if known:
            total += self.derived.take(known, axis=0).sum(axis=0, dtype=np.int32) * derived_scale
        return Scored(total, rows)

    def words(self, rows: npt.NDArray[np.intp], head: str) -> list[str]:
        """Return those of the matched n-grams that are whole words and spoke for a head, strongest first."""
        whole = rows[self._whole_words.take(rows)]
        weights = self.weights[whole, HEADS.index(head)]
        strongest = np.argsort(-weights.astype(np.int16), kind="stable")[:_MOST_WORDS]
        return [self.patterns[whole[place]].strip() for place in strongest.tolist() if weights[place] > 0]

    @cached_property
    def _whole_words(self) -> npt.NDArray[np.bool_]:
        return np.array([len(gram) > 4 and gram[0] == gram[-1] == " " for gram in self.patterns])

    def to_bytes(self) -> bytes:
        """Return the model as bytes that :meth:`from_bytes` reads; equal models give equal bytes."""
        head = json.dumps(self._head(), ensure_ascii=False, sort_keys=True).encode()
        body = "\n".join(self.patterns).encode()
        blocks = (self.weights.tobytes(), self.derived.tobytes(), self.sizes.astype("<u2").tobytes())
        return b"".join((_MAGIC, f"{len(head)} {len(body)}\n".encode(), head, body, *blocks))

    def _head(self) -> dict[str, Any]:
        return {
            "heads": HEADS,
            "patterns": len(self.patterns),
            "names": self.names,
            "scale": self.scale,
            "bias": self.bias,
            "calibration": dict(self.calibration),
            "overlay": self.overlay.to_dict() if self.overlay else None,
        }

    @classmethod
    def from_bytes(cls, data: bytes) -> "TriageModel":
        """Return the model that :meth:`to_bytes` wrote; :class:`BadModel` if it is none or of another version."""
        if not data.startswith(_MAGIC):
            raise BadModel("these bytes are not a triage model of this version")
        try:
            return _parsed(data)
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise BadModel(f"the triage model is damaged: {error}") from error


def _parsed(data: bytes) -> TriageModel:
    end = data.index(b"\n", len(_MAGIC)) + 1
    head_size, body_size = (int(size) for size in data[len(_MAGIC) : end].split())
    head = json.loads(data[end : end + head_size])
    if tuple(head["heads"]) != HEADS:
        raise ValueError("it decides other things than this version does")
    start = end + head_size
    cells = start + body_size
    patterns = tuple(data[start:cells].decode().split("\n"))
    count, width = head["patterns"], len(HEADS)
    derived = cells + count * width
    sizes = derived + len(head["names"]) * width
    if len(patterns) != count or len(data) != sizes + 2 * count:
        raise ValueError("its parts have not the sizes that its head names")
    return TriageModel(
        patterns=patterns,
        weights=np.frombuffer(data[cells:derived], dtype=np.int8).reshape(count, width),
        sizes=np.frombuffer(data[sizes:], dtype="<u2"),
        names=tuple(head["names"]),
        derived=np.frombuffer(data[derived:sizes], dtype=np.int8).reshape(-1, width),
        scale=(tuple(head["scale"][0]), tuple(head["scale"][1])),
        bias=tuple(head["bias"]),
        calibration=head["calibration"],
        overlay=Overlay.from_dict(head["overlay"]) if head["overlay"] else None,
    )


@cache
def packaged_model() -> TriageModel:
    """Return the shipped model, read once; ``FileNotFoundError`` before the first ``make models``."""
    return TriageModel.from_bytes(load_bytes("triage.model"))
