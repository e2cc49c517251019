"""Working together on conversations: notes, who is here, merge and split, many at once, one's notices."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from pluralis.core.clock import instant_at
from pluralis.core.later import later
from pluralis.inbox import actions
from pluralis.inbox.access import access_conversation
from pluralis.inbox.actions.presence import DOING, LOOKING
from pluralis.inbox.queries import teamwork as queries
from pluralis.teams.access import Ability, may, require, valid_id
from pluralis.teams.errors import Invalid
from pluralis.web.gates import SeatedRequest, back, seated

SOME_RINGING, MOST_RINGING = 50, 500
"""How many alarms a page shows, and when all are asked for."""


@require_POST
@seated
def note(request: SeatedRequest, conversation_id: UUID) -> HttpResponseBase:
    """Write a note; whoever it calls is told."""
    actions.add_note(
        actor=request.membership,
        conversation_id=conversation_id,
        text=request.POST.get("text", "").replace("\r\n", "\n"),
        now=timezone.now(),
    )
    return redirect(back(request, reverse("conversation", args=[conversation_id])))


@require_POST
@seated
def note_remove(request: SeatedRequest, note_id: UUID) -> HttpResponseBase:
    """Take one's own note back."""
    found = actions.remove_note(actor=request.membership, note_id=note_id, now=timezone.now())
    return redirect("conversation", found.id)


@seated
def presence(request: SeatedRequest, conversation_id: UUID) -> HttpResponseBase:
    """Say what one does here (POST), or see who else is here (GET)."""
    found = access_conversation(request.membership, conversation_id)
    now = timezone.now()
    if request.method == "POST":
        doing = request.POST.get("doing", LOOKING)
        doing = doing if doing in DOING else LOOKING
        actions.be_present(actor=request.membership, conversation_id=found.id, doing=doing, now=now)
        return HttpResponse(status=204)
    here = queries.others_here(request.membership, found, now)
    return render(request, "inbox/presence.html", {"others_here": here, "conversation": found})


@require_POST
@seated
def merge(request: SeatedRequest, conversation_id: UUID) -> HttpResponseBase:
    """Put another conversation of the same person into this one."""
    made = actions.merge_conversations(
        actor=request.membership,
        conversation_id=valid_id(request.POST.get("other", "")),
        into_id=conversation_id,
        now=timezone.now(),
    )
    messages.success(request, _("Merged."), extra_tags=reverse("regrouping_undo", args=[made.id]))
    return redirect("conversation", made.target_id)


@require_POST
@seated
def split(request: SeatedRequest, conversation_id: UUID) -> HttpResponseBase:
    """Move chosen messages into a conversation of their own."""
    made = actions.split_conversation(
        actor=request.membership,
        conversation_id=conversation_id,
        message_ids=[valid_id(each) for each in request.POST.getlist("message")[:500]],
        now=timezone.now(),
    )
    messages.success(request, _("Split."), extra_tags=reverse("regrouping_undo", args=[made.id]))
    return redirect("conversation", made.target_id)


@require_POST
@seated
def undo_regrouping(request: SeatedRequest, regrouping_id: UUID) -> HttpResponseBase:
    """Take a merge or a split back."""
    found = actions.undo_regrouping(actor=request.membership, regrouping_id=regrouping_id, now=timezone.now())
    address = reverse("conversation", args=[found.id])
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def until_of(request: SeatedRequest) -> datetime:
    """Return until when a form puts something off: one of the named times, minutes, or an exact time of the zone."""
    now, zone = timezone.now(), timezone.get_current_timezone()
    named = later(now, zone)
    chosen = request.POST.get("later", "")
    if chosen in named:
        return named[chosen]
    typed = parse_datetime(request.POST.get("at", "").strip()) if request.POST.get("at") else None
    if typed is None:
        raise Invalid("no_time", _("When should it come back?"), kept=_("Nothing was changed."),
                      next_step=_("Choose one of the times, or give a day and an hour."))  # fmt: skip
    return typed if timezone.is_aware(typed) else instant_at(typed.date(), typed.time(), zone)


_DONE = {
    "claim": lambda number: ngettext("%(number)d is yours.", "%(number)d are yours.", number),
    "release": lambda number: ngettext("%(number)d given back.", "%(number)d given back.", number),
    "assign": lambda number: ngettext("%(number)d handed over.", "%(number)d handed over.", number),
    "snooze": lambda number: ngettext("%(number)d put off.", "%(number)d put off.", number),
    "resolve": lambda number: ngettext("%(number)d resolved.", "%(number)d resolved.", number),
    "reopen": lambda number: ngettext("%(number)d open again.", "%(number)d open again.", number),
}


@require_POST
@seated
def bulk(request: SeatedRequest) -> HttpResponseBase:
    """Do one thing with all chosen conversations; what could not be done is told with its reason."""
    asked = request.POST if request.POST.get("do") else request.GET
    what = asked.get("do", "")
    ids = [valid_id(each) for each in asked.getlist("id")[:200]]
    bulk = actions.Bulk(
        what,
        member_id=valid_id(asked["member"]) if what == "assign" and asked.get("member") else None,
        until=until_of(request) if what == "snooze" else None,
    )
    outcome = actions.do_many(actor=request.membership, conversation_ids=ids, bulk=bulk, now=timezone.now())
    if outcome.done:
        said = _DONE[what](len(outcome.done)) % {"number": len(outcome.done)}
        messages.success(request, said, extra_tags=_undo_of(what, outcome.done))
    reasons: dict[str, int] = {}
    for _id, error in outcome.refused:
        reasons[str(error.happened)] = reasons.get(str(error.happened), 0) + 1
    for reason, number in reasons.items():
        messages.error(request, ngettext("%(number)d not: %(reason)s", "%(number)d not: %(reason)s", number)
                       % {"number": number, "reason": reason})  # fmt: skip
    address = back(request, reverse("inbox"))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _undo_of(what: str, ids: list[UUID]) -> str:
    backwards = {"claim": "release", "resolve": "reopen", "snooze": "reopen"}.get(what)
    if backwards is None or len(ids) > 50:
        return ""
    return reverse("conversation_bulk") + "?" + urlencode([("do", backwards), *(("id", each) for each in ids)])


@require_POST
@seated
def see_notices(request: SeatedRequest) -> HttpResponseBase:
    """Mark all of one's notices as seen."""
    actions.see_notices(actor=request.membership, now=timezone.now())
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return redirect(back(request))


@seated
def notices(request: SeatedRequest) -> HttpResponseBase:
    """One's notices as the frame shows them."""
    return render(request, "frame/notices.html", {})


@seated
def alarms(request: SeatedRequest) -> HttpResponseBase:
    """Who waits too long, and what was told of it to mail and webhooks."""
    require(request.membership, Ability.VIEW)
    ringing = queries.ringing(request.membership, MOST_RINGING if "all" in request.GET else SOME_RINGING)
    longer = queries.waiting_longer(request.membership, timezone.now())
    context: dict[str, Any] = {
        "ringing": ringing,
        "how_many": queries.ringing_alarms(request.membership).count(),
        "longer": list(longer[:SOME_RINGING]),
        "how_many_longer": longer.count(),
        "calls": queries.calls_of(request.membership),
        "manages": may(request.membership, Ability.MANAGE_ACCOUNTS),
        "here": date_format(timezone.localtime(), "TIME_FORMAT"),
    }
    return render(request, "inbox/alarms.html", context)
