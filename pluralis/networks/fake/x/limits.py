"""X's rate limits per user and endpoint: so many requests in fifteen minutes."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
# From X's rate-limit page, user context, 2026.
LIMITS = {
    "post": 100,
    "delete": 50,
    "timeline": 900,
    "mentions": 300,
    "figures": 900,
    "message": 15,
    "messages": 15,
    "upload": 500,
    "metadata": 500,
    "mute": 50,
    "repost": 50,
    "unrepost": 50,
    "profile": 75,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a user stands in the current window."""

    limit: int
    remaining: int
    reset_at: datetime
    exceeded: bool


@dataclass(slots=True)
class Limits:
    """The counts of one fake X. Not ``enforced``: they are told and never refuse."""

    enforced: bool = False
    windows: dict[tuple[str, str], tuple[datetime, int]] = field(default_factory=dict)

    def count(self, endpoint: str, profile_id: str, now: datetime) -> Standing:
        """Count one request and return where the user stands."""
        limit = LIMITS.get(endpoint, 300)
        began, used = self.windows.get((endpoint, profile_id), (now, 0))
        if now >= began + WINDOW:
            began, used = now, 0
        used += 1
        self.windows[endpoint, profile_id] = (began, used)
        exceeded = self.enforced and used > limit
        return Standing(limit, max(0, limit - used), began + WINDOW, exceeded)
