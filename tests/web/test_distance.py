"""Distance, networks' pages, evidence and incidents, as they are pressed."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pluralis.inbox.models import Contact, Conversation, Distance, Evidence, Incident, Moderation
from pluralis.teams.models import Account, Membership
from tests.apps.cast import Cast
from tests.web.test_calendar_and_inbox import conversation  # noqa: F401 - a fixture

Browser = Callable[[Membership], Client]


@pytest.fixture
def contact(conversation: Conversation) -> Contact:  # noqa: F811
    """Dana."""
    assert conversation.contact
    return conversation.contact


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_a_lead_keeps_a_distance_and_every_reply_box_says_why(
    cast: Cast, contact: Contact, conversation: Conversation, browser: Browser  # noqa: F811
) -> None:  # fmt: skip
    alice = browser(cast.alice)
    alice.post(reverse("distance_keep", args=[contact.id]), {"days": "30", "reason": "Only insults"})
    assert Distance.objects.get().reason == "Only insults"
    html = page(browser(cast.bob), reverse("conversation", args=[conversation.id]))
    assert "Only insults" in html and 'id="answer-text"' not in html
    assert "Only insults" in page(browser(cast.bob), reverse("distances"))
    alice.post(reverse("distance_end", args=[contact.id]))
    assert 'id="answer-text"' in page(browser(cast.bob), reverse("conversation", args=[conversation.id]))


@pytest.mark.parametrize("days", ["", "0", "x", "99999"])
def test_a_distance_without_a_right_end_is_refused_kindly(
    cast: Cast, contact: Contact, browser: Browser, days: str
) -> None:
    browser(cast.alice).post(reverse("distance_keep", args=[contact.id]), {"days": days, "reason": "Insults"})
    assert not Distance.objects.exists()


def test_those_whose_time_is_up_stand_first(cast: Cast, contact: Contact, browser: Browser) -> None:
    browser(cast.alice).post(reverse("distance_keep", args=[contact.id]), {"days": "7", "reason": "Insults"})
    Distance.objects.update(until=timezone.now() - timedelta(hours=1))
    Contact.objects.update(do_not_engage_until=timezone.now() - timedelta(hours=1))
    assert "The time is up: look again" in page(browser(cast.bob), reverse("distances"))
    alice = browser(cast.alice)
    assert "Let it end" in page(alice, reverse("distance_contact", args=[contact.id]))
    alice.post(reverse("distance_end", args=[contact.id]))
    assert "The time is up" not in page(alice, reverse("distances"))


def test_an_agent_sees_the_decision_and_no_button(cast: Cast, contact: Contact, browser: Browser) -> None:
    html = page(browser(cast.bob), reverse("distance_contact", args=[contact.id]))
    assert reverse("distance_keep", args=[contact.id]) not in html
    assert reverse("evidence_make", args=[contact.id]) not in html


def test_blocking_leads_to_the_networks_page_and_is_noted_when_done(
    cast: Cast, contact: Contact, account: Account, browser: Browser
) -> None:
    alice, profile = browser(cast.alice), contact.profiles.get()
    address = reverse("moderate_by_hand", args=[profile.id]) + f"?action=block&account={account.id}"
    html = page(alice, address)
    assert f"@{account.handle}" in html and "/dana" in html
    done = {"action": "block", "account": account.id, "by_hand": "1"}
    alice.post(reverse("moderate", args=[profile.id]), done)
    assert Moderation.objects.get().by_hand is True


def test_a_pack_is_made_and_handed_out_as_a_download_that_nobody_caches(
    cast: Cast, contact: Contact, browser: Browser
) -> None:
    alice = browser(cast.alice)
    day = (timezone.localdate() + timedelta(days=60)).isoformat()
    alice.post(reverse("evidence_make", args=[contact.id]), {"until": day})
    made = Evidence.objects.get()
    answer = alice.get(reverse("evidence", args=[made.id]))
    assert (
        answer.headers["Content-Disposition"].startswith("attachment")
        and answer.headers["Cache-Control"] == "no-store"
    )
    assert b"".join(answer.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    assert browser(cast.bob).get(reverse("evidence", args=[made.id])).status_code == 403


def test_an_owner_names_who_gets_security_reports(cast: Cast, browser: Browser) -> None:
    browser(cast.alice).post(reverse("name_security"), {"member": str(cast.bob.id)})
    cast.alice.team.refresh_from_db()
    assert cast.alice.team.settings["security_member"] == str(cast.bob.id)


def test_an_incident_begins_with_a_conversation_and_offers_its_approved_words_beside_the_reply_box(
    cast: Cast, conversation: Conversation, browser: Browser  # noqa: F811
) -> None:  # fmt: skip
    bob, alice = browser(cast.bob), browser(cast.alice)
    bob.post(reverse("incidents"), {"name": "No network", "conversation": str(conversation.id)})
    made = Incident.objects.get()
    assert "No network since noon" in page(bob, reverse("incident", args=[made.id]))
    do = {name: reverse("incident_do", args=[made.id, name]) for name in ("text", "approve", "close", "explode")}
    bob.post(do["text"], {"text": "We mend it since noon.", "revision": 1})
    assert b"We mend it" not in bob.post(reverse("conversation_before", args=[conversation.id])).content
    alice.post(do["approve"], {"revision": 2})
    assert b"We mend it" in bob.post(reverse("conversation_before", args=[conversation.id])).content
    bob.post(do["close"])
    conversation.refresh_from_db()
    assert conversation.state == "resolved"
    assert bob.post(do["explode"]).status_code == 404


def test_the_empty_pages_teach(cast: Cast, browser: Browser) -> None:
    assert "A rude customer with a real problem is still a customer" in page(browser(cast.bob), reverse("distances"))
    assert "When many write about one thing" in page(browser(cast.bob), reverse("incidents"))
