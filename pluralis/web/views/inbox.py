"""Inbox: the list, a conversation with who writes, and everything a person does with it."""

import uuid
from datetime import datetime
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

from pluralis.inbox import actions, queries
from pluralis.inbox.access import access_conversation
from pluralis.inbox.actions.views import mark_read
from pluralis.inbox.models import Conversation
from pluralis.inbox.proposing import Reading, reading_of
from pluralis.inbox.queries.masked import Readable, read_conversation
from pluralis.publishing.actions import UNDO, Plan
from pluralis.publishing.checks import Confirmations
from pluralis.teams.access import Ability, may, require, valid_id
from pluralis.teams.errors import ActionError
from pluralis.web.gates import SeatedRequest, back, seated
from pluralis.web.here import accounts_here, known_here, members_here
from pluralis.web.inbox_list import asked_filter, list_context
from pluralis.web.replying import Typed, box, previewed
from pluralis.web.teamwork import conversation_context
from pluralis.web.views.inbox_replies import beside
from pluralis.web.views.people import card_context
from pluralis.web.views.reposts import reposts_shown
from pluralis.web.views.teamwork import until_of


@seated
def inbox(request: SeatedRequest) -> HttpResponseBase:
    """The list of conversations."""
    require(request.membership, Ability.VIEW)
    return render(request, "inbox/index.html", list_context(request))


@seated
def heard(request: SeatedRequest) -> HttpResponseBase:
    """How completely each account was heard, for the foot of the list of a team that has many."""
    require(request.membership, Ability.VIEW)
    told = queries.heard(request.membership, timezone.now(), asked_filter(request).account_id)
    return render(request, "inbox/heard_details.html", {"heard": told})


@seated
def conversation(request: SeatedRequest, conversation_id: UUID) -> HttpResponseBase:
    """The list with one conversation open beside it; from now on its reader has read it."""
    found = access_conversation(request.membership, conversation_id)
    if found.merged_into_id is not None:
        return redirect("conversation", found.merged_into_id)
    mark_read(actor=request.membership, conversation=found)
    return _open(request, found)


def _open(request: SeatedRequest, found: Conversation, **more: Any) -> HttpResponse:
    """Show a conversation beside the list.

    At most twenty queries with signing in, marking it read and the frame, however much is in it; and one more for
    each of what a page seldom has: a notice of it to be marked as seen, saved views with counts, another conversation
    that belongs to it, and what the frame tells (:class:`~pluralis.web.context.Desk`).
    """
    actor, now, typed = request.membership, timezone.now(), more.pop("typed_answer", Typed())
    read = read_conversation(actor, found, now)
    side = queries.beside_conversation(actor, found, now, members_here(request), accounts_here(request))
    if side.has_notice:
        actions.see_notices(actor=actor, now=now, conversation_id=found.id)
    others = queries.others_of(found, known_here(request))
    context = (
        list_context(request)
        | conversation_context(actor, read.whole, side, members_here(request), now)
        | {
            "whole": read.whole,
            "hidden": read.hidden,
            "may_look": read.may_look,
            "around": side.around,
            "may_override": may(actor, Ability.OVERRIDE),
            **beside(request, found, read.answers_to),
            **reposts_shown(request, found, read.messages, side.around.reposts, now),
            "answers_to": read.answers_to,
            "may_answer": may(actor, Ability.ANSWER) or found.account.member_id == actor.id,
            "closed": _closed(found) or _withdrawn(read),
            **card_context(actor, found.contact, side.card),
            "earlier": others.earlier,
            "mergeable": others.mergeable,
            "client_key": uuid.uuid4().hex,
            "account": found.account,
        }
    )
    if context["may_answer"] and not context["closed"]:
        context |= box(found, _reading(found, read, side, now), typed)
    error: ActionError | None = more.get("problem")
    return render(request, "inbox/index.html", context | more, status=error.status if error else 200)


def _reading(found: Conversation, read: Readable, side: queries.Beside, now: datetime) -> Reading | None:
    message = read.answers_to
    if message is None:
        return None
    relation = side.relations.get(message.profile_id) if message.profile_id else None
    return reading_of(found, message, now, read.unanswered, relation)


def _closed(found: Conversation) -> str:
    until = found.contact.do_not_engage_until if found.contact else None
    if until is None or until <= timezone.now():
        return ""
    return _("Your team decided not to answer this person.") + f" {found.contact.do_not_engage_reason}"  # type: ignore[union-attr]


def _withdrawn(read: Readable) -> str:
    """Return why there is nothing to answer where all that they wrote is deleted."""
    if read.answers_to is not None or not any(each.deleted_at for each in read.messages):
        return ""
    return _("They have deleted what they wrote: there is nothing left to answer.")


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
    """Put a conversation off; it comes back by itself, or when they write."""
    access_conversation(request.membership, conversation_id)
    until = until_of(request)
    actions.snooze_conversation(
        actor=request.membership, conversation_id=conversation_id, until=until, now=timezone.now()
    )
    when = date_format(timezone.localtime(until), "SHORT_DATETIME_FORMAT")
    undo = reverse("conversation_reopen", args=[conversation_id])
    messages.success(request, _("It comes back by itself: %(when)s.") % {"when": when}, extra_tags=undo)
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
