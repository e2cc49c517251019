"""Queue slots of an account: a week of hours, what waits in them, and what refills empty ones."""

import secrets
from datetime import time, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pluralis.core.schedule import RuleError
from pluralis.publishing import actions, queries
from pluralis.publishing.actions.slot_moves import move_slot
from pluralis.publishing.actions.slots import free_slots
from pluralis.teams.access import Ability, access_account, may, valid_id
from pluralis.teams.errors import Invalid
from pluralis.teams.models import Account
from pluralis.web.gates import SeatedRequest, seated

SHOWN_FREE = 5
UNDO_KEY = "queue_before"


@seated
def slots(request: SeatedRequest, account_id: UUID) -> HttpResponseBase:
    """The week of slots, the queue in them, and the evergreen posts."""
    account = access_account(request.membership, account_id)
    now = timezone.now()
    found = queries.slots_of(account)
    context: dict[str, Any] = {
        "account": account,
        "slots": found,
        "week": [(day, WEEKDAYS[day], [slot for slot in found if slot.weekday == day]) for day in range(7)],
        "days": list(WEEKDAYS.items()),
        "queue": queries.slot_queue(account, now),
        "evergreens": queries.evergreens_of(account),
        "own_text": queries.own_text_needed([account]),
        "undo": (request.session.get(UNDO_KEY) or {}).get(str(account.id)),
        "may_change": may(request.membership, Ability.PUBLISH),
        "zone": str(timezone.get_current_timezone()),
        **_free(account),
    }
    return render(request, "slots/index.html", context)


def _free(account: Account) -> dict[str, Any]:
    """The next free slots; a zone that exists no more is said rather than a page that fails."""
    now = timezone.now()
    try:
        return {"free": list(islice(free_slots(account, now, now + timedelta(days=56)), SHOWN_FREE))}
    except RuleError:
        return {"free": [], "zone_gone": account.zone}


@require_POST
@seated
def add(request: SeatedRequest, account_id: UUID) -> HttpResponseBase:
    """Add every typed time on every chosen weekday."""
    added = actions.add_slots(
        actor=request.membership,
        account_id=account_id,
        weekdays=[int(day) for day in request.POST.getlist("days") if day in "0123456"],
        times=_times(request.POST.get("times", "")),
        now=timezone.now(),
    )
    messages.success(request, _("%(count)d slots added.") % {"count": added})
    return redirect("slots", account_id)


def _times(typed: str) -> list[time]:
    """Return the times in a line such as ``9:00, 12.30 17h``."""
    found = []
    for piece in typed.replace(",", " ").replace(";", " ").split():
        hours, _colon, minutes = piece.lower().replace("h", ":").replace(".", ":").partition(":")
        try:
            found.append(time(int(hours), int(minutes or 0)))
        except ValueError:
            raise Invalid(
                "time_unreadable", _("This is no time of day: %(piece)s") % {"piece": piece[:20]},
                kept=_("Nothing was changed."), next_step=_("Write times as 09:00, 12:30."),
            ) from None  # fmt: skip
    return found


@require_POST
@seated
def remove(request: SeatedRequest, account_id: UUID, slot_id: UUID) -> HttpResponseBase:
    """Take one slot away."""
    actions.remove_slot(actor=request.membership, account_id=account_id, slot_id=slot_id, now=timezone.now())
    messages.success(request, _("Removed. What was planned there stays planned."))
    return redirect("slots", account_id)


@require_POST
@seated
def move(request: SeatedRequest, account_id: UUID) -> HttpResponseBase:
    """Let one post change places with its neighbour in the queue, or give all their times out in another order.

    The order before is kept to go back to.
    """
    actor, now = request.membership, timezone.now()
    account = access_account(actor, account_id, Ability.PUBLISH)
    before = [part.delivery_id for part in queries.slot_queue(account, now)]
    if request.POST.get("do") == "arrange":
        order = [valid_id(one) for one in request.POST.getlist("order")]
        actions.arrange_queue(actor=actor, account_id=account_id, order=order, now=now)
        messages.success(request, _("The queue has the new order."))
    else:
        by = -1 if request.POST.get("do") == "up" else 1
        actions.move_in_queue(actor=actor, delivery_id=valid_id(request.POST.get("delivery", "")), by=by, now=now)
    _keep_order(request, account_id, before)
    return redirect("slots", account_id)


def _keep_order(request: SeatedRequest, account_id: UUID, before: list[UUID]) -> None:
    kept: dict[str, list[str]] = request.session.get(UNDO_KEY) or {}
    request.session[UNDO_KEY] = kept | {str(account_id): [str(one) for one in before]}


@require_POST
@seated
def move_one(request: SeatedRequest, account_id: UUID, slot_id: UUID) -> HttpResponseBase:
    """Move a slot to another day of the week, another time, or both; ten seconds to take that back."""
    slot = access_account(request.membership, account_id).slots.filter(id=slot_id).first()
    typed, at = request.POST.get("weekday", ""), request.POST.get("time", "")
    weekday = int(typed) if typed in set("0123456") else -1
    to = (weekday, _times(at)[0] if at.strip() else slot.local_time if slot else time())
    before = move_slot(actor=request.membership, account_id=account_id, slot_id=slot_id, to=to, now=timezone.now())
    undo = reverse("slot_move_back", args=[account_id, slot_id, before[0], before[1].strftime("%H%M")])
    said = {"day": WEEKDAYS[to[0]], "time": to[1].strftime("%H:%M")}
    messages.success(request, _("The slot is on %(day)s at %(time)s.") % said, extra_tags=undo)
    return redirect("slots", account_id)


@require_POST
@seated
def move_one_back(
    request: SeatedRequest, account_id: UUID, slot_id: UUID, weekday: int, clock: str
) -> HttpResponseBase:
    """Undo the move of a slot; ``clock`` is its time before, as HHMM."""
    to = (
        weekday,
        time(int(clock[:2]) % 24, int(clock[2:]) % 60) if len(clock) == 4 and clock.isdecimal() else time(),
    )
    move_slot(actor=request.membership, account_id=account_id, slot_id=slot_id, to=to, now=timezone.now())
    messages.success(request, _("The slot is back where it was."))
    address = reverse("slots", args=[account_id])
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


@require_POST
@seated
def shuffle(request: SeatedRequest, account_id: UUID) -> HttpResponseBase:
    """Deal the times out anew, keeping the order before to go back to; or go back to it."""
    kept: dict[str, list[str]] = request.session.get(UNDO_KEY) or {}
    if request.POST.get("do") == "undo":
        order = [valid_id(one) for one in kept.pop(str(account_id), [])]
        actions.arrange_queue(actor=request.membership, account_id=account_id, order=order, now=timezone.now())
        messages.success(request, _("The order before is back."))
    else:
        before = actions.shuffle_queue(
            actor=request.membership, account_id=account_id, seed=secrets.randbits(32), now=timezone.now()
        )
        kept[str(account_id)] = [str(one) for one in before]
        messages.success(request, _("Shuffled."))
    request.session[UNDO_KEY] = kept
    return redirect("slots", account_id)


@require_POST
@seated
def evergreen(request: SeatedRequest) -> HttpResponseBase:
    """Let a post refill empty slots of an account."""
    account_id = valid_id(request.POST.get("account", ""))
    actions.mark_evergreen(
        actor=request.membership,
        post_id=valid_id(request.POST.get("post", "")),
        account_id=account_id,
        now=timezone.now(),
    )
    messages.success(request, _("It refills empty slots from now on."))
    return redirect("slots", account_id)


@require_POST
@seated
def unmark(request: SeatedRequest, evergreen_id: UUID) -> HttpResponseBase:
    """Take a post off the evergreen list."""
    account_id = valid_id(request.POST.get("account", ""))
    actions.unmark_evergreen(actor=request.membership, evergreen_id=evergreen_id, now=timezone.now())
    messages.success(request, _("Taken off the list. What it filled already stays planned."))
    return redirect("slots", account_id)
