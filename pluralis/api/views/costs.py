"""Costs: the month's meter, budgets, what a post would cost, and letting one go over a budget."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from pluralis.api.shapes.costs import (
    BudgetShape,
    CostsShape,
    OverBudgetShape,
    PollPlanShape,
    PostCostAskedShape,
    PostCostShape,
)
from pluralis.api.shapes.publishing import PartShape
from pluralis.api.views.base import SeatedView
from pluralis.api.views.publishing import shown_part
from pluralis.inbox.actions import apply_poll_plan, drop_poll_plan
from pluralis.inbox.queries.reads import proposals_of, reads_of
from pluralis.posts.access import access_post
from pluralis.posts.queries import draft_from, post_with_words, preview
from pluralis.publishing.actions import let_go_over_budget, set_budget
from pluralis.publishing.queries.costs import meters_of, month_of, shortfalls, team_spending
from pluralis.teams.access import Ability, access_account
from pluralis.teams.models import Membership, Scope


class Costs(SeatedView):
    """The month so far."""

    scopes = {"GET": Scope.READ}

    @extend_schema(
        operation_id="read_costs", tags=["costs"], summary="What this month costs, account by account",
        description="Only networks that are paid by use. Prices come from a dated list; the network's bill counts.",
        responses=CostsShape,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        return Response(CostsShape(_month(self.actor)).data)


def _month(actor: Membership) -> dict[str, Any]:
    now = timezone.now()
    meters = meters_of(actor, now)
    accounts = [each.account for each in meters]
    reads, plans = reads_of(accounts, now), proposals_of(accounts)
    rows = [
        {
            "account_id": each.account.id, "handle": each.account.handle, "writes": each.writes,
            "planned": each.planned, "currency": each.currency, "spending": each.spending,
            "reads": reads.get(each.account.id), "poll_plan": plans.get(each.account.id),
        }
        for each in meters
    ]  # fmt: skip
    return {"month": month_of(now)[0], "accounts": rows, "team": team_spending(actor, meters)}


class SetBudget(SeatedView):
    """A monthly budget."""

    scopes = {"PUT": Scope.PUBLISH}

    @extend_schema(
        operation_id="set_budget", tags=["costs"], summary="Say how much a month may cost",
        description="What would pass it is held when its time comes. No amount takes the limit away.",
        request=BudgetShape, responses=CostsShape,
    )  # fmt: skip
    def put(self, request: Request) -> Response:
        set_budget(actor=self.actor, now=timezone.now(), **self.read(BudgetShape))
        return Response(CostsShape(_month(self.actor)).data)


class PostCost(SeatedView):
    """What a saved post would cost."""

    scopes = {"POST": Scope.READ}

    @extend_schema(
        operation_id="price_post", tags=["costs"], summary="What a post costs, and which budget it would pass",
        description="Nothing is stored. A post that is planned already counts twice.",
        request=PostCostAskedShape, responses=PostCostShape,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        values, now = self.read(PostCostAskedShape), timezone.now()
        post = post_with_words(access_post(self.actor, values["post_id"], Ability.VIEW).id)
        accounts = [access_account(self.actor, each, Ability.WRITE) for each in dict.fromkeys(values["account_ids"])]
        checks = preview(draft_from(post), accounts, {})
        wanted = {
            account: sum((each.price.amount for each in checks[account.id] if each.price), Decimal(0))
            for account in accounts
        }
        found = {
            "prices": [{"account_id": account.id, "price": price} for account, price in wanted.items()],
            "shortfalls": shortfalls(self.actor, wanted, values.get("at", now), now),
        }
        return Response(PostCostShape(found).data)


class OverBudget(SeatedView):
    """A lead's word that a post goes out all the same."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="let_part_go_over_budget", tags=["parts"], summary="Let a part go although it passes a budget",
        description="For who may override. The reason is kept beside the post.",
        request=OverBudgetShape, responses=PartShape,
    )  # fmt: skip
    def post(self, request: Request, part_id: UUID) -> Response:
        reason = self.read(OverBudgetShape)["reason"]
        part = let_go_over_budget(actor=self.actor, part_id=part_id, reason=reason, now=timezone.now())
        return Response(shown_part(self.actor, part))


class PollPlan(SeatedView):
    """How often an account is read."""

    scopes = {"PUT": Scope.PUBLISH, "DELETE": Scope.PUBLISH}

    @extend_schema(
        operation_id="apply_poll_plan", tags=["costs"], summary="Read an account as seldom as its promise allows",
        description="When hours or promises change, the plan follows.", request=None, responses=PollPlanShape,
    )  # fmt: skip
    def put(self, request: Request, account_id: UUID) -> Response:
        plan = apply_poll_plan(actor=self.actor, account_id=account_id, now=timezone.now())
        return Response(PollPlanShape(plan).data)

    @extend_schema(
        operation_id="drop_poll_plan", tags=["costs"], summary="Read an account as often as without a plan",
        request=None, responses={204: None},
    )  # fmt: skip
    def delete(self, request: Request, account_id: UUID) -> Response:
        drop_poll_plan(actor=self.actor, account_id=account_id, now=timezone.now())
        return Response(status=204)
