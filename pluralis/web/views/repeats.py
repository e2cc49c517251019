"""Repeats: the list, one repeat with its coming times, and what may be done to it."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pluralis.publishing import actions, queries
from pluralis.publishing.access_repeats import access_recurrence
from pluralis.publishing.actions.missed_times import leave_missed_times, send_missed_time
from pluralis.publishing.models import Delivery, Recurrence
from pluralis.teams.access import Ability, accounts_of, may, valid_id
from pluralis.teams.errors import ActionError
from pluralis.web.gates import SeatedRequest, back, seated
from pluralis.web.repeat_form import fields_from, fields_of, order_of
from pluralis.web.views.write import Problem, instant_of


@seated
def repeats(request: SeatedRequest) -> HttpResponseBase:
    """Every repeat with its next time and whether it goes on."""
    found = list(queries.recurrences_of(request.membership))
    following = queries.next_times(found, timezone.now())
    for each in found:
        _dress(each, following.get(each.id))
    context = {"recurrences": found, "may_publish": may(request.membership, Ability.PUBLISH)}
    return render(request, "repeats/index.html", context)


def _dress(recurrence: Recurrence, at: datetime | None) -> None:
    """Give a repeat what its row shows."""
    recurrence.said = queries.summary_of(recurrence, get_language() or "en")  # type: ignore[attr-defined]
    recurrence.next_at = at  # type: ignore[attr-defined]
    recurrence.accounts = [seat.account for seat in recurrence.seats.all()]  # type: ignore[attr-defined]
    recurrence.shown_state = (  # type: ignore[attr-defined]
        "ended" if recurrence.ended_at else "paused" if recurrence.paused_at
        else "waiting" if recurrence.waiting_code else "going"
    )  # fmt: skip


@seated
def repeat(request: SeatedRequest, recurrence_id: UUID) -> HttpResponseBase:
    """One repeat: its coming times, texts, and a form that changes all later times."""
    access_recurrence(request.membership, recurrence_id)
    if request.method == "POST":
        return _change(request, recurrence_id)
    return _page(request, recurrence_id)


def _page(request: SeatedRequest, recurrence_id: UUID, error: ActionError | None = None) -> HttpResponseBase:
    recurrence = queries.recurrences_of(request.membership).get(id=recurrence_id)
    _dress(recurrence, None)
    texts = list(recurrence.texts.all())
    chosen = {one.id for one in recurrence.accounts}  # type: ignore[attr-defined]
    typed = error is not None
    context = {
        "recurrence": recurrence,
        "coming": queries.coming_times(recurrence, timezone.now()),
        "missed": queries.missed_times(recurrence),
        "texts": texts,
        "own_text": queries.own_text_needed(recurrence.accounts),  # type: ignore[attr-defined]
        "repeat": fields_of(request.POST, recurrence.zone) if typed else fields_from(recurrence),
        "accounts": list(accounts_of(request.membership)),
        "chosen": {valid_id(one) for one in request.POST.getlist("accounts")} if typed else chosen,
        "zone": str(timezone.get_current_timezone()),
        "missed_policies": Delivery.Missed.choices,
        "may_change": may(request.membership, Ability.PUBLISH) and recurrence.ended_at is None,
        "problem": Problem(error) if error else None,
    }
    return render(request, "repeats/repeat.html", context, status=error.status if error else 200)


def _change(request: SeatedRequest, recurrence_id: UUID) -> HttpResponseBase:
    stored = queries.recurrences_of(request.membership).get(id=recurrence_id)
    # The texts have a form of their own; those that wait for their turn stay.
    kept = tuple(each.text for each in stored.texts.all() if each.position and not each.uses)
    try:
        order = order_of(
            replace(fields_of(request.POST, stored.zone), texts=kept),
            missed_policy=request.POST.get("missed_policy", ""),
            override_reason=stored.override_reason,
        )
        actions.change_repeat(
            actor=request.membership,
            recurrence_id=recurrence_id,
            account_ids=[valid_id(one) for one in request.POST.getlist("accounts")],
            order=order,
            now=timezone.now(),
        )
    except ActionError as error:
        return _page(request, recurrence_id, error)
    messages.success(request, _("All later times are planned anew."))
    return redirect("repeat", recurrence_id)


@require_POST
@seated
def texts(request: SeatedRequest, recurrence_id: UUID) -> HttpResponseBase:
    """Add a text to those that wait for their turn, or take one away."""
    recurrence = access_recurrence(request.membership, recurrence_id)
    waiting = [each for each in recurrence.texts.all() if each.position and not each.uses]
    kept = [each.text for each in waiting if str(each.id) != request.POST.get("drop")]
    fresh = [one.replace("\r\n", "\n") for one in request.POST.getlist("repeat_text") if one.strip()]
    actions.change_texts(
        actor=request.membership, recurrence_id=recurrence_id, texts=kept + fresh, now=timezone.now()
    )
    messages.success(request, _("The texts are saved."))
    return redirect("repeat", recurrence_id)


@require_POST
@seated
def pause(request: SeatedRequest, recurrence_id: UUID) -> HttpResponseBase:
    """Plan nothing more until it is resumed."""
    actions.pause_repeat(actor=request.membership, recurrence_id=recurrence_id, now=timezone.now())
    messages.success(request, _("Paused. What was planned is taken back."))
    return redirect("repeat", recurrence_id)


@require_POST
@seated
def resume(request: SeatedRequest, recurrence_id: UUID) -> HttpResponseBase:
    """Let it go on from now, in one's own name."""
    done = actions.resume_repeat(actor=request.membership, recurrence_id=recurrence_id, now=timezone.now())
    if done.waiting_code:
        messages.warning(request, done.waiting_words)
    else:
        messages.success(request, _("It goes on."))
    return redirect("repeat", recurrence_id)


@require_POST
@seated
def end(request: SeatedRequest, recurrence_id: UUID) -> HttpResponseBase:
    """End it for good."""
    actions.end_repeat(actor=request.membership, recurrence_id=recurrence_id, now=timezone.now())
    messages.success(request, _("Ended. What went out stays."))
    return redirect("repeats")


@require_POST
@seated
def occurrence(request: SeatedRequest, recurrence_id: UUID) -> HttpResponseBase:
    """Skip one time, bring it back, or move it; send one that passed unplanned after all, or leave it."""
    wish: dict[str, Any] = {
        "actor": request.membership, "recurrence_id": recurrence_id, "local": request.POST.get("local", ""),
        "now": timezone.now(),
    }  # fmt: skip
    at = instant_of(request.POST.get("at", ""))
    if request.POST.get("do") == "send":
        send_missed_time(**wish)
        messages.success(request, _("It goes out now."))
        return redirect(back(request, reverse("aftermath")))
    if request.POST.get("do") == "leave":
        del wish["local"]
        leave_missed_times(**wish)
        messages.success(request, _("They are left. The repeat goes on with its next time."))
        return redirect(back(request, reverse("aftermath")))
    if request.POST.get("do") == "unskip":
        actions.unskip_occurrence(**wish)
        messages.success(request, _("It goes out after all."))
    elif request.POST.get("do") == "move" and at is not None:
        actions.move_occurrence(**wish, to=at)
        messages.success(request, _("Only this one is moved."))
    else:
        actions.skip_occurrence(**wish)
        messages.success(request, _("This one is skipped; the others stay."))
    return redirect("repeat", recurrence_id)
