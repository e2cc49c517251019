"""One total deadline for one call, on the clock that also counts while the machine sleeps."""

import time
from dataclasses import dataclass

from pluralis.networks.errors import NotNow


def _boot_seconds() -> float:
    """Seconds since boot, sleep included where the system can tell (Linux), else the monotonic clock."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.clock_gettime(clock) if clock is not None else time.monotonic()


@dataclass(frozen=True, slots=True)
class Deadline:
    """An instant after which a call must have ended. Shorter than the lease of the part it serves."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """Return a deadline ``seconds`` from now."""
        return cls(_boot_seconds() + seconds)

    @property
    def remaining(self) -> float:
        """Seconds left, negative when it has passed."""
        return self.at - _boot_seconds()

    def check(self) -> None:
        """Raise :class:`NotNow` when it has passed: the last act before the first byte is written."""
        if self.remaining <= 0:
            raise NotNow("the time for this call was over before it began")
