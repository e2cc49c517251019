"""Send: one call to the network, outside any transaction, and its outcome as a plain value."""

import logging
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import zip_longest
from uuid import UUID

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db import Error as DatabaseFailed
from django.db.models import prefetch_related_objects

from pluralis import jobs
from pluralis.core.delivery import Outcome, OutcomeKind
from pluralis.networks.contract import Access, HandOver, Outgoing, RemotePost
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import Disconnected, NetworkError, NotNow, Refused, Unconfirmed
from pluralis.networks.metering import CheaperByHand
from pluralis.publishing.actions.claim import Claim, LockLost, Wish, claim_wished
from pluralis.publishing.actions.costs import charge_part
from pluralis.publishing.actions.record import Overtaken, record_and_claim, record_outcome
from pluralis.publishing.actions.uploads import forget_upload
from pluralis.publishing.composing import PICTURES, compose
from pluralis.publishing.models import Part
from pluralis.publishing.spending import Purse, purse_of
from pluralis.publishing.statements import NEXT_DUE
from pluralis.publishing.timing import times
from pluralis.publishing.uploads import awaits_upload
from pluralis.publishing.wakeups import wake_next
from pluralis.teams.actions.credentials import ensure_fresh, mark_stale
from pluralis.teams.fields import SealBroken
from pluralis.teams.locks import locks
from pluralis.teams.models import Account, Credential
from pluralis.teams.queries import access_of, database_now, network_of, public_access_of
from pluralis.teams.statements import read_all

log = logging.getLogger(__name__)
RECORD_PATIENCE = timedelta(minutes=10)
"""How long an outcome is kept in memory while the database is away."""

TURN = timedelta(seconds=2)
"""How long one job goes on with an account that has more due; a call that takes longer ends it too.

Answers to people that come meanwhile go first after that."""

AT_ONCE = 25
"""How many parts of an account are read in one query."""


def publish_part(part_id: str, *, worker: str) -> int:
    """Send what is due on the account of a part, one part after the other; returns how many were claimed.

    Each is claimed, committed, sent and recorded by itself; the record of one that stands may claim the next in the
    same transaction. Answers to people go first. An account that keeps on having something due gives way to others
    after its turn and is woken again at once.
    """
    until = time.monotonic() + TURN.total_seconds()
    count, passed, locks_lost = 0, set[UUID](), 0
    while parts := due_with(part_id, passed):
        account = parts[0].account
        with locks.turn() as tokens:
            turn = _Turn(worker, tokens, _open(account), purse_of(account), until)
            try:
                passed |= turn.take(parts)
            except LockLost:
                # The session of our locks has ended, as when the database was started again: another turn, once.
                locks_lost += 1
                if locks_lost > 1:
                    raise
        count += turn.claimed
        if time.monotonic() > until:
            wake_next(account.id, database_now())
            break
    return count


@dataclass(slots=True)
class _Ready:
    """A part that is composed, the page if a person must finish it, and its claim once it has one."""

    part: Part
    prepared: "Prepared | None"
    page: HandOver | None
    claim: Claim | None = None

    @classmethod
    def made_of(cls, part: Part) -> "_Ready":
        prepared = _prepare(part)
        return cls(part, prepared, _hand_over(part, prepared))


@dataclass(slots=True)
class _Turn:
    """One go at what is due on an account: its keys, its purse and the lock of its attempts are taken once."""

    worker: str
    tokens: Iterator[UUID]
    keys: "_Opened"
    purse: Purse
    until: float
    claimed: int = 0

    def take(self, parts: Sequence[Part]) -> set[UUID]:
        """Take parts along until one does not go out or the time is up; returns the ids of those looked at."""
        following: _Ready | None = None
        seen = set[UUID]()
        for part, after in zip_longest(parts, parts[1:]):
            ready, following, went = following, None, None
            seen.add(part.id)
            with _others_go_on(part):
                ready = ready or _Ready.made_of(part)
                ready.claim = ready.claim or claim_wished(self._wish(ready))
                if ready.claim is not None:
                    self.claimed += 1
                    then = _Ready.made_of(after) if after is not None and time.monotonic() < self.until else None
                    went = self._publish(ready, ready.claim, then)
                    following = then if then is not None and then.claim is not None else None
            if following is None and (went is not OutcomeKind.SENT or time.monotonic() > self.until):
                break
        return seen

    def _wish(self, ready: _Ready) -> Wish:
        too_dear = ready.page is None and not self.purse.suffices(ready.part)
        return Wish(ready.part.id, next(self.tokens), self.worker, ready.part, ready.page, too_dear)

    def _publish(self, ready: _Ready, claim: Claim, then: _Ready | None) -> OutcomeKind:
        """Send and record a claimed part; returns how it ended. ``then`` may be claimed along with the record."""
        outcome, sent = self._send(ready, claim)
        if not self._claim_along(claim, sent, then):
            _record_with_patience(claim, outcome, sent)
        if outcome.kind is OutcomeKind.SENT and self.purse.left is not None:
            self.purse.pay(claim.part)
            charge_part(claim.part)
        return outcome.kind

    def _send(self, ready: _Ready, claim: Claim) -> tuple[Outcome, RemotePost | None]:
        if self.keys.access is None:
            return self.keys.problem, None
        if claim.keys_of != self.keys.stored_at:
            return _RECONNECTED, None
        return send(claim, self.keys.access, ready.prepared)

    def _claim_along(self, claim: Claim, sent: RemotePost | None, then: _Ready | None) -> bool:
        """Record that a post stands and claim what comes then in one transaction; says whether it was recorded.

        Not behind an answer, of which others must hear, nor where a budget must be asked first.
        """
        if then is None or sent is None or claim.part.is_reply or self.purse.left is not None:
            return False
        try:
            then.claim = record_and_claim(claim, sent, self._wish(then))
        except (Overtaken, LockLost, DatabaseFailed):
            log.info("part %s is recorded by itself", claim.part.id, exc_info=True)
            return False
        return True


@contextmanager
def _others_go_on(part: Part) -> Iterator[None]:
    """Let the account's other parts go whatever happens to this one, but for a database that is away."""
    try:
        yield
    except (OperationalError, InterfaceError, LockLost):
        raise
    except Exception:
        log.exception("part %s was left where it stands", part.id)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A part composed before its claim, and what it was composed from: if that changed, it is composed again."""

    outgoing: Outgoing
    text: str
    revision: int
    card_id: UUID | None

    def still_holds(self, part: Part) -> bool:
        """Say whether the claimed part is the one that was composed."""
        return (self.text, self.revision, self.card_id) == (part.text, part.delivery.post.revision, part.card_id)


def _prepare(part: Part) -> Prepared | None:
    """Compose a part ahead of its claim; ``None`` when the part before it is not out, or a picture cannot be read."""
    try:
        return Prepared(compose(part, part.planned_at), part.text, part.delivery.post.revision, part.card_id)
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
    jobs.lend_connection()
    try:
        sent = network_of(claim.part.account).connector.send(access, outgoing, deadline)
    except Exception as error:
        if isinstance(error, NotNow) and error.refresh:
            mark_stale(claim.part.account_id)
        if isinstance(error, NotNow) and error.upload_again:
            forget_upload(claim.part.id)
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


def due_with(part_id: str, passed: Collection[UUID]) -> list[Part]:
    """Return what is due next on the account of a part, answers first, without those ``passed``; empty while another
    of its parts is on its way. One query, and two more where there is something.

    A thread's part comes once the one before it is out or will never be.
    """
    ids = read_all(NEXT_DUE, {"part": part_id, "passed": list(passed), "most": AT_ONCE})
    if not ids:
        return []
    found = Part.objects.select_related("account", "delivery__post", "segment").in_bulk([each for (each,) in ids])
    parts = [found[each] for (each,) in ids if each in found]
    prefetch_related_objects([part.segment for part in parts if part.segment is not None], PICTURES)
    return [part for part in parts if not awaits_upload(part)]


def _hand_over(part: Part, prepared: Prepared | None) -> HandOver | None:
    """Return the page for a person when the account's tier forbids the part to programs, or somebody chose to save
    its price. Opens no secrets."""
    if prepared is None:
        return None
    connector, access = network_of(part.account).connector, public_access_of(part.account)
    forbidden = connector.hand_over(access, prepared.outgoing)
    if forbidden is None and part.delivery.by_hand and isinstance(connector, CheaperByHand):
        return connector.cheaper_by_hand(access, prepared.outgoing)
    return forbidden


_OPENED = Outcome(OutcomeKind.SENT)


@dataclass(frozen=True, slots=True)
class _Opened:
    """An account's keys, opened, and when they were stored; or why they could not be opened."""

    access: Access | None
    stored_at: datetime | None = None
    problem: Outcome = _OPENED


_RECONNECTED = Outcome(OutcomeKind.NOT_NOW, "reconnected")


def _open(account: Account) -> _Opened:
    """Open the account's credentials, refreshed first when they are about to end. The claim still decides.

    Never raises but for the database: whatever stops a part must be seen on the part.
    """
    if not account.connected:
        # Connected again by the time of the claim? Then the next try opens the new keys.
        return _Opened(None, problem=_RECONNECTED)
    try:
        credential = ensure_fresh(account)
        return _Opened(access_of(account, credential), credential.updated_at)
    except (Disconnected, SealBroken, Credential.DoesNotExist) as error:
        return _Opened(None, problem=Outcome(OutcomeKind.DISCONNECTED, str(error)))
    except NetworkError as error:
        return _Opened(None, problem=Outcome(OutcomeKind.NOT_NOW, error.reason))
    except DatabaseError:
        raise
    except Exception:
        log.exception("the credentials of account %s could not be opened", account.id)
        return _Opened(None, problem=Outcome(OutcomeKind.NOT_NOW, "unforeseen"))


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
