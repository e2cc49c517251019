"""A month's budget counts what is read too; once it is spent, reading goes slowly on and searches rest."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pluralis.core.polling import SPARING
from pluralis.inbox.actions import apply_poll_plan
from pluralis.inbox.actions.searches import WishedSearch, begin_search
from pluralis.inbox.filling import fill_gap
from pluralis.inbox.following import _left_today
from pluralis.inbox.listening import due_streams, poll_stream
from pluralis.inbox.metering import OVER_BUDGET, is_over_budget
from pluralis.inbox.models import Cursor, Gap, Message, NetworkSearch, ReadCount
from pluralis.networks.fake.x import FakeX
from pluralis.publishing.actions import set_budget
from pluralis.publishing.models import Part
from pluralis.publishing.queries.costs import meters_of, shortfalls, team_spending
from pluralis.publishing.spending import purse_of
from pluralis.teams.models import Account
from tests.apps.cast import Cast
from tests.apps.inbox.test_reads import mention, poll, promise
from tests.apps.publishing.test_budgets import limit, put_out, states

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(minutes=SPARING)


def read(account: Account, items: int, *, stream: str = "mentions", days_ago: int = 0) -> None:
    """Let a stream have brought messages at $0.001 each."""
    day = timezone.now().date() - timedelta(days=days_ago)
    ReadCount.objects.create(team=account.team, account=account, day=day, stream=stream, calls=1, items=items)


def search(cast: Cast, account: Account) -> NetworkSearch:
    wished = WishedSearch(account.id, "#norlunedown", most_a_day=100)
    return begin_search(actor=cast.alice, wished=wished, now=timezone.now())


def cursor_of(stream: str) -> Cursor:
    return Cursor.objects.get(stream=stream)


def wait_of(stream: str) -> timedelta:
    at = cursor_of(stream).next_poll_at
    assert at is not None
    return at - timezone.now()


@pytest.mark.parametrize("of_team", [True, False])
def test_what_was_read_counts_against_the_budget_of_the_account_and_of_the_team(
    cast: Cast, account: Account, of_team: bool
) -> None:
    limit(cast, "0.20", None if of_team else account)
    read(account, 190)
    assert purse_of(account).left == Decimal("0.01")
    assert states(*put_out(cast, account, "We close at six.")) == [("held", "over_budget")], "it costs 0.015"


def test_last_month_s_reads_are_paid(cast: Cast, account: Account) -> None:
    limit(cast, "0.20", account)
    read(account, 500, days_ago=32)
    assert purse_of(account).left == Decimal("0.20")


def test_both_are_shown_apart(cast: Cast, account: Account) -> None:
    limit(cast, "0.10", account)
    read(account, 40)
    assert states(*put_out(cast, account, "We close at six.")) == [("sent", "")]
    (meter,) = meters_of(cast.alice, timezone.now())
    spending = meter.spending
    assert (spending.spent, spending.writes, spending.reads) == (Decimal("0.055"), Decimal("0.015"), Decimal("0.04"))
    team = team_spending(cast.alice, [meter])
    assert (team.spent, team.reads, spending.warns) == (spending.spent, spending.reads, False)
    read(account, 25, stream="search:one")
    assert meters_of(cast.alice, timezone.now())[0].spending.stops


def test_write_warns_of_a_month_that_reading_has_eaten(cast: Cast, account: Account) -> None:
    limit(cast, "0.05", account)
    read(account, 40)
    now = timezone.now()
    (short,) = shortfalls(cast.alice, {account: Decimal("0.015")}, now, now)
    assert short.over == Decimal("0.005")


def test_the_purse_asks_as_often_as_it_says(
    cast: Cast, account: Account, django_assert_num_queries: Callable
) -> None:
    with django_assert_num_queries(1):
        assert not is_over_budget(account)
    limit(cast, "0.05", account)
    with django_assert_num_queries(5):
        assert not is_over_budget(account)
    free = Account(team=cast.alice.team, network="mastodon")
    with django_assert_num_queries(0):
        assert not is_over_budget(free)


def test_a_spent_budget_slows_reading_down_and_nobody_goes_unheard(cast: Cast, account: Account, x: FakeX) -> None:
    poll(account)
    assert wait_of("mentions") <= timedelta(minutes=1)
    limit(cast, "0.00", account)
    mention(x, "@Norlune is it open?")
    poll(account)
    assert Message.objects.filter(text__contains="is it open").count() == 1
    assert HOUR - timedelta(minutes=1) < wait_of("mentions") <= HOUR
    assert cursor_of("mentions").reason == OVER_BUDGET


def test_a_plan_that_looks_more_seldom_still_holds(cast: Cast, account: Account, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    promise(cast)
    apply_poll_plan(actor=cast.alice, account_id=account.id, now=timezone.now())
    limit(cast, "0.00", account)
    monkeypatch.setattr("pluralis.inbox.listening.planned_pause", lambda *_: timedelta(hours=4))
    poll(account)
    assert wait_of("mentions") > 3 * HOUR


def test_a_higher_budget_lets_reading_go_on_at_once(cast: Cast, account: Account, x: FakeX) -> None:
    limit(cast, "0.00", account)
    poll(account)
    assert [each.stream for each in due_streams(timezone.now())] == []
    limit(cast, "5.00", account)
    assert "mentions" in [each.stream for each in due_streams(timezone.now())]
    poll_stream(cursor_of("mentions").id)
    assert cursor_of("mentions").reason == "" and wait_of("mentions") <= timedelta(minutes=1)


def test_a_paid_search_rests_and_begins_anew_with_the_next_budget(cast: Cast, account: Account, x: FakeX) -> None:
    wanted = search(cast, account)
    poll_stream(cursor_of(wanted.stream).id)
    limit(cast, "0.00", account)
    dana = x.world.add_profile("dana", "Dana")
    from pluralis.networks.fake.world import Draft

    x.world.write(dana.id, Draft("While it rested #norlunedown"))
    assert poll_stream(cursor_of(wanted.stream).id) == 0
    assert (cursor_of(wanted.stream).reason, cursor_of(wanted.stream).value) == (OVER_BUDGET, None)
    limit(cast, "5.00", account)
    poll_stream(cursor_of(wanted.stream).id)
    assert cursor_of(wanted.stream).reason == ""


def test_gaps_and_second_looks_wait_for_a_budget(cast: Cast, account: Account) -> None:
    wanted = search(cast, account)
    gap = Gap.objects.create(
        team=account.team, account=account, stream=wanted.stream, newer_than="1", older_than="2",
        noticed_at=timezone.now(),
    )  # fmt: skip
    assert _left_today(account) > 0
    limit(cast, "0.00", account)
    assert (fill_gap(gap.id), _left_today(account)) == (0, 0)
    gap.refresh_from_db()
    assert gap.given_up_at is None and gap.try_at is not None and gap.try_at > timezone.now() + HOUR / 2


def test_where_reading_is_free_a_budget_slows_nothing(cast: Cast, account: Account) -> None:
    set_budget(actor=cast.alice, account_id=None, amount=Decimal(0), currency="USD", now=timezone.now())
    assert not is_over_budget(Account(team=account.team, network="bluesky"))
    assert Part.objects.count() == 0
