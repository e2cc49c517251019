"""Write, check, schedule, publish once, hear back, answer: the main job, as two people do it."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.desk import Desk, inspect, mark, row, stayed
from tests.journeys.stack import Network, Stack, eventually

pytestmark = pytest.mark.journey
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def x(filled: Stack) -> Network:
    return filled.network("x")


def choose(page: Page, handle: str) -> None:
    """Choose exactly this account to send from."""
    for chip in page.locator("[name=accounts]").all():
        chip.set_checked(chip.get_attribute("data-account") == handle, force=True)


def test_a_french_post_is_mended_with_one_key_planned_and_published_once(desk: Desk, x: Network) -> None:
    page = desk.open("alice")
    page.goto("/write")
    choose(page, "@Norlune")
    page.fill("textarea[name=text]", "Je pense que la boutique de Brest ouvre à neuf heures.")
    flagged = page.locator("[data-marks] mark").first
    expect(flagged).to_have_text(re.compile("^Je"))
    inspect(page, "write-flagged")
    page.focus("textarea[name=text]")
    page.keyboard.press("Control+.")
    expect(page.locator("[data-marks] mark")).to_have_count(0)
    words = page.input_value("textarea[name=text]")
    assert words == "Nous pensons que la boutique de Brest ouvre à neuf heures."
    page.locator("label", has=page.locator("[name=when][value=at]")).click()
    # The field asks people for minutes only; waiting for a whole one would tell nothing more.
    page.locator("#at").evaluate("field => { field.step = 1; }")
    page.fill("#at", f"{datetime.now(PARIS) + timedelta(seconds=3):%Y-%m-%dT%H:%M:%S}")
    page.get_by_role("button", name="Plan it").click()
    page.wait_for_url("**/calendar")
    mark(page)
    expect(row(page, words)).to_contain_text("Published")
    assert stayed(page)
    assert len(x.accepted(words)) == 1
    assert "boutique de Brest" in x.page_of("Norlune")


def test_a_mention_is_claimed_answered_and_seen_by_all(desk: Desk, x: Network) -> None:
    question, reply = "Is the shop in Rennes open on Sunday 29 November?", "Yes: we are there from ten to five."
    bob, alice = desk.open("bob"), desk.open("alice")
    for page in (bob, alice):
        page.goto("/inbox")
        expect(page.locator("[data-row]").first).to_be_visible()
        mark(page)
    asked = x.mention(question)
    expect(bob.locator("#inbox-list")).to_contain_text(question)
    assert stayed(bob)
    row(bob, question).locator("[data-row]").click()
    bob.wait_for_url("**/inbox/*")
    bob.keyboard.press("c")
    expect(bob.get_by_role("button", name="Yours")).to_be_visible()
    expect(row(alice, question)).to_contain_text("Bob Keller")
    assert stayed(alice)
    bob.keyboard.press("r")
    bob.keyboard.type(reply)
    bob.keyboard.press("Alt+2")
    expect(bob.locator("#kind-open")).to_be_checked()
    expect(bob.locator(".answer .length-ring")).to_be_visible()
    bob.get_by_role("button", name="Send").click()
    bob.wait_for_url("**/inbox/*")
    mark(bob)
    expect(bob.locator("article.is-ours", has_text=reply)).to_contain_text("Published")
    assert stayed(bob)
    inspect(bob, "answered")
    (entry,) = x.accepted(reply)
    assert entry["detail"]["reply_to"] == asked


def test_two_people_press_claim_and_one_gets_it(desk: Desk, x: Network) -> None:
    question = "Can the router be collected in Caen?"
    bob, siti = desk.open("bob"), desk.open("siti")
    x.mention(question)
    for page in (bob, siti):
        page.goto("/inbox")
        row(page, question).locator("[data-row]").click()
        page.wait_for_url("**/inbox/*")
    free = siti.locator("#holder form[action$='/claim']:not(:has([name=take_over])) button")
    expect(free).to_be_visible()
    # Of the two who press, one has not yet heard of the other.
    siti.locator("#holder").evaluate("holder => holder.removeAttribute('data-live')")
    desk.watch.expected.append("409")
    bob.locator("#holder form[action$='/claim'] button").click()
    expect(bob.locator("#holder form[action$='/release']")).to_be_visible()
    free.click()
    expect(siti.locator("body")).to_contain_text("Bob")
    assert siti.locator("#holder form[action$='/release']").count() == 0
    # She may still take it over, and is asked once more: the button stands where "Claim" stood a moment ago.
    siti.locator("#holder summary").click()
    expect(siti.locator("#holder form:has([name=take_over])")).to_contain_text("Bob")
    inspect(siti, "taking-over")
    siti.locator("#holder form:has([name=take_over]) button").click()
    expect(siti.locator("#holder form[action$='/release']")).to_be_visible()


def test_a_send_is_taken_back_within_ten_seconds_and_nothing_goes_out(desk: Desk, x: Network) -> None:
    words = "We open a new counter in Metz today."
    page = desk.open("alice")
    page.goto("/write")
    choose(page, "@NorluneCare")
    page.fill("textarea[name=text]", words)
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/calendar")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url("**/write/*")
    assert page.input_value("textarea[name=text]") == words
    page.goto("/calendar")
    expect(page.locator(".row", has_text=words)).to_have_count(0)
    later = "We opened a counter in Metz."
    page.goto("/write")
    choose(page, "@NorluneCare")
    page.fill("textarea[name=text]", later)
    page.get_by_role("button", name="Send").click()
    eventually(lambda: x.accepted(later), "what was sent after it goes out")
    assert x.accepted(words) == []


def test_two_browsers_edit_one_post_and_nothing_is_lost(desk: Desk) -> None:
    first, second = desk.open("alice"), desk.open("chloe")
    first.goto("/write")
    first.fill("textarea[name=text]", "We begin with these words.")
    first.get_by_role("button", name="Keep as a draft").click()
    first.wait_for_url("**/write/*")
    address = first.url
    second.goto(address)
    first.fill("textarea[name=text]", "Alice adds hers.")
    first.get_by_role("button", name="Keep as a draft").click()
    expect(first.locator("#toasts")).to_contain_text("Kept as a draft")
    desk.watch.expected.append("409")
    second.fill("textarea[name=text]", "Chloé has others.")
    # Her desk speaks French.
    second.locator("button[value=draft]").click()
    refusal = second.locator("#main form .banner.is-bad")
    expect(refusal).to_be_visible()
    assert second.input_value("textarea[name=text]") == "Chloé has others."
    inspect(second, "conflict")
    first.goto(address)
    assert first.input_value("textarea[name=text]") == "Alice adds hers."
