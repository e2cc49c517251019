"""What accounts reposted."""

from datetime import datetime, timedelta

from pluralis.inbox.models import Message, Repost
from pluralis.teams.access import accounts_of
from pluralis.teams.models import Membership

LATELY = timedelta(days=7)


def reposts_lately(actor: Membership, now: datetime, most: int = 20) -> list[Repost]:
    """Return the reposts of the last week that stand, of accounts the actor sees, newest first. One query.

    What its author has deleted meanwhile is gone from the network, and left out.
    """
    found = Repost.objects.filter(
        team=actor.team_id, state=Repost.State.DONE, reposted_at__gt=now - LATELY, account__in=accounts_of(actor),
        message__deleted_at__isnull=True,
    )  # fmt: skip
    return list(found.select_related("account", "message__profile", "message__account", "reposted_by__user")[:most])


def reposts_of(message: Message) -> list[Repost]:
    """Return every repost of a message, newest first, those taken back too. One query."""
    return list(message.reposts.select_related("account", "reposted_by__user", "taken_back_by__user"))
