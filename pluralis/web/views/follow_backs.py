"""Followers worth following back: the list of an account, what was decided, and asking about more people."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from pluralis.inbox.actions import following_back as actions
from pluralis.inbox.metering import is_metered
from pluralis.inbox.models import FollowBack
from pluralis.inbox.queries import follow_backs as queries
from pluralis.teams.access import Ability, may, require
from pluralis.teams.models import Account
from pluralis.web.gates import SeatedRequest, seated

SOME, MOST = 50, 1_000
"""How many people a page shows, and when all are asked for."""


@seated
def follow_backs(request: SeatedRequest) -> HttpResponseBase:
    """Who follows an account and is worth following back."""
    require(request.membership, Ability.VIEW)
    accounts = queries.follow_accounts(request.membership)
    wanted = request.GET.get("account", "")
    account = next((each for each in accounts if str(each.id) == wanted), accounts[0] if accounts else None)
    context: dict[str, Any] = {
        "accounts": accounts,
        "account": account,
        "may_decide": may(request.membership, Ability.ANSWER),
        "may_connect": may(request.membership, Ability.MANAGE_ACCOUNTS),
    }
    if account is not None:
        context |= _of_account(account, everybody="all" in request.GET)
    return render(request, "people/follow_backs.html", context)


def _of_account(account: Account, *, everybody: bool) -> dict[str, Any]:
    """What stands on the page of one account. Four queries."""
    now = timezone.now()
    found = queries.worth_following(account, now, MOST if everybody else SOME)
    return {
        "rows": found.people,
        "how_many": found.how_many,
        "told": queries.told_of(account, now),
        "decided": queries.decided_lately(account),
        "metered": is_metered(account),
        "price": queries.price_of_asking(account, actions.AT_ONCE),
        "at_once": actions.AT_ONCE,
    }


@require_POST
@seated
def ask(request: SeatedRequest, account_id: UUID) -> HttpResponseBase:
    """Ask the network about the people who wrote most and are not known yet."""
    told = actions.ask_about_writers(actor=request.membership, account_id=account_id, now=timezone.now())
    if told:
        said = ngettext(
            "The network told about %(number)d person.", "The network told about %(number)d people.", told
        )
        messages.success(request, said % {"number": told})
    else:
        messages.info(request, _("Nothing new: everybody who wrote lately is known, or the network does not answer."))
    return redirect(_page(account_id))


@require_POST
@seated
def decide(request: SeatedRequest, account_id: UUID, profile_id: UUID) -> HttpResponseBase:
    """Keep that somebody was followed back by hand, or is not to be."""
    kept = actions.decide_follow_back(
        actor=request.membership, account_id=account_id, profile_id=profile_id,
        decision=request.POST.get("decision", ""), now=timezone.now(),
    )  # fmt: skip
    done = kept.decision == FollowBack.Decision.DONE
    messages.success(request, _("Noted: followed back.") if done else _("Left out. They stand below, with Undo."))
    return redirect(_page(account_id))


@require_POST
@seated
def undo(request: SeatedRequest, account_id: UUID, profile_id: UUID) -> HttpResponseBase:
    """Take a decision back."""
    actions.undo_follow_back(
        actor=request.membership, account_id=account_id, profile_id=profile_id, now=timezone.now()
    )
    messages.success(request, _("Taken back: they are on the list again, if they still follow you."))
    return redirect(_page(account_id))


def _page(account_id: UUID) -> str:
    return f"{reverse('follow_backs')}?account={account_id}"
