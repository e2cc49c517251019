"""Settings of routing: to whom new conversations go, who speaks what, and how long a claim lasts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pluralis.inbox import actions
from pluralis.inbox.queries.teamwork import rules_of
from pluralis.teams.access import Ability, accounts_of, may, require, valid_id
from pluralis.teams.queries import members_of
from pluralis.web.answering_form import ClaimsForm, RuleForm
from pluralis.web.gates import SeatedRequest, seated


@seated
def routing(request: SeatedRequest) -> HttpResponseBase:
    """The rules in their order, and what each member speaks."""
    return _page(request)


def _page(request: SeatedRequest, **more: Any) -> HttpResponseBase:
    actor = request.membership
    require(actor, Ability.VIEW)
    members = _answering(request)
    context = {
        "rules": rules_of(actor.team_id),
        "members": members,
        "form": RuleForm(accounts=list(accounts_of(actor)), members=members),
        "claims_form": ClaimsForm(initial={"minutes": actions.claim_minutes(actor.team)}),
        "manages": may(actor, Ability.MANAGE_ACCOUNTS),
    }
    return render(request, "settings/routing.html", context | more, status=422 if more else 200)


def _answering(request: SeatedRequest) -> list[Any]:
    return [each for each in members_of(request.membership.team_id) if may(each, Ability.ANSWER)]


@require_POST
@seated
def add(request: SeatedRequest) -> HttpResponseBase:
    """Add a rule behind the others; ``simple`` is the one that gives everything to whoever is on duty."""
    actor = request.membership
    require(actor, Ability.MANAGE_ACCOUNTS)
    if request.POST.get("simple") == "1":
        wished = actions.WishedRule()
    else:
        form = RuleForm(request.POST, accounts=list(accounts_of(actor)), members=_answering(request))
        if not form.is_valid():
            return _page(request, form=form)
        wished = _wished(form.cleaned_data)
    actions.add_rule(actor=actor, wished=wished, now=timezone.now())
    messages.success(request, _("The rule is added. It counts for what comes from now on."))
    return redirect("settings_routing")


def _wished(typed: dict[str, Any]) -> actions.WishedRule:
    return actions.WishedRule(
        language=typed["language"],
        account_id=valid_id(typed["account"]) if typed["account"] else None,
        kind=typed["kind"],
        private={"1": True, "0": False}.get(typed["private"]),
        member_ids=tuple(valid_id(each) for each in typed["members"]),
        on_duty_only=typed["on_duty_only"],
        speakers_only=typed["speakers_only"],
        most_load=typed["most_load"],
    )


@require_POST
@seated
def move(request: SeatedRequest, rule_id: UUID) -> HttpResponseBase:
    """Let a rule come before or after its neighbour."""
    up = request.POST.get("up") == "1"
    actions.move_rule(actor=request.membership, rule_id=rule_id, up=up, now=timezone.now())
    return redirect("settings_routing")


@require_POST
@seated
def remove(request: SeatedRequest, rule_id: UUID) -> HttpResponseBase:
    """Take a rule away."""
    actions.remove_rule(actor=request.membership, rule_id=rule_id, now=timezone.now())
    messages.success(request, _("The rule is gone. What it gave stays where it is."))
    return redirect("settings_routing")


@require_POST
@seated
def claims(request: SeatedRequest) -> HttpResponseBase:
    """Say how long a claim lasts without action."""
    form = ClaimsForm(request.POST)
    if not form.is_valid():
        return _page(request, claims_form=form)
    actions.set_claim_minutes(actor=request.membership, minutes=form.cleaned_data["minutes"], now=timezone.now())
    messages.success(request, _("The claims are saved."))
    return redirect("settings_routing")
