"""What was read where reading is paid by use, and how to read less often and still answer in time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from pluralis.core.polling import HOURS, WEEKS, Promise, open_hours, plan, work_within
from pluralis.inbox.metering import POLL_PLAN, is_metered
from pluralis.inbox.models import ReadCount
from pluralis.networks.metering import PricesReads
from pluralis.publishing.queries.costs import month_of
from pluralis.teams.hours import Promised, hours_rows, promised_by
from pluralis.teams.models import Account
from pluralis.teams.queries import network_of, public_access_of

POLL_SECONDS = 60


@dataclass(slots=True)
class ReadMeter:
    """What an account has read this month: answered calls, messages, and their price at most where it is known."""

    calls: int = 0
    items: int = 0
    price: Decimal | None = None
    by_stream: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan of polls for one account: intervals by hour of the week in ``zone``, beside what is done now.

    ``answer_minutes`` is the promise it keeps. ``calls`` and ``calls_now`` are of a month, over all streams;
    ``applied`` says that these very intervals are in use.
    """

    zone: str
    minutes: tuple[int, ...]
    answer_minutes: int
    calls: int
    calls_now: int
    applied: bool

    @property
    def saved(self) -> int:
        """How many calls of a month it saves; 0 for one that asks more often."""
        return max(0, self.calls_now - self.calls)

    @property
    def open_minutes(self) -> int:
        """The interval while somebody answers."""
        return min(self.minutes)

    @property
    def quiet_minutes(self) -> int:
        """The interval at the quietest hours."""
        return max(self.minutes)


def reads_of(accounts: Sequence[Account], now: datetime) -> dict[UUID, ReadMeter]:
    """Return what each account has read this month, by UTC days as networks bill. One query."""
    begin, end = (each.astimezone(UTC).date() for each in month_of(now))
    metered = {account.id: account for account in accounts if is_metered(account)}
    found = {each: ReadMeter(price=Decimal(0)) for each in metered}
    counts = ReadCount.objects.filter(account__in=metered, day__gte=begin, day__lt=end)
    for row in counts.values("account", "stream").annotate(called=Sum("calls"), came=Sum("items")):
        meter = found[row["account"]]
        meter.calls += row["called"]
        meter.items += row["came"]
        meter.by_stream[row["stream"]] = row["came"]
        price = _price(metered[row["account"]], row["stream"], row["came"])
        meter.price = None if price is None or meter.price is None else meter.price + price
    return found


def tell_prices(*, accounts: Sequence[Account], at: datetime, prices: dict[UUID, Decimal]) -> None:
    """Hear that somebody reckons a month: what reading has cost is a part of it. One query."""
    for account_id, meter in reads_of(accounts, at).items():
        prices[account_id] = meter.price or Decimal(0)


def _price(account: Account, stream: str, items: int) -> Decimal | None:
    connector = network_of(account).connector
    if not isinstance(connector, PricesReads):
        return None
    price = connector.price_of_reads(public_access_of(account), stream, items)
    return price.amount if price else None


def proposals_of(accounts: Sequence[Account]) -> dict[UUID, Proposal]:
    """Return the cheapest plan of polls that keeps each account's promise; none where nothing is promised. One query
    for each team among the accounts."""
    rows = {team: hours_rows(team) for team in {account.team_id for account in accounts if is_metered(account)}}
    found = {}
    for account in accounts:
        if account.team_id in rows and is_metered(account):
            proposal = proposal_for(account, promised_by(account, rows[account.team_id]))
            if proposal is not None:
                found[account.id] = proposal
    return found


def proposal_for(account: Account, promised: Promised) -> Proposal | None:
    """Return the plan that keeps what is promised, ``None`` without a promise of an answer. No query."""
    if not promised.answer_minutes:
        return None
    wanted = Promise(promised.answer_minutes, open_hours(promised.hours), work=work_within(promised.answer_minutes))
    best = plan(wanted, Decimal(0))
    streams = len(network_of(account).connector.streams)
    stored = account.settings.get(POLL_PLAN)
    kept = {"zone": promised.hours.zone, "minutes": list(best.minutes)}
    return Proposal(
        zone=promised.hours.zone,
        minutes=best.minutes,
        answer_minutes=promised.answer_minutes,
        calls=best.calls * streams,
        calls_now=calls_now(account) * streams,
        applied=stored == kept,
    )


def calls_now(account: Account) -> int:
    """Return how many calls a month one stream takes as the account stands."""
    stored = account.settings.get(POLL_PLAN)
    if isinstance(stored, dict) and len(stored.get("minutes", ())) == HOURS:
        return int(sum(Decimal(60) / each for each in stored["minutes"]) * WEEKS)
    seconds = Decimal(str(account.settings.get("poll_seconds", POLL_SECONDS)))
    return int(HOURS * 3600 / max(seconds, Decimal(1)) * WEEKS)
