"""Looking for a part on X: a search that says it is complete must be, whatever the clocks say."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from pluralis.core.matching import Sample, in_window, is_same
from pluralis.networks.contract import Outgoing, Search
from pluralis.networks.errors import NotNow, Refused
from pluralis.networks.fake.http import Response
from pluralis.networks.fake.world import Draft
from pluralis.networks.x import finding, polling
from tests.networks.harness import part, soon
from tests.networks.harness_x import XHarness, open_harness


@pytest.fixture
def opened() -> Iterator[XHarness]:
    with open_harness() as harness:
        yield harness


def find(opened: XHarness, outgoing: Outgoing) -> Search:
    return opened.connector.find(opened.access, outgoing, outgoing.created_at, soon())


def private(opened: XHarness, text: str) -> Outgoing:
    return part(opened, text, visibility="direct", recipient=opened.dana()[0])


@pytest.mark.parametrize("hours", [-26, -1, -0.05, 0, 0.05, 1, 26])
@pytest.mark.parametrize("direct", [False, True])
def test_a_network_whose_clock_is_off_still_shows_the_part(opened: XHarness, hours: float, direct: bool) -> None:
    opened.network.clock.skew = hours * 3600
    outgoing = private(opened, "There & here") if direct else part(opened, "There & here")
    sent = opened.connector.send(opened.access, outgoing, soon())
    search = find(opened, outgoing)
    assert search.complete
    (found,) = search.posts
    assert found.reference.remote_id == sent.reference.remote_id
    assert is_same(Sample(outgoing.text), Sample(found.text))
    assert in_window(Sample(found.text, created_at=found.created_at), outgoing.created_at)


def test_what_is_older_than_the_window_is_not_shown(opened: XHarness) -> None:
    old = datetime.now(UTC) - timedelta(minutes=20)
    opened.network.world.write(opened.us.id, Draft("Good morning", created_at=old))
    opened.network.world.send_privately(opened.us.id, opened.dana()[0], "Good morning", at=old)
    for outgoing in (part(opened, "Good morning"), private(opened, "Good morning")):
        search = find(opened, outgoing)
        assert (search.posts, search.complete) == ((), True)


def test_what_was_written_by_hand_a_minute_before_is_shown_too(opened: XHarness) -> None:
    just_now = datetime.now(UTC) - timedelta(minutes=1)
    twin = opened.network.world.write(opened.us.id, Draft("Good morning", created_at=just_now))
    assert [post.reference.remote_id for post in find(opened, part(opened, "Good morning")).posts] == [twin.id]


def test_private_messages_of_the_other_side_are_not_ours(opened: XHarness) -> None:
    opened.message("Good morning")
    assert find(opened, private(opened, "Good morning")).posts == ()


def test_without_a_recipient_a_private_message_cannot_be_looked_for(opened: XHarness) -> None:
    with pytest.raises(Refused):
        find(opened, part(opened, "x", visibility="direct"))


def test_a_reading_that_ends_early_is_not_complete(opened: XHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MOST_PAGES", 2)
    opened.mood("paged", "timeline", size=5)
    for number in range(12):
        opened.connector.send(opened.access, part(opened, f"Post {number}"), soon())
    search = find(opened, part(opened, "Post 0"))
    assert (len(search.posts), search.complete) == (10, False)


@pytest.mark.parametrize("claimed", [0, 2])
def test_a_page_that_claims_more_or_less_than_it_has_is_not_complete(
    opened: XHarness, monkeypatch: pytest.MonkeyPatch, claimed: int
) -> None:
    monkeypatch.setattr(opened.network, "finish", lambda plan: Response.of_json(
        {"data": [{"id": "17", "text": "x"}], "meta": {"result_count": claimed}}
    ))  # fmt: skip
    assert not find(opened, part(opened, "x")).complete


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"data": []},
        {"meta": {}, "data": {"id": "1"}},
        {"meta": {"result_count": 1}, "data": [{"text": "no id"}]},
        {"meta": {"result_count": 1}, "data": [{"id": "one", "text": "x"}]},
        {"meta": {"result_count": 1}, "data": ["x"]},
        {"meta": {"result_count": "many"}},
        {"errors": [{"title": "Not Found Error", "type": "x"}]},
        [],
    ],
)
def test_an_answer_that_cannot_be_understood_proves_nothing(
    opened: XHarness, monkeypatch: pytest.MonkeyPatch, body: object
) -> None:
    monkeypatch.setattr(opened.network, "finish", lambda plan: Response.of_json(body))
    with pytest.raises(NotNow):
        find(opened, part(opened, "x"))
    with pytest.raises(NotNow):
        opened.connector.fetch(opened.access, "mentions", "1", soon())


def test_a_list_that_never_ends_is_given_up(opened: XHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def endless(plan):  # type: ignore[no-untyped-def]
        asked.append(plan.request.target)
        meta = {"result_count": 1, "next_token": f"token-{len(asked):010d}"}
        return Response.of_json({"data": [{"id": str(10**9 - len(asked)), "text": "x"}], "meta": meta})

    monkeypatch.setattr(opened.network, "finish", endless)
    assert not find(opened, part(opened, "x")).complete
    assert len(asked) == finding.MOST_PAGES
    batch = opened.connector.fetch(opened.access, "mentions", "1", soon(20))
    assert batch.gap is not None
    assert len(asked) <= finding.MOST_PAGES + polling.MENTION_PAGES
