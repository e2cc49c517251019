"""What became of a run: the fakes' own ledger says how often each message stands, the product says what it knows."""

from dataclasses import dataclass, field
from typing import Any

from bench.exactly_once.plan import Run

SENT, UNCONFIRMED = "sent", "unconfirmed"
SHOWN = (SENT, "refused", "held", UNCONFIRMED)
ASKED = "ask_"


@dataclass
class Result:
    """How often each message of a run stands on the network at once, and what the product says of it.

    ``met`` says that the process really was struck at its fail-point; ``removed`` that a person took the first
    message down by hand, so that it need not stand.
    """

    run: Run
    copies: list[int]
    states: list[str]
    met: bool
    reasons: list[str] = field(default_factory=list)
    links: list[bool] = field(default_factory=list)
    removed: bool = False
    seconds: float = 0.0

    @property
    def doubled(self) -> bool:
        """More than one copy of a message stands at once."""
        return any(number > 1 for number in self.copies)

    @property
    def lost(self) -> bool:
        """Nowhere on the network although the product says *sent*, or on the network unknown to it, or silent."""
        pairs = list(zip(self.copies, self.states, strict=True))
        wrong = any(state == SENT and not copies for copies, state in pairs) and not self.removed
        unknown = any(copies and state not in (SENT, UNCONFIRMED) for copies, state in pairs)
        halted = [state for state in self.states if state != SENT]
        # The rest of a thread waits, rightly, while the message before it is not out.
        silent = halted[:1] if self.run.shape == "thread" else halted
        return not pairs or wrong or unknown or any(state not in SHOWN for state in silent)

    @property
    def asked(self) -> bool:
        """A person is asked, with a link to look at."""
        pairs = zip(self.states, self.reasons, self.links, strict=True)
        return any(state == UNCONFIRMED and why.startswith(ASKED) and link for state, why, link in pairs)

    @property
    def unresolved(self) -> bool:
        """In doubt although the timeline can be read."""
        return UNCONFIRMED in self.states

    @property
    def wrong(self) -> bool:
        return self.doubled or self.lost or self.unresolved

    def as_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "run": self.run.as_dict(), "copies": self.copies, "states": self.states, "met": self.met,
            "reasons": self.reasons, "links": self.links, "removed": self.removed, "seconds": round(self.seconds, 2),
        }  # fmt: skip

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> "Result":
        """Return what :meth:`as_dict` kept."""
        return cls(**{**kept, "run": Run(**kept["run"])})
