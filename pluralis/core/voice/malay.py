"""Malay and Indonesian: saya, aku, gue, ku-, -ku, and the English "I" that Malay speakers mix in."""

from pluralis.core.voice.english import match_at
from pluralis.core.voice.lists import word_list
from pluralis.core.voice.matches import Edit, Match, like
from pluralis.core.voice.profile import VoiceProfile
from pluralis.core.voice.words import Words

_PRONOUNS = word_list("ms", "pronouns")
_ENGLISH = word_list("ms", "english")


class Malay:
    """Finds "saya" and its kin in Malay and Indonesian and proposes "kami" or "kita"."""

    def may_speak(self, lowered: str, words: frozenset[str] | set[str]) -> bool:
        """Return whether one of the pronouns stands in the text."""
        return not (_PRONOUNS | _ENGLISH).isdisjoint(words)

    def find(self, words: Words, profile: VoiceProfile) -> list[Match]:
        """Return every first person singular of a Malay or Indonesian text."""
        found = []
        for index, low in enumerate(words.low):
            if low in _PRONOUNS:
                start, end = words.starts[index], words.ends[index]
                edit = Edit(start, end, like(profile.malay_we, words.word(index)))
                found.append(Match("first_person", start, end, f"voice.malay.{profile.malay_we}", (edit,)))
            elif low in _ENGLISH and (match := match_at(words, index)):
                found.append(match)
        return found
