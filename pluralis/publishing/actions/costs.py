"""What publishing costs: every write charged once by the dated list, and how much a month may cost."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.config import wiring
from pluralis.core.states import PartState
from pluralis.networks.contract import Price
from pluralis.publishing.models import Budget, Charge, Part
from pluralis.publishing.queries.costs import paid_networks, price_of_part
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_account, require
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Invalid
from pluralis.teams.models import Account, Membership

LOOK_BACK = timedelta(days=40)
"""How far back an uncharged write is looked for each hour: beyond it a month is closed."""

RECENT = timedelta(hours=3)
"""How far back each minute: what is found later than that came late by a link or a long outage."""

MOST_AT_ONCE = 2000
MOST_AMOUNT = Decimal(1_000_000)


def charge_sent_parts(now: datetime, look_back: timedelta = LOOK_BACK) -> int:
    """Charge what was sent within ``look_back`` and is not charged yet, each part once; returns how many.

    Beside the road, not on it: a part is out the same instant whether it costs or not. What a person sent on the
    network's own page costs nothing.
    """
    sent = Part.objects.filter(
        account__network__in=paid_networks(), state__in=(PartState.SENT, PartState.DELETED),
        sent_at__gte=now - look_back, charge__isnull=True, by_hand_url="",
    )  # fmt: skip
    charges = []
    for part in sent.select_related("account", "delivery__post").order_by("sent_at")[:MOST_AT_ONCE]:
        price = price_of_part(part)
        if price is not None and part.sent_at is not None:
            charges.append(
                Charge(team_id=part.team_id, account=part.account, part=part, line=price.line, amount=price.amount,
                       currency=price.currency, at=part.sent_at)
            )  # fmt: skip
    Charge.objects.bulk_create(charges, ignore_conflicts=True)
    return len(charges)


def charge_part(part: Part) -> None:
    """Charge a part that has just gone out, once, so that the next one sees it. Two queries."""
    price = price_of_part(part)
    at = Part.objects.filter(id=part.id).values_list("sent_at", flat=True).first()
    if price is None or at is None:
        return
    one = Charge(team_id=part.team_id, account_id=part.account_id, part=part, line=price.line, amount=price.amount,
                 currency=price.currency, at=at)  # fmt: skip
    Charge.objects.bulk_create([one], ignore_conflicts=True)


def charge_write(account: Account, price: Price | None, now: datetime) -> None:
    """Charge a write that is no post, such as a repost, in the caller's transaction; a free one leaves no row."""
    if price is not None:
        Charge.objects.create(team_id=account.team_id, account=account, line=price.line, amount=price.amount,
                              currency=price.currency, at=now)  # fmt: skip


def set_budget(
    *, actor: Membership, account_id: UUID | None, amount: Decimal | None, currency: str, now: datetime
) -> Budget | None:
    """Say how much a month may cost, of one account or of the whole team; ``None`` takes the limit away."""
    require(actor, Ability.MANAGE_ACCOUNTS)
    account = access_account(actor, account_id, Ability.MANAGE_ACCOUNTS) if account_id else None
    if amount is not None and not 0 <= amount <= MOST_AMOUNT:
        wrong = _("Give an amount between 0 and 1,000,000.")
        raise Invalid("odd_amount", wrong, kept=_("Nothing was changed."), fields={"amount": wrong})
    with transaction.atomic():
        held = Budget.objects.filter(team=actor.team_id, account=account)
        if amount is None:
            held.delete()
            budget = None
        else:
            budget, _made = Budget.objects.update_or_create(
                team=actor.team, account=account,
                defaults={"amount": amount, "currency": currency, "changed_by": actor, "changed_at": now},
            )  # fmt: skip
        audit.note(
            "publishing.budget.changed",
            team_id=actor.team_id,
            actor=actor,
            about=account or actor.team,
            now=now,
            amount=str(amount) if amount is not None else "",
        )
        note_change(actor.team_id, "costs")
        wiring.tell("budget_changed", team_id=actor.team_id, now=now)
    return budget
