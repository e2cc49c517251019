"""Addresses and numbers of our own that may stand in public: the support e-mail, the hotline, the shop."""

import re
from collections.abc import Sequence

from pluralis.core.privacy.emails import unspelled
from pluralis.core.privacy.model import DataType
from pluralis.core.privacy.reading import fold

_FEWEST_DIGITS = 6  # a phone number shorter than this would allow every number that ends so
_FEWEST_CHARACTERS = 8
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")


class Allowed:
    """The entries a company allows: an e-mail address, "@acme.example" for a whole domain, or any number."""

    def __init__(self, entries: Sequence[str]) -> None:
        """Take the entries as a person typed them."""
        flat = [fold(entry).strip().lower() for entry in entries if entry.strip()]
        self._domains = tuple(entry for entry in flat if entry.startswith("@"))
        self._emails = frozenset(entry for entry in flat if "@" in entry[1:])
        self._others = frozenset(filter(None, (_NOT_ALPHANUMERIC.sub("", entry) for entry in flat)))

    def __contains__(self, found: tuple[DataType, str]) -> bool:
        """Whether a found piece, by type and flattened text, is one of the entries."""
        kind, text = found
        if kind is DataType.EMAIL:
            address = unspelled(text)
            return address in self._emails or any(_is_of(address, domain) for domain in self._domains)
        written = _NOT_ALPHANUMERIC.sub("", text.lower())
        if kind is DataType.PHONE:
            return any(_same_number(written, entry) for entry in self._others if entry.isdigit())
        if kind is DataType.ADDRESS:
            return any(_overlaps(written, entry) for entry in self._others)
        return written in self._others


def _is_of(address: str, domain: str) -> bool:
    return address.endswith((domain, "." + domain[1:]))


def _same_number(one: str, other: str) -> bool:
    """Whether two spellings are one number: "+33 1 23 45 67 89" and "01 23 45 67 89"."""
    shorter, longer = sorted((one.lstrip("0"), other.lstrip("0")), key=len)
    return len(shorter) >= _FEWEST_DIGITS and longer.endswith(shorter) and len(longer) - len(shorter) <= 3


def _overlaps(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= _FEWEST_CHARACTERS and shorter in longer
