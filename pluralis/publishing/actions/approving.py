"""Approve a post or send it back, as a member or by a link; what is approved puts itself on its road."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pluralis.core.delivery import MissedPolicy
from pluralis.core.review import ReviewState, check_review_move
from pluralis.core.states import HoldReason, PartState
from pluralis.posts.actions.approval_links import count_try, open_link
from pluralis.posts.actions.comments import checked_comment
from pluralis.posts.actions.notices import notify, read_notices
from pluralis.posts.models import ApprovalLink, Notice, Post, PostState, Review, Verdict
from pluralis.posts.queries import post_with_words
from pluralis.publishing.actions.schedule import PAST, Plan, schedule_approved
from pluralis.publishing.actions.submitting import close_review, lock_review, locked_again, review_closed
from pluralis.publishing.approvals import may_decide, still_missing, writers_of
from pluralis.publishing.checks import Confirmations, look_over, stopped_text
from pluralis.publishing.models import Delivery, Part
from pluralis.publishing.wakeups import wake
from pluralis.teams import audit
from pluralis.teams.access import Ability, may
from pluralis.teams.changes import note_change
from pluralis.teams.errors import ActionError, Conflict, Forbidden, Invalid, NotFound
from pluralis.teams.models import Account, Membership


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reviewer says besides yes or no. ``at`` is a new time, where the wished one has passed."""

    comment: str = ""
    override_reason: str = ""
    at: datetime | None = None


@transaction.atomic
def approve_review(*, actor: Membership, review_id: UUID | str, answer: Answer, now: datetime) -> Review:
    """Approve the words under review; pressed twice is pressed once.

    The last approval that is needed puts the post on its road at the wished time. Of two reviewers in the same
    second the second waits for the first and then sees what is still missing.
    """
    review = lock_review(actor, review_id)
    mine = review.verdicts.filter(member=actor, kind=Verdict.Kind.APPROVED).exists()
    if mine and review.state in (ReviewState.OPEN, ReviewState.APPROVED):
        return review
    if review.state != ReviewState.OPEN:
        raise review_closed(review)
    _check_may_decide(actor, review)
    _check_stops(actor, review, answer)
    Verdict.objects.create(
        team_id=review.team_id, review=review, kind=Verdict.Kind.APPROVED, member=actor, name=str(actor.user)[:120],
        comment=checked_comment(answer.comment, needed=False), override_reason=answer.override_reason.strip(), at=now,
    )  # fmt: skip
    audit.note("posts.review.approved", team_id=review.team_id, actor=actor, about=review, now=now,
               revision=review.revision)  # fmt: skip
    read_notices(actor=actor, now=now, review=review)
    _close_if_complete(review, actor, answer.at, str(actor.user), now)
    return review


@transaction.atomic
def send_back(*, actor: Membership, review_id: UUID | str, comment: str, now: datetime) -> Review:
    """Ask for changes, with a word why: the post is a draft again."""
    review = lock_review(actor, review_id)
    if review.state != ReviewState.OPEN:
        raise review_closed(review)
    if not (may(actor, Ability.APPROVE) or may_decide(actor, review)):
        raise Forbidden(Ability.APPROVE)
    Verdict.objects.create(
        team_id=review.team_id, review=review, kind=Verdict.Kind.CHANGES, member=actor, name=str(actor.user)[:120],
        comment=checked_comment(comment, needed=True), at=now,
    )  # fmt: skip
    close_review(review, ReviewState.SENT_BACK, now)
    audit.note("posts.review.sent_back", team_id=review.team_id, actor=actor, about=review, now=now)
    read_notices(actor=actor, now=now, review=review)
    _tell_writers(review, Notice.Kind.SENT_BACK, actor, str(actor.user), now)
    return review


def answer_by_link(*, words: str, approves: bool, name: str, comment: str, now: datetime) -> ApprovalLink:
    """Take the answer of somebody without a seat; the same answer again is fine.

    Raises :class:`NotFound` for a link that is unknown, ended or expired, :class:`Invalid` without a name or, for
    changes, without a word, and :class:`Conflict` when the words were changed or the review is closed.
    """
    link = open_link(words, now)
    if link is None:
        raise NotFound("link")
    count_try(link)
    with transaction.atomic():
        review = locked_again(link.review)
        said = Verdict.objects.filter(link=link).first()
        if said is not None:
            return link
        if ApprovalLink.objects.filter(id=link.id, revoked_at__isnull=False).exists():
            raise NotFound("link")
        if review.state != ReviewState.OPEN:
            raise review_closed(review)
        said_as = (_checked_name(name), checked_comment(comment, needed=not approves))
        _write_link_answer(link, review, approves, said_as, now)
    return link


def _write_link_answer(
    link: ApprovalLink, review: Review, approves: bool, said: tuple[str, str], now: datetime
) -> None:
    name, comment = said
    kind = Verdict.Kind.APPROVED if approves else Verdict.Kind.CHANGES
    Verdict.objects.create(
        team_id=link.team_id, review=review, kind=kind, link=link, name=name, comment=comment, at=now
    )
    data = {"by": "link", "link": link.id, "revision": review.revision}
    audit.note("posts.review.approved" if approves else "posts.review.sent_back",
               team_id=link.team_id, about=review, now=now, **data)  # fmt: skip
    if approves:
        _close_if_complete(review, link.created_by or review.submitted_by, None, name, now)
        note_change(review.team_id, f"review:{review.id}")
    else:
        close_review(review, ReviewState.SENT_BACK, now)
        _tell_writers(review, Notice.Kind.SENT_BACK, None, name, now)


@transaction.atomic
def plan_approved(
    *, actor: Membership, review_id: UUID | str, at: datetime | None, override_reason: str, now: datetime
) -> Review:
    """Give an approved post that is not on its road yet a new time, or the reason it lacked. ``at`` None: now."""
    review = lock_review(actor, review_id)
    if review.state != ReviewState.APPROVED or not review.trouble:
        raise review_closed(review)
    if actor.id not in (review.submitted_by_id, review.post.author_id) and not may(actor, Ability.PUBLISH):
        raise Forbidden(Ability.PUBLISH)
    if at is not None and at < now - PAST:
        raise Invalid("in_the_past", _("This time has passed."), kept=_("The approval is kept."),
                      next_step=_("Choose a later time."), fields={"at": _("This time has passed.")})  # fmt: skip
    _put_on_road(review, actor, at or now, now, override_reason.strip())
    if review.trouble:
        raise Conflict(review.trouble, review.trouble_words, kept=_("The approval is kept."))
    return review


def _check_may_decide(actor: Membership, review: Review) -> None:
    if may_decide(actor, review):
        return
    if actor.id in writers_of(review) and may(actor, Ability.APPROVE):
        raise Conflict(
            "own_words",
            _("You wrote or changed these words yourself: somebody else approves them."),
            kept=_("Nothing was changed."),
            next_step=_("Ask another reviewer, or let a lead allow it in the account's settings."),
        )
    raise Forbidden(Ability.APPROVE)


def _check_stops(actor: Membership, review: Review, answer: Answer) -> None:
    """Refuse an approval over findings that stop, unless somebody entitled says why."""
    if review.verdicts.exclude(override_reason="").exists():
        return
    _reasons, stopped = look_over(post_with_words(review.post_id), _accounts(review))
    if stopped and not (answer.override_reason.strip() and may(actor, Ability.OVERRIDE)):
        raise Invalid(
            "cannot_go_out",
            _("A rule stops this post."),
            kept=_("Nothing was changed."),
            next_step=_("Send it back, or let somebody whose role may do so say why it goes out all the same."),
            fields={f"rule:{rule}": stopped_text(rule) for rule in stopped},
        )


def _close_if_complete(
    review: Review, by: Membership | None, at: datetime | None, by_name: str, now: datetime
) -> None:
    note_change(review.team_id, "reviews", f"review:{review.id}")
    if still_missing(review):
        return
    check_review_move(ReviewState(review.state), ReviewState.APPROVED)
    review.state, review.closed_at, review.covered_revision = ReviewState.APPROVED, now, review.revision
    review.save(update_fields=["state", "closed_at", "covered_revision"])
    planned = review.post.state == PostState.SCHEDULED
    state = PostState.SCHEDULED if planned else PostState.APPROVED
    Post.objects.filter(id=review.post_id).update(approved_revision=review.revision, state=state, updated_at=now)
    _tell_writers(review, Notice.Kind.APPROVED, by, by_name, now)
    _put_on_road(review, by, at or review.wished_at or now, now, "")
    if review.trouble:
        _tell_writers(review, Notice.Kind.NOT_PLANNED, None, by_name, now)


def _put_on_road(review: Review, by: Membership | None, at: datetime, now: datetime, override: str) -> None:
    """Plan what was approved; what stands in the way is kept and shown, and the approval with it."""
    actor = _overrider(review) or by or review.submitted_by
    review.trouble = review.trouble_words = ""
    try:
        if actor is None:
            raise Conflict("nobody", _("Nobody who could plan it is left in the team."))
        if at < now - PAST:
            raise Conflict("time_passed", _("The wished time, %(time)s, has passed.") % {"time": _words(at)},
                           next_step=_("Choose a new one."))  # fmt: skip
        with transaction.atomic():
            _plan(review, actor, at, now, override)
    except ActionError as error:
        review.trouble, review.trouble_words = error.code[:64], "\n".join([str(error), *_reasons(error)])
    review.save(update_fields=["trouble", "trouble_words"])
    note_change(review.team_id, "reviews", f"review:{review.id}")


def _plan(review: Review, actor: Membership, at: datetime, now: datetime, override: str) -> None:
    post = post_with_words(review.post_id)
    planned = _let_new_words_go(post, review, at, now)
    accounts = [one for one in _accounts(review) if one.id not in planned]
    if not accounts:
        return
    kept = review.verdicts.exclude(override_reason="").values_list("override_reason", flat=True).first()
    plan = Plan(
        at, review.zone, MissedPolicy(review.missed_policy), review.late_limit,
        Confirmations(same_text=review.same_text, override_reason=override or kept or ""),
    )  # fmt: skip
    schedule_approved(actor=actor, post=post, accounts=accounts, plan=plan, client_key=f"review-{review.id}", now=now)


def _let_new_words_go(post: Post, review: Review, at: datetime, now: datetime) -> set[UUID]:
    """Let deliveries that held for these words go on; returns their accounts."""
    wanted = [one.id for one in _accounts(review)]
    deliveries = Delivery.objects.filter(post=post, account__in=wanted, post_revision__lt=post.revision)
    found = set()
    for delivery in deliveries.select_for_update():
        parts = Part.objects.select_for_update().filter(delivery=delivery)
        open_ones = [part for part in parts if part.state in (PartState.WAITING, PartState.HELD, PartState.MISSED)]
        if not open_ones:
            continue
        delivery.post_revision = post.revision
        delivery.save(update_fields=["post_revision"])
        found.add(delivery.account_id)
        for part in open_ones:
            if part.state == PartState.HELD and part.hold_reason == HoldReason.CHANGED:
                part.state, part.hold_reason, part.planned_at = PartState.WAITING, "", max(at, part.planned_at)
                part.due_at = part.planned_at
                part.save(update_fields=["state", "hold_reason", "planned_at", "due_at"])
                wake(part, now)
    return found


def _overrider(review: Review) -> Membership | None:
    given = review.verdicts.exclude(override_reason="").select_related("member__user").first()
    return given.member if given else None


def _accounts(review: Review) -> list[Account]:
    return [wish.account for wish in review.wishes.select_related("account__team").order_by("id")]


def _tell_writers(review: Review, kind: str, but: Membership | None, by_name: str, now: datetime) -> None:
    wanted = [seat for seat in (review.submitted_by, review.post.author) if seat is not None]
    notify([seat for seat in wanted if but is None or seat.id != but.id], kind, review, by_name, now)


def _checked_name(name: str) -> str:
    clean = " ".join(name.replace("\x00", "").split())[:120]
    if not clean:
        raise Invalid("no_name", _("Your name is missing."), kept=_("Nothing was sent."),
                      next_step=_("Type your name, so that the team knows who answered."),
                      fields={"name": _("Type your name.")})  # fmt: skip
    return clean


def _reasons(error: ActionError) -> Sequence[str]:
    return list(dict.fromkeys(str(text) for text in error.fields.values()))


def _words(at: datetime) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")
