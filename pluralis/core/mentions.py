"""Who of the team is meant by an @ in a note."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from pluralis.core.folding import fold


@dataclass(frozen=True, slots=True)
class Named:
    """A member as they may be called: by name, by first name where no other has it, by initials."""

    id: Hashable
    name: str
    initials: str = ""


def mentioned(text: str, people: Sequence[Named]) -> list[Hashable]:
    """Return whom a text calls with an @, in its order, each once. Case and accents do not matter.

    An @ inside a word is an address and calls nobody. The longest name that fits wins.
    """
    folded = fold(text)
    calls = _calls(people)
    found = []
    for place, sign in enumerate(folded):
        if sign == "@" and not (place and folded[place - 1].isalnum()):
            rest = folded[place + 1 :]
            called = next((who for name, who in calls if _begins(rest, name)), None)
            if called is not None:
                found.append(called)
    return list(dict.fromkeys(found))


def _calls(people: Sequence[Named]) -> list[tuple[str, Hashable]]:
    firsts = Counter(fold(each.name).split()[0] for each in people if each.name.strip())
    calls = []
    for each in people:
        words = fold(each.name).split()
        names = {" ".join(words), "".join(words), fold(each.initials)}
        if words and firsts[words[0]] == 1:
            names.add(words[0])
        calls += [(name, each.id) for name in names if name]
    return sorted(calls, key=lambda call: -len(call[0]))


def _begins(rest: str, name: str) -> bool:
    return rest.startswith(name) and not rest[len(name) : len(name) + 1].isalnum()
