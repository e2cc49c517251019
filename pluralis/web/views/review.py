"""Review: what waits for whom, one post under review with what changed, and what its readers say."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pluralis.core.findings import Severity
from pluralis.core.review import ReviewState
from pluralis.posts import actions as posts
from pluralis.posts.access import access_review
from pluralis.posts.queries import draft_from, post_with_words
from pluralis.publishing import actions, queries
from pluralis.publishing.actions import Answer
from pluralis.teams.access import Ability, may
from pluralis.teams.errors import Invalid
from pluralis.teams.queries import members_of
from pluralis.web.composing import pictures_of, previews
from pluralis.web.gates import SeatedRequest, back, seated
from pluralis.web.views.write import instant_of
from pluralis.web.views.write_cards import cards_to_read

LINK_DAYS = 7


@seated
def reviews(request: SeatedRequest) -> HttpResponseBase:
    """What waits for this person's word, what they handed in, and what they have not read yet."""
    actor = request.membership
    waiting, mine = queries.waiting_for(actor), queries.handed_in_by(actor)
    shown = {one.id for one in [*waiting, *mine]}
    context = {
        "waiting": waiting,
        "mine": mine,
        "others": [one for one in queries.under_review(actor) if one.id not in shown],
        "notices": queries.unread_notices(actor),
        "may_write": may(actor, Ability.WRITE),
        "rules_url": reverse("settings_accounts") if may(actor, Ability.MANAGE_ACCOUNTS) else "",
    }
    return render(request, "review/index.html", context)


@require_POST
@seated
def read(request: SeatedRequest) -> HttpResponseBase:
    """Mark every notice as read."""
    posts.read_notices(actor=request.membership, now=timezone.now())
    return redirect("reviews")


@seated
def review(request: SeatedRequest, review_id: UUID) -> HttpResponseBase:
    """One post under review: as it will look, what changed, what was said, and what this person may do."""
    found = access_review(request.membership, review_id)
    return render(request, "review/review.html", _whole(request, found))


def _whole(request: SeatedRequest, found: Any, **more: Any) -> dict[str, Any]:
    actor, now = request.membership, timezone.now()
    whole = queries.whole_review(actor, found, now)
    post = post_with_words(found.post_id)
    draft = draft_from(post)
    shown = previews(draft, whole.accounts, pictures_of(draft, actor.team_id))
    stops = any(one.severity is Severity.STOP for each in shown for check in each.checks for one in check.findings)
    # Reading a page changes nothing that others see; that this person has read it is theirs.
    posts.read_notices(actor=actor, now=now, review=found)
    open_, trouble = found.state == ReviewState.OPEN, found.state == ReviewState.APPROVED and found.trouble
    mine = actor.id in (found.submitted_by_id, post.author_id)
    return {
        "whole": whole, "review": found, "post": post, "previews": shown, "stops": stops,
        **cards_to_read(request, draft, shown, post),
        "may_override": may(actor, Ability.OVERRIDE),
        "overridden": any(one.override_reason for one in whole.verdicts),
        "may_approve": open_ and whole.may_decide and not whole.decided,
        "may_send_back": open_ and (whole.may_decide or may(actor, Ability.APPROVE)) and not mine,
        "may_withdraw": open_ and (mine or may(actor, Ability.APPROVE)),
        "may_plan": trouble and (mine or may(actor, Ability.PUBLISH)),
        "may_link": open_ and may(actor, Ability.APPROVE),
        "passed": found.wished_at is not None and found.wished_at < now,
        "names": [f"@{str(seat.user).split()[0]}" for seat in members_of(actor.team_id) if seat.id != actor.id][:12],
        "accounts_by_id": {str(one.id): one.handle for one in whole.accounts},
        "now": now, "days": LINK_DAYS, "zone": str(timezone.get_current_timezone()),
        "earliest": timezone.localtime(now).strftime("%Y-%m-%dT%H:%M"), **more,
    }  # fmt: skip


@require_POST
@seated
def approve(request: SeatedRequest, review_id: UUID) -> HttpResponseBase:
    """Approve; the last approval that is needed plans the post."""
    answer = Answer(
        comment=request.POST.get("comment", ""),
        override_reason=request.POST.get("override_reason", ""),
        at=instant_of(request.POST.get("at", "")),
    )
    done = actions.approve_review(actor=request.membership, review_id=review_id, answer=answer, now=timezone.now())
    if done.trouble:
        messages.warning(request, _("Approved, but not planned yet: %(why)s") % {"why": done.trouble_words})
        return redirect("review", review_id)
    if done.state == ReviewState.APPROVED:
        messages.success(request, _("Approved. It goes out by itself."))
        return redirect("reviews")
    messages.success(request, _("Approved. Others still have to look at it."))
    return redirect("review", review_id)


@require_POST
@seated
def send_back(request: SeatedRequest, review_id: UUID) -> HttpResponseBase:
    """Ask for changes."""
    comment = request.POST.get("comment", "")
    actions.send_back(actor=request.membership, review_id=review_id, comment=comment, now=timezone.now())
    messages.success(request, _("Sent back with your remark."))
    return redirect("reviews")


@require_POST
@seated
def withdraw(request: SeatedRequest, review_id: UUID) -> HttpResponseBase:
    """Take the post back from its reviewers."""
    done = actions.withdraw_review(actor=request.membership, review_id=review_id, now=timezone.now())
    messages.success(request, _("Taken back. It is a draft again."))
    return redirect("write_post", done.post_id)


@require_POST
@seated
def plan(request: SeatedRequest, review_id: UUID) -> HttpResponseBase:
    """Give an approved post the time, or the reason, that it lacked."""
    typed = request.POST.get("at", "")
    at = instant_of(typed)
    if typed and at is None:
        raise Invalid("no_time", _("No day and time is chosen."), kept=_("The approval is kept."))
    reason = request.POST.get("override_reason", "")
    actions.plan_approved(
        actor=request.membership, review_id=review_id, at=at, override_reason=reason, now=timezone.now()
    )
    messages.success(request, _("It is planned."))
    return redirect("calendar")


@require_POST
@seated
def comment(request: SeatedRequest, review_id: UUID) -> HttpResponseBase:
    """Add a remark."""
    text = request.POST.get("text", "")
    posts.add_comment(actor=request.membership, review_id=review_id, text=text, now=timezone.now())
    return redirect(back(request, reverse("review", args=[review_id])))


@seated
def make_link(request: SeatedRequest, review_id: UUID) -> HttpResponseBase:
    """Make a link for somebody without a seat; its address is shown this once. Read again, it is the review."""
    if request.method != "POST":
        return redirect("review", access_review(request.membership, review_id).id)
    typed = request.POST.get("days", "")
    days = int(typed) if typed.isdigit() and len(typed) < 3 else LINK_DAYS
    now = timezone.now()
    link, words = posts.make_link(
        actor=request.membership,
        review_id=review_id,
        recipient=request.POST.get("recipient", ""),
        expires_at=now + timedelta(days=days),
        now=now,
    )
    address = settings.SITE_URL + reverse("approval", args=[words])
    found = access_review(request.membership, review_id)
    return render(request, "review/review.html", _whole(request, found, new_link=link, address=address))


@require_POST
@seated
def revoke_link(request: SeatedRequest, link_id: UUID) -> HttpResponseBase:
    """End a link at once."""
    link = posts.revoke_link(actor=request.membership, link_id=link_id, now=timezone.now())
    messages.success(request, _("The link leads nowhere any more."))
    return redirect("review", link.review_id)
