"""Triage: abuse, sentiment, six labels, learning and speed, beside word lists and VADER.

"5-fold" figures are of rows that neither a column nor a calibration has seen: rows made from one template, and
translations of one message, stay in one fold. "shipped on dev" is the packaged model on the rows it was trained
on, to show the gap. Sources marked (C) taught nothing; there the packaged model is measured as it is.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np
from sklearn.metrics import f1_score

from pluralis.core.triage import Correction, Triage, classify, learn
from pluralis.core.triage.cues import packaged_lexicon
from pluralis.core.triage.features import read
from tools.models.triage import measuring
from tools.models.triage import rows as data
from tools.models.triage.rows import Row as Text
from tools.models.triage.training import Training

HARD = frozenset({"youinsult", "slur", "insult", "swear"})
ABUSE_REACH = {
    ("OLID", "en"): ".76",
    ("MLMA", "fr"): ".63",
    ("HateCheck", "en"): ".70",
    ("MHC", "fr"): ".70",
    ("MHC", "es"): ".70",
    ("SGHateCheck", "ms"): ".70",
}
FEELING_REACH = {"en": ".64", "fr": ".65", "es": ".58", "id": ".88", "ms": ".61"}


class Row(NamedTuple):
    """One line of the table: what was measured, the baseline's figure, ours, and the figure to reach."""

    task: str
    baseline: str
    measured: str
    reach: str


def rows() -> Iterator[Row]:
    """Yield the lines of the table; trains five times on four fifths, some minutes on one core."""
    training = Training()
    say("triage: five folds")
    scores = measuring.out_of_fold_scores(training)
    say("triage: the packaged model")
    yield from abuse_lines(dict(measuring.abuse_figures(training, scores)))
    yield from feeling_lines(dict(measuring.feeling_figures(training, scores)))
    yield label_line(measuring.label_figure(training, scores))
    yield from measured_lines()
    yield from learning_lines()


def say(line: str) -> None:
    """Print how far the work is, beside the table."""
    print(line, file=sys.stderr, flush=True)


def abuse_lines(folded: dict[str, float]) -> Iterator[Row]:
    """Abuse, per source: four definitions that must not be pooled."""
    groups = _grouped(data.abuse_rows())
    for (source, language), texts in groups.items():
        truth = [text.label for text in texts]
        shipped = f1(truth, [str(int(answer(text).abuse >= 0.5)) for text in texts])
        naive = f1(truth, [str(int(bool(HARD & cue_groups(text)))) for text in texts])
        yield Row(
            f"abuse macro-F1, {source} {language}{mark(source)}, {len(texts)} rows",
            f"word list {naive:.3f}",
            both(folded.get(f"{source} {language}"), shipped),
            ABUSE_REACH.get((source, language), "-"),
        )


def feeling_lines(folded: dict[str, float]) -> Iterator[Row]:
    """Sentiment, per language; Malay is measured only, nothing that ships was trained on it."""
    texts = data.sentiment_rows()
    for language in ("en", "fr", "es", "id", "ms"):
        own = [text for text in texts if text.language == language]
        truth = [text.label for text in own]
        shipped = f1(truth, [answer(text).sentiment for text in own])
        lists = f1(truth, [listed_feeling(text) for text in own])
        vader = f1(truth, vader_feelings(own))
        yield Row(
            f"sentiment macro-F1, {language}{' (C)' if language == 'ms' else ''}, {len(own)} rows",
            f"VADER {vader:.3f}, word list {lists:.3f}",
            both(folded.get(language), shipped),
            FEELING_REACH[language],
        )


def label_line(folded: float) -> Row:
    """The six labels on the authored messages."""
    texts = data.authored_rows()
    truth = [text.label for text in texts]
    shipped = f1(truth, [answer(text).label for text in texts])
    naive = f1(truth, [naive_label(text) for text in texts])
    return Row(
        f"six-way triage macro-F1, triage_authored, {len(texts)} rows",
        f"plain rules {naive:.3f}",
        both(folded, shipped),
        ".78",
    )


def measured_lines() -> Iterator[Row]:
    """Sets that are only measured: airline, complaints, spam."""
    texts = data.airline_rows()
    truth = [text.label for text in texts]
    yield Row(
        f"airline macro-F1 of neg neu pos (C), {len(texts)} rows",
        f"plain rules {f1(truth, [as_feeling(naive_label(text)) for text in texts]):.3f}",
        f"by label {f1(truth, [as_feeling(answer(text).label) for text in texts]):.3f}, "
        f"by sentiment {f1(truth, [answer(text).sentiment[:3] for text in texts]):.3f}",
        "-",
    )
    yield binary_line("complaint F1 (C)", data.complaint_rows(), "complaint")
    for (source, _), spam in _grouped(data.spam_rows()).items():
        yield binary_line(f"spam F1, {source}{mark(source)}", spam, "spam")


def binary_line(task: str, texts: list[Text], label: str) -> Row:
    """F1 of one label against ``1``."""
    truth = [int(text.label) for text in texts]
    ours = [int(label in answer(text).labels) for text in texts]
    naive = [int(naive_label(text) == label) for text in texts]
    measured = f"{f1_score(truth, ours):.3f}"
    return Row(f"{task}, {len(texts)} rows", f"plain rules {f1_score(truth, naive):.3f}", measured, "-")


def learning_lines() -> Iterator[Row]:
    """What corrections bring on tweets the model was never taught, and what a poisoned batch brings."""
    labels = {"neg": "complaint", "pos": "praise", "neu": "question"}
    tweets = [Correction(text.text, labels[text.label], "en") for text in data.airline_rows()]
    test = tweets[6000:9000]
    for count in (200, 1000, 5000):
        started = time.perf_counter()
        learned = learn(tweets[:count])
        seconds = time.perf_counter() - started
        before = f1([tweet.label for tweet in test], [classify(t.text, language="en").label for t in test])
        after = f1(
            [tweet.label for tweet in test],
            [classify(t.text, language="en", model=learned.model).label for t in test],
        )
        state = "learnt" if learned.accepted else f"refused ({learned.refusal})"
        yield Row(
            f"learn from {count} airline tweets (C), macro-F1 on 3,000 others",
            f"before {before:.3f}",
            f"after {after:.3f}, {state}, {seconds:.1f} s",
            "seconds",
        )
    shift = {"complaint": "praise", "praise": "question", "question": "complaint"}
    poisoned = learn([Correction(tweet.text, shift[tweet.label], "en") for tweet in tweets[:1000]])
    yield Row("learn from 1,000 poisoned labels", "-", poisoned.refusal or "ACCEPTED", "refused")


_ANSWERS: dict[Text, Triage] = {}


def answer(text: Text) -> Triage:
    """Return the packaged model's triage of a text, worked out once."""
    if text not in _ANSWERS:
        _ANSWERS[text] = classify(text.text, language=text.language)
    return _ANSWERS[text]


def cue_groups(text: Text) -> set[str]:
    """Return the word lists that a text touches."""
    return set(read(text.text, text.language, packaged_lexicon()).counts)


def listed_feeling(text: Text) -> str:
    """Return the feeling by counting words: what everybody writes first."""
    counts = read(text.text, text.language, packaged_lexicon()).counts
    good = sum(counts.get(group, 0) for group in ("pos1", "pos2", "emopos"))
    bad = sum(counts.get(group, 0) for group in ("neg1", "neg2", "emoneg"))
    return "positive" if good > bad else "negative" if bad > good else "neutral"


def vader_feelings(texts: list[Text]) -> list[str]:
    """Return VADER's feelings, with the thresholds of its authors."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyser = SentimentIntensityAnalyzer()
    compounds = (analyser.polarity_scores(text.text)["compound"] for text in texts)
    return ["positive" if c >= 0.05 else "negative" if c <= -0.05 else "neutral" for c in compounds]


def naive_label(text: Text) -> str:
    """Return a label by the first rule that holds: the rules that everybody writes first."""
    groups = cue_groups(text)
    rules: Iterable[tuple[str, Callable[[], bool]]] = (
        ("spam", lambda: "http" in text.text or "spam" in groups),
        ("abuse", lambda: bool(HARD & groups)),
        ("question", lambda: "?" in text.text),
        ("praise", lambda: listed_feeling(text) == "positive"),
        ("complaint", lambda: listed_feeling(text) == "negative"),
    )
    return next((label for label, holds in rules if holds()), "other")


def as_feeling(label: str) -> str:
    """Return the airline set's label for one of ours."""
    return {"complaint": "neg", "abuse": "neg", "praise": "pos"}.get(label, "neu")


def f1(truth: list[str], answers: list[str]) -> float:
    """Return macro-F1 over the labels of the truth."""
    return measuring.macro(np.array(truth), np.array(answers))


def both(folded: float | None, shipped: float) -> str:
    """Return both figures, or the packaged model's alone where nothing was trained."""
    return f"{shipped:.3f}" if folded is None else f"5-fold {folded:.3f} (shipped on dev {shipped:.3f})"


def mark(source: str) -> str:
    """Return the mark of a source that taught nothing."""
    return " (C)" if source in data.MEASURED_ONLY else ""


def _grouped(texts: list[Text]) -> dict[tuple[str, str], list[Text]]:
    groups: dict[tuple[str, str], list[Text]] = {}
    for text in texts:
        groups.setdefault((text.source, text.language), []).append(text)
    return groups
