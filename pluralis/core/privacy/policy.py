"""How serious a piece of personal data is, by where the text will stand."""

from collections.abc import Iterable

from pluralis.core.findings import Finding, Severity
from pluralis.core.privacy.model import SURE, DataType, PersonalData

# These do harm at first sight and are never ours to publish, so that even a doubtful one stops.
_ALWAYS_STOP = frozenset({DataType.EMAIL, DataType.CARD, DataType.IBAN, DataType.NATID})
# Payment data has no business in a private message either: the other side's inbox is not ours to guard.
_NEVER_WRITTEN = frozenset({DataType.CARD, DataType.IBAN})


def severity(found: PersonalData, *, public: bool) -> Severity:
    """Return how serious ``found`` is in an outgoing text; ``public`` is false for a private message.

    In public an e-mail address, a card, an IBAN and a national id always stop. A phone number, a postal address
    and a reference stop when they are sure (strength 0.8 or more), because a public reply that holds them tells
    the world who is our customer; a doubtful one warns, because opening hours and product codes look alike.
    In private a card or an IBAN warns and everything else is a hint.
    """
    if not public:
        return Severity.WARN if found.type in _NEVER_WRITTEN else Severity.HINT
    if found.type in _ALWAYS_STOP or found.strength >= SURE:
        return Severity.STOP
    return Severity.WARN


def findings(found: Iterable[PersonalData], *, public: bool) -> tuple[Finding, ...]:
    """Return ``found`` as findings with the rule ``personal_data``; the reason names the type, lower-case."""
    return tuple(
        Finding(
            start=data.start,
            end=data.end,
            text=data.text,
            rule="personal_data",
            severity=severity(data, public=public),
            reason=f"privacy.{data.type.value.lower()}",
        )
        for data in found
    )
