"""The instants that "later" offers: soon, this evening, tomorrow morning, next week, in the reader's own day."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from pluralis.core.clock import instant_at, local_day

MORNING = time(9)
EVENING = time(18)
_DAY = timedelta(days=1)


def later(now: datetime, zone: ZoneInfo) -> dict[str, datetime]:
    """Return the instants by name, soonest first: *hour*, *evening*, *tomorrow*, *monday*.

    The evening is left out when it has begun or is less than an hour away; Monday when it is tomorrow.
    """
    today = local_day(now, zone)
    monday = today + timedelta(days=7 - today.weekday())
    offered = {
        "hour": now + timedelta(hours=1),
        "evening": instant_at(today, EVENING, zone),
        "tomorrow": instant_at(today + _DAY, MORNING, zone),
        "monday": instant_at(monday, MORNING, zone),
    }
    if offered["evening"] <= offered["hour"]:
        del offered["evening"]
    if monday == today + _DAY:
        del offered["monday"]
    return offered
