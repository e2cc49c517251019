"""Stop everything, look at each, and go on."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.desk import Desk, inspect, mark, row, stayed
from tests.journeys.stack import Stack
from tests.journeys.test_main_road import choose

pytestmark = pytest.mark.journey
WORDS = "We celebrate ten years in Toulouse."


def plan_for_tomorrow(page: Page) -> None:
    page.goto("/write")
    choose(page, "@Norlune")
    page.fill("textarea[name=text]", WORDS)
    page.locator("label", has=page.locator("[name=when][value=at]")).click()
    tomorrow = datetime.now(ZoneInfo("Europe/Paris")) + timedelta(days=1)
    page.fill("#at", f"{tomorrow:%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Plan it").click()
    page.wait_for_url("**/calendar")
    expect(row(page, WORDS)).to_contain_text("Planned")


def test_everything_stops_at_one_press_and_one_post_is_brought_back(desk: Desk, filled: Stack) -> None:
    alice, bob = desk.open("alice"), desk.open("bob")
    plan_for_tomorrow(alice)
    bob.goto("/calendar")
    mark(bob)
    alice.locator("[data-dialog=stop-everything]").click()
    alice.fill("#stop-reason", "Outage in the south")
    inspect(alice, "stop-dialog")
    alice.locator("#stop-everything button.is-solid").click()
    expect(alice.locator("#stop-banner")).to_contain_text("Outage in the south")
    expect(row(alice, WORDS)).to_contain_text("Held")
    expect(row(bob, WORDS)).to_contain_text("Held")
    assert stayed(bob)
    inspect(alice, "stopped")
    alice.get_by_role("button", name="Lift the stop").click()
    expect(alice.locator("#stop-banner")).to_have_count(0)
    assert filled.network("x").accepted(WORDS) == []
    bring_back(alice)
    (entry,) = filled.network("x").accepted(WORDS)
    assert entry["account"] == "Norlune"


def bring_back(page: Page) -> None:
    """Let one held post go now; the others stay held."""
    row(page, WORDS).locator("[data-row]").click()
    page.wait_for_url("**/calendar/parts/*")
    inspect(page, "held")
    page.get_by_role("button", name="Let it go now").click()
    expect(page.locator("#part .page-head")).to_contain_text("Published")
    page.goto("/calendar")
    expect(page.locator(".row", has_text="Held").first).to_be_visible()
