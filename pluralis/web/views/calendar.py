"""Calendar: what goes out when, as a list and as a month; and one planned post with what may be done to it."""

import calendar as months
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pluralis.core.states import PART_MOVES, HoldReason, PartState
from pluralis.publishing import actions, queries
from pluralis.publishing.access import access_delivery, access_part
from pluralis.publishing.models import Part
from pluralis.teams.access import Ability, may
from pluralis.teams.errors import Invalid
from pluralis.teams.queries import members_of
from pluralis.web.gates import SeatedRequest, back, seated
from pluralis.web.views.write import instant_of

LIST_DAYS = 14
OPEN = frozenset({PartState.WAITING, PartState.HELD, PartState.MISSED, PartState.REFUSED})


@seated
def calendar(request: SeatedRequest) -> HttpResponseBase:
    """Two weeks as a list, or one month; what waits for a person stands above both."""
    today = timezone.localdate()
    if request.GET.get("view") == "month":
        shown = _month(request, _day(request.GET.get("month", "") + "-01") or today)
    else:
        shown = _list(request, _day(request.GET.get("from", "")) or today)
    context = {
        "attention": queries.waiting_for_a_person(request.membership, 20),
        "zone": str(timezone.get_current_timezone()),
        "list_url": reverse("calendar"),
        "month_url": reverse("calendar") + "?view=month",
        "may_write": may(request.membership, Ability.WRITE),
    }
    return render(request, "calendar/index.html", context | shown)


def _list(request: SeatedRequest, first: date) -> dict[str, Any]:
    by_day = _by_day(_parts(request, first, first + timedelta(days=LIST_DAYS)))
    step = timedelta(days=LIST_DAYS)
    return {
        "view": "list",
        "label": _("From %(day)s") % {"day": date_format(first, "DATE_FORMAT")},
        "days": [_shown(day, by_day[day]) for day in sorted(by_day)],
        "previous_url": _address(**{"from": first - step}),
        "next_url": _address(**{"from": first + step}),
        "today_url": _address(),
    }


def _month(request: SeatedRequest, day: date) -> dict[str, Any]:
    weeks = months.Calendar().monthdatescalendar(day.year, day.month)
    parts = _parts(request, weeks[0][0], weeks[-1][-1] + timedelta(days=1))
    by_day = _by_day(parts)
    first = day.replace(day=1)
    return {
        "view": "month",
        "label": date_format(first, "YEAR_MONTH_FORMAT").capitalize(),
        "day_names": [WEEKDAYS_ABBR[number] for number in range(7)],
        "weeks": [[_shown(one, by_day[one]) | {"other": one.month != day.month} for one in week] for week in weeks],
        "previous_url": _address(view="month", month=(first - timedelta(days=1)).strftime("%Y-%m")),
        "next_url": _address(view="month", month=(first + timedelta(days=32)).strftime("%Y-%m")),
        "today_url": _address(view="month"),
    }


def _parts(request: SeatedRequest, first: date, after: date) -> list[Part]:
    account = request.session.get("account")
    found = queries.calendar_between(
        request.membership, _midnight(first), _midnight(after), [UUID(account)] if account else []
    )
    changes = may(request.membership, Ability.PUBLISH)
    for part in found:
        part.movable = changes and part.state in OPEN  # type: ignore[attr-defined]
    return found


def _by_day(parts: Iterable[Part]) -> dict[date, list[Part]]:
    by_day: dict[date, list[Part]] = defaultdict(list)
    for part in parts:
        by_day[timezone.localdate(part.planned_at)].append(part)
    return by_day


def _shown(day: date, parts: list[Part]) -> dict[str, Any]:
    return {"date": day, "today": day == timezone.localdate(), "parts": parts}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _address(**words: object) -> str:
    return reverse("calendar") + (f"?{urlencode(words)}" if words else "")


@seated
def part(request: SeatedRequest, part_id: UUID) -> HttpResponseBase:
    """One planned post on one account: where it stands, why, and what a person may do."""
    found = access_part(request.membership, part_id)
    state = PartState(found.state)
    context = {
        "part": found,
        "history": queries.history_of(found),
        "at": timezone.localtime(found.planned_at).strftime("%Y-%m-%dT%H:%M"),
        "zone": str(timezone.get_current_timezone()),
        "may_change": may(request.membership, Ability.PUBLISH)
        or found.delivery.created_by_id == request.membership.id,
        "open_states": OPEN,
        **_by_hand(request, found),
        "again_states": [one for one in OPEN - {PartState.WAITING} if PartState.WAITING in PART_MOVES[state]],
    }
    return render(request, "calendar/part.html", context)


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
    wanted = _day(request.POST.get("day", ""))
    at = instant_of(request.POST.get("at", ""))
    if wanted is not None:
        at = timezone.make_aware(datetime.combine(wanted, timezone.localtime(delivery.planned_at).time()))
    if at is None:
        raise Invalid("no_time", _("No day and time is chosen."), kept=_("It stays where it was."))
    actions.move_delivery(actor=request.membership, delivery_id=delivery_id, to=at, now=timezone.now())
    messages.success(request, _("Moved to %(time)s.") % {"time": _words(at)})
    return redirect(back(request, reverse("calendar")))


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
    """Let a held, missed or refused part go on now."""
    now = timezone.now()
    actions.try_again(actor=request.membership, part_id=part_id, at=now, now=now)
    messages.success(request, _("It goes out now."))
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
    messages.success(request, _("The stop is lifted. What was held waits on the calendar for you to look at each."))
    return redirect("calendar")
