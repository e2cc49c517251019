"""The one question of this package: which personal data does a text hold?"""

from collections.abc import Iterator, Sequence

from pluralis.core.privacy.addresses import addresses
from pluralis.core.privacy.allowing import Allowed
from pluralis.core.privacy.emails import emails
from pluralis.core.privacy.identity import identities
from pluralis.core.privacy.model import PersonalData
from pluralis.core.privacy.payment import cards, ibans
from pluralis.core.privacy.phones import REGIONS, REGIONS_OF, phones
from pluralis.core.privacy.reading import Reading
from pluralis.core.privacy.references import references as known_references
from pluralis.core.privacy.spans import Candidate, strongest
from pluralis.core.privacy.teaching import ReferencePattern, taught


def find(
    text: str,
    *,
    language: str | None = None,
    regions: Sequence[str] = (),
    references: Sequence[ReferencePattern] = (),
    allow: Sequence[str] = (),
) -> tuple[PersonalData, ...]:
    """Return the personal data in ``text`` by place; no two overlap.

    ``language`` (ISO 639: en, fr, es, ms, id) chooses the national telephone plans that count, ``regions``
    (ISO 3166: "FR", "MY") names them outright; without both, those of twelve countries count. The words that
    announce data are read in all languages whatever ``language`` says, because people mix them. ``references``
    are the company's own patterns (``learn_reference``). ``allow`` lists what is ours to publish: an e-mail
    address, "@acme.example" for a domain, a telephone number, an address or a number.

    Any text is accepted, also with unpaired surrogates, and the time taken grows with its length only.
    """
    reading = Reading(text)
    plans = regions or REGIONS_OF.get(language or "", REGIONS)
    standing = strongest(_candidates(reading, plans, references))
    if standing and allow:
        allowed = Allowed(allow)
        standing = [one for one in standing if (one.type, reading.flat[one.start : one.end]) not in allowed]
    return tuple(_as_data(candidate, reading) for candidate in standing)


def _candidates(
    reading: Reading, regions: Sequence[str], patterns: Sequence[ReferencePattern]
) -> Iterator[Candidate]:
    """Ask every detector; each looks first whether the text can hold anything of its kind."""
    yield from emails(reading)
    yield from known_references(reading)
    yield from taught(reading, patterns)
    yield from addresses(reading)
    if reading.has_digit:
        yield from ibans(reading)
        yield from cards(reading)
        yield from phones(reading, regions)
        yield from identities(reading)


def _as_data(candidate: Candidate, reading: Reading) -> PersonalData:
    start, end = reading.span(candidate.start, candidate.end)
    return PersonalData(start, end, candidate.type, candidate.strength, reading.original[start:end])
