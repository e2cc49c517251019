"""The public legend of an account's initials: found by an address nobody can guess, naming whoever agreed."""

from dataclasses import dataclass

from pluralis.teams.models import Account, Membership

LONGEST_KEY = 64


@dataclass(frozen=True, slots=True)
class Entry:
    """Initials, and the name of their owner where they agreed to it, else empty."""

    initials: str
    name: str


@dataclass(frozen=True, slots=True)
class Legend:
    """What the public page of an account shows."""

    account: Account
    entries: list[Entry]


def legend_of(key: str) -> Legend | None:
    """Return the legend at an address, ``None`` where there is none. Two queries.

    It shows members whose role signs answers there; of those who share initials, each.
    """
    if not 20 <= len(key) <= LONGEST_KEY:
        return None
    account = Account.objects.filter(settings__legend_key=key, released_at__isnull=True).first()
    if account is None:
        return None
    roles = account.settings.get("initials", {}).get("roles", [])
    seats = Membership.objects.filter(team=account.team_id, role__in=roles, user__is_active=True).exclude(initials="")
    entries = {
        Entry(seat.initials.strip().upper(), seat.user.name if seat.legend_name else "")
        for seat in seats.select_related("user")
    }
    return Legend(account, sorted(entries, key=lambda entry: (entry.initials, entry.name)))
