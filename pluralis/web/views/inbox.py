"""Inbox: the list, a conversation with who writes, and everything a person does with it."""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta
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
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from pluralis.core.states import ConversationState
from pluralis.inbox import actions, queries
from pluralis.inbox.access import access_conversation
from pluralis.inbox.models import Conversation
from pluralis.inbox.queries import Filter
from pluralis.inbox.queries.masked import around, read_conversation
from pluralis.publishing.actions import UNDO, Plan
from pluralis.publishing.checks import Confirmations
from pluralis.teams.access import Ability, may, require, valid_id
from pluralis.teams.errors import ActionError, NotFound
from pluralis.teams.queries import members_of
from pluralis.web.gates import SeatedRequest, back, seated
from pluralis.web.replying import Typed, box, previewed
from pluralis.web.views.inbox_replies import beside

HOUR = 60
SNOOZES = (HOUR, 4 * HOUR, 24 * HOUR, 72 * HOUR)


@seated
def inbox(request: SeatedRequest) -> HttpResponseBase:
    """The list of conversations."""
    require(request.membership, Ability.VIEW)
    return render(request, "inbox/index.html", _list(request))


@seated
def conversation(request: SeatedRequest, conversation_id: UUID) -> HttpResponseBase:
    """The list with one conversation open beside it."""
    return _open(request, access_conversation(request.membership, conversation_id))


def _open(request: SeatedRequest, found: Conversation, **more: Any) -> HttpResponse:
    read, answers_to = read_conversation(request.membership, found, timezone.now()), queries.last_incoming(found)
    typed = more.pop("typed_answer", Typed())
    context = _list(request) | {
        "whole": read.whole,
        "hidden": read.hidden,
        "may_look": read.may_look,
        "around": around(found),
        "may_override": may(request.membership, Ability.OVERRIDE),
        **beside(request, found, answers_to),
        "answers_to": answers_to,
        "may_answer": may(request.membership, Ability.ANSWER) or found.account.member_id == request.membership.id,
        "closed": _closed(found),
        "members": members_of(request.membership.team_id),
        "profiles": list(found.contact.profiles.all()) if found.contact else [],
        "earlier": queries.earlier_conversations(found),
        "snoozes": [(minutes, _in(minutes)) for minutes in SNOOZES],
        "client_key": uuid.uuid4().hex,
        "account": found.account,
    }
    if context["may_answer"] and not context["closed"]:
        context |= box(found, answers_to, typed)
    error: ActionError | None = more.get("problem")
    return render(request, "inbox/index.html", context | more, status=error.status if error else 200)


def _closed(found: Conversation) -> str:
    until = found.contact.do_not_engage_until if found.contact else None
    if until is None or until <= timezone.now():
        return ""
    return _("Your team decided not to answer this person.") + f" {found.contact.do_not_engage_reason}"  # type: ignore[union-attr]


def _in(minutes: int) -> str:
    hours = minutes // HOUR
    if hours < 24:
        return ngettext("In %(number)d hour", "In %(number)d hours", hours) % {"number": hours}
    return ngettext("In %(number)d day", "In %(number)d days", hours // 24) % {"number": hours // 24}


def _filter(request: SeatedRequest) -> Filter:
    asked = request.GET
    states = {one.value for one in ConversationState} | {""}
    state = asked.get("state", "" if asked.get("words") else ConversationState.OPEN.value)
    account = request.session.get("account")
    return Filter(
        state=state if state in states else ConversationState.OPEN.value,
        account_id=valid_id(account) if account else None,
        mine=asked.get("mine") == "1",
        unassigned=asked.get("unassigned") == "1",
        label=asked.get("label", "")[:16],
        words=asked.get("words", "")[:200],
    )


def _list(request: SeatedRequest) -> dict[str, Any]:
    wanted = _filter(request)
    page = queries.inbox_page(request.membership, wanted, _older_than(request.GET.get("before", "")))
    next_words = {"before": f"{page.older_than[0].isoformat()}_{page.older_than[1]}"} if page.older_than else None
    return {
        "page": page,
        "filter": wanted,
        "filters": _filters(wanted, queries.counts(request.membership)),
        "query": _query(wanted),
        "next_url": f"{reverse('inbox')}?{_query(wanted, **next_words)}" if next_words else "",
    }


def _older_than(typed: str) -> tuple[datetime, UUID] | None:
    at, _mark, last_id = typed.partition("_")
    try:
        instant = parse_datetime(at)
        return (instant, valid_id(last_id)) if instant and timezone.is_aware(instant) else None
    except (ValueError, NotFound):
        return None


def _query(wanted: Filter, **more: str) -> str:
    words = {
        "state": wanted.state,
        "mine": "1" if wanted.mine else None,
        "unassigned": "1" if wanted.unassigned else None,
        "label": wanted.label or None,
        "words": wanted.words or None,
    }
    return urlencode({name: value for name, value in words.items() if value is not None} | more)


def _filters(wanted: Filter, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The lists one can look at, each with how many are in it."""
    base = replace(wanted, mine=False, unassigned=False, words="", label="")
    lists = [
        (pgettext("list of conversations", "Open"), replace(base, state="open"), counts["open"]),
        (pgettext("list of conversations", "Mine"), replace(base, state="", mine=True), counts["mine"]),
        (pgettext("list of conversations", "Waiting"), replace(base, state="waiting"), counts["waiting"]),
        (pgettext("list of conversations", "Later"), replace(base, state="snoozed"), counts["snoozed"]),
        (pgettext("list of conversations", "Resolved"), replace(base, state="resolved"), 0),
    ]
    return [
        {"label": label, "url": f"{reverse('inbox')}?{_query(one)}", "count": count, "current": one == wanted}
        for label, one, count in lists
    ]


@require_POST
@seated
def claim(request: SeatedRequest, conversation_id: UUID) -> HttpResponseBase:
    """Take a conversation; of two people exactly one gets it."""
    actions.claim_conversation(
        actor=request.membership,
        conversation_id=conversation_id,
        now=timezone.now(),
        take_over=request.POST.get("take_over") == "1",
    )
    return redirect(_back(request, conversation_id))


@require_POST
@seated
def release(request: SeatedRequest, conversation_id: UUID) -> HttpResponseBase:
    """Give a conversation back to the team."""
    actions.release_conversation(actor=request.membership, conversation_id=conversation_id, now=timezone.now())
    return redirect(_back(request, conversation_id))


@require_POST
@seated
def assign(request: SeatedRequest, conversation_id: UUID) -> HttpResponseBase:
    """Hand a conversation over."""
    changed = actions.assign_conversation(
        actor=request.membership,
        conversation_id=conversation_id,
        membership_id=valid_id(request.POST.get("member", "")),
        now=timezone.now(),
    )
    messages.success(request, _("Handed over to %(name)s.") % {"name": changed.assigned_to.user})  # type: ignore[union-attr]
    return redirect(_back(request, conversation_id))


@require_POST
@seated
def snooze(request: SeatedRequest, conversation_id: UUID) -> HttpResponseBase:
    """Put a conversation off; it comes back by itself."""
    typed = request.POST.get("minutes", "")
    minutes = int(typed) if typed.isdigit() and len(typed) < 6 else HOUR
    now = timezone.now()
    actions.snooze_conversation(
        actor=request.membership, conversation_id=conversation_id, until=now + timedelta(minutes=minutes), now=now
    )
    messages.success(request, _("It comes back by itself: %(when)s.") % {"when": _in(max(minutes, HOUR)).lower()})
    return redirect(_back(request, conversation_id))


@require_POST
@seated
def resolve(request: SeatedRequest, conversation_id: UUID) -> HttpResponseBase:
    """Close a conversation until somebody writes again."""
    actions.resolve_conversation(actor=request.membership, conversation_id=conversation_id, now=timezone.now())
    undo = reverse("conversation_reopen", args=[conversation_id])
    messages.success(request, _("Resolved."), extra_tags=undo)
    return redirect(_back(request, conversation_id))


@require_POST
@seated
def reopen(request: SeatedRequest, conversation_id: UUID) -> HttpResponseBase:
    """Open a conversation again."""
    actions.reopen_conversation(actor=request.membership, conversation_id=conversation_id, now=timezone.now())
    address = reverse("conversation", args=[conversation_id])
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _back(request: SeatedRequest, conversation_id: UUID) -> str:
    return back(request, reverse("conversation", args=[conversation_id]))


@require_POST
@seated
def answer(request: SeatedRequest, conversation_id: UUID) -> HttpResponseBase:
    """Send an answer on the same road as every post; refused, it stays in the box with the reason above."""
    found = access_conversation(request.membership, conversation_id, Ability.ANSWER)
    typed = Typed.of(request)
    given = actions.Answer(
        message_id=valid_id(request.POST.get("message", "")),
        text=typed.text,
        kind=typed.kind,
        form=typed.form,
    )
    now = timezone.now()
    confirmed = Confirmations(
        same_text=request.POST.get("confirm_same_text") == "1",
        second_answer=request.POST.get("confirm_second_answer") == "1",
        override_reason=request.POST.get("override_reason", "").strip(),
    )
    try:
        kept = actions.answer(
            actor=request.membership,
            conversation_id=found.id,
            given=given,
            plan=Plan(at=now + UNDO, confirmed=confirmed),
            client_key=request.POST.get("key", "")[:64] or uuid.uuid4().hex,
            now=now,
        )
    except ActionError as error:
        reasons = list(dict.fromkeys(str(text) for text in error.fields.values()))
        return _open(request, found, typed=given.text, problem=error, reasons=reasons, typed_answer=typed)
    said = _("Goes out as @%(handle)s in ten seconds.") % {"handle": found.account.handle}
    undo = reverse("undo", args=[kept.part.delivery.post_id]) if kept.part else ""
    messages.success(request, said, extra_tags=undo)
    return redirect("conversation", kept.conversation_id)


@require_POST
@seated
def answer_preview(request: SeatedRequest, conversation_id: UUID) -> HttpResponseBase:
    """Length and findings of an answer as it stands now. Nothing is stored."""
    found = access_conversation(request.membership, conversation_id, Ability.ANSWER)
    message = queries.last_incoming(found)
    context = previewed(found, message, Typed.of(request)) if message is not None else {}
    return render(request, "inbox/reply/preview.html", context)
