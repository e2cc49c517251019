"""From a text to a triage: a few rules over the model's probabilities."""

import numpy as np

from pluralis.core.language import identify
from pluralis.core.triage.cues import packaged_lexicon
from pluralis.core.triage.decide import abuse_probability, feeling_probabilities, label_logits, softmax
from pluralis.core.triage.features import Reading, read
from pluralis.core.triage.model import Scored, TriageModel, packaged_model
from pluralis.core.triage.result import LABELS, SENTIMENTS, Triage
from pluralis.core.triage.urgency import escalation, urgency_of

_CLOSE = 0.2
_SECOND = 0.15
_AIMED = 0.5
_HARD_WORDS = ("youinsult", "slur", "insult", "dehuman")
_TROUBLE = ("problem", "demand", "duration")
_MOST_REASONS = 5

# Whose words are shown as the reason for a label; what the model adds comes behind them.
_SPEAKERS = {
    "question": ("ask", "want"),
    "complaint": ("problem", "demand", "neg2", "duration"),
    "praise": ("praise", "thanks", "pos2", "emopos"),
    "abuse": ("youinsult", "slur", "insult", "dehuman", "hate", "harm", "swear"),
    "spam": ("spam",),
    "other": ("news", "chat"),
}
_SMALL_WORDS = 3
_BLANK = {label: float(label == "other") for label in LABELS}


def classify(text: str, *, language: str | None = None, model: TriageModel | None = None) -> Triage:
    """Return the triage of one incoming message.

    ``language`` is a code of ``core.language`` (en fr es ms id ``ms/id`` or another); ``None`` has it found. A
    language without lists of its own reads all of them, which is less sure. ``model`` is the shipped one unless
    a team's own is given. Any text is answered; a blank one is *other* and unsure. Only the first 10,000 code
    points are read.
    """
    chosen = model or packaged_model()
    reading = read(text, language or identify(text).code, packaged_lexicon())
    scored = chosen.score(reading)
    logits = label_logits(scored, reading, chosen)
    if chosen.overlay:
        logits = logits + chosen.overlay.scores(reading)
    kinds = dict(zip(LABELS, softmax(logits).tolist(), strict=True)) if reading.folded.strip() else _BLANK
    return _answer(reading, scored, kinds, chosen)


def _answer(reading: Reading, scored: Scored, kinds: dict[str, float], model: TriageModel) -> Triage:
    abuse = abuse_probability(scored, reading, model) if reading.folded.strip() else 0.0
    feelings = feeling_probabilities(scored, reading, model)
    label = max(kinds, key=kinds.__getitem__)
    sentiment = SENTIMENTS[int(np.argmax(feelings))]
    escalate = escalation(reading, label, sentiment)
    return Triage(
        label=label,
        sentiment=sentiment,
        abuse=round(abuse, 4),
        urgency=urgency_of(reading, label, float(feelings[0]), escalate),
        unsure=_is_unsure(reading, kinds),
        scores={name: round(value, 4) for name, value in kinds.items()},
        reasons=_reasons(reading, scored, label, model),
        labels=_labels(reading, label, kinds, abuse),
        escalate=escalate,
        sentiment_scores=dict(zip(SENTIMENTS, (round(value, 4) for value in feelings.tolist()), strict=True)),
    )


def _is_unsure(reading: Reading, kinds: dict[str, float]) -> bool:
    first, second = sorted(kinds.values(), reverse=True)[:2]
    return first - second < _CLOSE or not reading.folded.strip()


def _labels(reading: Reading, label: str, kinds: dict[str, float], abuse: float) -> tuple[str, ...]:
    """Add the second face: an insult with a real problem in it, a complaint with an insult in it."""
    hard = any(group in reading.counts for group in _HARD_WORDS)
    trouble = sum(reading.counts.get(group, 0) for group in _TROUBLE)
    if label == "abuse" and (trouble > 1 or (trouble and kinds["complaint"] > _SECOND / 3)):
        return label, "complaint"
    if label == "complaint" and hard and (abuse >= _AIMED or kinds["abuse"] > _SECOND):
        return label, "abuse"
    return (label,)


def _reasons(reading: Reading, scored: Scored, label: str, model: TriageModel) -> tuple[str, ...]:
    speakers = _SPEAKERS[label]
    found = [cue for cue in reading.cues if any(group in speakers for group in cue.groups)]
    found.sort(key=lambda cue: -len(cue.phrase))
    words = [cue.phrase for cue in found]
    if len(words) < _MOST_REASONS:
        words += model.words(scored.rows, label)
    kept: list[str] = []
    for word in words:
        if len(word) >= _SMALL_WORDS and not any(word in other for other in kept):
            kept.append(word)
    return tuple(kept[:_MOST_REASONS])
