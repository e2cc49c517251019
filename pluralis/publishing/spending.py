"""What may still be spent where a network is paid by use, asked when a part is about to go out."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, Sum
from django.db.models.functions import Now

from pluralis.core.states import PartState
from pluralis.publishing.models import Budget, Charge, Overrun, Part
from pluralis.publishing.queries.costs import month_of, paid_networks, price_of_part, prices_of_reads
from pluralis.teams.models import Account

GONE = (PartState.SENT, PartState.DELETED, PartState.CANCELLED)
MOVING = (PartState.SENDING, PartState.UNCONFIRMED)


@dataclass(slots=True)
class Purse:
    """What is left of the month for one account: ``left`` is ``None`` where nothing limits it.

    ``account`` is whose purse it is, for looking again: other accounts pay out of the team's budget meanwhile.
    """

    left: Decimal | None
    account: Account | None = None
    looked: bool = True

    def suffices(self, part: Part) -> bool:
        """Say whether a part may go out, by today's prices or by a lead's word.

        A thread is decided whole, at its first part: half a thread in public is worse than none. No query where
        nothing is limited, one for a single message that fits, two where the lead's word is looked for; after the
        first message also those of :func:`purse_of`. What another account claims between this look and our own claim
        is not seen: a budget may be passed by what is claimed in that moment, and by no more.
        """
        if self.left is None or part.position > 0:
            return True
        if not self.looked and self.account is not None:
            self.left = purse_of(self.account).left
            if self.left is None:
                return True
        self.looked = False
        return price_of_thread(part) <= self.left or Overrun.objects.filter(part=part.id).exists()

    @property
    def empty(self) -> bool:
        """Whether nothing is left."""
        return self.left is not None and self.left <= 0

    def pay(self, part: Part) -> None:
        """Take the price of a part that has just gone out off what is left. No query."""
        price = price_of_part(part) if self.left is not None else None
        if self.left is not None and price is not None:
            self.left -= price.amount


def purse_of(account: Account, at: datetime | None = None) -> Purse:
    """Return what is left of the month of ``at``, or of now, for an account: of its own and its team's budget.

    No query where the network is free, one without a budget, else four more for each budget.
    """
    if account.network not in paid_networks():
        return Purse(None)
    budgets = Budget.objects.filter(Q(account=None) | Q(account=account), team=account.team_id)
    lefts = [budget.amount - _spent(budget, at or budget.now) for budget in budgets.annotate(now=Now())]
    return Purse(min(lefts, default=None), account)


def price_of_thread(part: Part) -> Decimal:
    """Return what all that is not yet out of a part's delivery costs. One query."""
    rest = list(Part.objects.filter(delivery=part.delivery_id).exclude(state__in=GONE))
    for each in rest:
        each.account, each.delivery = part.account, part.delivery
    prices = [price_of_part(each) for each in rest]
    return sum((price.amount for price in prices if price is not None), Decimal(0))


def _spent(budget: Budget, at: datetime) -> Decimal:
    """Return what a budget paid in the month of ``at``, for reads too, with what is in flight. Four queries."""
    begin, end = month_of(at)
    whose = {"team": budget.team_id} | ({"account": budget.account_id} if budget.account_id else {})
    charged = Charge.objects.filter(**whose, at__gte=begin, at__lt=end).aggregate(sum=Sum("amount"))["sum"]
    parts = Part.objects.filter(_in_flight(begin, end), **whose, account__network__in=paid_networks())
    prices = [price_of_part(part) for part in parts.select_related("account", "delivery__post")[:500]]
    accounts = Account.objects.filter(team=budget.team_id, network__in=paid_networks())
    paying = list(accounts.filter(id=budget.account_id) if budget.account_id else accounts)
    reads = sum(prices_of_reads(paying, at).values(), Decimal(0))
    return (charged or Decimal(0)) + reads + sum((price.amount for price in prices if price), Decimal(0))


def _in_flight(begin: datetime, end: datetime) -> Q:
    """Return which parts are paid for soon, or are already without our knowing: what was claimed in that time and is
    being sent or in doubt, and the rest of a thread whose first message was."""
    claimed = Q(claimed_at__gte=begin, claimed_at__lt=end)
    begun = Part.objects.filter(
        claimed, delivery=OuterRef("delivery"), position=0, state__in=(*MOVING, PartState.SENT)
    )
    return Q(claimed, state__in=MOVING) | Q(Exists(begun), state=PartState.WAITING, position__gt=0)
