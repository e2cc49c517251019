"""Reposting what somebody wrote: one press where the network lets programs, else a page for a person."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pluralis.inbox.access import access_message
from pluralis.inbox.actions import reposting
from pluralis.inbox.actions.offering import main_account
from pluralis.inbox.models import Conversation, Message, Repost
from pluralis.inbox.reading import masked_text
from pluralis.inbox.reposting import barred
from pluralis.teams.access import Ability, access_account, valid_id
from pluralis.teams.errors import Conflict
from pluralis.teams.models import Account
from pluralis.web.gates import SeatedRequest, back, seated
from pluralis.web.here import accounts_here


def reposts_shown(
    request: SeatedRequest, found: Conversation, shown: Iterable[Message], standing: Iterable[Repost], now: datetime
) -> dict[str, Any]:
    """Return what a conversation shows of reposts: those that stand, by message, and what could be, from where."""
    by_message: dict[UUID, list[Repost]] = defaultdict(list)
    for each in standing:
        by_message[each.message_id].append(each)
    repostable = set()
    for message in shown:
        message.conversation = found
        if barred(message, now) is None:
            repostable.add(message.id)
    reposter = main_account(found.account, accounts_here(request))
    price = None if reposter.get_deferred_fields() else reposting.price_of_repost(reposter)
    return {
        "reposted": dict(by_message), "repostable": repostable, "reposter": reposter, "repost_price": price
    }  # fmt: skip


@require_POST
@seated
def repost(request: SeatedRequest, message_id: UUID) -> HttpResponseBase:
    """Repost a message, or note that a person did; where only a person may, lead to the page for it."""
    actor, account_id = request.membership, valid_id(request.POST.get("account", ""))
    by_hand = request.POST.get("by_hand") == "1"
    try:
        made = reposting.repost_message(
            actor=actor, message_id=message_id, account_id=account_id, by_hand=by_hand, now=timezone.now()
        )
    except Conflict as error:
        account = access_account(actor, account_id)
        if error.code != "by_hand" or not reposting.may_repost_by_hand(actor, account):
            raise
        return redirect(f"{reverse('repost_by_hand', args=[message_id])}?account={account_id}")
    said = _("Reposted as @%(handle)s.") % {"handle": made.account.handle}
    messages.success(request, said, extra_tags="" if by_hand else reverse("repost_take_back", args=[made.id]))
    return redirect(back(request, _conversation(made)))


@require_POST
@seated
def take_back(request: SeatedRequest, repost_id: UUID) -> HttpResponseBase:
    """End a repost, or note that a person did; where only a person may, lead to the page for it."""
    actor, by_hand = request.membership, request.POST.get("by_hand") == "1"
    try:
        ended = reposting.take_back_repost(actor=actor, repost_id=repost_id, by_hand=by_hand, now=timezone.now())
    except Conflict as error:
        found = reposting.access_repost(actor, repost_id)
        if error.code != "by_hand" or not reposting.may_repost_by_hand(actor, found.account):
            raise
        return _leave(request, reverse("repost_take_back_by_hand", args=[repost_id]))
    messages.success(request, _("Taken back: @%(handle)s shows it no more.") % {"handle": ended.account.handle})
    return _leave(request, back(request, _conversation(ended)))


@seated
def by_hand(request: SeatedRequest, message_id: UUID) -> HttpResponseBase:
    """Name the account that must be signed in, lead to the network's page, and take down that it was done."""
    typed = request.GET.get("account", "")
    account_id = valid_id(typed) if typed else _main(request, message_id).id
    way = reposting.repost_way(
        actor=request.membership, message_id=message_id, account_id=account_id, now=timezone.now()
    )
    message = access_message(request.membership, message_id, Ability.ANSWER)
    context = {"label": _("Repost by hand"), "page": way.page, "action": reverse("message_repost", args=[message_id])}
    return _page(request, way.account, message, context)


@seated
def take_back_by_hand(request: SeatedRequest, repost_id: UUID) -> HttpResponseBase:
    """The same for taking a repost back."""
    found = reposting.access_repost(request.membership, repost_id)
    context = {
        "label": _("Take a repost back by hand"),
        "page": reposting.page_of(found.account, found.message),
        "action": reverse("repost_take_back", args=[repost_id]),
    }
    return _page(request, found.account, found.message, context)


def _page(request: SeatedRequest, account: Account, message: Message, context: dict[str, Any]) -> HttpResponseBase:
    context |= {
        "account": account,
        "message": message,
        "shown": masked_text(message.text, message.personal_data),
        "allowed": reposting.may_repost_by_hand(request.membership, account),
    }
    return render(request, "replies/repost_by_hand.html", context)


def _main(request: SeatedRequest, message_id: UUID) -> Account:
    message = access_message(request.membership, message_id, Ability.ANSWER)
    return main_account(message.account, accounts_here(request))


def _leave(request: SeatedRequest, address: str) -> HttpResponseBase:
    """Go on to a page; a toast's *undo* asks from a script."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _conversation(repost: Repost) -> str:
    return reverse("conversation", args=[repost.message.conversation_id])
