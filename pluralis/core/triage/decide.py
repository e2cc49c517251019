"""From raw scores to probabilities, and from probabilities to a verdict."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pluralis.core.triage.features import Reading
from pluralis.core.triage.model import HEADS, LISTS, Scored, TriageModel
from pluralis.core.triage.result import LABELS, SENTIMENTS

_Floats = npt.NDArray[np.float64]
_FIRST_LABEL = HEADS.index(LABELS[0])
_PLAIN = (1.0, 0.0, 0.0)
HARD_WORDS = ("youinsult", "slur", "insult", "swear")
_AGAINST_PEOPLE = ("youinsult", "slur", "insult", "dehuman", "group")
_SWEARING = {"swear", "hate"}
_AT_THINGS, _AT_US = 0.45, 0.6
COLLECTIONS = ("en", "fr")
"""The languages in which a collection of tweets teaches what people call abuse."""

_NO_TROUBLE = {"thanks", "praise", "spam", "news"}
_HELP = math.log(3)
_HALF = 0.5
_MOST_WORDS = 3
_FEELING_LISTS = (("neg1", "neg2", "emoneg"), ("pos1", "pos2", "emopos"))


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
    weights = model.calibration.get(f"abuse:{language}") or model.calibration.get("abuse", _PLAIN)
    inputs: tuple[float, ...] = aimed, hard_words(reading)
    if language in COLLECTIONS:
        corpus = float(scored.values[HEADS.index(f"abuse:{language}")])
        inputs = abuse_inputs(corpus, aimed, "addressed" in reading.surface)
    probability = _sigmoid(sum(map(float.__mul__, inputs, map(float, weights))) + weights[-1])
    return within_rules(probability, aimed, reading)


def within_rules(probability: float, aimed: float, reading: Reading) -> float:
    """Return the probability of abuse as two rules allow it.

    Swearing at a thing hurts nobody; a word that is said of people only, in a message to us that tells of a
    problem, is aimed at us, however much of the message is the problem.
    """
    if aimed < 0 and is_about_things(reading):
        return min(probability, _AT_THINGS)
    return max(probability, _AT_US) if is_insult_beside_problem(reading) else probability


def is_about_things(reading: Reading) -> bool:
    """Whether swearing stands right beside a thing, and no word against people is there."""
    if any(group in reading.counts for group in _AGAINST_PEOPLE):
        return False
    chain = reading.skeleton
    return any({left, right} & _SWEARING and "thing" in (left, right) for left, right in pairwise(chain))


def is_insult_beside_problem(reading: Reading) -> bool:
    """Whether a message holds a word said of people only, and a problem, and does not speak about such words."""
    counts = reading.counts
    return "rule_insult" in counts and "problem" in counts and "counter" not in counts and "quote" not in counts


def hard_words(reading: Reading) -> float:
    """Return how many hard words a text holds, 0 to 2: for languages without a collection of their own."""
    return float(min(2, sum(reading.counts.get(group, 0) for group in HARD_WORDS)))


def feeling_probabilities(scored: Scored, reading: Reading, model: TriageModel) -> _Floats:
    """Return the probabilities of ``SENTIMENTS``; a language without columns gets the mean of all."""
    language = list_of(reading.language)
    if reading.language == "ms":
        return np.asarray((_feelings(scored, "ms", model) + _listed(reading)) * _HALF, dtype=np.float64)
    if language:
        return _feelings(scored, language, model)
    return np.asarray(np.mean([_feelings(scored, each, model) for each in LISTS], axis=0), dtype=np.float64)


def _listed(reading: Reading) -> _Floats:
    """Return what the word lists alone say: the columns of Malay learnt from Indonesian reviews and tweets."""
    bad, good = (sum(reading.counts.get(group, 0) for group in groups) for groups in _FEELING_LISTS)
    lean = max(-_MOST_WORDS, min(_MOST_WORDS, good - bad))
    return softmax(np.array([-float(lean), _HALF, float(lean)]))


def _feelings(scored: Scored, language: str, model: TriageModel) -> _Floats:
    first = HEADS.index(f"{SENTIMENTS[0]}:{language}")
    raw = scored.values[first : first + len(SENTIMENTS)]
    cells = model.calibration.get(f"sentiment:{language}")
    if cells is None:
        return softmax(raw)
    size = len(SENTIMENTS)
    matrix = np.array(cells[: size * size]).reshape(size, size)
    return softmax(matrix @ raw + np.array(cells[size * size :]))


def label_logits(scored: Scored, reading: Reading, model: TriageModel) -> _Floats:
    """Return the scores of ``LABELS`` (natural logarithms, not normed), calibrated, without the overlay.

    Two rules help the model with short messages, of which it has seen few: trouble told to us speaks for a
    complaint, words that ask and a question mark for a question; the odds of each then triple.
    """
    calibration: Sequence[float] = model.calibration.get("labels", (1.0, *(0.0 for _ in LABELS)))
    logits = scored.values[_FIRST_LABEL:] * calibration[0] + np.array(calibration[1:])
    counts = reading.counts
    if "problem" in counts and "self" in counts and not _NO_TROUBLE & counts.keys():
        logits[LABELS.index("complaint")] += _HELP
    if "ask" in counts and "question_end" in reading.surface and "spam" not in counts:
        logits[LABELS.index("question")] += _HELP
    return np.asarray(logits, dtype=np.float64)


def softmax(values: _Floats) -> _Floats:
    """Return positive shares that sum to 1."""
    powers = np.exp(values - values.max())
    return np.asarray(powers / powers.sum(), dtype=np.float64)


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))
