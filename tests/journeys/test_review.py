"""Review with a client link: handed in, sent back by a client, changed, approved by the client, published once."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.desk import Desk, inspect, overflow, row
from tests.journeys.stack import Stack, eventually
from tests.journeys.test_main_road import choose

pytestmark = pytest.mark.journey
FIRST, SECOND = "Our shop in Quimper opens at nine.", "Our shop in Quimper opens at ten."


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Hand in for review").click()
    page.wait_for_url(re.compile("/review/[0-9a-f-]{36}$"))


def link_for(page: Page, who: str) -> str:
    """Make a link on the review's page and return its address, as the page shows it this once."""
    page.fill("#recipient", who)
    page.get_by_role("button", name="Make a link").click()
    return page.locator("[data-link]").inner_text()


def find(page: Page, words: str) -> None:
    page.goto("/review")
    row(page, words).locator("[data-row]").click()
    page.wait_for_url(re.compile("/review/[0-9a-f-]{36}$"))


def test_a_client_without_an_account_has_the_last_word(desk: Desk, filled: Stack) -> None:
    bob, alice = desk.open("bob"), desk.open("alice")
    bob.goto("/write")
    choose(bob, "@Norlune")
    bob.fill("textarea[name=text]", FIRST)
    hand_in(bob)
    expect(bob.locator("#review")).to_contain_text("somebody else approves them")
    alice.goto("/review")
    expect(row(alice, FIRST)).to_be_visible()
    inspect(alice, "reviews")
    find(alice, FIRST)
    inspect(alice, "review")
    address = link_for(alice, "Quimper town hall")
    client = desk.open("", java_script_enabled=False)
    client.goto(address)
    expect(client.locator("main")).to_contain_text(FIRST)
    assert "Alice" not in client.content() and "Bob" not in client.content()
    client.fill("#name", "Yann Le Goff")
    client.fill("#comment", "Ten, please.")
    client.get_by_role("button", name="Ask for changes").click()
    expect(client.locator("main")).to_contain_text("The team has your remark.")
    assert filled.network("x").accepted(FIRST) == []
    change_and_hand_in_again(bob)
    find(alice, SECOND)
    expect(alice.locator(".wording del")).to_contain_text("nine")
    expect(alice.locator(".wording ins")).to_contain_text("ten")
    inspect(alice, "review-changed")
    second = link_for(alice, "Quimper town hall")
    client.goto(address)
    expect(client.locator("main")).to_contain_text("The team has your remark.")
    assert SECOND not in client.content()
    look_at_the_public_page(desk, second)
    client.goto(second)
    client.fill("#name", "Yann Le Goff")
    client.get_by_role("button", name="Approve these words").click()
    expect(client.locator("main")).to_contain_text("You approved these words.")
    expect(alice.locator("#review")).to_contain_text("by link sent to Quimper town hall")
    entries = eventually(lambda: filled.network("x").accepted(SECOND), "the approved post")
    assert len(entries) == 1
    assert filled.network("x").accepted(FIRST) == []


def change_and_hand_in_again(page: Page) -> None:
    page.reload()
    expect(page.locator("#review")).to_contain_text("Ten, please.")
    page.get_by_role("link", name="Edit the words").click()
    page.wait_for_url("**/write/*")
    choose(page, "@Norlune")
    page.fill("textarea[name=text]", SECOND)
    hand_in(page)


def look_at_the_public_page(desk: Desk, address: str) -> None:
    """With scripts too, so that axe can look; and on a narrow phone in French."""
    page = desk.open("")
    page.goto(address)
    inspect(page, "approval")
    phone = desk.open("", width=360, height=740, language="fr")
    phone.goto(address)
    assert overflow(phone) <= 0
    inspect(phone, "approval-phone")
