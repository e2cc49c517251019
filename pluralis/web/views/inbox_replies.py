"""What belongs to an answer: its preview, who may be written to, cases outside, offers, and the balance of it all."""

import uuid
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pluralis.core.replies import CommunityForm, ReplyKind, Shopfront, ready_text
from pluralis.inbox.access import access_conversation, access_message
from pluralis.inbox.actions import converse, handing_over, offering, privacy, relating, reposting
from pluralis.inbox.models import Conversation, HandOver, Message, Offer
from pluralis.inbox.proposing import read_for_answer
from pluralis.inbox.queries import last_incoming
from pluralis.inbox.queries.figures import WEEKS, Figures, figures_of, open_offers, shopfronts
from pluralis.inbox.queries.reposts import reposts_lately
from pluralis.inbox.reading import masked_text
from pluralis.publishing.actions import UNDO, Plan
from pluralis.teams.access import Ability, accounts_of, may, require
from pluralis.teams.errors import ActionError
from pluralis.teams.models import AccountKind
from pluralis.web.gates import SeatedRequest, seated
from pluralis.web.here import accounts_here
from pluralis.web.replying import way

DAYS = (1, 3, 7, 14)


def beside(request: SeatedRequest, found: Conversation, message: Message | None) -> dict[str, Any]:
    """Return what the page offers beside an answer: ways outside, and accounts to offer the message to."""
    return {"channels": HandOver.Channel.choices, "offerable": _offerable(request, found, message)}


def _offerable(request: SeatedRequest, found: Conversation, message: Message | None) -> list[tuple[str, str, Any]]:
    if message is None or message.kind == "direct":
        return []
    among = accounts_here(request)
    words = {Offer.About.SUPPORT: _("Offer to support"), Offer.About.PRAISE: _("Offer as praise")}
    wanted = [(about, words[about], offering.wanted_account(found.account, about, among)) for about in words]
    praised = message.triage.get("label") == "praise"
    shown = {Offer.About.SUPPORT: found.account.kind == AccountKind.MAIN, Offer.About.PRAISE: praised}
    return [(about.value, label, account) for about, label, account in wanted if account and shown[about]]


@require_POST
@seated
def relation(request: SeatedRequest, conversation_id: UUID) -> HttpResponseBase:
    """Ask the network whether this person takes private messages from us, and show the way out."""
    now = timezone.now()
    found = access_conversation(request.membership, conversation_id, Ability.ANSWER)
    again = request.GET.get("again") == "1"
    relating.ask_relation(actor=request.membership, conversation_id=found.id, now=now, again=again)
    message = last_incoming(found)
    if message is None:
        return render(request, "inbox/reply/way.html", {"asked": True})
    reading = read_for_answer(found, message, now)
    # The way out is shown for the private kind, whatever is proposed.
    context = way(reading, reading.propose_privately())
    context |= {"asked": True, "conversation": found}
    return render(request, "inbox/reply/way.html", context)


@require_POST
@seated
def hand_over(request: SeatedRequest, conversation_id: UUID) -> HttpResponseBase:
    """Let a conversation go on by e-mail, telephone or at an appointment."""
    typed = request.POST.get("days", "")
    days = int(typed) if typed.isdigit() and int(typed) in DAYS else DAYS[1]
    now = timezone.now()
    case = handing_over.hand_over(
        actor=request.membership,
        conversation_id=conversation_id,
        channel=request.POST.get("channel", ""),
        remind_at=now + timedelta(days=days),
        now=now,
    )
    messages.success(request, _("Case %(number)s: it comes back by itself.") % {"number": case.case_number})
    return redirect("conversation", conversation_id)


@require_POST
@seated
def close_case(request: SeatedRequest, conversation_id: UUID) -> HttpResponseBase:
    """Say that the matter outside is done."""
    case = handing_over.close_case(actor=request.membership, conversation_id=conversation_id, now=timezone.now())
    messages.success(request, _("Case %(number)s is closed.") % {"number": case.case_number})
    return redirect("conversation", conversation_id)


@require_POST
@seated
def unmask(request: SeatedRequest, conversation_id: UUID) -> HttpResponseBase:
    """Show a conversation's personal data for a quarter of an hour."""
    privacy.unmask_conversation(actor=request.membership, conversation_id=conversation_id, now=timezone.now())
    return redirect("conversation", conversation_id)


@require_POST
@seated
def offer(request: SeatedRequest, message_id: UUID) -> HttpResponseBase:
    """Offer a message to another account by hand."""
    message = access_message(request.membership, message_id, Ability.ANSWER)
    made = offering.offer_message(
        actor=request.membership, message_id=message.id, about=request.POST.get("about", ""), now=timezone.now()
    )
    messages.success(request, _("Offered to @%(handle)s.") % {"handle": made.account.handle})
    return redirect("conversation", message.conversation_id)


@seated
def offers(request: SeatedRequest) -> HttpResponseBase:
    """What is offered to the accounts, to be decided."""
    return _offers(request)


def _offers(request: SeatedRequest, **more: Any) -> HttpResponseBase:
    require(request.membership, Ability.VIEW)
    found = open_offers(request.membership)
    for each in found:
        # Offers are read by many: nobody needs the personal data here.
        each.shown = masked_text(each.message.text, each.message.personal_data)  # type: ignore[attr-defined]
        each.client_key = uuid.uuid4().hex  # type: ignore[attr-defined]
        each.price = reposting.price_of_repost(each.account)  # type: ignore[attr-defined]
        each.by_hand = reposting.may_repost_by_hand(request.membership, each.account)  # type: ignore[attr-defined]
    standing = reposts_lately(request.membership, timezone.now())
    for one in standing:
        one.shown = masked_text(one.message.text, one.message.personal_data)  # type: ignore[attr-defined]
    context = {
        "offers": found,
        "reposts": standing,
        "rules": offering.rules_of(request.membership.team),
        "manages": may(request.membership, Ability.MANAGE_ACCOUNTS),
        "may_answer": may(request.membership, Ability.ANSWER),
    }
    error: ActionError | None = more.get("problem")
    return render(request, "replies/offers.html", context | more, status=error.status if error else 200)


@require_POST
@seated
def take_offer(request: SeatedRequest, offer_id: UUID) -> HttpResponseBase:
    """Take an offer (answer from there, quote, invite over), or decline it."""
    actor, now, what = request.membership, timezone.now(), request.POST.get("do", "")
    if what == "decline":
        offering.decide_offer(actor=actor, offer_id=offer_id, taken=False, now=now)
        messages.success(request, _("Declined."))
        return redirect("offers")
    found = offering.access_offer(actor, offer_id)
    try:
        _answer(request, found, invite=what == "invite")
    except ActionError as error:
        reasons = list(dict.fromkeys(map(str, error.fields.values())))
        return _offers(request, problem=error, reasons=reasons, wrong=offer_id, typed=request.POST.get("text", ""))
    messages.success(request, _("On its way as @%(handle)s.") % {
        "handle": found.message.account.handle if what == "invite" else found.account.handle
    })  # fmt: skip
    return redirect("offers")


def _answer(request: SeatedRequest, found: Offer, *, invite: bool) -> None:
    """Answer and decide in one: an offer is taken exactly when its answer is on its road."""
    now, message = timezone.now(), found.message
    text = request.POST.get("text", "").replace("\r\n", "\n")
    praise = found.about == Offer.About.PRAISE
    given = converse.Answer(
        message_id=message.id,
        text=ready_text("invite_to_support", message.language, handle=found.account.handle) if invite else text,
        kind=(ReplyKind.COMMUNITY if praise else ReplyKind.OPEN).value,
        form=CommunityForm.QUOTE_POST.value if praise else "",
        account_id=None if invite else found.account_id,
    )
    offering.take_offer(
        actor=request.membership,
        offer_id=found.id,
        given=given,
        plan=Plan(at=now + UNDO),
        client_key=request.POST.get("key", "")[:64] or uuid.uuid4().hex,
        now=now,
    )


@require_POST
@seated
def offer_rules(request: SeatedRequest) -> HttpResponseBase:
    """Say what is offered by rule."""
    chosen = {rule: request.POST.get(rule) == "1" for rule in offering.RULES}
    offering.set_rules(actor=request.membership, now=timezone.now(), **chosen)
    messages.success(request, _("The rules are saved."))
    return redirect("offers")


@seated
def balance(request: SeatedRequest) -> HttpResponseBase:
    """How much is said to one and to all, and what a visitor sees first."""
    require(request.membership, Ability.VIEW)
    now = timezone.now()
    accounts = accounts_of(request.membership).exclude(kind=AccountKind.EMPLOYEE)
    context = {
        "figures": [_figure(figures_of(account, now)) for account in accounts],
        "windows": [(account, _window(front)) for account, front in shopfronts(request.membership)],
        "weeks": WEEKS,
    }
    return render(request, "replies/balance.html", context)


def _figure(figures: Figures) -> dict[str, Any]:
    whole = figures.whole
    by_week = [_percent(week.balance.share_to_one) for week in figures.weeks]
    return {
        "account": figures.account,
        "whole": whole,
        "to_one": _percent(whole.share_to_one),
        "announcements": _percent(whole.share_of_announcements),
        "by_week": " · ".join("–" if share is None else str(share) for share in by_week),
        "proposed": figures.proposed,
        "kept": figures.kept,
    }


def _window(front: Shopfront) -> dict[str, Any]:
    size = len(front.shown)
    return {"front": front, "shown": front.shown, "percent": _percent(front.share), "low": size / 4, "high": size / 2}


def _percent(share: float | None) -> int | None:
    return None if share is None else round(100 * share)
