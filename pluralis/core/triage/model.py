"""The linear model: integer weights of n-grams and derived features, scored in one pass."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import ahocorasick_rs
import numpy as np
import numpy.typing as npt

from pluralis.core.data import load_bytes
from pluralis.core.triage.features import Reading, derived_features
from pluralis.core.triage.overlay import Overlay
from pluralis.core.triage.result import LABELS, SENTIMENTS

HEADS = ("abuse", *SENTIMENTS, *LABELS)
"""What each column of weights decides: one abuse score, three feelings, six labels."""

_MAGIC = b"PLTR1\n"


class BadModel(ValueError):
    """The bytes are no triage model of this version: build it again with ``make models``, or learn anew."""


@dataclass(frozen=True)
class TriageModel:
    """Weights of one model; immutable and safe to share between threads.

    ``patterns`` are n-grams of folded text; ``weights`` int8 of shape (patterns, heads). ``names`` are derived
    features; ``derived`` int8 of shape (names, heads). A score is the sum of the matched rows, the n-grams
    divided by the square root of how many matched, times ``scale`` (one float per head and block), plus
    ``bias``. ``steps`` maps (head group, language) to slope and offset of the calibration. ``overlay`` is what
    was learnt from a team's own corrections, or ``None``.
    """

    patterns: tuple[str, ...]
    weights: npt.NDArray[np.int8]
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
    def _rows(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self.names)}

    @cached_property
    def _scales(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        return np.array(self.scale[0]), np.array(self.scale[1]), np.array(self.bias)

    def scores(self, reading: Reading) -> npt.NDArray[np.float64]:
        """Return one raw score per head, in the order of :data:`HEADS`."""
        gram_scale, derived_scale, bias = self._scales
        total = bias.copy()
        matches = self._automaton.find_matches_as_indexes(reading.folded, overlapping=True)
        rows = list({match[0] for match in matches})
        if rows:
            total += self.weights[rows].sum(axis=0, dtype=np.int32) * gram_scale / len(rows) ** 0.5
        known = [self._rows[name] for name in derived_features(reading) if name in self._rows]
        if known:
            total += self.derived[known].sum(axis=0, dtype=np.int32) * derived_scale
        return total

    def words(self, reading: Reading, head: str) -> list[tuple[float, str]]:
        """Return the n-grams of whole words that spoke for a head, strongest first, as (weight, word)."""
        column = HEADS.index(head)
        found = {}
        for row, _, _ in self._automaton.find_matches_as_indexes(reading.folded, overlapping=True):
            pattern, weight = self.patterns[row], float(self.weights[row, column])
            if weight > 0 and pattern[0] == pattern[-1] == " ":
                found[pattern.strip()] = weight
        return sorted(((weight, word) for word, weight in found.items()), reverse=True)

    def to_bytes(self) -> bytes:
        """Return the model as bytes that :meth:`from_bytes` reads; equal models give equal bytes."""
        head = json.dumps(self._head(), ensure_ascii=False, sort_keys=True).encode()
        body = "\n".join(self.patterns).encode()
        sizes = f"{len(head)} {len(body)}\n".encode()
        return _MAGIC + sizes + head + body + self.weights.tobytes() + self.derived.tobytes()

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
            return _parsed(cls, data)
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise BadModel(f"the triage model is damaged: {error}") from error


def _parsed(cls: type[TriageModel], data: bytes) -> TriageModel:
    end = data.index(b"\n", len(_MAGIC)) + 1
    head_size, body_size = (int(size) for size in data[len(_MAGIC) : end].split())
    head = json.loads(data[end : end + head_size])
    if tuple(head["heads"]) != HEADS:
        raise ValueError("it decides other things than this version does")
    body_end = end + head_size + body_size
    body = data[end + head_size : body_end].decode()
    cells = np.frombuffer(data, dtype=np.int8, offset=body_end)
    split = head["patterns"] * len(HEADS)
    overlay = head["overlay"]
    return cls(
        patterns=tuple(body.split("\n")) if body else (),
        weights=cells[:split].reshape(-1, len(HEADS)),
        names=tuple(head["names"]),
        derived=cells[split:].reshape(len(head["names"]), len(HEADS)),
        scale=(tuple(head["scale"][0]), tuple(head["scale"][1])),
        bias=tuple(head["bias"]),
        calibration=head["calibration"],
        overlay=Overlay.from_dict(overlay) if overlay else None,
    )


@cache
def packaged_model() -> TriageModel:
    """Return the shipped model, read once; ``FileNotFoundError`` before the first ``make models``."""
    return TriageModel.from_bytes(load_bytes("triage.model"))
