"""May we write to somebody privately, and who follows whom: asked of each network over real HTTP."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from pluralis.networks.contract import Relates, Relation, RemoteProfile
from pluralis.networks.errors import NetworkError, NotNow, Refused
from pluralis.networks.fake.moods import Mood
from tests.networks.harness import Harness, open_harness, part, soon

FAKES = ("x", "x_post", "mastodon", "bluesky")


@pytest.fixture(params=FAKES)
def harness(request: pytest.FixtureRequest) -> Iterator[Harness]:
    with open_harness(request.param) as opened:
        yield opened


def people(harness: Harness) -> tuple[str, str]:
    harness.dana()
    world = harness.network.world
    return harness.us.id, world.find_profile("dana").id


def asked(harness: Harness) -> Relation:
    assert isinstance(harness.connector, Relates)
    return harness.connector.relation(harness.access, harness.dana()[0], soon())


def test_a_stranger_who_takes_messages_can_be_written_to(harness: Harness) -> None:
    assert asked(harness) == Relation(True, they_follow=False, we_follow=False)


def test_follows_are_told_in_both_directions(harness: Harness) -> None:
    us, dana = people(harness)
    harness.network.world.follows.add((dana, us))
    assert asked(harness) == Relation(True, they_follow=True, we_follow=False)
    harness.network.world.follows.add((us, dana))
    assert asked(harness) == Relation(True, they_follow=True, we_follow=True)


def test_who_blocks_us_cannot_be_written_to(harness: Harness) -> None:
    us, dana = people(harness)
    harness.network.world.blocked.add((dana, us))
    assert asked(harness).may_message is False


def test_somebody_who_is_not_there_is_refused_or_tells_nothing(harness: Harness) -> None:
    nobody = {"x": "999", "x_post": "999", "mastodon": "999", "bluesky": "did:plc:nobodynobodynobodynobod"}
    try:
        found = harness.connector.relation(harness.access, nobody[harness.name], soon())
    except Refused:
        return
    assert found.may_message is None


def test_a_network_that_does_not_answer_says_not_now_or_tells_what_it_knows(harness: Harness) -> None:
    harness.network.moods.add(Mood(name="error_before", endpoint="relation", status=503))
    try:
        found = asked(harness)
    except NetworkError as error:
        assert isinstance(error, NotNow)
    else:
        assert harness.name == "bluesky"
        assert found.may_message is True


def test_a_person_follows_on_the_networks_own_page(harness: Harness) -> None:
    remote_id, handle = harness.dana()
    page = harness.connector.follow_page(harness.access, RemoteProfile(remote_id, handle, url="https://a.example/d"))
    assert page.startswith("http")
    assert handle in page or remote_id in page


@pytest.mark.parametrize("name", ["x", "x_post", "bluesky"])
def test_who_takes_messages_of_those_they_follow_only_must_follow_us_first(name: str) -> None:
    with open_harness(name) as harness:
        us, dana = people(harness)
        harness.network.world.profiles[dana].accepts_messages = False
        assert asked(harness).may_message is False
        harness.network.world.follows.add((dana, us))
        assert asked(harness).may_message is True


@pytest.mark.parametrize("name", ["x", "bluesky"])
def test_what_the_network_tells_is_what_sending_meets(name: str) -> None:
    with open_harness(name) as harness:
        _us, dana = people(harness)
        harness.network.world.profiles[dana].accepts_messages = False
        remote_id, handle = harness.dana()
        direct = part(harness, "Hello", visibility="direct", recipient=remote_id, recipient_handle=handle)
        assert asked(harness).may_message is False
        with pytest.raises(Refused):
            harness.connector.send(harness.access, direct, soon())


def test_an_app_password_without_messages_can_write_to_nobody() -> None:
    with open_harness("bluesky") as harness:
        settings = {**harness.access.settings, "direct_messages": "no"}
        harness.access = replace(harness.access, settings=settings)
        assert asked(harness).may_message is False
