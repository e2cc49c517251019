"""Hearing on X: nothing missed, nothing twice, and a gap is said."""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest

from pluralis.networks.contract import Batch
from pluralis.networks.errors import NotNow, Refused
from pluralis.networks.fake.http import Response
from pluralis.networks.fake.world import Draft
from pluralis.networks.x.polling import OVERLAP, Cursor
from tests.networks.harness import soon
from tests.networks.harness_x import XHarness, open_harness
from tests.networks.replay import airline_rows, write_mentions


@pytest.fixture
def opened() -> Iterator[XHarness]:
    with open_harness() as harness:
        yield harness
        harness.network.exchanges = harness.network.exchanges[-10:]  # the whole recording is checked elsewhere


def fetch(opened: XHarness, cursor: str | None, stream: str = "mentions") -> Batch:
    return opened.connector.fetch(opened.access, stream, cursor, soon(30))


def ids(batch: Batch) -> list[str]:
    return [message.reference.remote_id for message in batch.messages]


def test_five_hundred_real_messages_are_heard_once_each(opened: XHarness) -> None:
    rows = airline_rows(500)
    network, chance = opened.network, random.Random(11)
    cursor = fetch(opened, None).cursor
    sent: list[str] = []
    heard: dict[str, str] = {}
    twice: list[str] = []
    for remote_id in write_mentions(network.origin, network.secret, opened.us.handle, rows):
        sent.append(remote_id)
        if chance.random() < 0.06 or len(sent) == len(rows):
            batch = fetch(opened, cursor)
            cursor = batch.cursor
            twice += [one for one in ids(batch) if one in heard]
            heard |= {message.reference.remote_id: message.text for message in batch.messages}
    assert list(heard) == sent
    assert twice == []
    texts = [network.world.posts[remote_id].text for remote_id in sent]
    assert [heard[remote_id] for remote_id in sent] == [text.rstrip() for text in texts]


def test_bad_moods_while_polling_miss_and_double_nothing(opened: XHarness) -> None:
    opened.mood("error_before", "mentions", probability=0.3)
    opened.mood("drop", "mentions", probability=0.2)
    opened.mood("limit", "mentions", probability=0.1)
    opened.mood("paged", "mentions", size=20)
    opened.mood("lag", "mentions", seconds=3)
    cursor: str | None = "1"
    sent: list[str] = []
    heard: list[str] = []
    for turn in range(150):
        sent += [opened.mention(f"question {turn}") for _ in range(turn % 4 if turn < 40 else 0)]
        try:
            batch = fetch(opened, cursor)
        except NotNow:
            continue
        cursor = batch.cursor
        heard += ids(batch)
    assert len(sent) == 60
    assert heard == sent


def test_short_pages_are_read_to_the_end(opened: XHarness) -> None:
    opened.mood("paged", "mentions", size=5)
    sent = [opened.mention(f"question {number}") for number in range(90)]
    batch = fetch(opened, "1")
    assert ids(batch) == sent
    assert batch.gap is None


def test_a_mention_that_shows_up_late_with_an_earlier_id_is_still_heard(opened: XHarness) -> None:
    first = opened.mention("first")
    cursor = fetch(opened, None).cursor
    now = opened.network.clock.now()
    late = opened.network.world.write(
        opened.dana()[0], Draft(f"@{opened.us.handle} earlier", created_at=now - timedelta(seconds=20))
    )
    assert int(late.id) < int(first)
    batch = fetch(opened, cursor)
    assert ids(batch) == [late.id]
    assert ids(fetch(opened, batch.cursor)) == []


def test_no_mention_at_all_still_moves_the_cursor_off_nothing(opened: XHarness) -> None:
    cursor = fetch(opened, None).cursor
    assert cursor == "1"
    sent = [opened.mention(f"question {number}") for number in range(150)]
    assert ids(fetch(opened, cursor)) == sent


def test_the_first_poll_reads_the_newest_page_only(opened: XHarness) -> None:
    sent = [opened.mention(f"question {number}") for number in range(130)]
    batch = fetch(opened, None)
    assert ids(batch) == sent[-100:]
    assert batch.gap is None


def test_more_than_eight_hundred_leave_a_gap_that_is_said(opened: XHarness) -> None:
    known = opened.mention("known")
    start = fetch(opened, None).cursor
    # Old enough not to fall into the overlap, so that the count is exactly of what is new.
    opened.network.clock.skew = 120
    sent = [opened.mention(f"question {number}") for number in range(850)]
    batch = fetch(opened, start)
    assert ids(batch) == sent[-800:]
    assert batch.gap is not None
    assert (batch.gap.newer_than, batch.gap.older_than) == (known, sent[50])
    assert ids(fetch(opened, batch.cursor)) == []


def test_private_messages_are_read_back_to_the_last_known(opened: XHarness) -> None:
    opened.message("one")
    batch = fetch(opened, None, "messages")
    assert [message.text for message in batch.messages] == ["one"]
    sent = [opened.message(f"message {number}") for number in range(130)]
    batch = fetch(opened, batch.cursor, "messages")
    assert ids(batch) == sent
    assert batch.gap is None
    assert ids(fetch(opened, batch.cursor, "messages")) == []


def test_our_own_private_messages_do_not_come_back_to_us(opened: XHarness) -> None:
    start = fetch(opened, None, "messages").cursor
    opened.network.world.send_privately(opened.us.id, opened.dana()[0], "ours")
    batch = fetch(opened, start, "messages")
    assert batch.messages == ()
    assert batch.cursor != start


def test_too_many_private_messages_leave_a_gap(opened: XHarness) -> None:
    opened.message("known")
    start = fetch(opened, None, "messages").cursor
    opened.network.clock.skew = 120
    sent = [opened.message(f"message {number}") for number in range(510)]
    batch = fetch(opened, start, "messages")
    assert ids(batch) == sent[-500:]
    assert batch.gap is not None
    assert batch.gap.older_than == sent[10]


def test_an_unknown_stream_is_refused(opened: XHarness) -> None:
    with pytest.raises(Refused, match="no stream"):
        fetch(opened, None, "likes")


@pytest.mark.parametrize("text", ["17", "99999999999999;99999999999998,99999999999999"])
def test_a_cursor_survives_the_database(text: str) -> None:
    assert str(Cursor.parse(text)) == text


def test_a_cursor_forgets_what_is_older_than_half_a_minute() -> None:
    newest = 10 * OVERLAP
    cursor = Cursor.parse("1").after([str(newest), str(newest - OVERLAP + 1), str(newest - OVERLAP)])
    assert cursor.newest == newest
    assert cursor.seen == {str(newest), str(newest - OVERLAP + 1)}
    assert cursor.since == newest - OVERLAP
    assert cursor.after([]).newest == newest


def test_what_a_page_keeps_back_may_lie_anywhere_on_it(opened: XHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    known = opened.mention("the first")
    cursor = fetch(opened, None).cursor
    newer = [int(known) + OVERLAP + number for number in (1, 9)]
    rows = [{"id": str(number), "text": "x", "author_id": "5"} for number in reversed(newer)]
    answer = Response.of_json({"data": rows, "meta": {"result_count": 3}})
    monkeypatch.setattr(opened.network, "finish", lambda plan: answer)
    gap = fetch(opened, cursor).gap
    assert gap is not None
    assert (gap.newer_than, gap.older_than) == (known, str(newer[1] + 1))
