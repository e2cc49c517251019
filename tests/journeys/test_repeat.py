"""A repeat across a clock change in a real browser: set up, looked at, planned, skipped, paused; and queue slots."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from pluralis.publishing.actions import plan_recurrence
from pluralis.publishing.models import Part, QueueSlot, Recurrence
from pluralis.teams.actions import change_profile
from tests.apps.cast import Cast, make_cast
from tests.apps.publishing.repeats import free_account
from tests.journeys.desk import Watch, inspect

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PARIS = ZoneInfo("Europe/Paris")


def next_spring_change(zone: ZoneInfo) -> date:
    """Return the next day, a week from now at the earliest, on which the zone's clocks go forward."""
    today = datetime.now(UTC).date() + timedelta(days=7)
    for number in count():
        day = today + timedelta(days=number)
        noon, before = (
            datetime(each.year, each.month, each.day, 12, tzinfo=zone) for each in (day, day - timedelta(1))
        )
        if noon.utcoffset() > before.utcoffset():  # type: ignore[operator]
            return day
    raise AssertionError


@pytest.fixture
def people(live_server: object) -> Cast:
    cast = make_cast()
    change_profile(actor=cast.alice.user, now=datetime.now(UTC), zone="Europe/Paris")
    cast.alice.refresh_from_db()
    return cast


def set_up(page: Page, start: date) -> None:
    """Write a post and let it repeat every day at 02:30 in Paris from ``start`` on."""
    page.goto("/write")
    page.fill("[data-text]", "We bake all night. Fresh bread from five.")
    page.get_by_text("Repeat", exact=True).click()
    page.select_option("#repeat-every", "daily")
    page.fill("#repeat-from", start.isoformat())
    page.fill("#repeat-time", "02:30")
    page.select_option("#repeat-zone", "Europe/Paris")
    page.locator("#repeat-zone").dispatch_event("change")


def test_a_repeat_across_a_clock_change(people: Cast, open_browser: object) -> None:
    account = free_account(people.alice)
    change = next_spring_change(PARIS)
    page = open_browser(people.alice)  # type: ignore[operator]
    set_up(page, change - timedelta(days=1))

    times = page.locator("[data-next-times] li")
    expect(times).to_have_count(5)
    expect(times.nth(0)).to_contain_text("2:30")
    expect(times.nth(1)).to_contain_text("3")
    expect(times.nth(1)).to_contain_text("The clocks go forward")
    expect(times.nth(2)).to_contain_text("2:30")
    expect(page.locator("#when-preview")).to_contain_text("Every day at 02:30")
    inspect(page, "write-repeat")

    page.get_by_role("button", name="Plan it").click()
    page.wait_for_url("**/repeats/*")
    expect(page.locator("h1")).to_have_text("Every day at 02:30")
    expect(page.locator(f"[data-local='{change}T02:30']")).to_contain_text("The clocks go forward")
    inspect(page, "repeat")

    # Three days before, as the planner will find it then.
    recurrence = Recurrence.objects.get()
    then = datetime(change.year, change.month, change.day, tzinfo=UTC) - timedelta(days=1, hours=1)
    plan_recurrence(recurrence.id, now=then)
    planned = Part.objects.filter(account=account).order_by("planned_at").values_list("planned_at", flat=True)
    shown = [at.astimezone(PARIS).strftime("%d %H:%M") for at in planned[:3]]
    days = [change + timedelta(days=number) for number in (-1, 0, 1)]
    assert shown == [f"{days[0]:%d} 02:30", f"{days[1]:%d} 03:00", f"{days[2]:%d} 02:30"]

    page.goto(f"/calendar?from={change - timedelta(days=2)}")
    rows = page.locator("a.name", has_text="We bake all night")
    expect(rows.first).to_be_visible()
    assert rows.count() >= 3
    inspect(page, "calendar-across-the-change")

    # One is skipped, the rest stay; then all of it pauses and goes on.
    page.goto(f"/repeats/{recurrence.id}")
    row = page.locator(f"[data-local='{days[2]}T02:30']")
    row.locator("summary").click()
    row.get_by_role("button", name="Skip this one").click()
    expect(page.locator(f"[data-local='{days[2]}T02:30']")).to_contain_text("Skipped")
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.locator(".page-actions")).to_contain_text("Paused")
    assert not Part.objects.filter(state="waiting").exists()
    page.get_by_role("button", name="Resume").click()
    expect(page.locator(".page-actions")).to_contain_text("Going on")
    page.goto("/repeats")
    expect(page.locator("main")).to_contain_text("Every day at 02:30")
    inspect(page, "repeats")


def test_a_rule_that_never_fires_is_said_before_anything_is_pressed(
    people: Cast, open_browser: object, watch: Watch
) -> None:
    watch.expected.append("status of 422")
    free_account(people.alice)
    page = open_browser(people.alice)  # type: ignore[operator]
    set_up(page, date(2027, 2, 1))
    page.select_option("#repeat-every", "rule")
    page.fill("#repeat-rule", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")
    page.locator("#repeat-rule").press("Tab")
    expect(page.locator("#when-preview")).to_contain_text("No calendar has this day: 30.2")
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_role("alert")).to_contain_text("No calendar has this day")
    assert page.input_value("#repeat-rule") == "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"
    assert Recurrence.objects.count() == 0


def test_slots_are_set_and_the_next_free_one_is_taken(people: Cast, open_browser: object) -> None:
    account = free_account(people.alice)
    page = open_browser(people.alice, width=360, language="fr")  # type: ignore[operator]
    page.goto(f"/settings/accounts/{account.id}/slots")
    inspect(page, "slots-empty-fr-360")
    page.fill("#times", "09:00 12.30 17h")
    page.locator("form[action$='/slots/add'] button.btn-primary").click()
    expect(page.locator(".slot")).to_have_count(15)
    assert QueueSlot.objects.count() == 15
    page.goto("/write")
    page.fill("[data-text]", "Le pain est chaud.")
    page.locator("label:has(input[name=when][value=queue])").click()
    expect(page.locator("#when-preview .dates")).to_contain_text(f"@{account.handle}")
    inspect(page, "write-slot-fr-360")
    page.locator("button[name=do][value=schedule]").click()
    page.wait_for_url("**/calendar")
    part = Part.objects.get()
    assert part.planned_at.astimezone(PARIS).strftime("%H:%M") in {"09:00", "12:30", "17:00"}
    page.goto(f"/settings/accounts/{account.id}/slots")
    expect(page.locator("main")).to_contain_text("Le pain est chaud.")
    inspect(page, "slots-fr-360")
