"""The page after a stop or an outage, the banner that leads to it, and what may be done to a post that is out."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pluralis.posts.models import Post
from pluralis.publishing.models import Correction, Delivery, Part
from pluralis.teams.models import Account, Membership
from tests.apps.cast import Cast, schedule, write
from tests.web.conftest import refused_by_policy

Open = Callable[[Membership], Client]


@pytest.fixture
def delivery(cast: Cast, account: Account) -> Delivery:
    return schedule(cast.alice, write(cast.alice, "We open at nine."), account, after=3600)[0]


def missed(delivery: Delivery) -> None:
    delivery.parts.update(state="missed", reason="ask", planned_at=timezone.now() - timedelta(hours=3))


def test_a_banner_leads_to_the_page_that_tells_of_each(cast: Cast, delivery: Delivery, browser: Open) -> None:
    alice = browser(cast.alice)
    assert "aftermath-banner" not in alice.get(reverse("calendar")).content.decode()
    missed(delivery)
    page = alice.get(reverse("calendar")).content.decode()
    assert "aftermath-banner" in page and reverse("aftermath") in page
    page = alice.get(reverse("aftermath")).content.decode()
    assert "We open at nine." in page and "it waits for you" in page
    assert refused_by_policy(page) == [] and "aftermath-banner" not in page


def test_an_empty_page_teaches_what_it_is_for(cast: Cast, browser: Open) -> None:
    assert "Everything went as planned" in browser(cast.alice).get(reverse("aftermath")).content.decode()


def test_one_goes_now_another_is_moved_a_third_is_taken_back(cast: Cast, account: Account, browser: Open) -> None:
    made = [
        schedule(cast.alice, write(cast.alice, f"Number {word}."), account, after=3600)[0]
        for word in ("one", "two", "three")
    ]
    for one in made:
        missed(one)
    alice, address = browser(cast.alice), reverse("bring_back")
    alice.post(address, {"release": str(made[0].id)})
    alice.post(address, {"do": "move", "delivery": [str(made[1].id)], "at": "2031-05-05T10:00"})
    answer = alice.post(address, {"cancel": str(made[2].id)}, follow=True)
    assert "1 post is taken back." in answer.content.decode()
    parts = [one.parts.get() for one in made]
    assert [part.state for part in parts] == ["waiting", "waiting", "cancelled"]
    assert parts[1].due_at.year == 2031


def test_lifting_the_stop_leads_to_what_it_held(cast: Cast, delivery: Delivery, browser: Open) -> None:
    alice = browser(cast.alice)
    alice.post(reverse("stop"), {"reason": "Outage"})
    page = alice.get(reverse("aftermath")).content.decode()
    assert "Lift the stop first" in page and "disabled" in page
    assert alice.post(reverse("stop_lift")).headers["Location"] == reverse("aftermath")


def test_what_is_held_goes_out_at_its_own_time_and_not_at_once(cast: Cast, delivery: Delivery, browser: Open) -> None:
    alice, planned = browser(cast.alice), delivery.parts.get().planned_at
    late = schedule(cast.alice, write(cast.alice, "Its time passes."), delivery.account, after=3600)[0]
    alice.post(reverse("stop"), {"reason": "Outage"})
    alice.post(reverse("stop_lift"))
    late.parts.update(planned_at=timezone.now() - timedelta(hours=1))
    both = {"do": "as_planned", "delivery": [str(delivery.id), str(late.id)]}
    assert "This time has passed." in alice.post(reverse("bring_back"), both, follow=True).content.decode()
    part = delivery.parts.get()
    assert (part.state, part.planned_at, part.due_at) == ("waiting", planned, planned)
    assert late.parts.get().state == "held"


def test_a_viewer_reads_and_a_stranger_does_not(cast: Cast, delivery: Delivery, browser: Open) -> None:
    missed(delivery)
    assert "We open" not in browser(cast.charlie).get(reverse("aftermath")).content.decode()
    bob = browser(cast.bob)
    assert "Send now" not in bob.get(reverse("aftermath")).content.decode()
    assert bob.post(reverse("bring_back"), {"release": str(delivery.id)}).status_code == 403


@pytest.fixture
def out(delivery: Delivery) -> Part:
    delivery.parts.update(state="sending")
    delivery.parts.update(state="sent", remote_id="1234567", sent_at=timezone.now())
    return delivery.parts.get()


def test_taking_down_asks_once_with_the_account_named(cast: Cast, out: Part, browser: Open) -> None:
    alice, address = browser(cast.alice), reverse("part", args=[out.id])
    page = alice.get(address).content.decode()
    assert "Take it down from @Norlune" in page and "Change the words there" not in page
    assert refused_by_policy(page) == []
    for _again in range(2):
        alice.post(reverse("part_take_down", args=[out.id]))
    assert Correction.objects.get().kind == Correction.Kind.TAKE_DOWN
    assert "Take down" in alice.get(address).content.decode()
    assert browser(cast.charlie).post(reverse("part_take_down", args=[out.id])).status_code == 404


def test_where_words_cannot_be_changed_nothing_is_asked(cast: Cast, out: Part, browser: Open) -> None:
    browser(cast.alice).post(reverse("part_correct", args=[out.id]), {"text": "We open at ten."})
    assert not Correction.objects.exists()


def test_a_follow_up_is_a_draft_that_answers_it_on_its_account(cast: Cast, out: Part, browser: Open) -> None:
    alice = browser(cast.alice)
    answer = alice.post(reverse("part_follow_up", args=[out.id]), follow=True)
    page = answer.content.decode()
    assert "Correction:" in page
    assert f'value="{out.account_id}" checked' in page
    assert Post.objects.filter(reply_to__remote_id="1234567").count() == 1


@pytest.mark.parametrize(("typed", "minutes"), [("30", 30), ("1440", 1440), ("", 120), ("7", 120)])
def test_write_lets_one_choose_how_late_is_too_late(
    typed: str, minutes: int, cast: Cast, account: Account, browser: Open
) -> None:
    at = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    form = {"text": "We open.", "accounts": [str(account.id)], "when": "at", "at": at, "do": "schedule", "key": "k",
            "missed_policy": "late", "late_limit": typed}  # fmt: skip
    browser(cast.alice).post(reverse("write"), form)
    found = Delivery.objects.get()
    assert (found.missed_policy, found.late_limit) == ("late", timedelta(minutes=minutes))
