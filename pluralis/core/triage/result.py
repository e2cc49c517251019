"""What triage answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

LABELS = ("question", "complaint", "praise", "abuse", "spam", "other")
SENTIMENTS = ("negative", "neutral", "positive")
KINDS = ("security", "safety", "child", "self_harm")


@dataclass(frozen=True, slots=True)
class Triage:
    """What kind of message came in, how it feels and how fast somebody must look.

    ``label`` is one of :data:`LABELS`, ``labels`` adds a second one where the text has two faces (an insult
    that also holds a real problem is ``("abuse", "complaint")``). ``sentiment`` is one of :data:`SENTIMENTS`.
    ``abuse`` and ``urgency`` run from 0 to 1; from .5 on ``abuse`` means hard words *aimed at people*.
    ``scores`` are the six probabilities, summing to 1; ``unsure`` says that the best two are close.
    ``reasons`` are the words of the text that spoke for the label, strongest first. ``escalate`` is one of
    :data:`KINDS` when the message must go at once to the person named for it, else ``None``.
    """

    label: str
    sentiment: str
    abuse: float
    urgency: float
    unsure: bool
    scores: Mapping[str, float]
    reasons: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    escalate: str | None = None
    sentiment_scores: Mapping[str, float] = field(default_factory=dict)
