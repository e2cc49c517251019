"""A day in the life: Alice and Bob on two pages, Dana writing from outside, and Charlie who sees none of it."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.desk import Desk, inspect, row, words_of
from tests.journeys.stack import Network, Stack, eventually

pytestmark = pytest.mark.journey

OUTAGE = "Is there an outage in Leeds? Nothing works here."
PARCEL = "My number is +44 7700 900482, where is my parcel?"
INSULT = "you are all worthless idiots and liars"


@pytest.fixture
def x(filled: Stack) -> Iterator[Network]:
    network = filled.network("x")
    network.quiet()
    yield network


def opened(page: Page, words: str) -> None:
    """Go to the inbox and open the conversation whose newest words are these."""
    page.goto("/inbox")
    row(page, words).locator("[data-row]").click()
    page.wait_for_url("**/inbox/*-*")


def answered(page: Page, words: str, kind: str = "") -> None:
    """Answer as a kind of reply, and wait until the answer stands in the conversation."""
    if kind:
        page.locator(f"label:has(#kind-{kind})").click()
    page.fill("#answer-text", words)
    page.locator("form.answer").get_by_role("button", name="Send").click()
    page.wait_for_url("**/inbox/*-*")


def claimed(page: Page) -> bool:
    """Press claim; say whether it is ours now."""
    button = page.locator("form[action$='/claim'] button")
    if button.count():
        button.first.click()
    expect(page.locator("form[action$='/release'], form[action$='/claim']").first).to_be_visible()
    return page.locator("#holder form[action$='/release']").count() == 1


def test_two_people_race_for_one_message_and_hand_it_over(desk: Desk, x: Network) -> None:
    x.mention(OUTAGE, by="dana_day")
    alice, bob = desk.open("alice"), desk.open("bob")
    desk.watch.expected.append("409")
    for page in (alice, bob):
        opened(page, OUTAGE)
    assert claimed(bob)
    expect(alice.locator("#holder")).to_contain_text("Bob")
    bob.locator("summary[data-key='a']").click()
    bob.locator("form[action$='/assign'] button", has_text="Alice").click()
    bob.wait_for_url("**/inbox/*-*")
    expect(alice.locator("#holder form[action$='/release']")).to_be_visible()
    expect(bob.locator("#holder")).to_contain_text("Alice")


def test_a_telephone_number_leads_to_a_private_reply_that_never_stands_on_the_timeline(
    desk: Desk, x: Network
) -> None:
    reply = "We found your parcel: it comes tomorrow morning."
    x.mention(PARCEL, by="dana_parcel")
    bob = desk.open("bob")
    opened(bob, "where is my parcel")
    assert claimed(bob)
    expect(bob.locator("#kind-private")).to_be_checked()
    inspect(bob, "day-private-proposed")
    answered(bob, reply)
    eventually(lambda: reply in words_of(_again(bob)) and "Published" in words_of(bob), "the private reply stands")
    assert x.accepted(reply) == []
    assert reply not in x.page_of("Norlune")


def _again(page: Page) -> Page:
    page.reload()
    return page


def test_an_answer_for_everyone_is_offered_and_the_next_one_finds_it(desk: Desk, x: Network) -> None:
    question, reply = "Do you repair zorbic lamps in York?", "We repair every zorbic lamp in York, within a week."
    x.mention(question, by="dana_lamp")
    bob = desk.open("bob")
    opened(bob, question)
    assert claimed(bob)
    answered(bob, reply, "open")
    eventually(lambda: x.accepted(reply), "the open reply goes out", 90)
    again = "zorbic lamp broken, is there a repair in York?"
    x.mention(again, by="dora_lamp")
    opened(bob, again)
    assert claimed(bob)
    before = bob.locator("#before")
    expect(before).to_contain_text("This was asked before")
    before.get_by_role("button", name="Take these words").first.click()
    assert "zorbic lamp in York" in bob.input_value("#answer-text")
    inspect(bob, "day-asked-before")
    bob.locator("label:has(#kind-community)").click()
    expect(bob.locator(".reply-forms")).to_be_visible()


def test_a_hater_is_held_at_a_distance_by_a_lead_and_nobody_answers_by_mistake(desk: Desk, x: Network) -> None:
    x.mention(INSULT, by="dana_rude")
    alice, bob = desk.open("alice"), desk.open("bob")
    opened(alice, INSULT)
    opened(bob, INSULT)
    expect(bob.locator("#answer-text")).to_be_visible()
    alice.get_by_role("link", name="Distance and evidence").first.click()
    alice.fill("#reason", "Only insults, for the third time")
    inspect(alice, "day-distance")
    alice.get_by_role("button", name="Do not engage").click()
    expect(alice.locator("main")).to_contain_text("Every reply box for this person is closed")
    bob.reload()
    expect(bob.locator(".answer")).to_contain_text("Only insults, for the third time")
    assert bob.locator("#answer-text").count() == 0
    bob.goto("/people/distance")
    expect(bob.locator("main")).to_contain_text("Only insults")


def test_many_write_about_one_outage_and_one_approved_text_answers_them(desk: Desk, x: Network) -> None:
    for number in range(3):
        x.mention(f"no tram in Derby since {number + 6}, is the line closed?", by=f"rider_{number}")
    alice, bob = desk.open("alice"), desk.open("bob")
    opened(bob, "no tram in Derby")
    bob.get_by_role("link", name="Part of an incident?").click()
    bob.fill("#name", "Derby line closed")
    bob.get_by_role("button", name="Open an incident").click()
    bob.get_by_role("button", name="Gather these").click()
    expect(bob.locator("main")).to_contain_text("of 3 conversations answered")
    bob.fill("textarea[name=text]", "The Derby line is closed until noon; buses run every ten minutes.")
    bob.get_by_role("button", name="Keep").click()
    alice.goto(bob.url)
    alice.get_by_role("button", name="Approve as it was kept").click()
    expect(alice.locator("main")).to_contain_text("Approved")
    inspect(alice, "day-incident")
    bob.goto(alice.url)
    bob.locator("[data-row]").first.click()
    bob.wait_for_url("**/inbox/*-*")
    expect(bob.locator("#before")).to_contain_text("buses run every ten minutes")


def test_an_answer_named_with_a_dot_stands_before_everyone(desk: Desk, filled: Stack) -> None:
    mastodon = filled.network("mastodon")
    mastodon.quiet()
    question, reply = "Is the Selby shop open on Sundays?", "we open in Selby from ten to four on Sundays."
    mastodon.mention(question, by="dana_selby")
    bob = desk.open("bob")
    opened(bob, question)
    assert claimed(bob)
    bob.locator("label:has(#kind-community)").click()
    bob.locator(".reply-forms label", has_text=".@").first.click()
    inspect(bob, "day-dot")
    answered(bob, reply)
    [out] = eventually(lambda: mastodon.accepted(reply), "the answer for everyone goes out", 90)
    assert out["detail"]["text"].startswith(".@dana_selby")
    assert out["detail"].get("visibility", "public") == "public"
    assert reply in mastodon.page_of("@Norlune"), "everybody reads it, not only who follows both"
    eventually(lambda: bob.reload() or reply in bob.locator("main").inner_text(), "it stands in the conversation")
    repost = bob.locator("#thread").get_by_role("button", name="Repost as @").first
    repost.evaluate("button => button.scrollIntoView({ block: 'center' })")
    repost.click()
    expect(bob.locator("#thread")).to_contain_text("Reposted by Bob")
    # At once: it can be taken back for ten seconds, and looking at a page closely may take longer.
    bob.get_by_role("button", name="Undo").click()
    expect(repost).to_be_visible()
    repost.evaluate("button => button.scrollIntoView({ block: 'center' })")
    repost.click()
    expect(bob.locator("#thread")).to_contain_text("Reposted by Bob")
    inspect(bob, "day-reposted")


def test_an_alarm_rings_for_whoever_waits_too_long_and_the_answer_silences_it(desk: Desk, x: Network) -> None:
    late = "Nobody answers me about the Whitby ferry, hello?"
    alice, bob = desk.open("alice"), desk.open("bob")
    alice.goto("/settings/answering/team")
    alarm = alice.locator("form[aria-labelledby=alarm]")
    alarm.locator("[name=minutes]").fill("1")
    # Whatever day it is: the demo's team is closed on Sundays, and then a minute of waiting is none.
    alarm.locator("[name=outside_hours]").check()
    alarm.get_by_role("button", name="Save").click()
    expect(alice.locator("body")).to_contain_text("The alarm is saved.")
    bob.goto("/calendar")
    x.mention(late, by="dana_whitby")
    opened(bob, late)
    conversation = urlsplit(bob.url).path
    ringing = f"section[aria-labelledby=ringing-title] a[href='{conversation}']"
    bob.goto("/inbox/alarms?all")
    # Nobody reloads: the page hears of it.
    expect(bob.locator(ringing)).to_have_count(1, timeout=150_000)
    inspect(bob, "day-alarm")
    for width, height in ((360, 640), (1280, 600)):
        alice.set_viewport_size({"width": width, "height": height})
        alice.goto("/write")
        expect(alice.locator("#alarm-banner [role=alert]")).to_be_visible()
        alice.get_by_role("button", name="Keep as a draft").click(trial=True)
    inspect(alice, "write-while-it-rings")
    alice.set_viewport_size({"width": 1280, "height": 800})
    bob.goto(conversation)
    assert claimed(bob)
    answered(bob, "The Whitby ferry sails again tomorrow at eight.", "open")
    bob.goto("/inbox/alarms?all")
    expect(bob.locator(ringing)).to_have_count(0, timeout=60_000)
    alice.goto("/settings/answering/team")
    alarm.locator("[name=minutes]").fill("")
    alarm.get_by_role("button", name="Save").click()
    expect(alice.locator("body")).to_contain_text("The alarm is saved.")


def test_charlie_sees_none_of_it(desk: Desk, x: Network) -> None:
    charlie = desk.open("charlie")
    for address in (
        "/inbox",
        "/people",
        "/people/distance",
        "/inbox/incidents",
        "/settings/faq",
        "/settings/sorting",
    ):
        charlie.goto(address)
        html = words_of(charlie)
        for words in ("zorbic", "dana_rude", "Derby line", "900482", "Selby", "Whitby"):
            assert words not in html, (address, words)
