"""The fake's clock: real time, plus a skew that a test may set."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Clock:
    """``skew`` seconds are added to every reading; ``source`` gives the true time (aware UTC).

    ``scale`` divides every wait of the fake, so that a lag of 90 s can be played in 0.9 s with ``scale=100``.
    """

    skew: float = 0.0
    scale: float = 1.0
    source: Callable[[], datetime] = _utc_now

    def now(self) -> datetime:
        """Return the time as this network tells it."""
        return self.source() + timedelta(seconds=self.skew)

    def shorten(self, seconds: float) -> float:
        """Return how many real seconds stand for ``seconds`` of the story."""
        return seconds / self.scale
