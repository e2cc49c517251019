"""Duty: the week of the roster in the reader's zone, what differs, and what is handed over."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pluralis.teams import actions
from pluralis.teams.access import Ability, may, require, valid_id
from pluralis.teams.errors import Invalid
from pluralis.teams.queries import members_of
from pluralis.teams.rostering import changes_of, notes_of, roster_of, shifts_of
from pluralis.web.duty_form import ChangeForm, ShiftForm, edges_of, gaps_of, lines_of, week_of
from pluralis.web.gates import SeatedRequest, back, seated


@seated
def roster(request: SeatedRequest) -> HttpResponseBase:
    """The week: who is on duty when, in the reader's zone, with each member's own beside it."""
    return _page(request)


def _page(request: SeatedRequest, **more: Any) -> HttpResponseBase:
    actor, now, zone = request.membership, timezone.now(), timezone.get_current_timezone()
    require(actor, Ability.VIEW)
    monday = week_of(request.GET.get("week", ""), now, zone)
    edges = edges_of(monday, zone)
    spans = roster_of(actor.team_id, edges[0]).spans(edges[0], edges[-1])
    answering = [each for each in members_of(actor.team_id) if may(each, Ability.ANSWER)]
    manages = may(actor, Ability.MANAGE_ACCOUNTS)
    own = answering if manages else [each for each in answering if each.id == actor.id]
    context = {
        "days": [(monday + timedelta(days=number)) for number in range(7)],
        "today": now.astimezone(zone).date(),
        "zone": str(zone),
        "lines": lines_of(answering, spans, edges, now),
        "gaps": gaps_of(spans, edges) if spans else [],
        "before": (monday - timedelta(days=7)).isoformat(),
        "after": (monday + timedelta(days=7)).isoformat(),
        "shifts": shifts_of(actor.team_id),
        "changes": changes_of(actor.team_id, now),
        "notes": notes_of(actor.team_id),
        "members": answering,
        "manages": manages,
        "shift_form": ShiftForm(members=answering, initial={"zone": actor.user.zone, "member": str(actor.id)}),
        "change_form": ChangeForm(members=answering, own=own),
        "may_change": bool(own),
    }
    return render(request, "duty/roster.html", context | more, status=422 if more else 200)


@require_POST
@seated
def add_shifts(request: SeatedRequest) -> HttpResponseBase:
    """Put a member on the roster."""
    require(request.membership, Ability.MANAGE_ACCOUNTS)
    members = [each for each in members_of(request.membership.team_id) if may(each, Ability.ANSWER)]
    form = ShiftForm(request.POST, members=members)
    if not form.is_valid():
        return _page(request, shift_form=form)
    typed = form.cleaned_data
    weekly = actions.Weekly(tuple(typed["weekdays"]), typed["starts"], typed["ends"], typed["zone"],
                            typed["valid_from"], typed["valid_until"])  # fmt: skip
    member = valid_id(typed["member"])
    actions.add_shifts(actor=request.membership, member_id=member, weekly=weekly, now=timezone.now())
    messages.success(request, _("The roster is changed."))
    return redirect("roster")


@require_POST
@seated
def remove_shift(request: SeatedRequest, shift_id: UUID) -> HttpResponseBase:
    """Take a shift off the roster."""
    actions.remove_shift(actor=request.membership, shift_id=shift_id, now=timezone.now())
    messages.success(request, _("The roster is changed."))
    return redirect("roster")


@require_POST
@seated
def add_change(request: SeatedRequest) -> HttpResponseBase:
    """Say what differs for a stretch: away, on duty besides, or somebody in one's place."""
    actor, now = request.membership, timezone.now()
    require(actor, Ability.VIEW)
    members = [each for each in members_of(actor.team_id) if may(each, Ability.ANSWER)]
    form = ChangeForm(request.POST, members=members, own=members)
    if not form.is_valid():
        return _page(request, change_form=form)
    typed = form.cleaned_data
    stretch = actions.Stretch(typed["starts_at"], typed["ends_at"])
    member = valid_id(typed["member"])
    try:
        if typed["what"] == "swap":
            covering = valid_id(typed["covering"])
            actions.swap_duty(actor=actor, member_id=member, covering_id=covering, stretch=stretch, now=now)
        else:
            actions.change_duty(actor=actor, member_id=member, on=typed["what"] == "on", stretch=stretch,
                                reason=typed["reason"], now=now)  # fmt: skip
    except Invalid as error:
        form.add_error(next((name for name in error.fields if name in form.fields), None), str(error))
        return _page(request, change_form=form)
    messages.success(request, _("The roster is changed."))
    return redirect("roster")


@require_POST
@seated
def remove_change(request: SeatedRequest, change_id: UUID) -> HttpResponseBase:
    """Take back what differs."""
    actions.remove_duty_change(actor=request.membership, change_id=change_id, now=timezone.now())
    messages.success(request, _("The roster is changed."))
    return redirect("roster")


@require_POST
@seated
def leave_note(request: SeatedRequest) -> HttpResponseBase:
    """Tell those who come next; who ends their duty with it ends it."""
    text, now = request.POST.get("text", "").replace("\r\n", "\n"), timezone.now()
    ending = request.POST.get("on") == "0"
    if text.strip() or not ending:
        actions.leave_note(actor=request.membership, text=text, now=now)
        messages.success(request, _("Whoever is on duty next reads it first."))
    if ending:
        actions.set_duty(actor=request.membership, on=False, now=now)
        messages.success(request, _("Your duty has ended."))
    return redirect(back(request, reverse("roster")))


@require_POST
@seated
def read_note(request: SeatedRequest, duty_note_id: UUID) -> HttpResponseBase:
    """Say that one has read a hand-over note."""
    actions.read_note(actor=request.membership, note_id=duty_note_id, now=timezone.now())
    return redirect(back(request, reverse("roster")))


@require_POST
@seated
def languages(request: SeatedRequest, member_id: UUID) -> HttpResponseBase:
    """Say in which languages a member answers."""
    typed = request.POST.get("languages", "").replace(",", " ").split()
    actions.change_languages(actor=request.membership, member_id=member_id, languages=typed, now=timezone.now())
    messages.success(request, _("The languages are saved."))
    return redirect(back(request, reverse("settings_routing")))
