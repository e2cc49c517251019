"""To whom a new conversation goes: rules in order, then who carries least. A person may always decide otherwise."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

_NEVER = datetime.min.replace(tzinfo=UTC)


class Reason(StrEnum):
    """Why nobody was given a conversation, or that somebody was."""

    GIVEN = "given"
    NO_RULE = "no_rule"
    NOBODY_ON_DUTY = "nobody_on_duty"
    NOBODY_SPEAKS = "nobody_speaks"
    ALL_FULL = "all_full"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What is known of a conversation when it comes; ``language`` and ``kind`` may be empty."""

    account: Hashable
    language: str = ""
    kind: str = ""
    private: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A member who may be given something. ``load``: open conversations held; no ``languages`` stated means any."""

    id: Hashable
    on_duty: bool
    load: int = 0
    languages: frozenset[str] = frozenset()
    given_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What it is for (empty: any) and who may get it (no ``members``: everybody of the team)."""

    id: Hashable
    account: Hashable | None = None
    language: str = ""
    kind: str = ""
    private: bool | None = None
    members: frozenset[Hashable] = frozenset()
    on_duty_only: bool = True
    speakers_only: bool = True
    most_load: int | None = None

    def fits(self, new: Newcomer) -> bool:
        """Say whether the rule is for such a conversation."""
        return (
            self.account in (None, new.account)
            and self.language in ("", new.language)
            and self.kind in ("", new.kind)
            and self.private in (None, new.private)
        )


@dataclass(frozen=True, slots=True)
class Routed:
    """Who gets it by which rule; without ``member`` it stays with the team, and ``reason`` says why."""

    reason: Reason
    member: Hashable | None = None
    rule: Hashable | None = None


def route(new: Newcomer, rules: Iterable[Rule], people: Sequence[Person]) -> Routed:
    """Return who gets a conversation: of the first fitting rule that somebody can serve, who carries least.

    Among equals those who state the language come first, then who was given something longest ago. When no
    fitting rule can be served, the reason is that of the first one.
    """
    first: Routed | None = None
    for rule in rules:
        if not rule.fits(new):
            continue
        routed = _by_rule(new, rule, people)
        if routed.member is not None:
            return routed
        first = first or routed
    return first or Routed(Reason.NO_RULE)


def route_all(
    news: Sequence[Newcomer], rules: Sequence[Rule], people: Sequence[Person], now: datetime
) -> list[Routed]:
    """Return who gets each of many that come at once; what is given counts for the next."""
    by_id = {person.id: person for person in people}
    found = []
    for new in news:
        routed = route(new, rules, list(by_id.values()))
        if routed.member is not None:
            person = by_id[routed.member]
            by_id[person.id] = replace(person, load=person.load + 1, given_at=now)
        found.append(routed)
    return found


def _by_rule(new: Newcomer, rule: Rule, people: Sequence[Person]) -> Routed:
    named = [each for each in people if not rule.members or each.id in rule.members]
    there = [each for each in named if each.on_duty or not rule.on_duty_only]
    if not there:
        return Routed(Reason.NOBODY_ON_DUTY, rule=rule.id)
    speaking = [each for each in there if not rule.speakers_only or _may_speak(each, new.language)]
    if not speaking:
        return Routed(Reason.NOBODY_SPEAKS, rule=rule.id)
    free = [each for each in speaking if rule.most_load is None or each.load < rule.most_load]
    if not free:
        return Routed(Reason.ALL_FULL, rule=rule.id)
    chosen = min(free, key=lambda each: (each.load, new.language not in each.languages, each.given_at or _NEVER))
    return Routed(Reason.GIVEN, chosen.id, rule.id)


def _may_speak(person: Person, language: str) -> bool:
    return not language or not person.languages or language in person.languages
