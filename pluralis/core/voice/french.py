"""French: je, me, moi, mon, and the verb that goes with them."""

from pluralis.core.voice.matches import Edit, Match, like
from pluralis.core.voice.profile import VoiceProfile
from pluralis.core.voice.words import Words

REASON = "voice.french.first_person"
_PLURAL = {
    "je": "nous", "j": "nous ", "me": "nous", "m": "nous ", "moi": "nous", "mon": "notre", "ma": "notre",
    "mes": "nos", "mien": "nôtre", "mienne": "nôtre", "miens": "nôtres", "miennes": "nôtres",
}  # fmt: skip


class French:
    """Finds "je" and its kin in French and proposes "nous"."""

    def may_speak(self, lowered: str, words: frozenset[str] | set[str]) -> bool:
        """Return whether one of the pronouns stands in the text."""
        return not _PLURAL.keys().isdisjoint(words)

    def find(self, words: Words, profile: VoiceProfile) -> list[Match]:
        """Return every first person singular of a French text."""
        found = []
        for index, low in enumerate(words.low):
            if low in _PLURAL:
                start, end = words.starts[index], words.ends[index]
                if low in {"j", "m"}:
                    end += 1 if words.gap(index + 1)[:1] in {"'", "’"} else 0
                edit = Edit(start, end, like(_PLURAL[low], words.word(index)))
                found.append(Match("first_person", start, end, REASON, (edit,)))
        return found
