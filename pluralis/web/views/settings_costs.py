"""Costs: what this month has cost on networks that are paid by use, what is still planned, and the budgets."""

from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pluralis.inbox.actions import apply_poll_plan, drop_poll_plan
from pluralis.inbox.queries.reads import proposals_of, reads_of
from pluralis.publishing.actions import let_go_over_budget, set_budget
from pluralis.publishing.queries.costs import meters_of, month_of, team_spending
from pluralis.teams.access import Ability, may, valid_id
from pluralis.teams.errors import Invalid
from pluralis.web.gates import SeatedRequest, seated

CURRENCY = "USD"


@seated
def costs(request: SeatedRequest) -> HttpResponseBase:
    """The month so far, by account, with what is scheduled until its end."""
    now = timezone.now()
    meters = meters_of(request.membership, now)
    accounts = [each.account for each in meters]
    context = {
        "meters": meters,
        "reads": {str(key): each for key, each in reads_of(accounts, now).items()},
        "proposals": {str(key): each for key, each in proposals_of(accounts).items()},
        "team": team_spending(request.membership, meters),
        "currency": meters[0].currency if meters else CURRENCY,
        "month": month_of(now)[0],
        "manages": may(request.membership, Ability.MANAGE_ACCOUNTS),
    }
    return render(request, "settings/costs.html", context)


@require_POST
@seated
def budget(request: SeatedRequest) -> HttpResponseBase:
    """Set how much a month may cost; empty takes the limit away."""
    typed = request.POST.get("amount", "").strip().replace(",", ".")
    try:
        amount = Decimal(typed).quantize(Decimal("0.01")) if typed else None
    except InvalidOperation:
        raise Invalid("odd_amount", _("This is no amount."), kept=_("Nothing was changed.")) from None
    account = request.POST.get("account", "")
    set_budget(
        actor=request.membership,
        account_id=valid_id(account) if account else None,
        amount=amount,
        currency=CURRENCY,
        now=timezone.now(),
    )
    messages.success(request, _("The budget is saved."))
    return redirect("settings_costs")


@require_POST
@seated
def let_go(request: SeatedRequest, part_id: UUID) -> HttpResponseBase:
    """Let a post go although its price passes a budget; the reason is kept with it."""
    reason = request.POST.get("reason", "")
    let_go_over_budget(actor=request.membership, part_id=part_id, reason=reason, now=timezone.now())
    messages.success(request, _("It goes out now. Your reason is kept with it."))
    return redirect("part", part_id)


@require_POST
@seated
def polls(request: SeatedRequest, account_id: UUID) -> HttpResponseBase:
    """Read by the plan that keeps the account's promise, or as often as without one."""
    now = timezone.now()
    if request.POST.get("do") == "drop":
        drop_poll_plan(actor=request.membership, account_id=account_id, now=now)
        messages.success(request, _("It is read as often as before."))
    else:
        apply_poll_plan(actor=request.membership, account_id=account_id, now=now)
        messages.success(request, _("It is read by the plan now. When hours or promises change, the plan follows."))
    return redirect("settings_costs")
