"""Hand a post in for review, with the time and the accounts that are wished for; take it back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.core.delivery import MissedPolicy
from pluralis.core.review import ReviewState, counts
from pluralis.posts.access import access_post, access_review
from pluralis.posts.actions import lock_post
from pluralis.posts.actions.comments import checked_comment
from pluralis.posts.actions.notices import notify
from pluralis.posts.actions.wordings import keep_wording, says_other
from pluralis.posts.models import Notice, Post, PostState, Review, ReviewAccount
from pluralis.posts.queries import draft_from, post_with_words
from pluralis.publishing.approvals import as_voter, rules_of, writers_of
from pluralis.publishing.checks import look_over
from pluralis.publishing.models import Delivery
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_account, may, require
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Forbidden, Invalid
from pluralis.teams.models import Account, Membership
from pluralis.teams.queries import members_of


@dataclass(frozen=True, slots=True)
class ReviewWish:
    """When, where and how an approved post shall go out. ``at`` left out: as soon as it is approved."""

    account_ids: tuple[UUID, ...]
    at: datetime | None = None
    zone: str = "UTC"
    missed_policy: MissedPolicy = MissedPolicy.ASK
    late_limit: timedelta = timedelta(hours=2)
    same_text: bool = False
    note: str = ""


def submit_post(*, actor: Membership, post_id: UUID, wish: ReviewWish, now: datetime) -> Review:
    """Hand a draft in for review; handed in already, as it stands, the open request is returned.

    Raises :class:`Invalid` with what could not go out in any case. Findings that *stop* are for the reviewers: one
    whose role overrides may let them pass with a reason.
    """
    require(actor, Ability.WRITE)
    post = access_post(actor, post_id)
    accounts = [access_account(actor, each, Ability.WRITE) for each in dict.fromkeys(wish.account_ids)]
    _check_wish(wish, accounts, now)
    with transaction.atomic():
        post = post_with_words(lock_post(actor, post.id).id)
        waiting = Review.objects.filter(post=post, state=ReviewState.OPEN, revision=post.revision).first()
        if waiting is not None:
            return waiting
        _check_state(post)
        _check_words(post, accounts)
        if says_other(post, draft_from(post)):
            post.revision += 1  # what stands beside its words was changed since they were saved
        review = _open(actor, post, accounts, wish, now)
        Post.objects.filter(id=post.id).update(state=PostState.SUBMITTED, revision=post.revision, updated_at=now)
        note_change(post.team_id, "posts", f"post:{post.id}")
    return review


def ask_again(*, actor: Membership, post: Post, deliveries: Sequence[Delivery], now: datetime) -> Review | None:
    """Ask for approval of new words for deliveries that are planned already, in the caller's transaction.

    Nothing goes out with words that nobody saw: the deliveries hold until the approval. ``post`` comes with its
    words.
    """
    if not deliveries:
        return None
    first = min(deliveries, key=lambda each: each.planned_at)
    wish = ReviewWish(
        (), first.planned_at, first.zone, MissedPolicy(first.missed_policy), first.late_limit, same_text=True
    )
    return _open(actor, post, [each.account for each in deliveries], wish, now)


@transaction.atomic
def withdraw_review(*, actor: Membership, review_id: UUID | str, now: datetime) -> Review:
    """Take a post back from its reviewers: who handed it in, who wrote it, or who approves."""
    review = lock_review(actor, review_id)
    if actor.id not in (review.submitted_by_id, review.post.author_id) and not may(actor, Ability.APPROVE):
        raise Forbidden(Ability.APPROVE)
    if review.state != ReviewState.OPEN:
        raise review_closed(review)
    close_review(review, ReviewState.WITHDRAWN, now)
    audit.note("posts.review.withdrawn", team_id=review.team_id, actor=actor, about=review, now=now)
    return review


def lock_review(actor: Membership, review_id: UUID | str) -> Review:
    """Return the review, its post's row and then its own locked until the transaction ends."""
    return locked_again(access_review(actor, review_id))


def locked_again(review: Review) -> Review:
    """Lock the post and then the review; whoever waited reads what the others did."""
    Post.objects.select_for_update().only("id").get(id=review.post_id)
    Review.objects.select_for_update().only("id").get(id=review.id)
    return Review.objects.select_related("post__author__user", "submitted_by__user").get(id=review.id)


def close_review(review: Review, state: ReviewState, now: datetime) -> None:
    """End a request without approval: the post is a draft again, unless it is planned already."""
    review.state, review.closed_at = state, now
    review.save(update_fields=["state", "closed_at"])
    if review.post.state == PostState.SUBMITTED:
        Post.objects.filter(id=review.post_id).update(state=PostState.DRAFT, updated_at=now)
    note_change(review.team_id, "reviews", "posts", f"review:{review.id}", f"post:{review.post_id}")


def review_closed(review: Review) -> Conflict:
    """Return what to say to whoever comes too late."""
    if review.state == ReviewState.CHANGED:
        return Conflict(
            "post_changed",
            _("The post was changed since it was handed in."),
            kept=_("Nothing was changed."),
            next_step=_("Look at the new words when they are handed in again."),
        )
    return Conflict(
        "review_closed",
        _("This review is closed already."),
        kept=_("Nothing was changed."),
        next_step=_("Look at it again to see what was decided."),
    )


def reviewers_of(review: Review) -> list[Membership]:
    """Return the members whose approval counts on at least one of the accounts. Four queries."""
    rules, wrote = rules_of(review).values(), writers_of(review)
    return [seat for seat in members_of(review.team_id) if any(counts(rule, as_voter(seat, wrote)) for rule in rules)]


def _open(actor: Membership, post: Post, accounts: Iterable[Account], wish: ReviewWish, now: datetime) -> Review:
    wording = keep_wording(actor=actor, post=post, draft=draft_from(post), now=now)
    review = Review.objects.create(
        team_id=post.team_id, post=post, revision=post.revision, digest=wording.digest, submitted_by=actor,
        submitted_at=now, note=checked_comment(wish.note, needed=False), wished_at=wish.at, zone=wish.zone,
        missed_policy=wish.missed_policy, late_limit=wish.late_limit, same_text=wish.same_text,
    )  # fmt: skip
    ReviewAccount.objects.bulk_create(
        ReviewAccount(team_id=post.team_id, review=review, account=account) for account in accounts
    )
    audit.note("posts.review.submitted", team_id=post.team_id, actor=actor, about=review, now=now,
               post=post.id, revision=post.revision)  # fmt: skip
    others = [seat for seat in reviewers_of(review) if seat.id != actor.id]
    notify(others, Notice.Kind.ASKED, review, str(actor.user), now)
    note_change(post.team_id, "reviews", f"review:{review.id}")
    return review


def _check_wish(wish: ReviewWish, accounts: Sequence[Account], now: datetime) -> None:
    if not accounts:
        raise Invalid("no_account", _("No account is chosen."), kept=_("Your post is kept as a draft."),
                      next_step=_("Choose at least one account."))  # fmt: skip
    if wish.at is not None and wish.at < now:
        raise Invalid("in_the_past", _("This time has passed."), kept=_("Your post is kept as a draft."),
                      next_step=_("Choose a later time, or let it go out as soon as it is approved."),
                      fields={"at": _("This time has passed.")})  # fmt: skip


def _check_state(post: Post) -> None:
    if post.state == PostState.DISCARDED:
        raise Conflict("post_discarded", _("This post was discarded."), next_step=_("Bring it back first."))
    if post.state == PostState.SCHEDULED:
        raise Conflict("post_state", _("This post is already on its way."), kept=_("Nothing was changed."),
                       next_step=_("Change its words: then it is asked for again by itself."))  # fmt: skip


def _check_words(post: Post, accounts: Sequence[Account]) -> None:
    reasons, _stopped = look_over(post, accounts)
    if reasons:
        raise Invalid("cannot_go_out", _("This post cannot go out like this."), kept=_("It is kept as a draft."),
                      next_step=_("Mend the marked places and hand it in again."), fields=reasons)  # fmt: skip
