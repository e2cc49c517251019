"""Send: one call to the network, outside any transaction, and its outcome as a plain value."""

import logging
import time
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.models import Exists, OuterRef

from pluralis.core.delivery import Outcome, OutcomeKind
from pluralis.networks.contract import Access, HandOver, Outgoing, RemotePost
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import Disconnected, NetworkError, NotNow, Refused, Unconfirmed
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
    prepared = _prepare(part)
    access, problem = _open(part)
    claim = claim_part(part.id, worker=worker, by_hand=_hand_over(part, prepared))
    if claim is None:
        return
    try:
        if access is None:
            outcome, sent = problem, None
        else:
            outcome, sent = send(claim, access, prepared)
        _record_with_patience(claim, outcome, sent)
    finally:
        locks.release(claim.token)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A part composed before its claim, and what it was composed from: if that changed, it is composed again."""

    outgoing: Outgoing
    text: str
    revision: int

    def still_holds(self, part: Part) -> bool:
        """Say whether the claimed part is the one that was composed."""
        return (self.text, self.revision) == (part.text, part.delivery.post.revision)


def _prepare(part: Part) -> Prepared | None:
    """Compose a part ahead of its claim; ``None`` when the part before it is not out, or a picture cannot be read."""
    try:
        return Prepared(compose(part, part.planned_at), part.text, part.delivery.post.revision)
    except Exception:
        log.exception("part %s could not be prepared", part.id)
        return None


def send(claim: Claim, access: Access, prepared: Prepared | None) -> tuple[Outcome, RemotePost | None]:
    """Make the one call of this claim. Never raises: whatever cannot be placed is *unconfirmed*."""
    deadline = Deadline.after(times().send.total_seconds())
    if prepared is None or not prepared.still_holds(claim.part):
        prepared = _prepare(claim.part)
    if prepared is None:
        return Outcome(OutcomeKind.REFUSED, "cannot_be_prepared"), None
    outgoing = replace(prepared.outgoing, created_at=claim.created_at)
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
    """Return the part if it waits and its account is free; a busy account wakes its next part by itself."""
    busy = Exists(Part.objects.filter(account=OuterRef("account"), state="sending"))
    parts = Part.objects.select_related("account", "delivery__post", "segment").alias(busy=busy)
    return parts.filter(id=part_id, state="waiting", busy=False).first()


def _hand_over(part: Part, prepared: Prepared | None) -> HandOver | None:
    """Return the page for a person when the account's tier forbids the part to programs. Opens no secrets."""
    if prepared is None:
        return None
    return network_of(part.account).connector.hand_over(public_access_of(part.account), prepared.outgoing)


_OPENED = Outcome(OutcomeKind.SENT)


def _open(part: Part) -> tuple[Access | None, Outcome]:
    """Open the account's credentials, refreshed first when they are about to end. The claim still decides.

    Never raises but for the database: whatever stops a part must be seen on the part.
    """
    if not part.account.connected:
        # Connected again by the time of the claim? Then the next try opens the new keys.
        return None, Outcome(OutcomeKind.NOT_NOW, "reconnected")
    try:
        return access_of(part.account, ensure_fresh(part.account)), _OPENED
    except (Disconnected, SealBroken, Credential.DoesNotExist) as error:
        return None, Outcome(OutcomeKind.DISCONNECTED, str(error))
    except NetworkError as error:
        return None, Outcome(OutcomeKind.NOT_NOW, error.reason)
    except DatabaseError:
        raise
    except Exception:
        log.exception("the credentials of part %s could not be opened", part.id)
        return None, Outcome(OutcomeKind.NOT_NOW, "unforeseen")


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
