"""Calendar and inbox: what is shown, what a person may do, and what another team never sees."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pluralis.inbox.models import Contact, Conversation, Message, Profile
from pluralis.publishing.models import Part
from pluralis.teams.models import Account, Membership
from tests.apps.cast import Cast, schedule, write

Browser = Callable[[Membership], Client]


@pytest.fixture
def conversation(cast: Cast, account: Account) -> Conversation:
    """Dana asks Norlune for help."""
    now, team = timezone.now(), cast.alice.team
    contact = Contact.objects.create(team=team, name="Dana Díaz", created_at=now)
    profile = Profile.objects.create(
        team=team,
        contact=contact,
        network=account.network,
        host=account.host,
        remote_id="9",
        handle="dana",
        seen_at=now,
    )
    made = Conversation.objects.create(
        team=team, account=account, key="k", contact=contact, excerpt="No network since noon", label="complaint",
        last_message_at=now, created_at=now,
    )  # fmt: skip
    Message.objects.create(
        team=team, account=account, conversation=made, profile=profile, kind="mention", remote_id="77",
        reference={"remote_id": "77"}, text="No network since noon", search_text="no network since noon",
        created_at=now, received_at=now,
    )  # fmt: skip
    return made


def planned(cast: Cast, account: Account, text: str = "We open on Thursday.") -> Part:
    [delivery] = schedule(cast.alice, write(cast.alice, text), account, after=3600)
    return delivery.parts.get()


def doubtful(cast: Cast, account: Account) -> Part:
    """A part whose network gave no clear answer."""
    part = planned(cast, account)
    for state in ("sending", "unconfirmed"):
        Part.objects.filter(id=part.id).update(state=state, in_doubt=True)
    return part


@pytest.mark.parametrize("view", ["", "?view=month"])
def test_a_planned_post_stands_on_the_calendar_of_its_team_only(
    cast: Cast, account: Account, browser: Browser, view: str
) -> None:
    planned(cast, account)
    assert b"We open on Thursday." in browser(cast.bob).get(reverse("calendar") + view).content
    assert b"We open on Thursday." not in browser(cast.charlie).get(reverse("calendar") + view).content


@pytest.mark.parametrize("words", ["?from=yesterday", "?view=month&month=2026-13", "?from=0000-00-00"])
def test_a_mistyped_day_shows_today(cast: Cast, browser: Browser, words: str) -> None:
    assert browser(cast.bob).get(reverse("calendar") + words).status_code == 200


def test_a_post_is_moved_to_another_day_and_keeps_its_hour(cast: Cast, account: Account, browser: Browser) -> None:
    part = planned(cast, account)
    before = timezone.localtime(part.planned_at)
    day = (before + timedelta(days=3)).date()
    browser(cast.alice).post(reverse("delivery_move", args=[part.delivery_id]), {"day": day.isoformat()})
    part.refresh_from_db()
    assert part.planned_at.date() == day and part.planned_at.time() == before.time()


def test_what_another_team_planned_cannot_be_touched(cast: Cast, account: Account, browser: Browser) -> None:
    part, charlie = planned(cast, account), browser(cast.charlie)
    assert charlie.get(reverse("part", args=[part.id])).status_code == 404
    for name, which in (("delivery_move", part.delivery_id), ("delivery_cancel", part.delivery_id)):
        assert charlie.post(reverse(name, args=[which]), {"day": "2030-01-01"}).status_code == 404
    for name in ("part_again", "part_let_be", "part_link"):
        answer = charlie.post(reverse(name, args=[part.id]), {"url": "https://x.com/a/status/1"})
        assert answer.status_code == 404, name
    part.refresh_from_db()
    assert part.state == "waiting"


def test_what_waits_for_a_person_stands_first_and_can_go_on(cast: Cast, account: Account, browser: Browser) -> None:
    part = planned(cast, account)
    Part.objects.filter(id=part.id).update(state="held", hold_reason="stopped")
    alice = browser(cast.alice)
    html = alice.get(reverse("calendar")).content.decode()
    assert "1 waits for a person" in html and "Everything was stopped" in html
    alice.post(reverse("part_again", args=[part.id]))
    part.refresh_from_db()
    assert part.state == "waiting"


def test_a_doubt_is_shown_calmly_and_never_with_a_button_to_send_again(
    cast: Cast, account: Account, browser: Browser
) -> None:
    part = doubtful(cast, account)
    alice = browser(cast.alice)
    html = alice.get(reverse("part", args=[part.id])).content.decode()
    assert "never sends it a second time blindly" in html
    assert reverse("part_again", args=[part.id]) not in html and reverse("part_link", args=[part.id]) in html
    alice.post(reverse("part_link", args=[part.id]), {"url": f"{account.host}/Norlune/status/4711"})
    part.refresh_from_db()
    assert (part.state, part.remote_id) == ("sent", "4711")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "", "ftp://x/1", "https://x.com/Norlune/status/4711"])
def test_a_link_by_hand_must_be_an_address(cast: Cast, account: Account, browser: Browser, url: str) -> None:
    part = doubtful(cast, account)
    browser(cast.alice).post(reverse("part_link", args=[part.id]), {"url": url})
    part.refresh_from_db()
    assert part.state == "unconfirmed"


def test_the_inbox_shows_who_writes_and_only_to_their_team(
    cast: Cast, conversation: Conversation, browser: Browser
) -> None:
    assert b"No network since noon" in browser(cast.bob).get(reverse("inbox")).content
    assert b"No network since noon" in browser(cast.bob).get(reverse("inbox") + "?words=network+noon").content
    assert b"No network since noon" not in browser(cast.bob).get(reverse("inbox") + "?words=invoice").content
    charlie = browser(cast.charlie)
    assert b"No network" not in charlie.get(reverse("inbox") + "?words=network").content
    assert charlie.get(reverse("conversation", args=[conversation.id])).status_code == 404
    for name in ("claim", "release", "assign", "snooze", "resolve", "reopen", "answer"):
        answer = charlie.post(
            reverse(f"conversation_{name}", args=[conversation.id]),
            {"message": str(conversation.id), "later": "tomorrow"},
        )
        assert answer.status_code == 404, name


def test_of_two_who_claim_one_gets_it_and_the_other_reads_who(
    cast: Cast, conversation: Conversation, browser: Browser
) -> None:
    claim = reverse("conversation_claim", args=[conversation.id])
    browser(cast.bob).post(claim)
    answer = browser(cast.alice).post(claim, follow=True)
    assert b"Bob is already on it" in answer.content
    conversation.refresh_from_db()
    assert conversation.assigned_to_id == cast.bob.id


def test_an_answer_stands_in_the_conversation_and_can_be_taken_back(
    cast: Cast, conversation: Conversation, browser: Browser
) -> None:
    message, bob = conversation.messages.get(), browser(cast.bob)
    typed = {"key": "k1", "message": str(message.id), "text": "We are on it, Dana."}
    html = bob.post(reverse("conversation_answer", args=[conversation.id]), typed, follow=True).content.decode()
    assert "We are on it, Dana." in html and "Goes out as @Norlune in ten seconds." in html
    part = Part.objects.get(is_reply=True)
    bob.post(reverse("undo", args=[part.delivery.post_id]))
    part.refresh_from_db()
    assert part.state == "cancelled"


def test_a_refused_answer_stays_in_the_box(cast: Cast, conversation: Conversation, browser: Browser) -> None:
    message = conversation.messages.get()
    typed = {"key": "k1", "message": str(message.id), "text": "Call Dana on +33 6 12 34 56 78."}
    answer = browser(cast.bob).post(reverse("conversation_answer", args=[conversation.id]), typed)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Call Dana on +33 6 12 34 56 78.</textarea>" in html and "personal data that everybody would see" in html
    assert not Part.objects.exists()


def test_a_second_answer_asks_first(cast: Cast, conversation: Conversation, browser: Browser) -> None:
    message, bob = conversation.messages.get(), browser(cast.bob)
    address = reverse("conversation_answer", args=[conversation.id])
    bob.post(address, {"key": "k1", "message": str(message.id), "text": "We are on it."})
    second = {"key": "k2", "message": str(message.id), "text": "It works again."}
    asked = bob.post(address, second)
    assert asked.status_code == 409 and b'name="confirm_second_answer"' in asked.content
    bob.post(address, second | {"confirm_second_answer": "1"})
    assert Part.objects.filter(is_reply=True).count() == 2


def test_later_resolved_and_open_again(cast: Cast, conversation: Conversation, browser: Browser) -> None:
    bob = browser(cast.bob)

    def state_after(name: str, **typed: str) -> str:
        bob.post(reverse(f"conversation_{name}", args=[conversation.id]), typed)
        conversation.refresh_from_db()
        return conversation.state

    assert state_after("snooze", later="tomorrow") == "snoozed"
    assert state_after("resolve") == "resolved"
    assert state_after("reopen") == "open"
    assert state_after("snooze", later="nonsense") == "open"


def test_a_conversation_is_handed_over_within_the_team_only(
    cast: Cast, conversation: Conversation, browser: Browser
) -> None:
    bob, address = browser(cast.bob), reverse("conversation_assign", args=[conversation.id])
    bob.post(address, {"member": str(cast.alice.id)})
    conversation.refresh_from_db()
    assert conversation.assigned_to_id == cast.alice.id
    assert bob.post(address, {"member": str(cast.charlie.id)}).status_code == 404


def test_the_check_of_an_answer_stores_nothing(cast: Cast, conversation: Conversation, browser: Browser) -> None:
    address = reverse("answer_preview", args=[conversation.id])
    html = browser(cast.bob).post(address, {"text": "I will look"}).content.decode()
    assert ">I</mark>" in html and "of 280 used" in html
    assert Message.objects.count() == 1
    assert browser(cast.charlie).post(address, {"text": "I"}).status_code == 404
