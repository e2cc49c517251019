"""The cases of the contract suite about reposting somebody else's post."""

from datetime import UTC, datetime

import pytest

from pluralis.networks.contract import Measures, Reference, Reposts
from pluralis.networks.errors import Refused, Unconfirmed
from tests.networks.harness import Harness, need, reference, soon


def reposter(harness: Harness) -> Reposts:
    need(harness, "mentions", "figures")
    if not isinstance(harness.connector, Reposts):
        pytest.skip("nothing can be reposted here by a program")
    return harness.connector


def press(harness: Harness, target: Reference) -> None:
    reposter(harness).repost(harness.access, target, datetime.now(UTC), soon())


def shares(harness: Harness, target: Reference) -> int:
    """Return how often the network itself says that a post was reposted."""
    assert isinstance(harness.connector, Measures)
    return harness.connector.snapshot(harness.access, [target], soon())[target.remote_id]["reshares"]


def test_a_post_is_reposted_once_however_often_it_is_asked(harness: Harness) -> None:
    connector = reposter(harness)
    target = reference(harness, harness.mention("thank you, you are wonderful!"))
    for _ in range(3):
        press(harness, target)
    assert shares(harness, target) == 1
    for _ in range(3):
        connector.take_back_repost(harness.access, Reference(target.remote_id), soon())
    assert shares(harness, target) == 0
    press(harness, target)
    assert shares(harness, target) == 1
    assert connector.repost_page(harness.access, target).startswith(("http://", "https://"))


def test_a_repost_whose_answer_was_lost_is_unconfirmed_and_the_next_press_makes_no_second(harness: Harness) -> None:
    need(harness, "moods")
    target = reference(harness, harness.mention("thank you!"))
    for endpoint in ("repost", "post"):  # some networks take a repost where they take a post
        harness.mood("drop", endpoint)
    with pytest.raises(Unconfirmed):
        press(harness, target)
    harness.calm()
    press(harness, target)
    assert shares(harness, target) == 1


def test_what_is_gone_cannot_be_reposted_and_is_taken_back_already(harness: Harness) -> None:
    connector = reposter(harness)
    target = reference(harness, harness.mention("never mind"))
    harness.remove(target.remote_id)
    with pytest.raises(Refused):
        press(harness, target)
    connector.take_back_repost(harness.access, target, soon())
