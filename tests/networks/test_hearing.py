"""What networks let us hear beyond their streams, tried on every connector of ours."""

from collections.abc import Iterator

import pytest

from pluralis.networks.contract import Gap
from pluralis.networks.hearing import Backfills, Older
from tests.networks.harness import NAMES, Harness, need, open_harness, soon


@pytest.fixture(params=NAMES)
def harness(request: pytest.FixtureRequest) -> Iterator[Harness]:
    with open_harness(request.param) as opened:
        need(opened, "mentions", "moods")
        yield opened


def read_back(harness: Harness, gap: Gap, most: int = 20) -> list[Older]:
    """Read a gap to its end, as the inbox does."""
    assert isinstance(harness.connector, Backfills)
    pages: list[Older] = []
    place = ""
    for _ in range(most):
        pages.append(harness.connector.fetch_older(harness.access, "mentions", gap, place, soon()))
        place = pages[-1].place
        if pages[-1].met or pages[-1].ended:
            return pages
    pytest.fail("the reading of a gap does not end")


def test_what_a_gap_left_out_is_read_back_page_by_page(harness: Harness) -> None:
    sent = [harness.mention(f"message {number}") for number in range(13)]
    harness.mood("paged", "mentions", size=5)
    pages = read_back(harness, Gap(sent[0], sent[12]))
    heard = {message.reference.remote_id for page in pages for message in page.messages}
    assert set(sent[1:12]) <= heard <= set(sent[1:])
    assert pages[-1].met
    assert len(pages) > 1


def test_messages_of_a_page_come_oldest_first(harness: Harness) -> None:
    sent = [harness.mention(f"message {number}") for number in range(5)]
    (page,) = read_back(harness, Gap(sent[0], sent[4]))
    assert [one.text.rpartition("message ")[2] for one in page.messages][:3] == ["1", "2", "3"]


def test_a_gap_whose_beginning_is_gone_ends_and_does_not_claim_to_be_whole(harness: Harness) -> None:
    sent = [harness.mention(f"message {number}") for number in range(4)]
    harness.remove(sent[0])
    last = read_back(harness, Gap(sent[0], sent[3]))[-1]
    assert last.ended
    assert not last.met


def test_a_gap_with_nothing_in_it_is_met_at_once(harness: Harness) -> None:
    sent = [harness.mention(f"message {number}") for number in range(2)]
    pages = read_back(harness, Gap(sent[0], sent[1]))
    assert pages[-1].met
    assert {one.reference.remote_id for page in pages for one in page.messages} <= {sent[1]}
