"""What a team's corrections add to the shipped model: weights of words and cues, never texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from pluralis.core.triage.features import Reading, derived_features
from pluralis.core.triage.result import LABELS


@dataclass(frozen=True)
class Overlay:
    """Additions to the six label scores, by feature name (``w:`` words and pairs of words, else derived ones).

    ``weights`` are six integers a feature, in units of ``step``; ``bias`` six floats.
    """

    weights: Mapping[str, tuple[int, ...]]
    bias: tuple[float, ...]
    step: float
    examples: int

    def scores(self, reading: Reading) -> npt.NDArray[np.float64]:
        """Return what is added to the raw score of each label, in the order of ``LABELS``."""
        rows = [self.weights[name] for name in sorted(learnable_features(reading)) if name in self.weights]
        total = np.array(self.bias)
        return total + np.array(rows).sum(axis=0) * self.step if rows else total

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        weights = {name: list(self.weights[name]) for name in sorted(self.weights)}
        return {"weights": weights, "bias": list(self.bias), "step": self.step, "examples": self.examples}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Overlay":
        """Return the overlay of :meth:`to_dict`; ``ValueError`` when a row has not one weight per label."""
        weights = {str(name): tuple(int(cell) for cell in row) for name, row in values["weights"].items()}
        if any(len(row) != len(LABELS) for row in (*weights.values(), values["bias"])):
            raise ValueError("an overlay needs one weight per label")
        bias = tuple(float(cell) for cell in values["bias"])
        return cls(weights, bias, float(values["step"]), int(values["examples"]))


def learnable_features(reading: Reading) -> set[str]:
    """Return the features that corrections may teach: words, pairs of neighbours, cues and surface."""
    words = reading.folded.split()
    names = {f"w:{word}" for word in words if len(word) > 1}
    names.update(f"w:{left} {right}" for left, right in pairwise(words))
    names.update(name for name in derived_features(reading) if name[0] in "cf")
    return names
