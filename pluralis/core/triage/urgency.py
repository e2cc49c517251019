"""How fast somebody must look, and what goes at once to the person named for it."""

from pluralis.core.triage.features import Reading

# In order: a person in danger comes before a thing that is broken.
_ESCALATES = (
    ("escalate_selfharm", "self_harm"),
    ("escalate_child", "child"),
    ("escalate_safety", "safety"),
    ("escalate_security", "security"),
)
_BASE = {"complaint": 0.4, "abuse": 0.3, "question": 0.25, "praise": 0.05, "other": 0.05, "spam": 0.0}
_AT_ONCE = 0.95


def escalation(reading: Reading, label: str, sentiment: str) -> str | None:
    """Return ``self_harm``, ``child``, ``safety`` or ``security`` when the words of such a report are there.

    A miss is worse than a false alarm, so words are enough. Two exceptions: praise that feels positive ("the
    team was on fire") is no safety report, and spam that sells help for hacked accounts is no security report.
    """
    for group, kind in _ESCALATES:
        if group not in reading.counts:
            continue
        if kind == "safety" and label == "praise" and sentiment == "positive":
            continue
        if kind == "security" and label == "spam":
            continue
        return kind
    return None


def urgency_of(reading: Reading, label: str, negative: float, escalate: str | None) -> float:
    """Return 0 to 1 by rule: the label's base, more for a bad mood, a deadline, a long wait; .95 when escalated.

    There are no labelled examples of urgency, so this is an order for a queue, not a probability.
    """
    if escalate:
        return _AT_ONCE
    points = _BASE[label]
    if label in ("complaint", "abuse", "question"):
        points += 0.2 * negative
        points += 0.2 * ("wait" in reading.counts)
        points += 0.1 * ("duration" in reading.counts)
        points += 0.1 * ("demand" in reading.counts)
    return round(min(points, 0.9), 4)
