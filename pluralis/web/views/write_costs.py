"""What Write says of money: budgets that would be passed, and posts that a person sends for less."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from pluralis.posts.drafts import Draft
from pluralis.posts.queries import draft_segments_for
from pluralis.publishing.queries.costs import cheaper_by_hand, shortfalls
from pluralis.teams.models import Account, Membership
from pluralis.web.composing import ShownPreview
from pluralis.web.gates import SeatedRequest


def costs_of(request: SeatedRequest, draft: Draft, shown: Sequence[ShownPreview]) -> dict[str, Any]:
    """Return the budgets that the post would pass in its month, and what finishing by hand saves by account."""
    now = timezone.now()
    prices = {one.account: [each.price.amount for each in one.checks if each.price] for one in shown}
    offers = {str(one.account.id): _offer(request.membership, draft, one) for one in shown}
    saved = {key: offer[0] for key, offer in offers.items() if offer and key in request.POST.getlist("by_hand")}
    wanted = {one: sum(each, Decimal(0)) - saved.get(str(one.id), Decimal(0)) for one, each in prices.items()}
    return {
        "shortfalls": shortfalls(request.membership, wanted, _planned_at(request) or now, now),
        "by_hand_offers": {key: offer for key, offer in offers.items() if offer},
        "by_hand_chosen": request.POST.getlist("by_hand"),
    }


def _offer(actor: Membership, draft: Draft, one: ShownPreview) -> tuple[Decimal, str] | None:
    """What a program would pay for the messages of a post that a person may send, and in what; ``None`` for none."""
    if not _may_finish(actor, one.account):
        return None
    segments = draft_segments_for(draft, one.account.id)
    dear = [
        check.price for check, segment in zip(one.checks, segments, strict=False)
        if check.price and not segment.media_ids and cheaper_by_hand(one.account, check, draft)
    ]  # fmt: skip
    return (sum((price.amount for price in dear), Decimal(0)), dear[0].currency) if dear else None


def _may_finish(actor: Membership, account: Account) -> bool:
    return actor.may_post_by_hand or account.member_id == actor.id


def _planned_at(request: SeatedRequest) -> datetime | None:
    """The hour that is typed, if the post is planned for one."""
    if request.POST.get("when") != "at":
        return None
    try:
        typed = parse_datetime(request.POST.get("at", ""))
    except ValueError:
        return None
    return timezone.make_aware(typed) if typed is not None and timezone.is_naive(typed) else typed


def by_hand_accounts(request: SeatedRequest, chosen: Sequence[Account]) -> frozenset[UUID]:
    """Return the chosen accounts on which this member finishes dear messages by hand."""
    wanted = set(request.POST.getlist("by_hand"))
    return frozenset(one.id for one in chosen if str(one.id) in wanted and _may_finish(request.membership, one))


def warn_of_budgets(request: SeatedRequest, chosen: Sequence[Account], at: datetime) -> None:
    """Say after planning that a budget will not last: the post is planned, and held when its time comes."""
    for one in shortfalls(request.membership, dict.fromkeys(chosen, Decimal(0)), at, timezone.now()):
        whose = f"@{one.account.handle}" if one.account else str(request.membership.team)
        said = _("The month’s budget of %(whose)s is too small by %(over)s %(currency)s for all that is planned.")
        messages.warning(request, said % {"whose": whose, "over": f"{one.over:.2f}", "currency": one.currency})
