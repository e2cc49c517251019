"""Figures of rows that no column and no calibration has seen."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from sklearn.metrics import f1_score

from pluralis.core.triage.decide import within_rules
from pluralis.core.triage.model import LISTS
from pluralis.core.triage.result import LABELS, SENTIMENTS
from tools.models.triage import mixing
from tools.models.triage.heads import Flags, Floats
from tools.models.triage.training import Training

Scores = dict[str, Floats]


def out_of_fold_scores(training: Training, seed: int = 0) -> Scores:
    """Return the raw scores of every task, each row scored by columns that did not see its group."""
    return {name: training.out_of_fold(task, seed) for name, task in training.tasks().items()}


def abuse_answers(training: Training, scores: Scores, seed: int = 1) -> npt.NDArray[np.float64]:
    """Return the abuse probability of every row; the mix, too, is fitted on other rows than it answers for."""
    answers = np.full(len(training.rows), np.nan)
    for learn, rest in training.folds(seed):
        for language, source in (("en", "OLID"), ("fr", "MLMA")):
            weights = mixing.abuse_mix(training, scores, language, source, learn)
            rows = rest & (training.language == language)
            inputs = mixing.mixed_inputs(training, scores, language)
            answers[rows] = inputs[rows] @ np.array(weights[:-1]) + weights[-1]
        mix = mixing.aimed_mix(training, scores, learn, tweets=False)
        rows = rest & ~np.isin(training.language, ["en", "fr"])
        answers[rows] = mixing.aimed_inputs(training, scores)[rows] @ np.array(mix[:-1]) + mix[-1]
    shares = 1 / (1 + np.exp(-answers))
    triples = zip(shares, scores["aimed"][:, 0], training.readings, strict=True)
    return np.array([within_rules(float(share), float(aimed), reading) for share, aimed, reading in triples])


def feeling_answers(training: Training, scores: Scores, seed: int = 1) -> npt.NDArray[np.str_]:
    """Return the feeling of every row of a language with columns, by mixes fitted on other rows."""
    answers = np.full(len(training.rows), "", dtype="U8")
    for learn, rest in training.folds(seed):
        for language in LISTS:
            cells = np.array(mixing.feeling_mix(training, scores, language, learn))
            raw = scores[f"sentiment:{language}"] @ cells[:9].reshape(3, 3).T + cells[9:]
            rows = rest & np.isin(training.language, ("id", "ms") if language == "ms" else (language,))
            answers[rows] = np.array(SENTIMENTS)[raw[rows].argmax(axis=1)]
    return answers


def label_answers(scores: Scores) -> npt.NDArray[np.str_]:
    """Return the label of every row."""
    return np.array(LABELS)[scores["labels"].argmax(axis=1)]


def macro(truth: npt.NDArray[np.str_], answers: npt.NDArray[np.str_]) -> float:
    """Return macro-F1 over the labels of ``truth``."""
    return float(f1_score(truth, answers, labels=sorted(set(truth)), average="macro"))


def abuse_figures(training: Training, scores: Scores) -> Iterator[tuple[str, float]]:
    """Yield (source and language, macro-F1) of abuse, per source and never pooled."""
    answers = np.where(abuse_answers(training, scores) >= 0.5, "1", "0")
    yield from _by_source(training, answers, ("OLID", "MLMA", "HateCheck", "MHC"), ("0", "1"))


def feeling_figures(training: Training, scores: Scores) -> Iterator[tuple[str, float]]:
    """Yield (language, macro-F1) of sentiment, all sources of a language together."""
    answers = feeling_answers(training, scores)
    for language in sorted(set(training.language)):
        rows = (training.language == language) & np.isin(training.truth, SENTIMENTS)
        if rows.any():
            yield language, macro(training.truth[rows], answers[rows])


def label_figure(training: Training, scores: Scores) -> float:
    """Return macro-F1 of the six labels on ``triage_authored``."""
    rows = training.source == "triage_authored"
    return macro(training.truth[rows], label_answers(scores)[rows])


def _by_source(
    training: Training, answers: npt.NDArray[np.str_], sources: tuple[str, ...], labels: tuple[str, ...]
) -> Iterator[tuple[str, float]]:
    for source in sources:
        for language in sorted(set(training.language[training.source == source])):
            rows: Flags = (training.source == source) & (training.language == language)
            rows &= np.isin(training.truth, labels)
            yield f"{source} {language}", macro(training.truth[rows], answers[rows])
