"""Change what waits: move, edit, cancel, try again, settle a doubt by hand. Never what is on its way."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.core.states import PART_MOVES, HoldReason, PartState, check_part_move
from pluralis.networks.contract import Reference, RemotePost
from pluralis.posts.actions import save_post
from pluralis.posts.drafts import Draft
from pluralis.posts.models import Post
from pluralis.posts.queries import post_with_words, segments_for
from pluralis.publishing.access import access_delivery, access_part, lock_part
from pluralis.publishing.actions.cards import carry_cards
from pluralis.publishing.actions.record import settle_as_sent
from pluralis.publishing.actions.schedule import ability_for, keep_override, make_part
from pluralis.publishing.actions.submitting import ask_again
from pluralis.publishing.actions.uploads import forget_other_files
from pluralis.publishing.approvals import check_approved, unapproved
from pluralis.publishing.checks import Confirmations, check_before_scheduling
from pluralis.publishing.models import Delivery, Part
from pluralis.publishing.spending import purse_of
from pluralis.publishing.wakeups import wake
from pluralis.teams import audit
from pluralis.teams.access import Ability
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Invalid
from pluralis.teams.models import Membership

_S = PartState
UNSETTLED = (_S.SENDING, _S.UNCONFIRMED)


def move_delivery(*, actor: Membership, delivery_id: UUID, to: datetime, now: datetime) -> Delivery:
    """Plan a delivery for another instant; refused while a part of it is on its way or in doubt."""
    if to < now:
        raise Invalid("in_the_past", _("This time has passed."), kept=_("It stays where it was."),
                      next_step=_("Choose a later time."), fields={"at": _("This time has passed.")})  # fmt: skip
    with transaction.atomic():
        delivery, parts = _lock(actor, delivery_id)
        delivery.planned_at = to
        delivery.save(update_fields=["planned_at"])
        for part in parts:
            if part.state in (_S.WAITING, _S.MISSED, _S.HELD):
                part.planned_at = to
                _to_waiting(part, to) if part.state != _S.HELD else part.save(update_fields=["planned_at"])
                _wake_if_first(part, parts, now)
        _note(actor, delivery, "moved", now, planned_at=to)
    return delivery


def cancel_delivery(*, actor: Membership, delivery_id: UUID, now: datetime) -> Delivery:
    """Take back everything of a delivery that has not been sent; what is out stays out."""
    with transaction.atomic():
        delivery, parts = _lock(actor, delivery_id)
        for part in parts:
            if _S.CANCELLED in _moves(part):
                part.state = _S.CANCELLED
                part.save(update_fields=["state"])
        _note(actor, delivery, "cancelled", now)
    return delivery


def edit_scheduled(
    *, actor: Membership, post_id: UUID, draft: Draft, revision: int, confirmed: Confirmations, now: datetime
) -> None:
    """Change the words of a post that waits: its waiting and refused parts carry the new ones, checked again."""
    with transaction.atomic():
        post = save_post(actor=actor, post_id=post_id, draft=draft, revision=revision, now=now)
        post = post_with_words(post.id)
        locked = Part.objects.select_for_update(of=("self",)).select_related("delivery__account")
        parts = list(locked.filter(delivery__post=post).order_by("delivery_id", "position"))
        refuse_unsettled(parts)
        open_ones = open_deliveries(parts)
        for each in open_ones:
            access_delivery(actor, each.id, ability_for(post))
        accounts = [each.account for each in open_ones]
        checked = check_before_scheduling(post, accounts, confirmed, actor, now)
        keep_override(actor, post, confirmed, checked, now)
        for delivery in open_ones:
            _carry_over(delivery, [part for part in parts if part.delivery_id == delivery.id], post, now)
        carry_cards(parts)
        let_new_words_go(actor, post, open_ones, now)


def let_new_words_go(actor: Membership, post: Post, deliveries: Sequence[Delivery], now: datetime) -> None:
    """Bring open deliveries to the post's newest words, in the caller's transaction.

    Where somebody must see these first, the delivery keeps its old revision and its claim holds it; they are asked.
    """
    forget_other_files(deliveries)
    unseen = {each.id for each in unapproved(post, [each.account for each in deliveries], actor)}
    for delivery in deliveries:
        if delivery.account_id not in unseen:
            delivery.post_revision = post.revision
            delivery.save(update_fields=["post_revision"])
        _note(actor, delivery, "edited", now, revision=post.revision)
    waiting = [each for each in deliveries if each.account_id in unseen]
    ask_again(actor=actor, post=post, deliveries=waiting, now=now)


def try_again(*, actor: Membership, part_id: UUID, at: datetime, now: datetime) -> Part:
    """Let a held, missed or refused part go on, at ``at``. A part in doubt is never sent again by hand."""
    with transaction.atomic():
        part = _lock_part(actor, part_id)
        if part.state == _S.UNCONFIRMED or _S.WAITING not in _moves(part):
            raise _too_late(part)
        if part.hold_reason == HoldReason.CHANGED:
            _check_seen(actor, part)
        if part.hold_reason == HoldReason.OVER_BUDGET and not purse_of(part.account, max(at, now)).suffices(part):
            raise _over_budget()
        if part.hold_reason == HoldReason.BY_HAND:
            _by_program(part)
        part.planned_at = max(at, now)
        _to_waiting(part, part.planned_at)
        wake(part, now)
        _note(actor, part.delivery, "tried_again", now, part=part.id)
    return part


def link_by_hand(*, actor: Membership, part_id: UUID, remote_id: str, url: str, now: datetime) -> Part:
    """Say where a part in doubt, or one finished by hand, stands on the network: a person has seen it there."""
    with transaction.atomic():
        part = _lock_part(actor, part_id)
        by_hand = part.state == _S.HELD and part.hold_reason == HoldReason.BY_HAND
        if part.state != _S.UNCONFIRMED and not by_hand:
            raise _too_late(part)
        if Part.objects.filter(account=part.account_id, remote_id=remote_id).exists():
            raise Conflict("already_linked", _("Another of our posts is already linked to this one."),
                           kept=_("Nothing was changed."))  # fmt: skip
        settle_as_sent(part, RemotePost(Reference(remote_id), url, part.text, now), now)
        _note(actor, part.delivery, "linked", now, part=part.id, remote_id=remote_id)
    return part


def let_be(*, actor: Membership, part_id: UUID, now: datetime) -> Part:
    """Close a part in doubt, or any that waits, as *cancelled*: a person has looked and lets it be."""
    with transaction.atomic():
        part = _lock_part(actor, part_id)
        if _S.CANCELLED not in _moves(part):
            raise _too_late(part)
        check_part_move(PartState(part.state), _S.CANCELLED)
        part.state, part.look_again_at = _S.CANCELLED, None
        part.save(update_fields=["state", "look_again_at"])
        _note(actor, part.delivery, "let_be", now, part=part.id)
    return part


def _by_program(part: Part) -> None:
    """Take a hand-over back: it shall go by program after all, and be charged like it."""
    part.by_hand_url = ""
    part.save(update_fields=["by_hand_url"])
    part.delivery.by_hand = False
    part.delivery.save(update_fields=["by_hand"])


def _over_budget() -> Conflict:
    return Conflict("over_budget", _("Its price would pass the month’s budget."), kept=_("It is still held."),
                    next_step=_("A lead can let it go with a reason, or raise the budget."))  # fmt: skip


def _check_seen(actor: Membership, part: Part) -> None:
    """Let new words go on only where nobody has to see them first, or somebody has."""
    delivery = part.delivery
    check_approved(delivery.post, [part.account], actor)
    delivery.post_revision = delivery.post.revision
    delivery.save(update_fields=["post_revision"])


def _lock(actor: Membership, delivery_id: UUID) -> tuple[Delivery, list[Part]]:
    delivery = access_delivery(actor, delivery_id, Ability.PUBLISH)
    parts = list(Part.objects.select_for_update().filter(delivery=delivery).order_by("position"))
    refuse_unsettled(parts)
    return delivery, parts


def _lock_part(actor: Membership, part_id: UUID) -> Part:
    part = access_part(actor, part_id, Ability.PUBLISH)
    return lock_part(part.id)


def refuse_unsettled(parts: Iterable[Part]) -> None:
    """From the claim to the outcome text, pictures and time are frozen."""
    for part in parts:
        if part.state in UNSETTLED:
            raise _too_late(part)


def _too_late(part: Part) -> Conflict:
    if part.state == _S.SENDING:
        return Conflict("sending", _("This is being sent right now."), kept=_("Nothing was changed."),
                        next_step=_("Wait a moment, then look again."))  # fmt: skip
    if part.state == _S.UNCONFIRMED:
        return Conflict(
            "in_doubt",
            _("The network has not confirmed this yet: it may already stand there."),
            kept=_("Nothing was changed."),
            next_step=_("Pluralis is looking it up. You can link it, or let it be."),
        )
    return Conflict("settled", _("It is too late for this."), kept=_("Nothing was changed."))


def _moves(part: Part) -> frozenset[PartState]:
    return PART_MOVES[PartState(part.state)]


def _to_waiting(part: Part, at: datetime) -> None:
    if part.state != _S.WAITING:
        check_part_move(PartState(part.state), _S.WAITING)
    part.state, part.due_at, part.reason, part.hold_reason = _S.WAITING, at, "", ""
    if not part.in_doubt:
        # Nothing of it can stand on the network, so it is dated when it really goes out.
        part.first_claimed_at = None
    part.save(update_fields=["state", "due_at", "planned_at", "reason", "hold_reason", "first_claimed_at"])


def _wake_if_first(part: Part, parts: list[Part], now: datetime) -> None:
    before = next((each for each in parts if each.position == part.position - 1), None)
    if part.state == _S.WAITING and (before is None or before.state == _S.SENT):
        wake(part, now)


def open_deliveries(parts: Iterable[Part]) -> list[Delivery]:
    """Return the deliveries of which anything is still to go out, in the order of their parts. No query."""
    return list({part.delivery_id: part.delivery for part in parts if _S.CANCELLED in _moves(part)}.values())


def _carry_over(delivery: Delivery, parts: list[Part], post: Post, now: datetime) -> None:
    """Give the unsent parts of a delivery the new words; a thread may grow or shrink behind what is out."""
    segments = segments_for(post, delivery.account)
    by_position = {part.position: part for part in parts}
    for segment in segments:
        part = by_position.pop(segment.position, None)
        if part is None:
            make_part(delivery, delivery.account, segment, post, now).save(force_insert=True)
        elif _S.CANCELLED in _moves(part):
            part.text, part.segment = segment.text, segment
            part.save(update_fields=["text", "segment"])
            if part.state == _S.REFUSED:
                _to_waiting(part, max(now, part.planned_at))
                wake(part, now)
    for part in by_position.values():
        if _S.CANCELLED in _moves(part):
            part.state = _S.CANCELLED
            part.save(update_fields=["state"])


def _note(actor: Membership, delivery: Delivery, what: str, now: datetime, **data: object) -> None:
    audit.note(f"publishing.delivery.{what}", team_id=actor.team_id, actor=actor, about=delivery, now=now, **data)
    note_change(actor.team_id, "calendar", f"post:{delivery.post_id}")
