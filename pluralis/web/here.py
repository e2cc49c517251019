"""The people and the accounts of the team whose page is made: frame, list and conversation share one reading."""

from django.http import HttpRequest

from pluralis.inbox.queries.conversations import Known
from pluralis.teams.access import accounts_of
from pluralis.teams.models import Account, Membership
from pluralis.teams.queries import members_of


def members_here(request: HttpRequest) -> list[Membership]:
    """Return the seats of the reader's team with their people, oldest first. One query a request."""
    members: list[Membership] | None = getattr(request, "_members_here", None)
    if members is None:
        members = members_of(_seat(request).team_id)
        request._members_here = members  # type: ignore[attr-defined]
    return members


def accounts_here(request: HttpRequest) -> list[Account]:
    """Return the accounts that the reader may see, with their team. One query a request.

    Their voice and their settings, which no list shows, are read when somebody asks for them.
    """
    accounts: list[Account] | None = getattr(request, "_accounts_here", None)
    if accounts is None:
        seat = _seat(request)
        accounts = list(accounts_of(seat).select_related(None).defer("voice", "settings"))
        for each in accounts:
            each.team = seat.team
        request._accounts_here = accounts  # type: ignore[attr-defined]
    return accounts


def known_here(request: HttpRequest) -> Known:
    """Return both, for rows that name them."""
    return Known(members_here(request), accounts_here(request))


def _seat(request: HttpRequest) -> Membership:
    seat: Membership = request.membership  # type: ignore[attr-defined]
    return seat
