"""Claim: from *waiting* to *sending*, committed before anything leaves us."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, transaction
from psycopg.errors import LockNotAvailable

from pluralis.config import instance
from pluralis.core.delivery import Act, MissedPolicy, PartFacts, Verdict, may_send
from pluralis.core.states import HoldReason, PartState, check_part_move
from pluralis.failpoints import reach
from pluralis.networks.contract import HandOver
from pluralis.publishing.models import Part
from pluralis.publishing.statements import CLAIM, LOCK, LOCK_IF_FREE, SITUATION
from pluralis.publishing.timing import times
from pluralis.teams import audit
from pluralis.teams.changes import as_change, note_change
from pluralis.teams.ids import new_id
from pluralis.teams.locks import lock_key, locks
from pluralis.teams.statements import Step, read, read_each

PROTOCOL = 1
"""Grows when a part needs a newer program; older workers leave such parts alone."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to send one part once: its token fences the record, ``created_at`` is the first claim's instant.

    ``keys_of`` is when the account's keys were last stored: what was opened before is no good if they are newer.
    """

    part: Part
    attempt_id: int
    token: UUID
    created_at: datetime
    keys_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants which part, under which token, whose lock they hold.

    ``known`` is the part as it was read a moment ago with its account, delivery, post and segment: it is read again
    only if it changed since. ``by_hand`` is the page on which a person must finish it.
    """

    part_id: UUID
    token: UUID
    worker: str
    known: Part | None = None
    by_hand: HandOver | None = None
    over_budget: bool = False


def claim_part(part_id: UUID, *, worker: str) -> Claim | None:
    """Claim a due part under a lock of its own, which the caller gives back. ``None`` when nothing is to be sent."""
    token = new_id()
    locks.hold(token)
    try:
        claim = claim_wished(Wish(part_id, token, worker))
    except BaseException:
        # If it was claimed, nothing left us yet, but nobody would ever release it: without its lock it is looked up.
        locks.release(token)
        raise
    if claim is None:
        locks.release(token)
    return claim


def claim_wished(wish: Wish) -> Claim | None:
    """Claim a due part, or write why it does not go, or leave it. ``None`` when there is nothing to send.

    The account row is locked first, so that two parts of one account are never on their way together. Whoever calls
    holds the lock of the attempt before the claim is committed, and gives it back when nothing comes of it.
    """
    reach("claim.before")
    try:
        with transaction.atomic():
            claim = claim_locked(wish, *_lock_and_look(wish))
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        return None
    note_claimed(claim)
    return claim


class LockLost(Exception):
    """The session that held the lock of an attempt is gone: a claim under it would have no owner to be seen."""


def claim_locked(wish: Wish, locked: Mapping[str, Any], found: Mapping[str, Any]) -> Claim | None:
    """Claim a part whose row and account the transaction has locked, as it was ``found`` behind the locks.

    Raises :class:`LockLost` when the lock of the wish's token is held by nobody.
    """
    if not locked or not found or found["protocol"] > PROTOCOL:
        return None
    if not found["owned"]:
        raise LockLost(wish.part_id)
    verdict = may_send(facts_of(found, by_hand=wish.by_hand is not None, over_budget=wish.over_budget), found["now"])
    if verdict.act is not Act.SEND:
        _set_aside(wish, verdict, found["now"])
        return None
    check_part_move(PartState(found["state"]), PartState.SENDING)
    part = _as_found(wish, found)
    values = {"part": wish.part_id, "token": wish.token, "worker": wish.worker, "now": found["now"]}
    attempt = read((CLAIM, values | as_change(f"part:{part.id}", "calendar")))
    reach("claim.before_commit")
    return Claim(part, attempt["id"], wish.token, found["first_claimed_at"] or found["now"], found["keys_of"])


def note_claimed(claim: Claim | None) -> None:
    """Remember outside the database how far publishing has come, once a claim is committed."""
    if claim is not None:
        instance.note_attempt(claim.attempt_id, settings.ENVIRONMENT.data_dir)
        reach("claim.after_commit")


def looking_at(wish: Wish) -> tuple[Step, Step]:
    """Return the steps that lock a part and its account if both are free, and read what the decision needs.

    Behind the record of the account's part before: nobody is waited for, so whoever holds one and wants the other
    is never waited for in a circle.
    """
    which = {"part": wish.part_id, "wait": "0", "lock": lock_key(wish.token)}
    return (LOCK_IF_FREE, which), (SITUATION, which)


def _lock_and_look(wish: Wish) -> list[dict[str, Any]]:
    """Lock the account, then the part, and return what was locked and what the decision needs, ``{}`` for nothing.

    Waits no longer than a moment for a lock: a worker frozen inside its claim must not hold up the others' workers.
    The part is left; the next wake-up, at the latest the sweep a minute later, tries again.
    """
    wait = f"{int(times().send.total_seconds() * 100)}ms"
    which = {"part": wish.part_id, "wait": wait, "lock": lock_key(wish.token)}
    return read_each((LOCK, which), (SITUATION, which))


def facts_of(found: Mapping[str, Any], *, by_hand: bool, over_budget: bool = False) -> PartFacts:
    """Return what the decision needs from a row of ``SITUATION``."""
    before = found["before_state"]
    return PartFacts(
        state=PartState(found["state"]),
        due_at=found["due_at"],
        planned_at=found["planned_at"],
        missed_policy=MissedPolicy(found["missed_policy"]),
        late_limit=found["late_limit"],
        connected=found["connected"],
        paused=found["paused"],
        stopped=found["stopped"],
        quarantined=found["quarantined"],
        account_busy=found["busy"],
        unchanged=found["unchanged"],
        is_reply=found["is_reply"],
        before_state=PartState(before) if before else None,
        before_sent_at=found["before_sent_at"],
        by_hand=by_hand,
        over_budget=over_budget,
    )


def _as_found(wish: Wish, found: Mapping[str, Any]) -> Part:
    """Return the part as it will stand once it is claimed, read again if it is not the one that was known."""
    part = wish.known
    if part is None or not _is_as(part, found):
        part = Part.objects.select_related("account", "delivery__post", "segment").get(id=wish.part_id)
    part.state, part.token, part.claimed_at = PartState.SENDING, wish.token, found["now"]
    part.first_claimed_at = found["first_claimed_at"] or found["now"]
    part.tries, part.reason, part.hold_reason = found["tries"] + 1, "", ""
    return part


def _is_as(part: Part, found: Mapping[str, Any]) -> bool:
    same = (part.text, part.segment_id, part.card_id, part.delivery.post.revision)
    return same == (found["text"], found["segment_id"], found["card_id"], found["revision"])


def _set_aside(wish: Wish, verdict: Verdict, now: datetime) -> None:
    """Write why a due part does not go; *leave* writes nothing. Whoever claims goes on with the account's next."""
    if verdict.act is Act.LEAVE:
        return
    part = Part.objects.get(id=wish.part_id)
    state = PartState.HELD if verdict.act is Act.HOLD else PartState.MISSED
    check_part_move(PartState(part.state), state)
    part.state = state
    part.hold_reason = verdict.reason if state is PartState.HELD else ""
    part.reason = "" if state is PartState.HELD else verdict.reason
    if verdict.reason == HoldReason.BY_HAND and wish.by_hand is not None:
        part.by_hand_url, part.reason = wish.by_hand.url, wish.by_hand.reason
    part.save(update_fields=["state", "hold_reason", "reason", "by_hand_url"])
    audit.note(f"publishing.part.{state}", team_id=part.team_id, about=part, now=now, why=verdict.reason)
    note_change(part.team_id, f"part:{part.id}", "calendar")


def spread() -> float:
    """Return a random number from 0 to 1 for spreading back-offs."""
    return secrets.randbelow(1_000_001) / 1_000_000
