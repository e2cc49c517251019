"""What X shows becomes what people wrote, in both dialects."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pluralis.core.text import canonical
from pluralis.networks.x.reading import (
    Included,
    post_url,
    read_mention,
    read_message,
    read_own_post,
    read_text,
    web_origin,
    without_added_mentions,
)

FIXTURES = Path(__file__).parents[2] / "pluralis/networks/x/fixtures"
HOST = "https://api.x.com"
US = {"id": "7", "handle": "Norlune"}


def fixture(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FIXTURES / name).read_text(encoding="utf-8"))
    return content


def own(number: int, ours: str) -> Any:
    return read_own_post(fixture("timeline.tweet.json")["data"][number], HOST, "Norlune", ours)


@pytest.fixture(params=["mentions.tweet.json", "mentions.post.json"])
def mentions(request: pytest.FixtureRequest) -> list[Any]:
    answer = fixture(request.param)
    included = Included(answer, HOST)
    return [read_mention(row, included, US) for row in answer["data"]]


def test_a_mention_is_unescaped_spelt_out_and_freed_of_its_picture_link(mentions: list[Any]) -> None:
    assert mentions[0].text == "@Norlune & @NorluneCare is 3 < 5? see https://dana.example/a?b=1&copy=2"
    assert mentions[0].kind == "mention"
    assert mentions[0].created_at == datetime(2026, 11, 20, 8, 15, 30, tzinfo=UTC)
    assert mentions[0].url == "https://x.com/dana/status/1800000000000000003"
    assert mentions[0].language == "en"


def test_its_author_and_picture_come_along(mentions: list[Any]) -> None:
    author = mentions[0].author
    assert (author.remote_id, author.handle, author.display_name, author.bio) == (
        "42", "dana", "Dana ✨", "Cats & trains",
    )  # fmt: skip
    assert (author.followers, author.following, author.posts) == (312, 290, 1840)
    (picture,) = mentions[0].media
    assert (picture.url, picture.alt_text) == ("https://pbs.twimg.com/media/a.jpg", "A cracked SIM card")


def test_an_answer_to_us_is_a_reply_and_its_hidden_author_keeps_the_id(mentions: list[Any]) -> None:
    reply = mentions[1]
    assert (reply.kind, reply.in_reply_to_id, reply.conversation) == (
        "reply", "1799999999999999999", "1790000000000000000",
    )  # fmt: skip
    assert reply.author.remote_id == "43"
    assert reply.language is None


def test_a_quote_of_ours_is_a_quote_and_summons_us(mentions: list[Any]) -> None:
    quote = mentions[2]
    assert (quote.kind, quote.quoted_id, quote.text) == ("quote", "1799999999999999998", "Look at this")
    assert [one.reference.extra["summoned"] for one in mentions] == ["yes", "yes", "yes"]
    assert mentions[0].reference.extra["author_handle"] == "dana"


def test_who_does_not_name_us_has_not_summoned_us() -> None:
    answer = fixture("mentions.tweet.json")
    other = {"id": "9", "handle": "Somebody"}
    assert read_mention(answer["data"][0], Included(answer, HOST), other).reference.extra["summoned"] == "no"


def test_an_own_reply_loses_the_mention_that_x_put_in_front() -> None:
    post = own(0, "We're on it & will tell you: norlune.example/status")
    assert canonical(post.text) == "We're on it & will tell you: norlune.example/status"
    assert post.reply_to_id == "1800000000000000003"
    assert post.reference.extra == {"own": "yes"}


def test_an_own_reply_that_names_somebody_itself_keeps_the_mention() -> None:
    post = own(0, "@dana We're on it & will tell you: http://norlune.example/status")
    assert post.text == "@dana We're on it & will tell you: http://norlune.example/status"


def test_a_long_post_is_read_whole() -> None:
    assert own(1, "").text.endswith("where we look: https://norlune.example/long > here.")


def test_four_pictures_count_four_and_leave_no_link() -> None:
    post = own(2, "Four pictures")
    assert (post.text, post.media_count) == ("Four pictures", 4)


def test_an_own_quote_loses_the_link_to_what_it_quotes() -> None:
    assert own(3, "So true").text == "So true"


def test_a_link_to_a_post_that_we_wrote_ourselves_stays() -> None:
    address = "https://twitter.com/dana/status/1799999999999999998"
    assert own(3, f"So true {address}").text == f"So true {address}"


@pytest.mark.parametrize(
    ("shown", "ours", "left"),
    [
        ("@dana Hello", "Hello", "Hello"),
        ("@dana @bob Hello", "@bob Hello", "@bob Hello"),
        ("@dana @bob Hello", "Hello", "Hello"),
        ("@dana Hello", "Good bye", "@dana Hello"),
        ("Hello @dana", "Hello @dana", "Hello @dana"),
        ("@dana Caf\u00e9\u202f?", "Cafe\u0301 ?", "Caf\u00e9\u202f?"),
        ("@dana", "", "@dana"),
    ],
)
def test_added_mentions_go_only_when_the_rest_is_ours(shown: str, ours: str, left: str) -> None:
    assert without_added_mentions(shown, ours) == left


@pytest.mark.parametrize(
    ("expanded", "ours"),
    [
        ("https://norlune.example/", "see https://norlune.example now"),
        ("http://norlune.example", "see norlune.example now"),
        ("https://norlune.example/a?b=1&c=2", "see https://norlune.example/a?b=1&c=2 now"),
        ("http://norlune.com", "see Norlune.com now"),
        ("https://norlune.com", "see HTTPS://NORLUNE.COM/ now"),
        ("https://xn--bcher-kva.de/a", "see https://bücher.de/a now"),
        ("https://norlune.com/%C3%A9t%C3%A9", "see https://norlune.com/été now"),
        ("https://twitter.com/dana/status/17", "see https://x.com/dana/status/17 now"),
    ],
)
def test_a_link_is_spelt_as_we_spelt_it(expanded: str, ours: str) -> None:
    row = {
        "text": "see https://t.co/aaaaaaaaaa now",
        "entities": {"urls": [{"url": "https://t.co/aaaaaaaaaa", "expanded_url": expanded}]},
    }
    assert read_text(row, ours) == ours


def test_another_address_is_never_spelt_as_ours() -> None:
    row = {
        "text": "see https://t.co/aaaaaaaaaa",
        "entities": {"urls": [{"url": "https://t.co/aaaaaaaaaa", "expanded_url": "https://norlune.com/b"}]},
    }
    for ours in ("see https://norlune.com/a", "see https://norlune.com", "see https://norlune.org/b"):
        assert canonical(read_text(row, ours)) != canonical(ours)


def test_a_quoted_address_that_we_wrote_is_spelt_as_ours() -> None:
    for address in ("https://x.com/dana/status/1799999999999999998", "https://x.com/i/status/1799999999999999998"):
        assert own(3, f"So true {address}").text == f"So true {address}"


def test_a_row_without_entities_is_read_as_it_stands() -> None:
    assert read_text({"text": "a &amp; b"}) == "a & b"
    assert read_text({}) == ""


def test_a_private_message_tells_its_conversation_and_sender() -> None:
    row = {"id": "1800000000000000021", "text": "psst &amp; more", "sender_id": "42", "dm_conversation_id": "7-42"}
    message = read_message(row, Included(fixture("mentions.tweet.json"), HOST), "7")
    assert (message.kind, message.text, message.conversation, message.recipient_id) == (
        "direct", "psst & more", "7-42", "7",
    )  # fmt: skip
    assert message.author.handle == "dana"
    assert message.created_at.year == 2024  # from the id, for the row told no time


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("https://api.x.com", "https://x.com"),
        ("https://api.twitter.com", "https://x.com"),
        ("http://127.0.0.1:8801", "http://127.0.0.1:8801"),
    ],
)
def test_pages_lie_beside_the_api(host: str, origin: str) -> None:
    assert web_origin(host) == origin
    assert post_url(host, "", "17") == f"{origin}/i/status/17"
