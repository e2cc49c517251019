"""Bring back what was held or missed, one by one or the chosen ones; what cannot go is said for each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.core.states import PART_MOVES, HoldReason, PartState
from pluralis.publishing.access import access_delivery
from pluralis.publishing.actions.change import let_be, try_again
from pluralis.publishing.actions.stop import active_stop
from pluralis.publishing.models import Delivery, Part
from pluralis.teams.access import Ability
from pluralis.teams.errors import ActionError, Conflict, Invalid
from pluralis.teams.models import Membership

_BACK = (PartState.HELD, PartState.MISSED)


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """How many posts were dealt with, and for the others why not: (post, words) in order."""

    done: int
    refused: tuple[tuple[UUID, str], ...] = ()


def release_deliveries(
    *,
    actor: Membership,
    delivery_ids: Iterable[UUID | str],
    at: datetime | None,
    now: datetime,
    as_planned: bool = False,
) -> BroughtBack:
    """Let held and missed posts go: now, at ``at``, or ``as_planned``, each at its own time where that is to come.

    Each is a step of its own; one that cannot stops no other.
    """
    if at is not None and at < now:
        raise Invalid("in_the_past", _("This time has passed."), kept=_("Nothing was changed."),
                      next_step=_("Choose a later time."))  # fmt: skip
    if active_stop(actor.team_id) is not None:
        raise Conflict("stopped", _("Everything is stopped."), kept=_("Nothing was changed."),
                       next_step=_("Lift the stop first; what is held stays held until you let it go."))  # fmt: skip

    def release(part: Part) -> None:
        _release(actor, part, _own_time(part, now) if as_planned else at or now, now)

    return _each(actor, delivery_ids, release)


def cancel_deliveries(*, actor: Membership, delivery_ids: Iterable[UUID | str], now: datetime) -> BroughtBack:
    """Take held and missed posts back for good; what of them is out stays out."""
    return _each(actor, delivery_ids, lambda part: _cancel(actor, part, now))


def _each(actor: Membership, delivery_ids: Iterable[UUID | str], act: Callable[[Part], None]) -> BroughtBack:
    wanted = list(dict.fromkeys(delivery_ids))
    if not wanted:
        raise Invalid("nothing_chosen", _("Nothing is chosen."), next_step=_("Choose at least one post."))
    done, refused = 0, []
    # Whose they are is looked at first, so that a wrong id changes nothing of the others.
    for delivery in [access_delivery(actor, each, Ability.PUBLISH) for each in wanted]:
        try:
            with transaction.atomic():
                _all_parts(delivery, act)
            done += 1
        except ActionError as error:
            refused.append((delivery.id, str(error)))
    return BroughtBack(done, tuple(refused))


def _all_parts(delivery: Delivery, act: Callable[[Part], None]) -> None:
    parts = list(Part.objects.filter(delivery=delivery, state__in=_BACK).order_by("position"))
    if not parts:
        raise Conflict("settled", _("Somebody has dealt with this already."), kept=_("Nothing was changed."))
    for part in parts:
        act(part)


def _own_time(part: Part, now: datetime) -> datetime:
    if part.planned_at <= now:
        raise Conflict("in_the_past", _("This time has passed."), kept=_("Nothing was changed."),
                       next_step=_("Choose a later time."))  # fmt: skip
    return part.planned_at


def _release(actor: Membership, part: Part, at: datetime, now: datetime) -> None:
    if part.hold_reason == HoldReason.BY_HAND:
        raise Conflict("by_hand", _("The network allows this only by hand: open it there and send it."))
    try_again(actor=actor, part_id=part.id, at=at, now=now)


def _cancel(actor: Membership, part: Part, now: datetime) -> None:
    if PartState.CANCELLED in PART_MOVES[PartState(part.state)]:
        let_be(actor=actor, part_id=part.id, now=now)
