"""Ask the network to take a post down or to change its words: the one place where corrections do input and output.

Both may be repeated: what is gone stays gone, and the same words again change nothing. So an answer that never came
is no doubt to be proven, only a reason to ask once more.
"""

import logging
import secrets
from datetime import timedelta

from django.db import connection

from pluralis import jobs
from pluralis.networks.contract import Edits, Reference
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import Disconnected, NetworkError, NotNow, Refused
from pluralis.publishing.actions.corrections import (
    refuse_correction,
    settle_correction,
    try_correction_later,
    wake_correction,
)
from pluralis.publishing.composing import compose
from pluralis.publishing.models import Correction
from pluralis.publishing.timing import times
from pluralis.teams.actions.credentials import ensure_fresh
from pluralis.teams.fields import SealBroken
from pluralis.teams.models import Credential
from pluralis.teams.queries import access_of, database_now, network_of

log = logging.getLogger(__name__)
OVERLOOKED = timedelta(seconds=90)
"""A correction that waits this long after its time has lost its wake-up and gets another."""


@jobs.task("correct_post", queue=jobs.PUBLISH)
def correct_post(correction_id: str) -> None:
    """Ask the network once, and note what it said."""
    found = Correction.objects.select_related("part__account", "part__delivery__post", "part__segment")
    correction = found.filter(id=correction_id, state=Correction.State.WANTED, next_at__lte=database_now()).first()
    if correction is None:
        return
    try:
        _ask_network(correction)
    except Refused as error:
        refuse_correction(correction.id, error.reason, database_now())
    except (NetworkError, SealBroken, Credential.DoesNotExist) as error:
        until = error.until if isinstance(error, NotNow) else None
        shut_out = not isinstance(error, NetworkError) or isinstance(error, Disconnected)
        reason = "disconnected" if shut_out else str(error)
        log.info("correction %s is tried again: %s", correction.id, error)
        try_correction_later(correction.id, reason, until, secrets.randbelow(1000) / 1000, database_now())
    else:
        settle_correction(correction.id, database_now())


def _ask_network(correction: Correction) -> None:
    part = correction.part
    if not part.remote_id:
        raise Refused("its place on the network is not known")
    access = access_of(part.account, ensure_fresh(part.account))
    connector = network_of(part.account).connector
    reference, seconds = Reference(part.remote_id, part.remote), times().send.total_seconds()
    if correction.kind == Correction.Kind.TAKE_DOWN:
        connection.close_if_unusable_or_obsolete()
        connector.delete(access, reference, Deadline.after(seconds))
        return
    if not isinstance(connector, Edits):
        raise Refused("this network lets no program change a post")
    part.text = correction.text
    outgoing = compose(part, part.first_claimed_at or part.planned_at, with_pictures=False)
    connection.close_if_unusable_or_obsolete()
    connector.edit(access, reference, outgoing, Deadline.after(seconds))


@jobs.task("wake_corrections", queue=jobs.UPKEEP, every="* * * * *")
def wake_corrections(timestamp: int) -> int:
    """Wake corrections whose wake-up was lost; returns how many."""
    overlooked = Correction.objects.filter(state=Correction.State.WANTED, next_at__lte=database_now() - OVERLOOKED)
    found = list(overlooked.order_by("next_at")[:500])
    for correction in found:
        wake_correction(correction)
    return len(found)
