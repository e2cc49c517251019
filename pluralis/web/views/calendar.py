"""Calendar: what goes out when, in six views; and one planned post with what may be done to it."""

import uuid
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pluralis.core.states import PART_MOVES, HoldReason, PartState
from pluralis.inbox.actions import see_notices
from pluralis.inbox.queries.private_answers import hide_private_answers, hide_private_posts
from pluralis.posts.access import access_post
from pluralis.posts.actions import copy_post
from pluralis.posts.queries import post_with_words
from pluralis.publishing import actions, queries
from pluralis.publishing.access import access_delivery, access_part
from pluralis.publishing.models import Overrun, Part
from pluralis.publishing.spending import price_of_thread, purse_of
from pluralis.publishing.uploads import upload_trouble
from pluralis.teams.access import Ability, accounts_of, may
from pluralis.teams.errors import Invalid
from pluralis.teams.queries import members_of
from pluralis.web.gates import SeatedRequest, back, seated
from pluralis.web.hidden import hidden_words
from pluralis.web.timetable import MOVABLE as OPEN
from pluralis.web.timetable import VIEWS, Timetable, Wanted, day_of, instant_at, mark_of
from pluralis.web.views.aftermath import what_may_be_done
from pluralis.web.views.write import instant_of


@seated
def calendar(request: SeatedRequest) -> HttpResponseBase:
    """What is planned and what is out, as the chosen view; what waits for a person stands above the planned ones."""
    view = request.GET.get("view", "list")
    view = view if view in VIEWS else "list"
    day = day_of(request.GET.get("from", "")) or timezone.localdate()
    table = _timetable(request)
    attention = queries.waiting_for_a_person(request.membership, 20) if view != "sent" else []
    hide_private_answers(request.membership, attention, timezone.now())
    context = {
        "view": view,
        "views": table.views(day),
        "chips": table.chips(view, **_turned(request)),
        "filters": table.filters(view, **_turned(request)) if view not in ("queue", "sent") else [],
        "attention": attention,
        "zone": str(timezone.get_current_timezone()),
        "may_write": may(request.membership, Ability.WRITE),
        "may_change": may(request.membership, Ability.PUBLISH),
    }
    return render(request, "calendar/index.html", context | _laid_out(request, table, view, day))


def _timetable(request: SeatedRequest) -> Timetable:
    wanted = Wanted.of(request.GET, request.session.get("account"))
    accounts = list(accounts_of(request.membership))
    return Timetable(request.membership, wanted, accounts, all_hours=request.GET.get("hours") == "all")


def _turned(request: SeatedRequest) -> dict[str, str]:
    """The words of the address that say which stretch is shown, so that a filter stays on it."""
    return {name: request.GET[name] for name in ("from", "hours") if request.GET.get(name)}


def _laid_out(request: SeatedRequest, table: Timetable, view: str, day: date) -> dict[str, Any]:
    mark = mark_of(request.GET.get("after", ""))
    if view == "queue":
        return table.queue(mark)
    if view == "sent":
        return table.sent(mark)
    laid_out = {"day": table.day, "week": table.week, "month": table.month, "list": table.listed}
    return laid_out[view](day)


@seated
def part(request: SeatedRequest, part_id: UUID) -> HttpResponseBase:
    """One planned post on one account: where it stands, why, and what a person may do."""
    found = access_part(request.membership, part_id)
    state = PartState(found.state)
    hide_private_answers(request.membership, [found], timezone.now())
    see_notices(actor=request.membership, now=timezone.now(), part_id=found.id)
    context = {
        "part": found,
        "upload": upload_trouble(found),
        "history": queries.history_of(found),
        "at": timezone.localtime(found.planned_at).strftime("%Y-%m-%dT%H:%M"),
        "zone": str(timezone.get_current_timezone()),
        "may_change": may(request.membership, Ability.PUBLISH)
        or found.delivery.created_by_id == request.membership.id,
        "may_write": may(request.membership, Ability.WRITE),
        "open_states": OPEN,
        **_by_hand(request, found),
        **_over_budget(request, found),
        **what_may_be_done(request, found),
        "ahead": found.planned_at > timezone.now(),
        "again_states": [one for one in OPEN - {PartState.WAITING} if PartState.WAITING in PART_MOVES[state]],
    }
    return render(request, "calendar/part.html", context)


def _over_budget(request: SeatedRequest, part: Part) -> dict[str, Any]:
    """What the page says of a part whose price passes a budget, or was let go although it did."""
    if part.hold_reason == HoldReason.OVER_BUDGET:
        purse = purse_of(part.account)
        return {"over_budget": not purse.suffices(part), "may_override": may(request.membership, Ability.OVERRIDE),
                "price": price_of_thread(part), "left": purse.left}  # fmt: skip
    return {"overrun": Overrun.objects.filter(part__delivery=part.delivery_id).first()}


def _by_hand(request: SeatedRequest, part: Part) -> dict[str, Any]:
    """What the page says of a part that the network lets only people send."""
    if part.state != PartState.HELD or part.hold_reason != HoldReason.BY_HAND:
        return {}
    trusted = [str(seat.user) for seat in members_of(part.team_id) if actions.may_finish_by_hand(seat, part)]
    return {
        "by_hand": True,
        "may_finish": actions.may_finish_by_hand(request.membership, part),
        "trusted": ", ".join(trusted),
        "looking": part.look_again_at is not None,
        "not_found": part.reason == actions.NOT_FOUND,
    }


@require_POST
@seated
def move(request: SeatedRequest, delivery_id: UUID) -> HttpResponseBase:
    """Plan for another time: ``at`` is a day and an hour, ``day`` keeps the hour."""
    delivery = access_delivery(request.membership, delivery_id)
    wanted = day_of(request.POST.get("day", ""))
    at = instant_of(request.POST.get("at", ""))
    if wanted is not None:
        at = timezone.make_aware(datetime.combine(wanted, timezone.localtime(delivery.planned_at).time()))
    if at is None:
        raise Invalid("no_time", _("No day and time is chosen."), kept=_("It stays where it was."))
    before = delivery.planned_at
    actions.move_delivery(actor=request.membership, delivery_id=delivery_id, to=at, now=timezone.now())
    undo = reverse("delivery_move_back", args=[delivery_id, int(before.timestamp())])
    messages.success(request, _("Moved to %(time)s.") % {"time": _words(at)}, extra_tags=undo)
    return redirect(back(request, reverse("calendar")))


@require_POST
@seated
def move_back(request: SeatedRequest, delivery_id: UUID, before: int) -> HttpResponseBase:
    """Undo a move: plan for the instant (seconds since 1970) it stood at."""
    at = instant_at(before)
    actions.move_delivery(actor=request.membership, delivery_id=delivery_id, to=at, now=timezone.now())
    messages.success(request, _("Moved back to %(time)s.") % {"time": _words(at)})
    address = back(request, reverse("calendar"))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


@require_POST
@seated
def copy(request: SeatedRequest, post_id: UUID) -> HttpResponseBase:
    """Make a new draft with the words and pictures of a post, and open it."""
    original = post_with_words(access_post(request.membership, post_id).id)
    if hide_private_posts(request.membership, [original], timezone.now()):
        raise hidden_words()
    made = copy_post(actor=request.membership, post_id=post_id, client_key=uuid.uuid4().hex, now=timezone.now())
    messages.success(request, _("Copied into a new draft. The original stays as it is."))
    return redirect("write_post", made.id)


def _words(at: datetime) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


@require_POST
@seated
def cancel(request: SeatedRequest, delivery_id: UUID) -> HttpResponseBase:
    """Take back what has not gone out."""
    actions.cancel_delivery(actor=request.membership, delivery_id=delivery_id, now=timezone.now())
    messages.success(request, _("Taken back. What is out already stays out."))
    return redirect("calendar")


@require_POST
@seated
def again(request: SeatedRequest, part_id: UUID) -> HttpResponseBase:
    """Let a held, missed or refused part go on now, or at the time it was planned for."""
    now, planned = timezone.now(), access_part(request.membership, part_id).planned_at
    at = planned if "as_planned" in request.POST else now
    actions.try_again(actor=request.membership, part_id=part_id, at=at, now=now)
    messages.success(request, _("It goes out as planned.") if at > now else _("It goes out now."))
    return redirect(back(request, reverse("calendar")))


@require_POST
@seated
def let_be(request: SeatedRequest, part_id: UUID) -> HttpResponseBase:
    """Close a part in doubt: a person has looked."""
    actions.let_be(actor=request.membership, part_id=part_id, now=timezone.now())
    messages.success(request, _("Closed. It is not sent again."))
    return redirect(back(request, reverse("calendar")))


@require_POST
@seated
def link(request: SeatedRequest, part_id: UUID) -> HttpResponseBase:
    """Say where a part in doubt stands on the network."""
    url = request.POST.get("url", "").strip()
    actions.link_by_url(actor=request.membership, part_id=part_id, url=url, now=timezone.now())
    messages.success(request, _("Linked: it stands on the network."))
    return redirect("part", part_id)


@require_POST
@seated
def open_by_hand(request: SeatedRequest, part_id: UUID) -> HttpResponseBase:
    """Name the profile that must be signed in, go to the network's page, and look for the post from now on."""
    found = actions.open_by_hand(actor=request.membership, part_id=part_id, now=timezone.now())
    return render(request, "calendar/open_by_hand.html", {"part": found, "url": found.by_hand_url})


@require_POST
@seated
def stop(request: SeatedRequest) -> HttpResponseBase:
    """Hold everything on all accounts of the team."""
    reason = request.POST.get("reason", "")
    held = actions.stop_everything(actor=request.membership, reason=reason, now=timezone.now())
    messages.warning(request, _("Everything is stopped. %(count)d posts are held.") % {"count": held})
    return redirect(back(request))


@require_POST
@seated
def lift(request: SeatedRequest) -> HttpResponseBase:
    """End the stop; what was held waits until a person looks at each."""
    actions.lift_stop(actor=request.membership, now=timezone.now())
    messages.success(request, _("The stop is lifted. What was held waits here for you to look at each."))
    return redirect("aftermath")
