"""The world of a fake network: ids that rise, lists in order, and who is concerned by what."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest

from pluralis.networks.fake import Clock
from pluralis.networks.fake.world import Draft, Window, World

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return World(Clock(source=lambda: NOON), lambda at: int(at.timestamp() * 1000))


def texts(posts: list) -> list[str]:  # type: ignore[type-arg]
    return [post.text for post in posts]


def test_ids_rise_even_within_one_instant(world: World) -> None:
    ids = [int(world.make_id()) for _ in range(100)]
    assert ids == sorted(set(ids))


def test_a_back_dated_id_lies_in_its_time_and_is_still_unique(world: World) -> None:
    earlier = [int(world.make_id(NOON - timedelta(hours=1))) for _ in range(10)]
    now = int(world.make_id())
    assert len(set(earlier)) == 10
    assert max(earlier) < now
    assert int(world.make_id()) > now


def test_ids_stay_unique_between_threads(world: World) -> None:
    made: list[str] = []
    threads = [Thread(target=lambda: made.extend(world.make_id() for _ in range(300))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 1200


def test_a_clock_that_is_set_back_does_not_bring_ids_down() -> None:
    clock = Clock(source=lambda: NOON)
    world = World(clock, lambda at: int(at.timestamp() * 1000))
    first = int(world.make_id())
    clock.skew = -3600
    assert int(world.make_id()) > first


def test_one_handle_is_one_profile_whatever_its_case(world: World) -> None:
    alice = world.add_profile("Alice", "Alice A.", followers=7, bio="hello")
    assert world.add_profile("alice") is alice
    assert world.find_profile("@ALICE") is alice
    assert world.find_profile("bob") is None
    assert (alice.name, alice.followers, alice.bio) == ("Alice A.", 7, "hello")


def test_posts_come_newest_first_and_within_the_window(world: World) -> None:
    alice = world.add_profile("alice")
    for hours in (3, 1, 2):
        world.write(alice.id, Draft(f"{hours} h ago", created_at=NOON - timedelta(hours=hours)))
    assert texts(world.posts_of(alice.id, Window())) == ["1 h ago", "2 h ago", "3 h ago"]
    since = Window(since=NOON - timedelta(hours=2))
    assert texts(world.posts_of(alice.id, since)) == ["1 h ago", "2 h ago"]
    until = Window(until=NOON - timedelta(minutes=90))
    assert texts(world.posts_of(alice.id, until)) == ["2 h ago", "3 h ago"]


def test_a_window_of_ids_is_open_at_both_ends(world: World) -> None:
    alice = world.add_profile("alice")
    ids = [world.write(alice.id, Draft(str(number))).id for number in range(6)]
    found = world.posts_of(alice.id, Window(after_id=ids[1], before_id=ids[4]))
    assert [post.id for post in found] == [ids[3], ids[2]]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@bob hello", ["bob"]),
        ("hello @BOB and @carol!", ["bob", "carol"]),
        ("(@bob)", ["bob"]),
        ("mail bob@carol.example", []),
        ("https://social.example/@bob", []),
        ("@nobody", []),
        ("@bob @bob", ["bob"]),
    ],
)
def test_whom_a_text_names(world: World, text: str, named: list[str]) -> None:
    for handle in ("bob", "carol"):
        world.add_profile(handle)
    ids = world.mentioned(Draft(text))
    assert [world.profiles[one].handle for one in ids] == named


def test_an_answer_and_a_quote_concern_the_author_of_what_they_are_about(world: World) -> None:
    alice, bob = world.add_profile("alice"), world.add_profile("bob")
    first = world.write(alice.id, Draft("one"))
    answer = world.write(bob.id, Draft("two", reply_to=first.id))
    quote = world.write(bob.id, Draft("three", quote_of=first.id))
    assert texts(world.posts_mentioning(alice.id, Window())) == ["three", "two"]
    assert (answer.conversation_id, quote.conversation_id) == (first.id, quote.id)
    assert first.replies == 1


def test_nobody_mentions_themselves(world: World) -> None:
    alice = world.add_profile("alice")
    world.write(alice.id, Draft("@alice notes to self"))
    assert world.posts_mentioning(alice.id, Window()) == []


def test_what_was_deleted_is_gone_from_every_list_and_cannot_be_deleted_again(world: World) -> None:
    alice, bob = world.add_profile("alice"), world.add_profile("bob")
    post = world.write(bob.id, Draft("@alice hi"))
    assert world.delete(post.id)
    assert not world.delete(post.id)
    assert not world.delete("17")
    assert world.posts_of(bob.id, Window()) == world.posts_mentioning(alice.id, Window()) == []


def test_private_messages_are_seen_by_both_and_nobody_else(world: World) -> None:
    alice, bob, charlie = (world.add_profile(handle) for handle in ("alice", "bob", "charlie"))
    world.send_privately(alice.id, bob.id, "psst")
    for profile, seen in ((alice, 1), (bob, 1), (charlie, 0)):
        assert len(world.messages_of(profile.id, Window())) == seen


def test_watchers_hear_of_every_post(world: World) -> None:
    heard: list[str] = []
    world.watchers.append(lambda post: heard.append(post.text))
    world.write(world.add_profile("alice").id, Draft("one"))
    assert heard == ["one"]


def test_a_clock_shortens_waits_and_adds_its_skew() -> None:
    clock = Clock(skew=60, scale=50, source=lambda: NOON)
    assert clock.now() == NOON + timedelta(minutes=1)
    assert clock.shorten(100) == 2
