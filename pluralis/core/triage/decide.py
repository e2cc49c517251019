"""From raw scores to probabilities, and from probabilities to a verdict."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pluralis.core.triage.features import Reading
from pluralis.core.triage.model import HEADS, LISTS, Scored, TriageModel
from pluralis.core.triage.result import LABELS, SENTIMENTS

_Floats = npt.NDArray[np.float64]
_FIRST_LABEL = HEADS.index(LABELS[0])
_PLAIN = (1.0, 0.0)


def list_of(language: str | None) -> str | None:
    """Return the language whose columns read a text: Malay for Indonesian, ``None`` for one without columns."""
    code = "ms" if language in ("id", "ms/id") else language
    return code if code in LISTS else None


def abuse_inputs(corpus: float, aimed: float, addressed: bool) -> tuple[float, ...]:
    """Return what the abuse mix weighs.

    ``corpus`` is the score of what a collection of tweets calls abuse, ``aimed`` of hard words aimed at people.
    In a message that is addressed to somebody (a handle, a link, a hashtag: part of a conversation) words count
    more and the build of the sentence less, so both have a second weight there.
    """
    place = 1.0 if addressed else 0.0
    return corpus, aimed, place, corpus * place, aimed * place


def abuse_probability(scored: Scored, reading: Reading, model: TriageModel) -> float:
    """Return how likely hard words are aimed at people, 0 to 1; .5 stands for equally many of either kind."""
    aimed = float(scored.values[0])
    language = list_of(reading.language)
    weights = model.calibration.get(f"abuse:{language}")
    if weights is None:
        slope, offset = model.calibration.get("abuse", _PLAIN)
        return _sigmoid(slope * aimed + offset)
    corpus = float(scored.values[HEADS.index(f"abuse:{language}")])
    inputs = abuse_inputs(corpus, aimed, "addressed" in reading.surface)
    return _sigmoid(sum(map(float.__mul__, inputs, map(float, weights))) + weights[-1])


def feeling_probabilities(scored: Scored, reading: Reading, model: TriageModel) -> _Floats:
    """Return the probabilities of ``SENTIMENTS``; a language without columns gets the mean of all."""
    language = list_of(reading.language)
    if language:
        return _feelings(scored, language, model)
    return np.asarray(np.mean([_feelings(scored, each, model) for each in LISTS], axis=0), dtype=np.float64)


def _feelings(scored: Scored, language: str, model: TriageModel) -> _Floats:
    first = HEADS.index(f"{SENTIMENTS[0]}:{language}")
    raw = scored.values[first : first + len(SENTIMENTS)]
    cells = model.calibration.get(f"sentiment:{language}")
    if cells is None:
        return softmax(raw)
    size = len(SENTIMENTS)
    matrix = np.array(cells[: size * size]).reshape(size, size)
    return softmax(matrix @ raw + np.array(cells[size * size :]))


def label_logits(scored: Scored, model: TriageModel) -> _Floats:
    """Return the calibrated scores of ``LABELS`` (natural logarithms, not normed), without the overlay."""
    calibration: Sequence[float] = model.calibration.get("labels", (1.0, *(0.0 for _ in LABELS)))
    raw = scored.values[_FIRST_LABEL:] * calibration[0] + np.array(calibration[1:])
    return np.asarray(raw, dtype=np.float64)


def softmax(values: _Floats) -> _Floats:
    """Return positive shares that sum to 1."""
    powers = np.exp(values - values.max())
    return np.asarray(powers / powers.sum(), dtype=np.float64)


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))
