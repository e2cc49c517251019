"""Fitting an overlay: multinomial logistic regression over the model's own scores, in plain numpy."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pluralis.core.triage.features import Reading
from pluralis.core.triage.overlay import Overlay, learnable_features
from pluralis.core.triage.result import LABELS

_ROUNDS = 120
_RATE = 0.1
_SHRINK = 0.004
_STEPS = 500
_OTHER = LABELS.index("other")
_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Labelled:
    """A message, the place of its true label in ``LABELS``, and the six raw scores of the model it corrects."""

    reading: Reading
    label: int
    scores: _Floats

    @cached_property
    def features(self) -> tuple[str, ...]:
        """What it can teach, in a fixed order."""
        return tuple(sorted(learnable_features(self.reading)))

    def best(self, overlay: Overlay | None) -> int:
        """Return the place of the label that wins with an overlay, or without one."""
        scores = self.scores + overlay.scores(self.reading) if overlay else self.scores
        return int(np.argmax(scores))

    def contradicts(self, clear: float) -> bool:
        """Whether the model, sure beyond ``clear``, says another label; *other* says only that it knows no better."""
        powers = np.exp(self.scores - self.scores.max())
        shares = powers / powers.sum()
        said = int(shares.argmax())
        return bool(shares[said] > clear and said not in (self.label, _OTHER))


def fit_overlay(taught: list[Labelled], replay: list[Labelled], replay_share: float) -> Overlay:
    """Return the overlay that fits ``taught`` without unlearning ``replay``.

    All of ``replay`` together weighs ``replay_share`` of what ``taught`` weighs. Features seen once are left
    out: they are names and slips. The result depends on the rows alone, not on their order.
    """
    rows = sorted(taught, key=lambda row: row.reading.folded) + replay
    seen = Counter(name for row in taught for name in row.features)
    names = sorted(name for name, count in seen.items() if count > 1)
    weights, bias = _descend(_Task.of(rows, names, _row_weights(len(taught), len(replay), replay_share)))
    step = max(1e-9, float(np.abs(weights).max(initial=0.0))) / _STEPS
    whole = np.rint(weights / step).astype(int)
    kept = {name: tuple(whole[place].tolist()) for place, name in enumerate(names) if whole[place].any()}
    return Overlay(kept, tuple(round(float(cell), 6) for cell in bias), step, len(taught))


def _row_weights(taught: int, replay: int, share: float) -> _Floats:
    return np.concatenate([np.full(taught, 1.0), np.full(replay, share * taught / max(1, replay))]) / taught


@dataclass(frozen=True)
class _Task:
    """The rows as arrays: ``cells`` are feature places, row after row; ``owner`` is the row of each cell."""

    cells: npt.NDArray[np.int64]
    owner: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    width: int
    offsets: _Floats
    truth: _Floats
    weight: _Floats

    @classmethod
    def of(cls, rows: list[Labelled], names: list[str], weight: _Floats) -> "_Task":
        # Place 0 is the bias: every row has it, so no row is empty.
        places = {name: place for place, name in enumerate(names, 1)}
        cells = [[0, *(places[name] for name in row.features if name in places)] for row in rows]
        sizes = np.array([len(row) for row in cells])
        return cls(
            cells=np.concatenate([np.array(row) for row in cells]),
            owner=np.repeat(np.arange(len(rows)), sizes),
            starts=np.concatenate([[0], np.cumsum(sizes)[:-1]]),
            width=len(names) + 1,
            offsets=np.array([row.scores for row in rows]),
            truth=np.eye(len(LABELS))[[row.label for row in rows]],
            weight=weight,
        )

    def slope(self, weights: _Floats) -> _Floats:
        """Return the gradient of the weighted log loss."""
        raw = self.offsets + np.add.reduceat(weights[self.cells], self.starts, axis=0)
        powers = np.exp(raw - raw.max(axis=1, keepdims=True))
        wrong = (powers / powers.sum(axis=1, keepdims=True) - self.truth) * self.weight[:, None]
        spread = wrong[self.owner]
        columns = [
            np.bincount(self.cells, weights=spread[:, label], minlength=self.width) for label in range(len(LABELS))
        ]
        return np.stack(columns, axis=1)


def _descend(task: _Task) -> tuple[_Floats, _Floats]:
    """Return weights and bias after a fixed number of Adam steps (Kingma and Ba 2015) with shrinkage."""
    weights = np.zeros((task.width, len(LABELS)))
    drift, swing = np.zeros_like(weights), np.zeros_like(weights)
    for turn in range(1, _ROUNDS + 1):
        slope = task.slope(weights) + _SHRINK * weights
        drift = 0.9 * drift + 0.1 * slope
        swing = 0.99 * swing + 0.01 * slope**2
        weights -= _RATE * (drift / (1 - 0.9**turn)) / (np.sqrt(swing / (1 - 0.99**turn)) + 1e-8)
    return weights[1:], weights[0]
