"""What a month has cost so far, what is scheduled until its end, and how that stands to the budget."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Sum

from pluralis.config import wiring
from pluralis.core.polling import Spending
from pluralis.core.states import PartState
from pluralis.networks.contract import Outgoing, Price, Prices, Reference
from pluralis.networks.metering import CheaperByHand
from pluralis.networks.registry import networks
from pluralis.posts.drafts import Draft
from pluralis.posts.queries import SegmentCheck
from pluralis.publishing.models import Budget, Charge, Part
from pluralis.teams.access import accounts_of
from pluralis.teams.models import Account, Membership
from pluralis.teams.queries import network_of, public_access_of

WAITS = (PartState.WAITING, PartState.HELD)
MOST_FORECAST = 20_000


@dataclass(frozen=True, slots=True)
class Meter:
    """One account's month: writes and what they cost, what is scheduled, and the budget it stands to."""

    account: Account
    writes: int
    planned: int
    spending: Spending
    currency: str


def paid_networks() -> list[str]:
    """Return the networks that are paid by use. No query."""
    return [name for name, one in networks().items() if isinstance(one.connector, Prices)]


def price_of_part(part: Part) -> Price | None:
    """Return what sending a part costs by today's list. No query when account and post are at hand."""
    connector = network_of(part.account).connector
    if not isinstance(connector, Prices):
        return None
    post = part.delivery.post
    answered = post.reply_to if part.position == 0 else None
    reply_to = Reference(answered["remote_id"], answered.get("extra", {})) if answered else None
    outgoing = Outgoing(part.text, "", part.planned_at, reply_to=reply_to, visibility=post.visibility)  # type: ignore[arg-type]
    return connector.price(public_access_of(part.account), outgoing)


def cheaper_by_hand(account: Account, check: SegmentCheck, draft: Draft) -> bool:
    """Say whether a message costs much less when a person sends it; its pictures are looked at apart. No query."""
    connector = network_of(account).connector
    if check.price is None or not isinstance(connector, CheaperByHand):
        return False
    outgoing = Outgoing(check.text, "", datetime.now(UTC), visibility=draft.visibility)  # type: ignore[arg-type]
    return connector.cheaper_by_hand(public_access_of(account), outgoing) is not None


def month_of(now: datetime) -> tuple[datetime, datetime]:
    """Return the month that networks bill: by UTC, from its first instant to before the next month's."""
    begin = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = begin.replace(year=begin.year + begin.month // 12, month=begin.month % 12 + 1)
    return begin, following


def prices_of_reads(accounts: Sequence[Account], at: datetime) -> dict[UUID, Decimal]:
    """Return by account what reading has cost in the month of ``at``, at most. One query, none without accounts."""
    prices: dict[UUID, Decimal] = defaultdict(Decimal)
    if accounts:
        wiring.tell("reads_priced", accounts=accounts, at=at, prices=prices)
    return prices


def meters_of(actor: Membership, now: datetime) -> list[Meter]:
    """Return the month of every account the actor sees on a paid network. Five queries."""
    begin, end = month_of(now)
    accounts = list(accounts_of(actor).filter(network__in=paid_networks()))
    charged = Charge.objects.filter(team=actor.team_id, account__in=accounts, at__gte=begin, at__lt=end)
    spent = {row["account"]: row for row in charged.values("account").annotate(sum=Sum("amount"), writes=Count("id"))}
    reads, planned = prices_of_reads(accounts, now), _planned(accounts, None, end)
    budgets = {budget.account_id: budget for budget in Budget.objects.filter(team=actor.team_id)}
    found = []
    for account in accounts:
        row, (count, price, currency) = spent.get(account.id), planned[account.id]
        budget = budgets.get(account.id)
        spent_here = (row["sum"] if row else Decimal(0)) + reads[account.id]
        spending = Spending(spent_here, price, budget.amount if budget else None, reads[account.id])
        found.append(Meter(account, row["writes"] if row else 0, count, spending, currency))
    return found


def _planned(
    accounts: Sequence[Account], begin: datetime | None, end: datetime
) -> dict[object, tuple[int, Decimal, str]]:
    """Return by account how many parts wait until the end of the month, their price and its currency. One query."""
    sums: dict[object, tuple[int, Decimal, str]] = defaultdict(lambda: (0, Decimal(0), "USD"))
    waiting = Part.objects.filter(account__in=accounts, state__in=WAITS, planned_at__lt=end)
    if begin is not None:
        waiting = waiting.filter(planned_at__gte=begin)
    for part in waiting.select_related("account", "delivery__post").order_by("planned_at")[:MOST_FORECAST]:
        price = price_of_part(part)
        if price is not None:
            count, amount, _currency = sums[part.account_id]
            sums[part.account_id] = (count + 1, amount + price.amount, price.currency)
    return sums


def team_spending(actor: Membership, meters: list[Meter]) -> Spending:
    """Return the whole team's month from its accounts' meters. One query."""
    budget = Budget.objects.filter(team=actor.team_id, account=None).first()
    return Spending(
        sum((one.spending.spent for one in meters), Decimal(0)),
        sum((one.spending.scheduled for one in meters), Decimal(0)),
        budget.amount if budget else None,
        sum((one.spending.reads for one in meters), Decimal(0)),
    )


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A budget that a month will pass by ``over``; of one account, or with none of the whole team."""

    account: Account | None
    over: Decimal
    currency: str


def shortfalls(actor: Membership, wanted: Mapping[Account, Decimal], at: datetime, now: datetime) -> list[Shortfall]:
    """Return the budgets that what is ``wanted`` would pass, besides all that is planned in the month of ``at``.

    ``wanted`` is a price for each account, 0 to ask only about what is planned. No query where nothing has a price,
    one without a budget, else four.
    """
    paid = [account for account in wanted if account.network in paid_networks()]
    budgets = list(Budget.objects.filter(team=actor.team_id)) if paid else []
    if not budgets:
        return []
    begin, end = month_of(at)
    accounts = list(Account.objects.filter(team=actor.team_id, network__in=paid_networks()))
    charged = Charge.objects.filter(team=actor.team_id, at__gte=begin, at__lt=end).values("account")
    spent = {row["account"]: row["sum"] for row in charged.annotate(sum=Sum("amount"))}
    planned, reads = _planned(accounts, begin if begin > now else None, end), prices_of_reads(accounts, at)
    cost = {
        one.id: spent.get(one.id, Decimal(0)) + reads[one.id] + planned[one.id][1] + wanted.get(one, 0)
        for one in accounts
    }
    by_id = {one.id: one for one in paid}
    found = []
    for budget in budgets:
        if budget.account_id is not None and budget.account_id not in by_id:
            continue
        over = (cost[budget.account_id] if budget.account_id else sum(cost.values(), Decimal(0))) - budget.amount
        if over > 0:
            account = by_id[budget.account_id] if budget.account_id else None
            found.append(Shortfall(account, over, budget.currency))
    return found
