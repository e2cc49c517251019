"""What a month costs: every write charged once, the rest of the month foretold, budgets that warn."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pluralis.publishing import sending, tasks
from pluralis.publishing.actions import charge_sent_parts, set_budget
from pluralis.publishing.models import Budget, Charge
from pluralis.publishing.queries.costs import meters_of, month_of, team_spending
from pluralis.teams.errors import Forbidden, Invalid, NotFound
from pluralis.teams.models import Account, Membership, ServiceHours
from tests.apps.cast import Cast, schedule, write

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[Membership], Client]


def send(cast: Cast, account: Account, *texts: str) -> None:
    for text in texts:
        part = schedule(cast.alice, write(cast.alice, text), account)[0].parts.get()
        sending.publish_part(str(part.id), worker="here:1")


def test_a_write_is_charged_once_by_its_line_of_the_list(cast: Cast, account: Account) -> None:
    send(cast, account, "We open at nine.", "We open at https://www.example.org today.")
    assert charge_sent_parts(timezone.now()) == 2
    assert charge_sent_parts(timezone.now()) == 0
    assert sorted(Charge.objects.values_list("line", "amount")) == [
        ("create_post", Decimal("0.0150")),
        ("create_post_with_url", Decimal("0.2000")),
    ]


@pytest.mark.parametrize(("minute", "charged"), [(7, 0), (0, 1)])
def test_each_minute_looks_back_a_little_and_each_hour_far_enough_for_what_was_left_out(
    cast: Cast, account: Account, monkeypatch: pytest.MonkeyPatch, minute: int, charged: int
) -> None:
    send(cast, account, "We open at nine.")
    now = timezone.now().replace(minute=minute) + timedelta(hours=6)
    monkeypatch.setattr(tasks, "database_now", lambda: now)
    assert tasks.charge_sent_parts(0) == charged == Charge.objects.count()


def test_the_meter_counts_what_was_sent_and_foretells_what_is_planned(cast: Cast, account: Account) -> None:
    send(cast, account, "We open at nine.")
    charge_sent_parts(timezone.now())
    now = timezone.now()
    left = (month_of(now)[1] - now).total_seconds()
    schedule(cast.alice, write(cast.alice, "We close at six."), account, after=min(3600, left / 2))
    schedule(cast.alice, write(cast.alice, "Next month, then."), account, after=left + 86400)
    [meter] = meters_of(cast.alice, now)
    assert (meter.writes, meter.planned) == (1, 1)
    assert (meter.spending.spent, meter.spending.scheduled) == (Decimal("0.0150"), Decimal("0.015"))
    assert meters_of(cast.charlie, now) == []


def test_the_month_is_the_networks_by_utc() -> None:
    begin, end = month_of(timezone.now())
    assert begin.day == end.day == 1 and timedelta(days=28) <= end - begin <= timedelta(days=31)


def test_a_budget_warns_and_is_taken_away(cast: Cast, account: Account, browser: Browser) -> None:
    send(cast, account, "We open at https://www.example.org today.")
    charge_sent_parts(timezone.now())
    client = browser(cast.alice)
    client.post(reverse("settings_budget"), {"amount": "0,24", "account": str(account.id)})
    client.post(reverse("settings_budget"), {"amount": "0.20", "account": ""})
    page = client.get(reverse("settings_costs")).content.decode()
    assert "Nearly spent" in page and "budget is spent" in page
    spending = team_spending(cast.alice, meters_of(cast.alice, timezone.now()))
    assert (spending.stops, spending.budget) == (True, Decimal("0.20"))
    client.post(reverse("settings_budget"), {"amount": "", "account": ""})
    assert Budget.objects.filter(account=None).count() == 0


def test_only_who_manages_accounts_sets_budgets_and_only_of_their_own_team(cast: Cast, account: Account) -> None:
    this = {"amount": Decimal(5), "currency": "USD", "now": timezone.now()}
    with pytest.raises(Forbidden):
        set_budget(actor=cast.bob, account_id=None, **this)
    with pytest.raises(NotFound):
        set_budget(actor=cast.charlie, account_id=account.id, **this)
    with pytest.raises(Invalid):
        set_budget(actor=cast.alice, account_id=None, **{**this, "amount": Decimal(-1)})


def test_a_team_without_paid_networks_reads_why_the_page_is_empty(cast: Cast, browser: Browser) -> None:
    page = browser(cast.alice).get(reverse("settings_costs")).content.decode()
    assert "Nothing here costs by use" in page


LINKED = "We open at https://www.example.org today."


def composed(client: Client, account: Account, text: str, **more: str) -> str:
    form = {"accounts": [str(account.id)], "text": text, "language": "en", **more}
    return client.post(reverse("write_preview"), form).content.decode()


def test_write_names_both_prices_and_offers_to_finish_a_link_by_hand(
    cast: Cast, account: Account, browser: Browser
) -> None:
    client = browser(cast.alice)
    Membership.objects.filter(id=cast.alice.id).update(may_post_by_hand=True)
    page = composed(client, account, LINKED)
    assert "free instead of 0.2" in page and 'name="by_hand"' in page and "checked" not in page
    assert "checked" in composed(client, account, LINKED, by_hand=str(account.id))
    assert 'name="by_hand"' not in composed(client, account, "We open at nine.")


def test_write_warns_of_a_budget_that_will_not_last(cast: Cast, account: Account, browser: Browser) -> None:
    set_budget(actor=cast.alice, account_id=None, amount=Decimal("0.1"), currency="USD", now=timezone.now())
    client = browser(cast.alice)
    assert "too small by 0.10 USD" in composed(client, account, LINKED)
    assert "too small" not in composed(client, account, "We open at nine.")


def test_the_page_of_a_post_over_its_budget_lets_a_lead_say_why_it_goes(
    cast: Cast, account: Account, browser: Browser
) -> None:
    set_budget(actor=cast.alice, account_id=None, amount=Decimal(0), currency="USD", now=timezone.now())
    part = schedule(cast.alice, write(cast.alice, LINKED), account)[0].parts.get()
    sending.publish_part(str(part.id), worker="here:1")
    address = reverse("part", args=[part.id])
    page = browser(cast.alice).get(address).content.decode()
    assert "Over the month’s budget" in page and "0.200 USD" in page and 'name="reason"' in page
    assert 'name="reason"' not in browser(cast.bob).get(address).content.decode()
    client = browser(cast.alice)
    client.post(reverse("part_over_budget", args=[part.id]), {"reason": "The recall must be public."})
    sending.publish_part(str(part.id), worker="here:1")
    assert "Alice let it go over the budget: The recall must be public." in client.get(address).content.decode()


def test_the_plan_of_polls_is_used_and_dropped_on_the_page(cast: Cast, account: Account, browser: Browser) -> None:
    client = browser(cast.alice)
    assert "No time to answer is promised here" in client.get(reverse("settings_costs")).content.decode()
    ServiceHours.objects.create(team=cast.alice.team, answer_minutes=60, updated_at=timezone.now())
    assert "Use the plan" in client.get(reverse("settings_costs")).content.decode()
    client.post(reverse("settings_polls", args=[account.id]))
    assert "Plan in use" in client.get(reverse("settings_costs")).content.decode()
    client.post(reverse("settings_polls", args=[account.id]), {"do": "drop"})
    assert "Plan in use" not in client.get(reverse("settings_costs")).content.decode()
