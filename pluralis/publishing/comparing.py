"""Compare an account in quarantine with its network: what already stands there is never sent a second time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from pluralis.core.states import PartState
from pluralis.networks.contract import Access, RemotePost
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import NetworkError
from pluralis.publishing.actions import settle_from_timeline
from pluralis.publishing.composing import compose
from pluralis.publishing.models import Part
from pluralis.publishing.timing import times
from pluralis.teams.access import Ability, access_account, require
from pluralis.teams.errors import Conflict
from pluralis.teams.fields import SealBroken
from pluralis.teams.models import Account, Credential, Membership
from pluralis.teams.queries import access_of, network_of

UNSETTLED = (PartState.HELD, PartState.UNCONFIRMED, PartState.WAITING)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many parts the network already shows, and whether every page of the time in question was read."""

    found: int
    complete: bool


def compare_with_network(*, actor: Membership, account_id: UUID, now: datetime) -> Comparison:
    """Bind what waits on a quarantined account to what its network already shows.

    The stored access is used as it is: a copy of an installation must not spend the other's single-use tokens.
    Raises :class:`Conflict` when the network cannot be read with it.
    """
    require(actor, Ability.STOP)
    account = access_account(actor, account_id, Ability.MANAGE_ACCOUNTS)
    if account.quarantined_at is None:
        raise Conflict("not_quarantined", _("This account is not in quarantine."))
    parts = _unsettled(account)
    try:
        posts, complete = _read(access_of(account), account, parts)
    except (NetworkError, SealBroken, Credential.DoesNotExist) as error:
        raise Conflict(
            "cannot_compare",
            _("The network could not be read."),
            kept=_("Nothing was changed, and nothing goes out."),
            next_step=_("Connect the account again, then compare once more."),
        ) from error
    known = Part.objects.filter(account=account, remote_id__in=list(posts)).values_list("remote_id", flat=True)
    unknown = [post for remote_id, post in posts.items() if remote_id not in set(known)]
    return Comparison(settle_from_timeline(account=account, posts=unknown, now=now), complete)


def _unsettled(account: Account) -> list[Part]:
    parts = Part.objects.filter(account=account, state__in=UNSETTLED)
    return list(parts.select_related("account", "delivery__post", "segment").order_by("created_at", "position"))


def _read(access: Access, account: Account, parts: list[Part]) -> tuple[dict[str, RemotePost], bool]:
    """Return our posts by remote id since the first part was made. One look shows a whole timeline, or one key."""
    connector, complete = network_of(account).connector, True
    posts: dict[str, RemotePost] = {}
    seen_timeline = False
    connection.close_if_unusable_or_obsolete()
    for part in parts:
        private = part.delivery.post.visibility == "direct"
        if seen_timeline and not private:
            continue
        outgoing = compose(part, part.first_claimed_at or part.planned_at, with_pictures=False)
        deadline = Deadline.after(times().send.total_seconds())
        search = connector.find(access, outgoing, parts[0].created_at, deadline)
        posts |= {post.reference.remote_id: post for post in search.posts}
        complete = complete and search.complete
        seen_timeline = seen_timeline or not (search.by_key or private)
    return posts, complete
