"""What a message tells by itself: language, what it wants, personal data. Pure work over the text engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from pluralis.core import language, privacy, triage
from pluralis.core.searching import indexed
from pluralis.networks.contract import Incoming
from pluralis.teams.models import Account
from pluralis.teams.queries import PrivacyRules, privacy_of

NOTHING_TAUGHT = PrivacyRules()
LONGEST = 20_000
"""Characters of a message that are kept; what is longer is cut, and says so."""


@dataclass(frozen=True, slots=True)
class MessageReading:
    """A message's text as it is kept, and what the text engine says of it."""

    text: str
    search_text: str
    language: str
    triage: dict[str, Any]
    personal_data: list[dict[str, Any]]

    @property
    def label(self) -> str:
        return str(self.triage.get("label", ""))

    @property
    def masked(self) -> str:
        """The text without its personal data: for lists, notices and searching."""
        return masked_text(self.text, self.personal_data)

    @property
    def urgency(self) -> float:
        return float(self.triage.get("urgency", 0.0))


def read_message(
    incoming: Incoming,
    account_language: str,
    rules: PrivacyRules = NOTHING_TAUGHT,
    model: triage.TriageModel | None = None,
) -> MessageReading:
    """Return what an incoming message says. Never fails on its text: what cannot be stored is taken out.

    ``rules`` are the team's own: its references are found too, its own addresses are nobody's secret.
    ``model`` is the sorting that the team has taught, the shipped one without it.
    """
    return read_words(incoming.text, incoming.language, account_language, rules, model)


def read_words(
    said: str,
    told_language: str | None,
    account_language: str,
    rules: PrivacyRules = NOTHING_TAUGHT,
    model: triage.TriageModel | None = None,
) -> MessageReading:
    """Return what a text says, like :func:`read_message`; ``told_language`` is what its network takes it for."""
    text = clean(said)
    prior = [each for each in (told_language, account_language) if each]
    code = language.identify(text, prior=prior or None).code
    result = triage.classify(text, language=code, model=model)
    found = privacy.find(text, language=code, references=rules.references, allow=rules.allow)
    return MessageReading(
        text=text,
        search_text=indexed(privacy.mask(text, found)),
        language=code[:8],
        triage=_kept(result),
        personal_data=[{"start": each.start, "end": each.end, "type": str(each.type)} for each in found],
    )


def masked_text(text: str, found: Sequence[dict[str, Any]]) -> str:
    """Return ``text`` without the personal data whose places were kept beside it."""
    return privacy.mask(text, data_in(text, found))


def data_in(text: str, found: Sequence[dict[str, Any]]) -> tuple[privacy.PersonalData, ...]:
    """Return kept places as personal data; places that the text no longer has are passed over."""
    whole = [each for each in found if 0 <= each["start"] < each["end"] <= len(text)]
    return tuple(
        privacy.PersonalData(
            each["start"], each["end"], privacy.DataType(each["type"]), 1.0, text[each["start"] : each["end"]]
        )
        for each in whole
    )


def personal_data_in(text: str, account: Account) -> list[dict[str, Any]]:
    """Return the places of personal data in a text of ours, as they are kept beside a message."""
    rules = privacy_of(account.team)
    found = privacy.find(text, language=account.language or None, references=rules.references, allow=rules.allow)
    return [{"start": each.start, "end": each.end, "type": str(each.type)} for each in found]


def clean(text: str) -> str:
    """Return ``text`` without null characters and half symbols, at most :data:`LONGEST` characters long."""
    whole = text.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole if len(whole) <= LONGEST else whole[: LONGEST - 1] + "…"


def _kept(result: triage.Triage) -> dict[str, Any]:
    # Not asdict: it copies every score deeply, which took an eighth of the whole reading.
    kept = {each.name: getattr(result, each.name) for each in fields(result)}
    kept["reasons"] = [str(each)[:80] for each in kept.get("reasons", ())][:10]
    return {key: _plain(value) for key, value in kept.items()}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value
