"""Reconcile: ask the network what became of a part in doubt, and only then go on."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from pluralis.core.delivery import Doubt, Judgement, OutcomeKind, Reading, Resolution, Times, back_off, resolve_doubt
from pluralis.core.matching import Sample, in_window, is_near, is_same
from pluralis.core.states import PartState, check_part_move
from pluralis.failpoints import reach
from pluralis.networks.contract import Outgoing, RemotePost, Search
from pluralis.publishing.access import lock_part
from pluralis.publishing.actions.claim import spread
from pluralis.publishing.actions.record import append_result, hold_if_stopped, settle_as_sent
from pluralis.publishing.models import Attempt, AttemptResult, Part
from pluralis.publishing.wakeups import wake, wake_look, wake_next
from pluralis.teams import audit
from pluralis.teams.changes import note_change
from pluralis.teams.locks import is_owned
from pluralis.teams.queries import database_now


def doubt_abandoned_parts(*, now: datetime) -> int:
    """Put parts whose owner is dead from *sending* into doubt; returns how many. A frozen owner keeps its part."""
    count = 0
    for part in Part.objects.filter(state=PartState.SENDING).only("id", "token"):
        if not is_owned(part.token):
            count += _abandon(part.id, part.token, now)
    return count


@transaction.atomic
def _abandon(part_id: UUID, token: UUID | None, now: datetime) -> int:
    part = Part.objects.select_for_update().filter(id=part_id, state=PartState.SENDING, token=token).first()
    if part is None:
        return 0
    check_part_move(PartState.SENDING, PartState.UNCONFIRMED)
    part.state, part.reason, part.in_doubt, part.look_again_at = PartState.UNCONFIRMED, "owner_dead", True, now
    part.save(update_fields=["state", "reason", "in_doubt", "look_again_at"])
    audit.note("publishing.part.unconfirmed", team_id=part.team_id, about=part, now=now, why="owner_dead")
    note_change(part.team_id, f"part:{part.id}", "calendar")
    wake_look(part.id, now)
    wake_next(part.account_id, now)
    return 1


def begin_look(part_id: UUID, now: datetime, lease: timedelta) -> Part | None:
    """Take the right to look at a part in doubt for ``lease``; ``None`` when it is not due or somebody else looks."""
    taken = Part.objects.filter(id=part_id, state=PartState.UNCONFIRMED, look_again_at__lte=now).update(
        look_again_at=now + lease
    )
    if not taken:
        return None
    return Part.objects.select_related("account", "delivery__post", "segment").get(id=part_id)


def judge(
    part: Part, outgoing: Outgoing, search: Search | None, times: Times, *, owner_dead: bool, began_at: datetime
) -> Resolution:
    """Write down what the network showed (``None``: it could not be read) and act on what follows.

    ``owner_dead`` was looked up before the network was read, and the reading is as old as its beginning
    (``began_at``): whoever was frozen between reading and judging must not pass off what it saw as news.
    """
    now = database_now()
    candidates = _candidates(part, outgoing, search)
    if search is not None:
        reading = replace(_reading(candidates, search, began_at), owner_dead=owner_dead)
        _keep_reading(part, reading, now)
    readable = search is not None
    doubt = Doubt(owner_dead, part.claimed_at or now, readings_of(part), _was_refused_as_twin(part), readable)
    resolution = resolve_doubt(doubt, times, now)
    reach("reconcile.before_record")
    return _act(part, resolution, candidates, times, now)


def _candidates(part: Part, outgoing: Outgoing, search: Search | None) -> list[tuple[RemotePost, bool]]:
    """Return our own posts that may be the part, with whether they match fully; others' parts are left out."""
    if search is None:
        return []
    ours = Sample(
        outgoing.text, outgoing.reply_to.remote_id if outgoing.reply_to else None, len(outgoing.attachments)
    )
    taken = set(
        Part.objects.filter(
            account=part.account_id, remote_id__in=[post.reference.remote_id for post in search.posts]
        ).exclude(id=part.id).values_list("remote_id", flat=True)
    )  # fmt: skip
    since = part.first_claimed_at or part.planned_at
    found = []
    for post in search.posts:
        theirs = Sample(post.text, post.reply_to_id, post.media_count, post.created_at)
        if post.reference.remote_id in taken or not (search.by_key or in_window(theirs, since)):
            continue
        if search.by_key or is_same(ours, theirs) or is_near(ours, theirs):
            found.append((post, is_same(ours, theirs)))
    return found


def _reading(candidates: list[tuple[RemotePost, bool]], search: Search, read_at: datetime) -> Reading:
    same = sum(1 for _post, full in candidates if full)
    return Reading(read_at, search.complete, same, len(candidates) - same, search.by_key, search.deleted)


def _keep_reading(part: Part, reading: Reading, now: datetime) -> None:
    attempt = Attempt.objects.filter(part=part, token=part.token).only("id").first() if part.token else None
    if attempt is not None:
        seen = {**asdict(reading), "read_at": reading.read_at.isoformat()}
        append_result(attempt.id, part.team_id, "reading", seen, now)


def _was_refused_as_twin(part: Part) -> bool:
    if part.token is None:
        return False
    refusals = AttemptResult.objects.filter(attempt__token=part.token, outcome=OutcomeKind.REFUSED)
    return refusals.filter(detail__has_key="duplicate").exists()


def readings_of(part: Part) -> tuple[Reading, ...]:
    """Return every look at the network since the part's last attempt, oldest first. One query."""
    if part.token is None:
        return ()
    kept = AttemptResult.objects.filter(attempt__token=part.token, outcome="reading").order_by("id")
    return tuple(
        replace(Reading(**each.detail), read_at=datetime.fromisoformat(each.detail["read_at"])) for each in kept
    )


def _act(
    part: Part, resolution: Resolution, candidates: list[tuple[RemotePost, bool]], times: Times, now: datetime
) -> Resolution:
    try:
        with transaction.atomic():
            return _write(part, resolution, candidates, now)
    except IntegrityError:
        # In the meantime another part was bound to the post that was found: look again without it.
        again = Resolution(Judgement.LOOK_AGAIN, "twin", now + times.between_reads)
        with transaction.atomic():
            return _write(part, again, [], now)


def _write(
    part: Part, resolution: Resolution, candidates: list[tuple[RemotePost, bool]], now: datetime
) -> Resolution:
    held = lock_part(part.id)
    if held.state != PartState.UNCONFIRMED or held.token != part.token:
        return resolution
    match resolution.judgement:
        case Judgement.FOUND:
            settle_as_sent(held, next(post for post, full in candidates if full), now)
            wake_next(held.account_id, now)
        case Judgement.ABSENT:
            _send_again(held, now)
        case Judgement.ASK:
            held.look_again_at, held.reason = resolution.at, f"ask_{resolution.reason}"
            held.save(update_fields=["look_again_at", "reason"])
            audit.note("publishing.part.asked", team_id=held.team_id, about=held, now=now, why=resolution.reason)
        case Judgement.LOOK_AGAIN:
            held.look_again_at, held.reason = resolution.at, resolution.reason
            held.save(update_fields=["look_again_at", "reason"])
    if held.state == PartState.UNCONFIRMED and held.look_again_at is not None:
        wake_look(held.id, held.look_again_at)
    note_change(held.team_id, f"part:{held.id}", "calendar")
    return resolution


def _send_again(part: Part, now: datetime) -> None:
    """Let a part that is not there go again: at once the first time, later and later if that goes on."""
    check_part_move(PartState(part.state), PartState.WAITING)
    again = now if part.tries <= 1 else now + back_off(part.tries - 1, spread())
    part.state, part.due_at, part.look_again_at, part.reason = PartState.WAITING, again, None, ""
    part.save(update_fields=["state", "due_at", "look_again_at", "reason"])
    audit.note("publishing.part.proven_absent", team_id=part.team_id, about=part, now=now)
    if not hold_if_stopped(part):
        wake(part, now)
