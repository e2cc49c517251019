"""Look a part in doubt up on its network: the one place where reconciling does input and output."""

import logging
from datetime import datetime

from django.db import connection

from pluralis.core.delivery import Resolution
from pluralis.core.matching import WINDOW
from pluralis.core.states import HoldReason
from pluralis.failpoints import reach
from pluralis.networks.contract import Outgoing, Search
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import NetworkError
from pluralis.publishing.actions.by_hand import settle_by_hand
from pluralis.publishing.actions.reconcile import begin_look, judge, readings_of
from pluralis.publishing.composing import compose
from pluralis.publishing.models import Part
from pluralis.publishing.timing import times
from pluralis.teams.actions.credentials import ensure_fresh
from pluralis.teams.fields import SealBroken
from pluralis.teams.locks import is_owned
from pluralis.teams.models import Credential
from pluralis.teams.queries import access_of, database_now, network_of

log = logging.getLogger(__name__)


def reconcile_part(part_id: str) -> Resolution | None:
    """Look one part up and act on it; ``None`` when it is not in doubt, not due, or somebody else looks."""
    part = begin_look(part_id, database_now(), times().look_lease)  # type: ignore[arg-type]
    if part is None:
        return None
    reach("reconcile.between_reads" if readings_of(part) else "reconcile.before_read")
    outgoing = compose(part, part.first_claimed_at or part.planned_at, with_pictures=False)
    owner_dead = not is_owned(part.token)  # before the reading: what is written after it would not be seen
    began_at = database_now()
    search = read_network(part, outgoing)
    return judge(part, outgoing, search, times(), owner_dead=owner_dead, began_at=began_at)


def look_for_by_hand(part_id: str, since: datetime) -> bool:
    """Look once for a part that a person opened on the network at ``since``; returns whether it was found."""
    part = Part.objects.select_related("account", "delivery__post", "segment").filter(id=part_id).first()
    if part is None or part.hold_reason != HoldReason.BY_HAND:
        return False
    outgoing = compose(part, since, with_pictures=False)
    search = read_network(part, outgoing, since - WINDOW)
    return settle_by_hand(part.id, outgoing, search, since=since, now=database_now())


def read_network(part: Part, outgoing: Outgoing, since: datetime | None = None) -> Search | None:
    """Return our own posts since shortly before the first attempt, or since ``since``; ``None`` when unreadable."""
    start = since or (part.first_claimed_at or part.planned_at) - WINDOW
    try:
        access = access_of(part.account, ensure_fresh(part.account))
        connection.close_if_unusable_or_obsolete()
        return network_of(part.account).connector.find(
            access, outgoing, start, Deadline.after(times().send.total_seconds())
        )
    except (NetworkError, SealBroken, Credential.DoesNotExist) as error:
        log.info("part %s cannot be looked up now: %s", part.id, error)
        return None
