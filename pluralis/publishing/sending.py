"""Send: one call to the network, outside any transaction, and its outcome as a plain value."""

import logging
import time
from datetime import timedelta

from django.db import InterfaceError, OperationalError, connection

from pluralis.core.delivery import Outcome, OutcomeKind
from pluralis.networks.contract import Access, HandOver, RemotePost
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import Disconnected, NotNow, Refused, Unconfirmed
from pluralis.publishing.actions.claim import Claim, claim_part
from pluralis.publishing.actions.record import record_outcome
from pluralis.publishing.composing import compose
from pluralis.publishing.models import Part
from pluralis.publishing.timing import times
from pluralis.teams.actions.credentials import ensure_fresh, mark_stale
from pluralis.teams.fields import SealBroken
from pluralis.teams.locks import locks
from pluralis.teams.models import Credential
from pluralis.teams.queries import access_of, network_of, public_access_of

log = logging.getLogger(__name__)
RECORD_PATIENCE = timedelta(minutes=10)
"""How long an outcome is kept in memory while the database is away."""


def publish_part(part_id: str, *, worker: str) -> None:
    """Take one part along its road: prepare, claim, send, record. Ends quietly when there is nothing to do."""
    part = _load(part_id)
    if part is None:
        return
    access, problem = _open(part)
    claim = claim_part(part.id, worker=worker, by_hand=_hand_over(part))
    if claim is None:
        return
    try:
        if access is None:
            outcome, sent = problem or Outcome(OutcomeKind.DISCONNECTED, "no_credentials"), None
        else:
            outcome, sent = send(claim, access)
        _record_with_patience(claim, outcome, sent)
    finally:
        locks.release(claim.token)


def send(claim: Claim, access: Access) -> tuple[Outcome, RemotePost | None]:
    """Make the one call of this claim. Never raises: whatever cannot be placed is *unconfirmed*."""
    deadline = Deadline.after(times().send.total_seconds())
    try:
        outgoing = compose(claim.part, claim.created_at)
    except Exception:
        log.exception("part %s could not be prepared", claim.part.id)
        return Outcome(OutcomeKind.REFUSED, "cannot_be_prepared"), None
    connection.close_if_unusable_or_obsolete()
    try:
        sent = network_of(claim.part.account).connector.send(access, outgoing, deadline)
    except Exception as error:
        if isinstance(error, NotNow) and error.refresh:
            mark_stale(claim.part.account_id)
        return outcome_of(error, claim.part.id), None
    return Outcome(OutcomeKind.SENT), sent


def outcome_of(error: Exception, part_id: object = "") -> Outcome:
    """Return what an exception of a write means for the part."""
    match error:
        case NotNow():
            return Outcome(OutcomeKind.NOT_NOW, error.reason, until=error.until)
        case Refused():
            return Outcome(OutcomeKind.REFUSED, error.reason, duplicate=error.duplicate, by_hand=error.by_hand)
        case Disconnected():
            return Outcome(OutcomeKind.DISCONNECTED, error.reason)
        case Unconfirmed():
            return Outcome(OutcomeKind.UNCONFIRMED, error.reason)
    log.error("the connector failed in an unforeseen way on part %s", part_id, exc_info=error)
    return Outcome(OutcomeKind.UNCONFIRMED, "unforeseen")


def _load(part_id: str) -> Part | None:
    parts = Part.objects.select_related("account", "delivery__post", "segment")
    return parts.filter(id=part_id, state="waiting").first()


def _hand_over(part: Part) -> HandOver | None:
    """Return the page for a person when the account's tier forbids the part to programs. Opens no secrets."""
    if part.position and not part.delivery.parts.filter(position=part.position - 1, state="sent").exists():
        return None
    outgoing = compose(part, part.planned_at, with_pictures=False)
    return network_of(part.account).connector.hand_over(public_access_of(part.account), outgoing)


def _open(part: Part) -> tuple[Access | None, Outcome | None]:
    """Open the account's credentials, refreshed first when they are about to end. The claim still decides."""
    if not part.account.connected:
        return None, None
    try:
        ensure_fresh(part.account)
        return access_of(part.account), None
    except (Disconnected, SealBroken, Credential.DoesNotExist) as error:
        return None, Outcome(OutcomeKind.DISCONNECTED, str(error))
    except (NotNow, Unconfirmed) as error:
        return None, Outcome(OutcomeKind.NOT_NOW, error.reason)


def _record_with_patience(claim: Claim, outcome: Outcome, sent: RemotePost | None) -> None:
    """Record, and while the database is away keep the outcome and try again: it is all we know."""
    until = time.monotonic() + RECORD_PATIENCE.total_seconds()
    pause = 0.2
    while True:
        try:
            record_outcome(claim, outcome, sent)
            return
        except (OperationalError, InterfaceError):
            if time.monotonic() > until:
                raise
            log.warning("the database is away; the outcome of part %s is kept", claim.part.id)
            connection.close()
            time.sleep(pause)
            pause = min(pause * 2, 5)
