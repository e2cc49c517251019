"""Followers worth following back: listed, asked about, decided. Programs never follow: networks forbid it."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from pluralis.api.shapes.follow_backs import AskedShape, DecidedShape, DecisionShape, FollowBacksShape
from pluralis.api.views.base import SeatedView
from pluralis.inbox.actions import following_back as actions
from pluralis.inbox.queries import follow_backs as queries
from pluralis.teams.access import access_account
from pluralis.teams.models import Scope

MOST = 1_000
"""How many people are listed."""


class FollowBacks(SeatedView):
    """The list of an account."""

    @extend_schema(
        operation_id="list_follow_backs", tags=["contacts"], summary="List followers worth following back",
        description="They follow the account, which does not follow them, as far as its network told. Left out: whom "
        "the team does not engage with, and whoever wrote abuse or spam.",
        responses=FollowBacksShape,
    )  # fmt: skip
    def get(self, request: Request, account_id: UUID) -> Response:
        account, now = access_account(self.actor, account_id), timezone.now()
        told = queries.told_of(account, now)
        shown = {
            "people": queries.worth_following(account, now, MOST).people,
            "decided": queries.decided_lately(account),
            "known": told.people,
            "last_asked_at": told.last,
            "at_once": actions.AT_ONCE,
            "price": queries.price_of_asking(account, actions.AT_ONCE),
        }
        return Response(FollowBacksShape(shown).data)


class AskFollowBacks(SeatedView):
    """Asking about more people."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(
        operation_id="ask_follow_backs", tags=["contacts"], summary="Ask the network about more people",
        description="About those who wrote most and are not known yet, `at_once` of them; it may cost the `price` of "
        "the list. Again, it asks about the next ones.",
        request=None, responses=AskedShape,
    )  # fmt: skip
    def post(self, request: Request, account_id: UUID) -> Response:
        told = actions.ask_about_writers(actor=self.actor, account_id=account_id, now=timezone.now())
        return Response(AskedShape({"told": told}).data)


class OneFollowBack(SeatedView):
    """One follower."""

    scopes = {"PUT": Scope.WRITE, "DELETE": Scope.WRITE}

    @extend_schema(
        operation_id="decide_follow_back", tags=["contacts"], summary="Say that somebody was followed back, or not",
        request=DecisionShape, responses=DecidedShape,
    )  # fmt: skip
    def put(self, request: Request, account_id: UUID, profile_id: UUID) -> Response:
        decision = self.read(DecisionShape)["decision"]
        kept = actions.decide_follow_back(
            actor=self.actor, account_id=account_id, profile_id=profile_id, decision=decision, now=timezone.now()
        )
        return Response(DecidedShape(kept).data)

    @extend_schema(
        operation_id="undo_follow_back", tags=["contacts"], summary="Take the decision back", request=None,
        responses={204: None},
    )  # fmt: skip
    def delete(self, request: Request, account_id: UUID, profile_id: UUID) -> Response:
        actions.undo_follow_back(actor=self.actor, account_id=account_id, profile_id=profile_id, now=timezone.now())
        return Response(status=204)
