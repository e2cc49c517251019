"""Deliveries, parts, the stop and conversations over the API."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from pluralis.core.states import PartState
from pluralis.inbox.listening import due_streams, poll_stream
from pluralis.inbox.models import Conversation, Cursor
from pluralis.networks.fake.world import Draft as FakeDraft
from pluralis.networks.fake.x import FakeX
from pluralis.posts.models import Post
from pluralis.publishing.models import Part
from pluralis.teams.models import Account, Membership, Role
from tests.api.conftest import Program, program_of
from tests.apps.cast import Cast, make_user, schedule, write


@pytest.fixture
def part(cast: Cast, account: Account) -> Part:
    """A part that waits for two hours."""
    return schedule(cast.alice, write(cast.alice, "We open at nine."), account, after=7200)[0].parts.get()


def around(hours: int = 5) -> dict[str, str]:
    now = timezone.now()
    return {"start": (now - timedelta(hours=hours)).isoformat(), "end": (now + timedelta(hours=hours)).isoformat()}


def test_deliveries_are_listed_between_two_instants(alice: Program, part: Part, account: Account) -> None:
    [found] = alice.get("deliveries", **around()).json()
    assert (found["id"], found["account"]["handle"]) == (str(part.delivery_id), account.handle)
    assert [one["id"] for one in found["parts"]] == [str(part.id)]
    assert alice.get("deliveries", **around(1)).json() == []


def test_listing_takes_as_many_questions_for_one_as_for_many(
    cast: Cast, alice: Program, account: Account, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        schedule(cast.alice, write(cast.alice, f"Number {number}."), account, after=600 + number)
    with django_assert_max_num_queries(4):
        assert len(alice.get("deliveries", **around()).json()) == 5


@pytest.mark.parametrize("wrong", [{}, {"start": "2026-01-01T00:00:00Z", "end": "2028-01-01T00:00:00Z"}])
def test_a_list_has_a_beginning_and_an_end(alice: Program, wrong: dict[str, str]) -> None:
    assert alice.get("deliveries", **wrong).json()["code"] == "invalid_shape"


def test_a_delivery_is_moved_and_taken_back(alice: Program, part: Part) -> None:
    at = (timezone.now() + timedelta(hours=3)).replace(microsecond=0)
    moved = alice.post(f"deliveries/{part.delivery_id}/move", {"at": at.isoformat()}).json()
    assert moved["planned_at"] == at.isoformat().replace("+00:00", "Z")
    assert alice.post(f"deliveries/{part.delivery_id}/cancel").json()["parts"][0]["state"] == "cancelled"


def test_a_part_tells_its_history_and_is_linked_when_in_doubt(alice: Program, part: Part) -> None:
    for state in (PartState.SENDING, PartState.UNCONFIRMED):
        Part.objects.filter(id=part.id).update(state=state)
    assert alice.get(f"parts/{part.id}").json()["history"] == []
    assert alice.post(f"parts/{part.id}/again").json()["code"] == "in_doubt"
    linked = alice.post(f"parts/{part.id}/link", {"remote_id": "77", "url": "https://x.example/i/status/77"}).json()
    assert (linked["state"], linked["remote_id"]) == ("sent", "77")


def test_a_held_part_goes_on_or_is_let_be(cast: Cast, alice: Program, part: Part) -> None:
    Part.objects.filter(id=part.id).update(state=PartState.HELD, hold_reason="stopped")
    assert alice.post(f"parts/{part.id}/again").json()["state"] == "waiting"
    assert alice.post(f"parts/{part.id}/let-be").json()["state"] == "cancelled"
    assert alice.post(f"parts/{part.id}/let-be").json()["code"] == "settled"


def test_everything_is_stopped_and_the_stop_lifted(alice: Program, part: Part) -> None:
    assert alice.get("stop").json()["stopped"] is False
    stopped = alice.post("stop", {"reason": "A wrong price"}).json()
    assert (stopped["stopped"], stopped["held"], stopped["reason"]) == (True, 1, "A wrong price")
    assert alice.post("stop/lift").json()["stopped"] is False
    assert Part.objects.get().state == "held"


def test_an_employee_finds_nothing_of_the_teams_other_accounts(cast: Cast, part: Part) -> None:
    seat = Membership.objects.create(
        team=cast.alice.team, user=make_user("Emil"), role=Role.EMPLOYEE, created_at=timezone.now()
    )
    emil = program_of(seat)
    at = (timezone.now() + timedelta(hours=3)).isoformat()
    assert emil.post(f"deliveries/{part.delivery_id}/cancel").status_code == 404
    assert emil.post(f"deliveries/{part.delivery_id}/move", {"at": at}).status_code == 404
    assert emil.post(f"parts/{part.id}/let-be").status_code == 404
    assert emil.get(f"posts/{part.delivery.post_id}").status_code == 404
    assert Part.objects.get().state == "waiting"


@pytest.fixture
def conversation(account: Account, x: FakeX) -> Conversation:
    """Dana asks when we open."""
    return asked(account, x, "dana", "when do you open?")


def asked(account: Account, x: FakeX, who: str, words: str) -> Conversation:
    profile = x.world.find_profile(who) or x.world.add_profile(who, who.title())
    x.world.write(profile.id, FakeDraft(f"@{account.handle} {words}"))
    Cursor.objects.update(next_poll_at=None)
    due_streams(timezone.now())
    for cursor in Cursor.objects.filter(account=account):
        poll_stream(cursor.id)
    return Conversation.objects.latest("created_at")


@pytest.mark.django_db(transaction=True)
class TestConversations:
    """Conversations as programs see them."""

    def test_it_is_listed_and_read(self, alice: Program, conversation: Conversation) -> None:
        page = alice.get("conversations", state="open").json()
        assert ([one["id"] for one in page["conversations"]], page["next"]) == ([str(conversation.id)], None)
        read = alice.get(f"conversations/{conversation.id}").json()
        assert [(one["direction"], one["author"]["handle"]) for one in read["messages"]] == [("in", "dana")]
        assert alice.get("conversations", state="resolved").json()["conversations"] == []

    def test_it_is_claimed_by_one_handed_over_and_given_back(
        self, cast: Cast, alice: Program, conversation: Conversation
    ) -> None:
        bob, place = program_of(cast.bob), f"conversations/{conversation.id}"
        assert bob.post(f"{place}/claim").json()["assigned_to"]["name"] == "Bob"
        refused = alice.post(f"{place}/claim")
        assert (refused.status_code, refused.json()["code"]) == (409, "already_claimed")
        assert alice.post(f"{place}/claim", {"take_over": True}).json()["assigned_to"]["name"] == "Alice"
        handed = alice.post(f"{place}/assign", {"member_id": str(cast.bob.id)}).json()
        assert handed["assigned_to"]["id"] == str(cast.bob.id)
        assert bob.post(f"{place}/release").json()["assigned_to"] is None
        assert alice.post(f"{place}/assign", {"member_id": str(cast.charlie.id)}).status_code == 404

    def test_it_is_put_off_closed_and_opened(self, alice: Program, conversation: Conversation) -> None:
        place, later = f"conversations/{conversation.id}", timezone.now() + timedelta(hours=1)
        assert alice.post(f"{place}/snooze", {"until": later.isoformat()}).json()["state"] == "snoozed"
        assert alice.post(f"{place}/resolve").json()["state"] == "resolved"
        assert alice.post(f"{place}/reopen").json()["state"] == "open"

    def test_it_is_answered_once(self, cast: Cast, conversation: Conversation) -> None:
        bob, message = program_of(cast.bob), conversation.messages.get()
        body = {"message_id": str(message.id), "text": "We open at nine.", "language": "en"}
        first = bob.post(f"conversations/{conversation.id}/answer", body, key="a")
        second = bob.post(f"conversations/{conversation.id}/answer", body, key="a")
        assert (first.status_code, first.json()) == (201, second.json())
        assert (first.json()["direction"], first.json()["part_state"]) == ("out", "waiting")
        assert Post.objects.count() == Part.objects.count() == 1
        asks = bob.post(f"conversations/{conversation.id}/answer", body | {"text": "Again."}, key="b")
        assert (asks.status_code, asks.json()["code"]) == (409, "second_answer")

    def test_it_answers_its_own_messages_only(
        self, alice: Program, account: Account, x: FakeX, conversation: Conversation
    ) -> None:
        other = asked(account, x, "erik", "where are you?")
        body = {"message_id": str(other.messages.get().id), "text": "We open at nine.", "language": "en"}
        assert alice.post(f"conversations/{conversation.id}/answer", body).status_code == 404
        assert Part.objects.count() == 0

    def test_pages_follow_each_other_without_gap_or_twin(
        self, alice: Program, conversation: Conversation, monkeypatch: pytest.MonkeyPatch, account: Account, x: FakeX
    ) -> None:
        monkeypatch.setattr("pluralis.inbox.queries.conversations.PAGE", 2)
        for who in ("erik", "fleur", "gita", "hugo"):
            asked(account, x, who, "hello?")
        seen, following = [], ""
        while following is not None:
            page = alice.get("conversations", before=following).json()
            seen += [one["id"] for one in page["conversations"]]
            following = page["next"]
        assert len(seen) == len(set(seen)) == 5

    @pytest.mark.parametrize("before", ["x", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00_abc", "_"])
    def test_a_place_that_is_none_is_refused(self, alice: Program, before: str) -> None:
        assert alice.get("conversations", before=before).json()["code"] == "invalid_shape"
