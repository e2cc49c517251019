"""Spanish: yo, me, mi, and the verb that hides them."""

from pluralis.core.voice.matches import Edit, Match, like
from pluralis.core.voice.profile import VoiceProfile
from pluralis.core.voice.words import Words

REASON = "voice.spanish.first_person"
_PLURAL = {
    "yo": "nosotros", "me": "nos", "mi": "nuestro", "mis": "nuestros", "mí": "nosotros",
    "conmigo": "con nosotros", "mío": "nuestro", "mía": "nuestra", "míos": "nuestros", "mías": "nuestras",
}  # fmt: skip


class Spanish:
    """Finds "yo" and its kin in Spanish and proposes "nosotros"."""

    def may_speak(self, lowered: str, words: frozenset[str] | set[str]) -> bool:
        """Return whether one of the pronouns stands in the text."""
        return not _PLURAL.keys().isdisjoint(words)

    def find(self, words: Words, profile: VoiceProfile) -> list[Match]:
        """Return every first person singular of a Spanish text."""
        found = []
        for index, low in enumerate(words.low):
            if low in _PLURAL:
                start, end = words.starts[index], words.ends[index]
                edit = Edit(start, end, like(_PLURAL[low], words.word(index)))
                found.append(Match("first_person", start, end, REASON, (edit,)))
        return found
