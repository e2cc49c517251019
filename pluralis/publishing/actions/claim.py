"""Claim: from *waiting* to *sending*, committed before anything leaves us."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from pluralis.config import instance
from pluralis.core.delivery import Act, MissedPolicy, PartFacts, Verdict, may_send
from pluralis.core.states import HoldReason, PartState, check_part_move
from pluralis.failpoints import reach
from pluralis.networks.contract import HandOver
from pluralis.publishing.access import lock_part
from pluralis.publishing.models import Attempt, Part
from pluralis.publishing.timing import times
from pluralis.publishing.wakeups import wake_next
from pluralis.teams import audit
from pluralis.teams.changes import note_change
from pluralis.teams.ids import new_id
from pluralis.teams.locks import locks
from pluralis.teams.models import Account

PROTOCOL = 1
"""Grows when a part needs a newer program; older workers leave such parts alone."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to send one part once: its token fences the record, ``created_at`` is the first claim's instant."""

    part: Part
    attempt: Attempt
    token: UUID
    created_at: datetime


def claim_part(part_id: UUID, *, worker: str, by_hand: HandOver | None = None) -> Claim | None:
    """Claim a due part, or write why it does not go, or leave it. ``None`` when there is nothing to send.

    The account row is locked first, so that two parts of one account are never on their way together. The lock of
    the attempt is held before the claim is committed; if the commit fails it is given back and nothing was sent.
    """
    reach("claim.before")
    token = new_id()
    locks.hold(token)
    try:
        claim = _claim(part_id, token, worker, by_hand)
    except OperationalError as error:
        locks.release(token)
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        return None
    except BaseException:
        locks.release(token)
        raise
    if claim is None:
        locks.release(token)
        return None
    try:
        instance.note_attempt(claim.attempt.id, settings.ENVIRONMENT.data_dir)
        reach("claim.after_commit")
    except BaseException:
        # Nothing left us yet, but nobody would ever release this claim: without its lock it is looked up.
        locks.release(token)
        raise
    return claim


@transaction.atomic
def _claim(part_id: UUID, token: UUID, worker: str, by_hand: HandOver | None) -> Claim | None:
    _wait_at_most(times().send / 10)
    # Not FOR UPDATE: whoever holds the part and commits a new reference to the account would wait for us, and we
    # for the part.
    account = Account.objects.select_for_update(of=("self",), no_key=True).get(parts__id=part_id)
    part = lock_part(part_id)
    part.account = account
    if part.protocol > PROTOCOL:
        return None
    facts, now = facts_of(part, by_hand=by_hand is not None)
    verdict = may_send(facts, now)
    if verdict.act is not Act.SEND:
        _set_aside(part, verdict, by_hand, now)
        return None
    check_part_move(PartState(part.state), PartState.SENDING)
    part.state, part.token, part.claimed_at = PartState.SENDING, token, now
    part.first_claimed_at = part.first_claimed_at or now
    part.tries += 1
    part.reason = part.hold_reason = ""
    part.save(update_fields=["state", "token", "claimed_at", "first_claimed_at", "tries", "reason", "hold_reason"])
    attempt = Attempt.objects.create(team_id=part.team_id, part=part, token=token, worker=worker, at=now)
    note_change(part.team_id, f"part:{part.id}", "calendar")
    reach("claim.before_commit")
    return Claim(part, attempt, token, part.first_claimed_at)


def _wait_at_most(span: timedelta) -> None:
    """Wait no longer than this for a lock: a worker frozen inside its claim must not hold up the others' workers.

    The part is left; the next wake-up, at the latest the sweep a minute later, tries again.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{int(span.total_seconds() * 1000)}ms"])


_SITUATION = """
  SELECT clock_timestamp(),
         EXISTS (SELECT FROM publishing_stoporder WHERE team_id = %s AND lifted_at IS NULL),
         EXISTS (SELECT FROM publishing_part WHERE account_id = %s AND state = 'sending')
"""


def facts_of(part: Part, *, by_hand: bool) -> tuple[PartFacts, datetime]:
    """Return what the decision needs and the instant it holds for. Two queries at most.

    Read in a statement of its own after the account is locked: one that waited for the lock would still see what
    stood before it.
    """
    before = _before(part)
    with connection.cursor() as cursor:
        cursor.execute(_SITUATION, [part.team_id, part.account_id])
        now, stopped, busy = cursor.fetchone()
    return _facts(part, before, stopped=stopped, busy=busy, by_hand=by_hand), now


def _facts(part: Part, before: Part | None, *, stopped: bool, busy: bool, by_hand: bool) -> PartFacts:
    return PartFacts(
        state=PartState(part.state),
        due_at=part.due_at,
        planned_at=part.planned_at,
        missed_policy=MissedPolicy(part.delivery.missed_policy),
        late_limit=part.delivery.late_limit,
        connected=part.account.connected,
        paused=part.account.paused_at is not None,
        stopped=stopped,
        quarantined=part.account.quarantined_at is not None,
        account_busy=busy,
        unchanged=part.delivery.post_revision == part.delivery.post.revision,
        is_reply=part.is_reply,
        before_state=PartState(before.state) if before else None,
        before_sent_at=before.sent_at if before else None,
        by_hand=by_hand,
    )


def _before(part: Part) -> Part | None:
    if part.position == 0:
        return None
    return Part.objects.only("state", "sent_at").get(delivery=part.delivery_id, position=part.position - 1)


def _set_aside(part: Part, verdict: Verdict, by_hand: HandOver | None, now: datetime) -> None:
    """Write why a due part does not go; *leave* writes nothing."""
    if verdict.act is Act.LEAVE:
        return
    state = PartState.HELD if verdict.act is Act.HOLD else PartState.MISSED
    check_part_move(PartState(part.state), state)
    part.state = state
    part.hold_reason = verdict.reason if state is PartState.HELD else ""
    part.reason = "" if state is PartState.HELD else verdict.reason
    if verdict.reason == HoldReason.BY_HAND and by_hand is not None:
        part.by_hand_url, part.reason = by_hand.url, by_hand.reason
    part.save(update_fields=["state", "hold_reason", "reason", "by_hand_url"])
    # This part may have been the one that was woken for the account: the next must not wait for the sweep.
    wake_next(part.account_id, now)
    audit.note(f"publishing.part.{state}", team_id=part.team_id, about=part, now=now, why=verdict.reason)
    note_change(part.team_id, f"part:{part.id}", "calendar")


def spread() -> float:
    """Return a random number from 0 to 1 for spreading back-offs."""
    return secrets.randbelow(1_000_001) / 1_000_000
