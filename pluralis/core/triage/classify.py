"""From a text to a triage: rules over the model's scores."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pluralis.core.triage.cues import packaged_lexicon
from pluralis.core.triage.features import Reading, read
from pluralis.core.triage.model import TriageModel, packaged_model
from pluralis.core.triage.result import LABELS, SENTIMENTS, Triage

_CLOSE = 0.15
"""Two labels, or abuse and its threshold, nearer than this are "unsure"."""


def classify(text: str, *, language: str | None = None, model: TriageModel | None = None) -> Triage:
    """Return the triage of one incoming message.

    ``language`` is a code of ``core.language`` (en fr es ms id ``ms/id`` or another; ``None`` reads the lists
    of all languages). ``model`` is the shipped one unless a team's own is given. Any text is answered; blank
    text is *other*. Only the first 10,000 code points are read.
    """
    chosen = model or packaged_model()
    reading = read(text, language, packaged_lexicon())
    scores = chosen.scores(reading)
    if chosen.overlay:
        scores[4:] += chosen.overlay.scores(reading)
    return _decide(reading, scores, chosen)


def _decide(reading: Reading, scores: npt.NDArray[np.float64], model: TriageModel) -> Triage:
    abuse = _sigmoid(_calibrated(scores[:1], "abuse", reading, model)[0])
    feelings = _softmax(_calibrated(scores[1:4], "sentiment", reading, model))
    kinds = _softmax(_calibrated(scores[4:], "triage", reading, model))
    label = LABELS[int(np.argmax(kinds))]
    first, second = sorted(kinds, reverse=True)[:2]
    return Triage(
        label=label,
        sentiment=SENTIMENTS[int(np.argmax(feelings))],
        abuse=round(abuse, 4),
        urgency=0.0,
        unsure=bool(first - second < _CLOSE),
        scores={name: round(float(value), 4) for name, value in zip(LABELS, kinds, strict=True)},
        reasons=tuple(word for _, word in model.words(reading, label)[:5]),
        labels=(label,),
        sentiment_scores={name: round(float(v), 4) for name, v in zip(SENTIMENTS, feelings, strict=True)},
    )


def _calibrated(
    scores: npt.NDArray[np.float64], head: str, reading: Reading, model: TriageModel
) -> npt.NDArray[np.float64]:
    steps: Sequence[float] = model.calibration.get(f"{head}:{_language(reading)}") or model.calibration.get(
        head, (1.0, 0.0)
    )
    return scores * steps[0] + np.array(steps[1:])


def _language(reading: Reading) -> str:
    return "ms" if reading.language in ("id", "ms", "ms/id") else str(reading.language)


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))


def _softmax(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    powers = np.exp(values - values.max())
    return np.asarray(powers / powers.sum(), dtype=np.float64)
