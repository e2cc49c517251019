"""What is read about reviews: what waits for somebody, and one of them whole."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from pluralis.core.review import ReviewState, counts
from pluralis.posts.models import ApprovalLink, Comment, Notice, Post, Review, ReviewAccount, Revision, Verdict
from pluralis.posts.wordings import SegmentChange, changes_between
from pluralis.publishing.approvals import as_voter, rule_of, rules_of, still_missing, writers_of
from pluralis.teams.access import Ability, accounts_of, may
from pluralis.teams.models import Account, Membership


def reviews_of(actor: Membership) -> QuerySet[Review]:
    """Return the reviews the actor may see, newest first, with what a row shows. Five queries when read."""
    found = Review.objects.filter(team=actor.team_id)
    if not may(actor, Ability.VIEW):
        found = found.filter(Q(submitted_by=actor) | Q(post__author=actor))
    wishes = ReviewAccount.objects.select_related("account").order_by("id")
    rows = found.select_related("post__author__user", "submitted_by__user", "team")
    wanted = (Prefetch("wishes", queryset=wishes), "verdicts", "post__versions__segments")
    return rows.prefetch_related(*wanted).order_by("-submitted_at", "-id")


def waiting_for(actor: Membership, size: int = 100) -> list[Review]:
    """Return the open reviews on which the actor's word counts and is not given yet, the soonest wished first.

    Six queries, and two for each open review of the team.
    """
    open_ones = reviews_of(actor).filter(state=ReviewState.OPEN)
    undecided = open_ones.exclude(verdicts__member=actor).order_by("wished_at", "submitted_at")[:size]
    return [review for review in undecided if _counts(actor, review)]


def _counts(actor: Membership, review: Review) -> bool:
    voter = as_voter(actor, writers_of(review))
    return any(counts(rule_of(wish.account), voter) for wish in review.wishes.all())


def handed_in_by(actor: Membership, size: int = 30) -> list[Review]:
    """Return what the actor handed in, newest first. Six queries."""
    return list(reviews_of(actor).filter(submitted_by=actor)[:size])


def under_review(actor: Membership, size: int = 50) -> list[Review]:
    """Return everything of the team that is open or approved without being planned. Six queries."""
    stuck = Q(state=ReviewState.APPROVED) & ~Q(trouble="")
    return list(reviews_of(actor).filter(Q(state=ReviewState.OPEN) | stuck)[:size])


def unread_notices(actor: Membership, size: int = 50) -> list[Notice]:
    """Return what the actor has not read yet, newest first. One query."""
    unread = Notice.objects.filter(member=actor, read_at__isnull=True)
    return list(unread.select_related("review__post").order_by("-at", "-id")[:size])


def unread_reviews(actor: Membership) -> QuerySet[Notice]:
    """Return the notices about reviews that the actor has not read. No query yet."""
    return Notice.objects.filter(member=actor, read_at__isnull=True)


def unread_count(actor: Membership) -> int:
    """Return how many notices about reviews the actor has not read. One query."""
    return unread_reviews(actor).count()


@dataclass(frozen=True, slots=True)
class WholeReview:
    """A review with all that its page shows."""

    review: Review
    accounts: list[Account]
    missing: dict[str, int]
    changes: list[SegmentChange]
    compared_with: Revision | None
    comments: list[Comment]
    verdicts: list[Verdict]
    links: list[ApprovalLink]
    history: list[Revision]
    may_decide: bool
    wrote: bool
    decided: bool
    overrides: list = field(default_factory=list)  # type: ignore[type-arg]


def whole_review(actor: Membership, review: Review, now: datetime) -> WholeReview:
    """Return everything about one review. At most sixteen queries."""
    wishes = review.wishes.select_related("account__team").order_by("id")
    wrote = writers_of(review)
    voter = as_voter(actor, wrote)
    before, changes = changes_since_approval(review)
    return WholeReview(
        review=review,
        accounts=[wish.account for wish in wishes],
        missing=still_missing(review) if review.state == ReviewState.OPEN else {},
        changes=changes,
        compared_with=before,
        comments=list(review.post.comments.select_related("member__user")),
        verdicts=list(review.verdicts.select_related("member__user", "link")),
        links=list(review.links.select_related("created_by__user").order_by("-created_at")),
        history=list(review.post.revisions.select_related("saved_by__user").order_by("-revision")[:20]),
        may_decide=any(counts(rule, voter) for rule in rules_of(review).values()),
        wrote=actor.id in wrote,
        decided=review.verdicts.filter(member=actor).exists(),
        overrides=list(review.post.overrides.order_by("-at")),
    )


def changes_since_approval(review: Review) -> tuple[Revision | None, list[SegmentChange]]:
    """Return the wording that was approved last, or else asked for last, and what changed since. Two queries."""
    wordings = Revision.objects.filter(post=review.post_id).select_related("saved_by__user")
    kept = {one.revision: one for one in wordings}
    earlier = Review.objects.filter(post=review.post_id, revision__lt=review.revision).order_by("-revision")
    approved = next((one.covered_revision for one in earlier if one.covered_revision), None)
    asked = next((one.revision for one in earlier), None)
    before, after = kept.get(approved or asked or 0), kept.get(review.revision)
    if before is None or after is None:
        return None, []
    return before, changes_between(before.content, after.content)


def wording_of(review: Review) -> Revision | None:
    """Return the words that were handed in. One query."""
    return Revision.objects.filter(post=review.post_id, revision=review.revision).first()


def asks_for_approval(accounts: Iterable[Account]) -> bool:
    """Say whether any account asks for an approval first. No query."""
    return any(rule_of(one).approvals for one in accounts)


def review_of_post(post: Post) -> Review | None:
    """Return the newest review of a post. One query."""
    return Review.objects.filter(post=post).order_by("-submitted_at").first()


def may_hand_in(actor: Membership) -> bool:
    """Say whether handing in is worth offering: an account asks for it, or the role publishes nothing. One query."""
    return not may(actor, Ability.PUBLISH) or asks_for_approval(accounts_of(actor))


def open_review_count(actor: Membership) -> int:
    """Return how many reviews of the team are open. One query."""
    counted = reviews_of(actor).filter(state=ReviewState.OPEN).aggregate(number=Count("id", distinct=True))
    return int(counted["number"])
