"""Record: what became of an attempt, in a transaction of its own, fenced by the attempt's token."""

import json
from collections.abc import Mapping
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
from pluralis.publishing.actions.claim import Claim, Wish, claim_locked, looking_at, note_claimed, spread
from pluralis.publishing.models import AttemptResult, Part, StopOrder
from pluralis.publishing.statements import APPEND_AND_LOOK, APPEND_AND_SETTLE, SETTLE
from pluralis.publishing.timing import times
from pluralis.publishing.wakeups import wake, wake_look
from pluralis.teams import audit
from pluralis.teams.changes import as_change, note_change
from pluralis.teams.fields import storable
from pluralis.teams.models import Account
from pluralis.teams.statements import Step, read, read_each


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
    found = read((APPEND_AND_LOOK, _result_of(claim, outcome, sent)))
    if not found or found["token"] != claim.token or found["state"] not in _OPEN:
        return None
    now = found["now"]
    following = advance(outcome, in_doubt=found["in_doubt"], tries=found["tries"], jitter=spread(), now=now)
    if found["state"] == PartState.UNCONFIRMED and following.state is not PartState.SENT:
        return None
    if following.state is PartState.SENT and sent is not None:
        # From the claim to the outcome a part is frozen: what was claimed is what stands, but for its state.
        claim.part.state = found["state"]
        settle_as_sent(claim.part, sent, now)
    else:
        _apply(lock_part(claim.part.id), following, now)
    return following.state


_OPEN = (PartState.SENDING, PartState.UNCONFIRMED)


def record_and_claim(claim: Claim, sent: RemotePost, wish: Wish) -> Claim | None:
    """Write that a claimed post stands, and claim the account's next in the same transaction, if it may go.

    Saves half of the commits of a burst, and most of its questions. Not for answers, whose listeners hold rows of
    their own. Raises :class:`Overtaken`, or what the database says, and then nothing was written: the outcome is
    recorded by itself.
    """
    reach("record.before")
    _text, values = _settling(claim.part, sent, None)
    settling = (APPEND_AND_SETTLE, {**values, **_result_of(claim, Outcome(OutcomeKind.SENT), sent)})
    reach("claim.before")
    with transaction.atomic():
        done, locked, found = read_each(settling, *looking_at(wish))
        _settled(claim.part, sent, done)
        following = claim_locked(wish, locked, found)
        reach("record.before_commit")
    reach("record.after_commit")
    note_claimed(following)
    return following


class Overtaken(Exception):
    """A part is no longer as it was known: somebody else has settled it."""


def settle_as_sent(part: Part, sent: RemotePost, now: datetime) -> None:
    """Write that a locked part stands on the network, wake the rest of its thread, and tell who wants to know.

    Raises :class:`Overtaken` when the part is not as it was read.
    """
    _settled(part, sent, read(_settling(part, sent, now)))


def _settling(part: Part, sent: RemotePost, now: datetime | None) -> Step:
    """Return the step that writes where a part stands, at ``now`` or the database's own time."""
    check_part_move(PartState(part.state), PartState.SENT)
    values = {
        "part": part.id, "state": part.state, "token": part.token, "delivery": part.delivery_id,
        "position": part.position, "now": now, "sent_at": sent.created_at,
        "remote_id": storable(sent.reference.remote_id), "remote": json.dumps(storable(dict(sent.reference.extra))),
        "url": storable(sent.url), "reason": "too_visible" if _too_visible(part, sent) else "",
        "data": json.dumps({"remote_id": storable(sent.reference.remote_id)}),
    }  # fmt: skip
    return SETTLE, values | as_change(f"part:{part.id}", "calendar")


def _settled(part: Part, sent: RemotePost, done: Mapping[str, Any]) -> None:
    """Bring a part that was written as sent up to date, and do what follows."""
    if not done:
        raise Overtaken(part.id)
    part.state, part.sent_at = PartState.SENT, done["sent_at"]
    part.remote_id, part.remote = storable(sent.reference.remote_id), storable(dict(sent.reference.extra))
    part.url, part.reason, part.hold_reason = storable(sent.url), "", ""
    part.look_again_at, part.in_doubt = None, False
    if _too_visible(part, sent):
        part.reason = "too_visible"
        audit.note("publishing.part.too_visible", team_id=part.team_id, about=part, now=done["now"])
    if part.is_reply:
        wiring.tell("answer_sent", part=part, now=done["now"])
    reach("thread.before_next")
    if done["following"] is not None:
        wake(Part.objects.get(id=done["following"]), done["now"])


def _too_visible(part: Part, sent: RemotePost) -> bool:
    return sent.visibility != part.delivery.post.visibility and sent.visibility == "public"


def _apply(part: Part, following: Next, now: datetime) -> None:
    check_part_move(PartState(part.state), following.state)
    part.state, part.reason = following.state, storable(following.reason)
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
    if part.is_reply:
        wiring.tell("answer_changed", part=part, now=now)


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


def _result_of(claim: Claim, outcome: Outcome, sent: RemotePost | None) -> dict[str, Any]:
    detail: dict[str, Any] = {
        key: str(value) for key, value in asdict(outcome).items() if value not in (None, "", False)
    }
    if sent is not None:
        detail["remote_id"] = sent.reference.remote_id
    return {
        "part": claim.part.id, "team": claim.part.team_id, "attempt": claim.attempt_id,
        "outcome": str(outcome.kind), "detail": json.dumps(storable(detail)),
    }  # fmt: skip


def append_result(attempt_id: int, team_id: UUID, outcome: str, detail: dict[str, Any], now: datetime) -> None:
    """Append a line to an attempt's history."""
    AttemptResult.objects.create(
        team_id=team_id, attempt_id=attempt_id, outcome=outcome, detail=storable(detail), at=now
    )
