"""Stopped in the evening, started in the morning: everything is where it was."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import Arrival, Desk, row
from tests.journeys.stack import Stack

pytestmark = pytest.mark.journey
ONCE = "Which tariff works in Monaco?"


def test_a_second_start_keeps_accounts_messages_and_the_fake_networks(
    filled: Stack, desk: Desk, charlie: Arrival
) -> None:
    for name in ("x", "mastodon"):
        filled.network(name).quiet()
    filled.network("x").mention(ONCE)
    page = desk.open("alice")
    page.goto("/inbox")
    expect(page.locator("#inbox-list")).to_contain_text(ONCE)
    assert "Stopped." in filled.stop()
    desk.watch.expected += ["ERR_", "Failed to load resource", "Failed to fetch"]
    filled.start()
    assert "Sign in as before" in filled.said
    for name in ("x", "mastodon"):
        filled.network(name).quiet()
    later = "And in Andorra?"
    filled.network("x").mention(later)
    page.goto("/inbox")
    expect(page.locator("#inbox-list")).to_contain_text(later)
    page.goto("/inbox?words=Monaco")
    expect(page.locator(".row", has_text=ONCE)).to_have_count(1)
    page.goto("/settings/accounts")
    expect(page.locator("main")).to_contain_text("Connected")
    assert "Disconnected" not in page.locator("main").inner_text()
    theirs = desk.open("charlie")
    theirs.goto("/settings/accounts")
    assert re.search(r"Connected", row(theirs, "Mastodon").inner_text())
