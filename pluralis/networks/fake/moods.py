"""Bad moods: how a network misbehaves, per endpoint, account, probability or count, repeatable by seed.

===============  ==================================================================================
``drop``         the write is accepted, the connection closes without an answer
``drop_before``  the connection closes before anything was accepted
``cut``          accepted, the connection closes in the middle of the answer
``late``         accepted, the answer comes after ``seconds``
``slow``         the request waits ``seconds`` before it is looked at, then is accepted
``error_after``  accepted, the answer is ``status`` (503)
``error_before`` not accepted, the answer is ``status`` (503)
``limit``        not accepted, 429 with a reset ``seconds`` ahead
``limit_silent`` not accepted, 429 without any reset
``limit_app``    not accepted, 429 for the whole app key, with a reset
``limit_after``  accepted, and yet answered with 429
``duplicate``    a post whose text already stands on the account is refused as a duplicate
``nonsense``     accepted, answered with success and a body nobody can read
``redirect``     not accepted, 307 to ``address`` (another path of this server)
``unauthorised`` not accepted, 401
``idle``         the connection is closed after the answer although it promised to stay
``lag``          what is younger than ``seconds`` is not shown by this endpoint
``paged``        this endpoint gives at most ``size`` (5) items at once
``skew``         the clock of this answer is ``seconds`` off (the Date header)
``public``       the wanted visibility is ignored
``forgetful``    idempotency keys are ignored, and a second repost is a second one
``speechless``   the description that comes with an upload is lost
===============  ==================================================================================

From ``lag`` on they hold as long as their rule stands; the others are drawn once per request.
"""

import random
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

BEFORE = (
    "drop_before", "error_before", "limit", "limit_silent", "limit_app", "redirect", "unauthorised",
)  # fmt: skip
AFTER = ("drop", "cut", "late", "error_after", "limit_after", "nonsense")
STANDING = ("lag", "paged", "skew", "idle", "duplicate", "public", "forgetful", "speechless")
MOODS = (*BEFORE, "slow", *AFTER, *STANDING)


@dataclass(slots=True)
class Mood:
    """One rule. ``endpoint`` ``*`` is every one; ``nth`` counts matching requests from 1; ``times`` ends it."""

    name: str
    endpoint: str = "*"
    account: str = ""
    probability: float = 1.0
    nth: int | None = None
    times: int | None = None
    seconds: float = 30.0
    status: int = 503
    size: int = 5
    address: str = "/elsewhere"
    number: int = 0
    seen: int = 0
    hits: int = 0
    chance: random.Random = field(default_factory=random.Random, repr=False)

    def __post_init__(self) -> None:
        if self.name not in MOODS:
            raise ValueError(f"unknown mood {self.name!r}; known: {', '.join(MOODS)}")

    def concerns(self, endpoint: str, account: str) -> bool:
        """Tell whether the rule is about this request at all."""
        if self.times is not None and self.hits >= self.times:
            return False
        return self.endpoint in ("*", endpoint) and self.account in ("", account)

    def strikes(self) -> bool:
        """Count one matching request and draw whether the mood comes over the network now."""
        self.seen += 1
        drawn = self.chance.random() < self.probability
        struck = drawn and self.nth in (None, self.seen)
        self.hits += struck
        return struck

    def as_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {name: getattr(self, name) for name in FIELDS}


FIELDS = tuple(name for name in Mood.__slots__ if name != "chance")


class Moods:
    """The standing rules of one fake network. Safe between threads."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._rules: list[Mood] = []
        self._lock = Lock()
        self._number = 0

    def add(self, mood: Mood) -> Mood:
        """Start a rule; its draws depend on the fake's seed and the rule's number only."""
        with self._lock:
            self._number += 1
            mood.number = self._number
            mood.chance = random.Random(f"{self._seed}/{self._number}")  # noqa: S311
            self._rules.append(mood)
        return mood

    def set(self, name: str, endpoint: str = "*", **more: Any) -> Mood:
        """Start the mood ``name`` at ``endpoint``; ``more`` are the other fields of :class:`Mood`."""
        return self.add(Mood(name, endpoint, **more))

    def clear(self) -> None:
        """End every rule."""
        with self._lock:
            self._rules.clear()

    def end(self, number: int) -> bool:
        """End one rule; false when there is none of this number."""
        with self._lock:
            kept = [rule for rule in self._rules if rule.number != number]
            ended = len(kept) < len(self._rules)
            self._rules = kept
        return ended

    def draw(self, endpoint: str, account: str) -> Mood | None:
        """Return the first one-time mood that strikes this request."""
        with self._lock:
            for rule in self._rules:
                if rule.name not in STANDING and rule.concerns(endpoint, account) and rule.strikes():
                    return rule
        return None

    def standing(self, name: str, endpoint: str, account: str) -> Mood | None:
        """Return the rule ``name`` that holds for this request."""
        with self._lock:
            for rule in self._rules:
                if rule.name == name and rule.concerns(endpoint, account) and rule.strikes():
                    return rule
        return None

    def rules(self) -> list[dict[str, Any]]:
        """Return every rule with how often it was asked and struck."""
        with self._lock:
            return [rule.as_dict() for rule in self._rules]
