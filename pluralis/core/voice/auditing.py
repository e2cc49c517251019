"""How often the account said "I" in what it already posted, and where."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pluralis.core.findings import Finding
from pluralis.core.voice.checking import check
from pluralis.core.voice.profile import VoiceProfile

_SPEAKS = frozenset({"first_person", "first_person_verb"})
_COMPANY = VoiceProfile()


@dataclass(frozen=True, slots=True)
class Said:
    """One posted text in which the writer says "I": its key, the text, and the places."""

    key: str
    text: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class VoiceAudit:
    """What an audit of posted texts found.

    ``texts`` were read, ``said`` are those with an "I", ``words`` counts what was said ("je", "my"), commonest
    first.
    """

    texts: int
    said: tuple[Said, ...]
    words: tuple[tuple[str, int], ...]

    @property
    def times(self) -> int:
        """How often the account said "I", all texts together."""
        return sum(len(one.findings) for one in self.said)

    @property
    def share(self) -> float:
        """The share of texts with an "I", from 0 to 1; 0 when no text was read."""
        return len(self.said) / self.texts if self.texts else 0.0


def audit(texts: Iterable[tuple[str, str, str | None]], *, profile: VoiceProfile = _COMPANY) -> VoiceAudit:
    """Return how often "I" was said in ``texts``: triples of a key, the text, and its language or ``None``.

    Quoted speech is not counted. The profile is read as if it required "we", so that an account which may say
    "I" can be audited too.
    """
    profile = replace(profile, required=True)
    count = 0
    said = []
    words: Counter[str] = Counter()
    for key, text, language in texts:
        count += 1
        result = check(text, language=language, profile=profile)
        places = tuple(finding for finding in result.findings if finding.rule in _SPEAKS)
        if places:
            said.append(Said(key, text, places))
            words.update(finding.text.lower() for finding in places)
    return VoiceAudit(count, tuple(said), tuple(words.most_common()))
