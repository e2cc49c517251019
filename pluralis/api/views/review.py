"""Reviews: hand a post in, approve it or send it back, remark, and let a client in by a link."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from pluralis.api.idempotency import once
from pluralis.api.schema import KEY
from pluralis.api.shapes.review import (
    ApprovalLinkShape,
    ApproveShape,
    CommentShape,
    MakeLinkShape,
    NewLinkShape,
    PlanApprovedShape,
    RemarkShape,
    ReviewRuleShape,
    ReviewShape,
    ReviewsShape,
    SubmitShape,
    WholeReviewShape,
)
from pluralis.api.views.base import SeatedView
from pluralis.core.delivery import MissedPolicy
from pluralis.core.review import ReviewRule
from pluralis.posts import actions as posts
from pluralis.posts.access import access_review
from pluralis.posts.models import Review
from pluralis.publishing import actions, queries
from pluralis.publishing.approvals import rule_of
from pluralis.teams.access import access_account
from pluralis.teams.actions import set_review_rule
from pluralis.teams.models import Scope


def with_accounts(reviews: list[Review]) -> list[Review]:
    """Return reviews with their accounts as the shape shows them."""
    for review in reviews:
        wishes = review.wishes.select_related("account").order_by("id")
        review.shown_accounts = [wish.account for wish in wishes]  # type: ignore[attr-defined]
    return reviews


def shown(review: Review) -> dict[str, Any]:
    """Return one review as its shape shows it."""
    return dict(ReviewShape(with_accounts([review])[0]).data)


class Submit(SeatedView):
    """Handing in."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(
        operation_id="submit_post", tags=["reviews"], summary="Hand a post in for review",
        description="Handed in already as it stands: the open review is returned.",
        request=SubmitShape, responses=ReviewShape,
    )  # fmt: skip
    def post(self, request: Request, post_id: UUID) -> Response:
        values = self.read(SubmitShape)
        wish = actions.ReviewWish(
            account_ids=tuple(values["account_ids"]),
            at=values.get("at"),
            zone=values["zone"],
            missed_policy=MissedPolicy(values["missed_policy"]),
            late_limit=timedelta(minutes=values["late_limit_minutes"]),
            same_text=values["confirm_same_text"],
            note=values["note"],
        )
        review = actions.submit_post(actor=self.actor, post_id=post_id, wish=wish, now=timezone.now())
        return Response(shown(review))


class Reviews(SeatedView):
    """What is under review."""

    @extend_schema(
        operation_id="list_reviews", tags=["reviews"], summary="List reviews", parameters=[ReviewsShape],
        responses=ReviewShape(many=True),
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        wanted = self.read(ReviewsShape, request.query_params)["of"]
        reader = {"waiting": queries.waiting_for, "mine": queries.handed_in_by, "open": queries.under_review}[wanted]
        return Response(ReviewShape(with_accounts(reader(self.actor)), many=True).data)


class OneReview(SeatedView):
    """A review whole."""

    @extend_schema(
        operation_id="read_review", tags=["reviews"], summary="Read a review with what changed and what was said",
        responses=WholeReviewShape,
    )  # fmt: skip
    def get(self, request: Request, review_id: UUID) -> Response:
        review = access_review(self.actor, review_id)
        whole = queries.whole_review(self.actor, review, timezone.now())
        review.shown_accounts = whole.accounts  # type: ignore[attr-defined]
        missing = [{"account_id": each, "approvals": number} for each, number in whole.missing.items()]
        return Response(WholeReviewShape({"whole": whole, "review": review, "missing": missing}).data)


class Approve(SeatedView):
    """Approving."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="approve_review", tags=["reviews"], summary="Approve a post",
        description="The last approval that is needed plans the post; `trouble` says why it could not be planned.",
        request=ApproveShape, responses=ReviewShape,
    )  # fmt: skip
    def post(self, request: Request, review_id: UUID) -> Response:
        values = self.read(ApproveShape)
        answer = actions.Answer(values["comment"], values["override_reason"], values.get("at"))
        done = actions.approve_review(actor=self.actor, review_id=review_id, answer=answer, now=timezone.now())
        return Response(shown(done))


class SendBack(SeatedView):
    """Asking for changes."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(
        operation_id="send_review_back", tags=["reviews"], summary="Ask for changes, with a word why",
        request=RemarkShape, responses=ReviewShape,
    )  # fmt: skip
    def post(self, request: Request, review_id: UUID) -> Response:
        comment = self.read(RemarkShape)["text"]
        done = actions.send_back(actor=self.actor, review_id=review_id, comment=comment, now=timezone.now())
        return Response(shown(done))


class Withdraw(SeatedView):
    """Taking back from review."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(
        operation_id="withdraw_review", tags=["reviews"], summary="Take a post back from its reviewers",
        request=None, responses=ReviewShape,
    )  # fmt: skip
    def post(self, request: Request, review_id: UUID) -> Response:
        done = actions.withdraw_review(actor=self.actor, review_id=review_id, now=timezone.now())
        return Response(shown(done))


class PlanApproved(SeatedView):
    """Planning what was approved too late."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="plan_approved", tags=["reviews"], summary="Give an approved post a new time",
        request=PlanApprovedShape, responses=ReviewShape,
    )  # fmt: skip
    def post(self, request: Request, review_id: UUID) -> Response:
        values = self.read(PlanApprovedShape)
        done = actions.plan_approved(
            actor=self.actor, review_id=review_id, at=values.get("at"),
            override_reason=values["override_reason"], now=timezone.now(),
        )  # fmt: skip
        return Response(shown(done))


class Remarks(SeatedView):
    """Remarks."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(
        operation_id="comment_review", tags=["reviews"], summary="Add a remark; @name tells a member",
        parameters=[KEY], request=RemarkShape, responses={201: CommentShape},
    )  # fmt: skip
    def post(self, request: Request, review_id: UUID) -> Response:
        text = self.read(RemarkShape)["text"]

        def work(key: str) -> tuple[int, Any]:
            made = posts.add_comment(actor=self.actor, review_id=review_id, text=text, now=timezone.now())
            return 201, CommentShape(made).data

        return once(request, request.data, work)


class Links(SeatedView):
    """Links for people without a seat."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="make_approval_link", tags=["reviews"], summary="Make a link for somebody without a seat",
        description="The address is answered this once. Every call makes another link.",
        request=MakeLinkShape, responses=NewLinkShape,
    )  # fmt: skip
    def post(self, request: Request, review_id: UUID) -> Response:
        values = self.read(MakeLinkShape)
        # No answer is kept for a repeated command: the address must not lie in our tables.
        link, words = posts.make_link(actor=self.actor, review_id=review_id, now=timezone.now(), **values)
        link.url = settings.SITE_URL + reverse("approval", args=[words])  # type: ignore[attr-defined]
        return Response(NewLinkShape(link).data)


class RevokeLink(SeatedView):
    """Ending a link."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(
        operation_id="revoke_approval_link", tags=["reviews"], summary="End an approval link at once",
        request=None, responses=ApprovalLinkShape,
    )  # fmt: skip
    def post(self, request: Request, link_id: UUID) -> Response:
        link = posts.revoke_link(actor=self.actor, link_id=link_id, now=timezone.now())
        return Response(ApprovalLinkShape(link).data)


class Rule(SeatedView):
    """An account's rule."""

    scopes = {"GET": Scope.READ, "PUT": Scope.PUBLISH}

    @extend_schema(
        operation_id="read_review_rule", tags=["reviews"], summary="How many approvals an account asks for",
        responses=ReviewRuleShape,
    )  # fmt: skip
    def get(self, request: Request, account_id: UUID) -> Response:
        return Response(ReviewRuleShape(rule_of(access_account(self.actor, account_id))).data)

    @extend_schema(
        operation_id="set_review_rule", tags=["reviews"], summary="Set how many approvals an account asks for",
        request=ReviewRuleShape, responses=ReviewRuleShape,
    )  # fmt: skip
    def put(self, request: Request, account_id: UUID) -> Response:
        values = self.read(ReviewRuleShape)
        rule = ReviewRule.from_dict(values)
        changed = set_review_rule(actor=self.actor, account_id=account_id, rule=rule, now=timezone.now())
        return Response(ReviewRuleShape(rule_of(changed)).data)
