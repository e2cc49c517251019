"""Record: what became of an attempt, in a transaction of its own, fenced by the attempt's token."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from pluralis.config import wiring
from pluralis.core.delivery import Next, Outcome, OutcomeKind, advance
from pluralis.core.states import HoldReason, PartState, check_part_move
from pluralis.failpoints import reach
from pluralis.networks.contract import RemotePost
from pluralis.publishing.access import lock_part
from pluralis.publishing.actions.claim import Claim, spread
from pluralis.publishing.models import AttemptResult, Part, StopOrder
from pluralis.publishing.timing import times
from pluralis.publishing.wakeups import wake, wake_look, wake_next
from pluralis.teams import audit
from pluralis.teams.changes import note_change
from pluralis.teams.models import Account
from pluralis.teams.queries import database_now


def record_outcome(claim: Claim, outcome: Outcome, sent: RemotePost | None) -> PartState | None:
    """Write the outcome of a claim; ``None`` when somebody else has settled the part in the meantime.

    May be repeated after a commit whose answer was lost: the second time finds nothing to do.
    """
    reach("record.before")
    try:
        with transaction.atomic():
            state = _record(claim, outcome, sent)
            reach("record.before_commit")
    except IntegrityError:
        # Another part is already bound to this remote post: the network answered with somebody else's.
        twin = Outcome(OutcomeKind.UNCONFIRMED, "twin")
        with transaction.atomic():
            state = _record(claim, twin, None)
    reach("record.after_commit")
    return state


def _record(claim: Claim, outcome: Outcome, sent: RemotePost | None) -> PartState | None:
    now = database_now()
    _append(claim, outcome, sent, now)
    part = lock_part(claim.part.id)
    if part.token != claim.token or part.state not in (PartState.SENDING, PartState.UNCONFIRMED):
        return None
    following = advance(outcome, in_doubt=part.in_doubt, tries=part.tries, jitter=spread(), now=now)
    if part.state == PartState.UNCONFIRMED and following.state is not PartState.SENT:
        return None
    if following.state is PartState.SENT and sent is not None:
        settle_as_sent(part, sent, now)
    else:
        _apply(part, following, now)
    wake_next(part.account_id, now)
    return following.state


def settle_as_sent(part: Part, sent: RemotePost, now: datetime) -> None:
    """Write that the part stands on the network, wake the rest of its thread, and tell who wants to know."""
    check_part_move(PartState(part.state), PartState.SENT)
    part.state, part.sent_at = PartState.SENT, sent.created_at or now
    part.remote_id, part.remote, part.url = sent.reference.remote_id, dict(sent.reference.extra), sent.url
    part.reason = part.hold_reason = ""
    part.look_again_at, part.in_doubt = None, False
    part.save(update_fields=_SETTLED)
    audit.note("publishing.part.sent", team_id=part.team_id, about=part, now=now, remote_id=part.remote_id)
    if sent.visibility != part.delivery.post.visibility and sent.visibility == "public":
        audit.note("publishing.part.too_visible", team_id=part.team_id, about=part, now=now)
        part.reason = "too_visible"
        part.save(update_fields=["reason"])
    wiring.tell("part_sent", part=part, now=now)
    reach("thread.before_next")
    _wake_rest(part, now)
    note_change(part.team_id, f"part:{part.id}", "calendar")


_SETTLED = ("state", "sent_at", "remote_id", "remote", "url", "reason", "hold_reason", "look_again_at", "in_doubt")


def _wake_rest(part: Part, now: datetime) -> None:
    following = Part.objects.filter(delivery=part.delivery_id, position=part.position + 1, state="waiting").first()
    if following is not None:
        following.due_at = max(now, following.planned_at)
        following.save(update_fields=["due_at"])
        wake(following, now)


def _apply(part: Part, following: Next, now: datetime) -> None:
    check_part_move(PartState(part.state), following.state)
    part.state, part.reason = following.state, following.reason
    part.hold_reason = following.hold_reason or ""
    if following.due_at is not None:
        part.due_at = following.due_at
    if following.state is PartState.UNCONFIRMED:
        part.in_doubt, part.look_again_at = True, now + times().first_look
    part.save()
    if following.state is PartState.WAITING and not hold_if_stopped(part):
        wake(part, now)
    if part.look_again_at is not None and following.state is PartState.UNCONFIRMED:
        wake_look(part.id, part.look_again_at)
    if following.hold_reason == "disconnected":
        _disconnect(part, now)
    audit.note(f"publishing.part.{part.state}", team_id=part.team_id, about=part, now=now)
    note_change(part.team_id, f"part:{part.id}", "calendar")
    wiring.tell("part_changed", part=part, now=now)


def hold_if_stopped(part: Part) -> bool:
    """Hold a part that comes back to wait while its team has stopped everything: it was not there to be held.

    Without this it would go out by itself when the stop is lifted before its time.
    """
    if not StopOrder.objects.filter(team=part.team_id, lifted_at__isnull=True).exists():
        return False
    check_part_move(PartState(part.state), PartState.HELD)
    part.state, part.hold_reason = PartState.HELD, HoldReason.STOPPED
    part.save(update_fields=["state", "hold_reason"])
    return True


def _disconnect(part: Part, now: datetime) -> None:
    changed = Account.objects.filter(id=part.account_id, connected=True).update(
        connected=False, disconnected_reason=part.reason
    )
    if changed:
        audit.note("teams.account.disconnected", team_id=part.team_id, about=part.account, now=now, why=part.reason)
        note_change(part.team_id, "accounts", f"account:{part.account_id}")


def _append(claim: Claim, outcome: Outcome, sent: RemotePost | None, now: datetime) -> None:
    detail: dict[str, Any] = {
        key: str(value) for key, value in asdict(outcome).items() if value not in (None, "", False)
    }
    if sent is not None:
        detail["remote_id"] = sent.reference.remote_id
    append_result(claim.attempt.id, claim.part.team_id, outcome.kind, detail, now)


def append_result(attempt_id: int, team_id: UUID, outcome: str, detail: dict[str, Any], now: datetime) -> None:
    """Append a line to an attempt's history."""
    AttemptResult.objects.create(team_id=team_id, attempt_id=attempt_id, outcome=outcome, detail=detail, at=now)
