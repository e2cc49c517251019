"""Reading where it is paid by use: counted by day, priced by its line, and as seldom as a promise allows."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from pluralis.config.wiring import tell
from pluralis.inbox.actions import apply_poll_plan, drop_poll_plan
from pluralis.inbox.listening import due_streams, poll_stream
from pluralis.inbox.metering import POLL_PLAN, planned_pause
from pluralis.inbox.models import Cursor, ReadCount
from pluralis.inbox.queries.reads import proposals_of, reads_of
from pluralis.networks.fake.world import Draft as FakeDraft
from pluralis.networks.fake.x import FakeX
from pluralis.teams.errors import Conflict, Forbidden, NotFound
from pluralis.teams.models import Account, AuditEntry, ServiceHours
from tests.apps.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
OFFICE = [[["09:00", "18:00"]]] * 5 + [[], []]


def poll(account: Account) -> None:
    due_streams(timezone.now())
    for cursor in Cursor.objects.filter(account=account):
        poll_stream(cursor.id)


def mention(x: FakeX, text: str) -> None:
    dana = x.world.find_profile("dana") or x.world.add_profile("dana", "Dana")
    x.world.write(dana.id, FakeDraft(text))


def promise(cast: Cast, minutes: int | None = 60) -> None:
    ServiceHours.objects.update_or_create(
        team=cast.alice.team, account=None,
        defaults={"zone": "Europe/Paris", "week": OFFICE, "answer_minutes": minutes, "updated_at": timezone.now()},
    )  # fmt: skip


def test_every_message_that_is_read_is_counted_and_priced(cast: Cast, account: Account, x: FakeX) -> None:
    mention(x, "@Norlune is it open?")
    mention(x, "@Norlune hello?")
    poll(account)
    poll(account)
    row = ReadCount.objects.get(stream="mentions")
    assert row.items == 2 and row.calls >= 2 and row.day == timezone.now().astimezone(UTC).date()
    meter = reads_of([account], timezone.now())[account.id]
    assert (meter.items, meter.by_stream["mentions"], meter.price) == (2, 2, Decimal("0.002"))


def test_where_reading_is_free_nothing_is_counted(cast: Cast) -> None:
    free = Account(team=cast.alice.team, network="mastodon")
    assert reads_of([free], timezone.now()) == {} and proposals_of([free]) == {}


def test_a_plan_is_proposed_from_what_is_promised_and_used_when_a_lead_says_so(cast: Cast, account: Account) -> None:
    assert proposals_of([account]) == {}
    with pytest.raises(Conflict):
        apply_poll_plan(actor=cast.alice, account_id=account.id, now=timezone.now())
    promise(cast)
    proposal = proposals_of([account])[account.id]
    assert (proposal.open_minutes, proposal.quiet_minutes, proposal.applied) == (30, 60, False)
    assert proposal.saved == proposal.calls_now - proposal.calls > 0
    apply_poll_plan(actor=cast.alice, account_id=account.id, now=timezone.now())
    account.refresh_from_db()
    assert proposals_of([account])[account.id].applied and proposals_of([account])[account.id].saved == 0
    before = timezone.now()
    poll(account)
    waits = {each.next_poll_at - before for each in Cursor.objects.filter(account=account)}
    assert all(timedelta(minutes=10) < wait <= timedelta(minutes=61) for wait in waits)
    drop_poll_plan(actor=cast.alice, account_id=account.id, now=timezone.now())
    drop_poll_plan(actor=cast.alice, account_id=account.id, now=timezone.now())
    account.refresh_from_db()
    assert POLL_PLAN not in account.settings
    assert len(due_streams(timezone.now())) == Cursor.objects.filter(account=account).count()
    assert AuditEntry.objects.filter(action__startswith="inbox.polling").count() == 2


def test_only_who_manages_accounts_changes_how_often_they_are_read(cast: Cast, account: Account) -> None:
    promise(cast)
    with pytest.raises(Forbidden):
        apply_poll_plan(actor=cast.bob, account_id=account.id, now=timezone.now())
    with pytest.raises(NotFound):
        drop_poll_plan(actor=cast.charlie, account_id=account.id, now=timezone.now())


WEEK = [60] * 8 + [10] * 12 + [240] * (168 - 20)
CASES = [
    (datetime(2026, 11, 23, 7, 5, tzinfo=UTC), timedelta(minutes=60)),
    (datetime(2026, 11, 23, 7, 30, tzinfo=UTC), timedelta(minutes=40)),
    (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), timedelta(minutes=10)),
    (datetime(2026, 11, 24, 9, 0, tzinfo=UTC), timedelta(minutes=240)),
    (datetime(2026, 11, 29, 23, 0, tzinfo=UTC), timedelta(minutes=120)),
]


@pytest.mark.parametrize(("now", "pause"), CASES)
def test_a_pause_never_reaches_past_the_hour_in_which_one_looks_more_often(now: datetime, pause: timedelta) -> None:
    account = Account(network="x", settings={POLL_PLAN: {"zone": "UTC", "minutes": WEEK}})
    assert planned_pause(account, now) == pause


ODD = [None, {}, {"zone": "UTC"}, {"zone": "Nowhere/At", "minutes": WEEK}, {"zone": "UTC", "minutes": [7] * 168}]


@pytest.mark.parametrize("stored", ODD)
def test_a_plan_that_cannot_be_read_counts_as_none(stored: object) -> None:
    assert planned_pause(Account(network="x", settings={POLL_PLAN: stored}), timezone.now()) is None


def hours_changed(cast: Cast) -> None:
    with transaction.atomic():
        tell("hours_changed", team_id=cast.alice.team_id, now=timezone.now())


def test_a_plan_in_use_follows_the_promise_and_ends_with_it(cast: Cast, account: Account) -> None:
    promise(cast)
    apply_poll_plan(actor=cast.alice, account_id=account.id, now=timezone.now())
    promise(cast, 15)
    hours_changed(cast)
    account.refresh_from_db()
    assert min(account.settings[POLL_PLAN]["minutes"]) == 5
    promise(cast, None)
    hours_changed(cast)
    account.refresh_from_db()
    assert POLL_PLAN not in account.settings
