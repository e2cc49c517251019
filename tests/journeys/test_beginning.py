"""The first minutes: the owner of an empty installation, and somebody who looks at the demo."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.desk import Arrival, Desk, inspect, mark, path_of, sign_in, stayed
from tests.journeys.stack import Stack

pytestmark = pytest.mark.journey
PLACES = ("inbox", "write", "calendar", "settings")
LANGUAGES = {"fr": ("Messages", "Écrire"), "ms": ("Peti masuk", "Tulis")}


def test_the_first_owner_founds_a_team_and_connects_an_account_on_its_own_page(charlie: Arrival) -> None:
    assert "Connect the first account" in charlie.heard["empty"]
    assert charlie.heard["consent"] == "Pluralis would like permission to access your account"
    assert re.search(r"@\S+ is connected", charlie.heard["connected"])
    assert "Mastodon" in charlie.heard["list"]
    assert "Connected" in charlie.heard["list"]
    assert charlie.troubles == []


def test_nobody_else_signs_up_without_an_invitation(desk: Desk) -> None:
    page = desk.open()
    page.goto("/account/signup/")
    assert page.locator("[name=password1]").count() == 0
    inspect(page, "sign-up-closed")


def test_a_newcomer_signs_in_as_was_printed_and_looks_around(filled: Stack, desk: Desk) -> None:
    assert f"Sign in as alice@norlune.example with the password {filled.password}" in filled.said
    page = desk.open()
    sign_in(page, "alice@norlune.example", filled.password)
    expect(page.locator("h1")).to_have_text("Inbox")
    the_inbox_fills_by_itself(page, filled)
    for place in PLACES:
        page.locator(".rail").get_by_role("link", name=re.compile(place, re.IGNORECASE)).click()
        page.wait_for_url(re.compile(f"/{place}"))
        inspect(page, place)
    page.goto("/inbox")
    page.locator("[data-row]").first.click()
    page.wait_for_url("**/inbox/*")
    inspect(page, "conversation")
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_visible()
    inspect(page, "help")


def the_inbox_fills_by_itself(page: Page, filled: Stack) -> None:
    expect(page.locator("[data-row]").nth(5)).to_be_visible()
    mark(page)
    words = "Do you still repair phones in Lyon?"
    filled.network("x").mention(words)
    expect(page.locator("#inbox-list")).to_contain_text(words)
    assert stayed(page)


def test_every_page_of_the_desk_holds_in_light_and_dark(desk: Desk) -> None:
    page = desk.open("alice")
    for name, path in PAGES.items():
        page.goto(path)
        inspect(page, name)
    page.goto("/calendar")
    page.locator("[data-row]").last.click()
    page.wait_for_url("**/calendar/parts/*")
    inspect(page, "part")


PAGES = {
    "month": "/calendar?view=month",
    "drafts": "/write/drafts",
    "profile": "/settings/profile",
    "accounts": "/settings/accounts",
    "team": "/settings/team",
    "search": "/inbox?words=fibre",
    "nothing-found": "/inbox?words=xyzzyx",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_desk_speaks_another_language_at_one_press(desk: Desk, language: str) -> None:
    inbox, writing = LANGUAGES[language]
    page = desk.open("siti")
    page.goto("/inbox")
    page.locator(".bar details", has=page.locator("[name=language]")).locator("summary").click()
    page.locator(f"button[name=language][value={language}]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("h1")).to_have_text(inbox)
    inspect(page, f"inbox-{language}")
    if page.locator(".rail").get_by_role("link", name=writing).count():
        page.goto("/write")
        inspect(page, f"write-{language}")
    page.goto("/calendar")
    inspect(page, f"calendar-{language}")


def test_dark_stays_dark_from_page_to_page(desk: Desk) -> None:
    page = desk.open("chloe")
    page.goto("/calendar")
    page.locator(".bar details", has=page.locator("[data-theme-choice]")).locator("summary").click()
    with page.expect_response("**/desk/theme"):
        page.locator("[data-theme-choice=dark]").click()
    page.goto("/settings/profile")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_everything_is_within_reach_on_a_small_phone(desk: Desk) -> None:
    page = desk.open("alice", width=360, height=740)
    for place in PLACES:
        page.goto(f"/{place}")
        inspect(page, f"{place}-phone")
    page.goto("/inbox")
    page.locator("[data-row]").first.click()
    page.wait_for_url("**/inbox/*")
    inspect(page, "conversation-phone")
    assert page.locator("#answer-text").is_visible()
    page.get_by_role("link", name="Back to the list").click()
    page.wait_for_url(lambda url: path_of(page) == "/inbox")
    page.goto("/calendar?view=month")
    inspect(page, "month-phone")
