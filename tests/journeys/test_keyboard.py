"""A whole conversation without a mouse, and the single keys turned off."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.desk import Desk, path_of
from tests.journeys.stack import Stack

pytestmark = pytest.mark.journey


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def test_a_conversation_is_read_claimed_answered_and_resolved_by_keys(desk: Desk, filled: Stack) -> None:
    for name in ("x", "mastodon"):
        filled.network(name).quiet()
    page = desk.open("bob")
    page.goto("/inbox")
    # On top stand two that nobody holds, whatever walked here before.
    for writer in ("keys_one", "keys_two"):
        filled.network("x").mention(f"Which cable do I need, asks {writer}?", by=writer)
        expect(page.locator("#inbox-list .row").first).to_contain_text(f"asks {writer}?")
    expect(page.locator("[data-row]").nth(3)).to_be_visible()
    page.keyboard.press("j")
    first = focused(page)
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert focused(page) == first != ""
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox/*")
    page.keyboard.press("c")
    expect(page.get_by_role("button", name="Yours")).to_be_visible()
    page.keyboard.press("r")
    assert page.evaluate("document.activeElement.id") == "answer-text"
    page.keyboard.type("e c j ?")
    assert page.input_value("#answer-text") == "e c j ?"
    page.keyboard.press("Tab")
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys-help")).to_be_hidden()
    page.keyboard.press("e")
    expect(page.locator("#toasts")).to_contain_text("Resolved.")
    page.keyboard.press("Control+k")
    page.keyboard.type("calen")
    page.keyboard.press("Enter")
    page.wait_for_url("**/calendar")


def test_single_keys_are_turned_off_in_the_profile(desk: Desk) -> None:
    page = desk.open("chloe")
    page.goto("/settings/profile")
    page.locator("[name=shortcuts]").uncheck(force=True)
    page.locator("main form.card .card-foot button.btn-primary").click()
    expect(page.locator("body")).to_have_attribute("data-shortcuts", "off")
    page.goto("/inbox")
    for key in ("?", "g", "c", "/"):
        page.keyboard.press(key)
    assert path_of(page) == "/inbox"
    assert page.locator("dialog[open]").count() == 0
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
