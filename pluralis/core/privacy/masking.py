"""Showing a text without its personal data."""

from collections.abc import Iterable

from pluralis.core.privacy.model import DataType, PersonalData

_SHOWN_CARD_DIGITS = 4


def mask(text: str, found: Iterable[PersonalData]) -> str:
    """Return ``text`` with every piece of ``found`` replaced by its type in brackets, as in ``[EMAIL]``.

    Nothing of a found piece stays, with one exception: a card of 12 digits or more keeps its last four, as
    printed on any receipt (PCI DSS 3.4.1), because support needs them to talk about it: ``[CARD 5145]``.
    ``found`` must be spans of ``text``; overlapping ones are masked together.
    """
    pieces: list[str] = []
    reached = 0
    for data in sorted(found, key=lambda data: (data.start, -data.end)):
        if data.start >= reached:
            pieces += [text[reached : data.start], _label(data)]
        reached = max(reached, data.end)
    return "".join([*pieces, text[reached:]])


def _label(data: PersonalData) -> str:
    digits = [character for character in data.text if character.isdigit()]
    if data.type is DataType.CARD and len(digits) >= 12:
        return f"[CARD {''.join(digits[-_SHOWN_CARD_DIGITS:])}]"
    return f"[{data.type.value}]"
