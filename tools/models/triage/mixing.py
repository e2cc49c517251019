"""From raw scores to probabilities: fitted on scores that were made out of fold."""

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from pluralis.core.triage.decide import abuse_inputs, hard_words
from pluralis.core.triage.model import LISTS
from pluralis.core.triage.result import LABELS, SENTIMENTS
from tools.models.triage.heads import Flags, Floats, balanced
from tools.models.triage.training import Training

_TEMPLATE_WORTH = 0.2
_PLACES = 5


def calibrations(training: Training, scores: dict[str, Floats]) -> dict[str, list[float]]:
    """Return every calibration by name; ``scores`` are the out-of-fold scores of each task."""
    found = {}
    for language, source in (("en", "OLID"), ("fr", "MLMA")):
        found[f"abuse:{language}"] = abuse_mix(training, scores, language, source, training.everything)
    found["abuse"] = aimed_mix(training, scores, training.everything, tweets=False)
    found["abuse:ms"] = aimed_mix(training, scores, training.everything, tweets=True)
    for language in LISTS:
        found[f"sentiment:{language}"] = feeling_mix(training, scores, language, training.everything)
    found["labels"] = label_mix(training, scores, training.everything)
    return found


def abuse_mix(training: Training, scores: dict[str, Floats], language: str, source: str, use: Flags) -> list[float]:
    """Return the weights of :func:`abuse_inputs` and their offset, for a language with a collection of its own."""
    templates = np.isin(training.source, ["HateCheck", "MHC"])
    rows = use & (training.language == language) & (templates | (training.source == source))
    inputs = mixed_inputs(training, scores, language)
    weight = balanced(training.truth, training.source, rows, {})
    share = weight[rows & ~templates].sum() / max(1.0, weight[rows & templates].sum())
    weight[templates] *= share * _TEMPLATE_WORTH
    fitted = LogisticRegression(C=1.0).fit(inputs[rows], training.truth[rows] == "1", sample_weight=weight[rows])
    return _rounded([*fitted.coef_[0], fitted.intercept_[0]])


def mixed_inputs(training: Training, scores: dict[str, Floats], language: str) -> Floats:
    """Return what the abuse mix of a language sees of every row, shape (rows, inputs)."""
    corpus, aimed = scores[f"abuse:{language}"][:, 0], scores["aimed"][:, 0]
    return np.array(
        [
            abuse_inputs(float(left), float(right), "addressed" in reading.surface)
            for left, right, reading in zip(corpus, aimed, training.readings, strict=True)
        ]
    )


def aimed_mix(training: Training, scores: dict[str, Floats], use: Flags, tweets: bool) -> list[float]:
    """Return the weights of the aimed score and of hard words, and the offset, for the other languages.

    Without ``tweets`` it is fitted on the functional tests alone, where hard words are in both kinds of sentence.
    """
    templates = np.isin(training.source, ["HateCheck", "MHC"])
    rows = use & (templates | (np.isin(training.source, ["OLID", "MLMA"]) & tweets))
    weight = balanced(training.truth, training.source, rows, {})
    if tweets:
        weight[templates] *= weight[rows & ~templates].sum() / weight[rows & templates].sum()
    inputs = aimed_inputs(training, scores) * (1.0, float(tweets))
    fitted = LogisticRegression(C=1.0)
    fitted.fit(inputs[rows], training.truth[rows] == "1", sample_weight=weight[rows])
    return _rounded([*fitted.coef_[0], fitted.intercept_[0]])


def aimed_inputs(training: Training, scores: dict[str, Floats]) -> Floats:
    """Return what the mix of a language without a collection of its own sees, shape (rows, 2)."""
    hard = np.array([hard_words(reading) for reading in training.readings])
    return np.column_stack([scores["aimed"][:, 0], hard])


def feeling_mix(training: Training, scores: dict[str, Floats], language: str, use: Flags) -> list[float]:
    """Return a 3 by 3 matrix and three offsets, row by row, for the feelings of a language."""
    own = ("id", "ms") if language == "ms" else (language,)
    rows = use & np.isin(training.language, own) & np.isin(training.truth, SENTIMENTS)
    if language == "ms":
        # Six thousand rows fit the columns well by themselves; a mix only made them worse (.845 to .823).
        return [float(cell) for cell in (*np.eye(len(SENTIMENTS)).ravel(), *np.zeros(len(SENTIMENTS)))]
    return _matrix(training, scores[f"sentiment:{language}"], rows, SENTIMENTS)


def label_mix(training: Training, scores: dict[str, Floats], use: Flags) -> list[float]:
    """Return one slope for all labels and six offsets."""
    rows = use & (training.source == "triage_authored")
    best = max(_SLOPES, key=lambda slope: _fit(slope * scores["labels"][rows], training.truth[rows]))
    return _rounded([best, *np.zeros(len(LABELS))])


# Not above 1: the authored messages are more regular than life, and would make every answer too sure.
_SLOPES = tuple(round(0.05 * step, 2) for step in range(4, 21))


def _fit(scores: Floats, truth: npt.NDArray[np.str_]) -> float:
    """Return the mean log probability of the truth, the usual measure of calibration."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares = powers / powers.sum(axis=1, keepdims=True)
    places = [LABELS.index(label) for label in truth]
    return float(np.log(shares[np.arange(len(places)), places]).mean())


def _matrix(training: Training, scores: Floats, rows: Flags, answers: tuple[str, ...]) -> list[float]:
    weight = balanced(training.truth, training.source, rows, {})
    truth = [answers.index(label) for label in training.truth[rows]]
    fitted = LogisticRegression(C=1.0, max_iter=500).fit(scores[rows], truth, sample_weight=weight[rows])
    return _rounded([*fitted.coef_.ravel(), *fitted.intercept_])


def _rounded(values: list[float]) -> list[float]:
    return [round(float(value), _PLACES) for value in values]
