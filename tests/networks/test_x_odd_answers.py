"""Whatever X answers, the connector fails only in the four ways of the contract, and one odd post stops nothing."""

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pluralis.networks.contract import Access, Outgoing
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import Disconnected, NetworkError, NotNow, Refused
from pluralis.networks.transport import Answer
from pluralis.networks.x import finding, polling
from pluralis.networks.x.client import XClient
from pluralis.networks.x.refusals import refusal_of_read, refusal_of_write

FIXTURES = Path(__file__).parents[2] / "pluralis/networks/x/fixtures"
ACCESS = Access("https://api.x.com", "7", "Norlune", {"access_token": "t", "refresh_token": "r"})
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


class Canned(XClient):
    """A client to whom everything is answered the same."""

    def __init__(self, body: Any, status: int = 200) -> None:
        super().__init__(ACCESS, Deadline.after(60))
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answer = Answer(status, {"date": "Sun, 22 Nov 2026 12:00:00 GMT"}, content, NotNow)

    def read(self, path: str, params: Any) -> Answer:
        return self.answer


def fixture(name: str) -> Any:
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every value in a JSON document."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(place for name, value in inner for place in places(value, (*path, name)))]


def with_junk(document: Any, place: tuple[Any, ...], junk: Any) -> Any:
    if not place:
        return junk
    changed = copy.deepcopy(document)
    node = changed
    for name in place[:-1]:
        node = node[name]
    node[place[-1]] = junk
    return changed


MENTIONS, TIMELINE = fixture("mentions.tweet.json"), fixture("timeline.tweet.json")
EVENTS = {
    "data": [
        {"id": "1800000000000000031", "event_type": "MessageCreate", "text": "psst", "sender_id": "42",
         "dm_conversation_id": "7-42", "created_at": "2026-11-20T08:15:30.000Z",
         "attachments": {"media_keys": ["3_1"]}},
        {"id": "1800000000000000030", "event_type": "MessageCreate", "text": "ours", "sender_id": "7",
         "dm_conversation_id": "7-42", "created_at": "2026-11-20T08:15:00.000Z"},
    ],
    "meta": {"result_count": 2},
}  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(place=st.sampled_from(places(MENTIONS)), junk=JUNK)
def test_mentions_with_junk_anywhere_are_read_or_not_now(place: tuple[Any, ...], junk: Any) -> None:
    try:
        batch = polling.fetch(Canned(with_junk(MENTIONS, place, junk)), "mentions", "1")
    except NotNow:
        return
    for message in batch.messages:
        assert message.reference.remote_id.isdigit()
        assert message.created_at.tzinfo
        author = message.author
        words = (message.text, message.url, author.remote_id, author.handle, author.display_name, author.bio)
        assert all(isinstance(word, str) for word in words)
        assert all(
            isinstance(word, str | None) for word in (message.conversation, message.language, message.quoted_id)
        )
        assert all(isinstance(count, int | None) for count in (author.followers, author.following, author.posts))
        assert all(isinstance(word, str) for one in message.media for word in (one.url, one.alt_text))


@settings(max_examples=200, deadline=None)
@given(place=st.sampled_from(places(EVENTS)), junk=JUNK)
def test_private_messages_with_junk_anywhere_are_read_or_not_now(place: tuple[Any, ...], junk: Any) -> None:
    outgoing = Outgoing("ours", "", datetime(2026, 11, 20, tzinfo=UTC), visibility="direct", recipient="42")
    document = with_junk(EVENTS, place, junk)
    for look in (
        lambda: polling.fetch(Canned(document), "messages", "1"),
        lambda: finding.find_message(Canned(document), outgoing, outgoing.created_at),
    ):
        try:
            look()
        except NotNow:
            continue


@settings(max_examples=300, deadline=None)
@given(place=st.sampled_from(places(TIMELINE)), junk=JUNK)
def test_a_timeline_with_junk_anywhere_is_read_or_not_now(place: tuple[Any, ...], junk: Any) -> None:
    outgoing = Outgoing("So true", "", datetime(2026, 11, 20, tzinfo=UTC))
    try:
        finding.find_post(Canned(with_junk(TIMELINE, place, junk)), outgoing, outgoing.created_at)
    except NotNow:
        return


@settings(max_examples=300, deadline=None)
@given(status=st.integers(300, 599), body=JUNK | st.binary(max_size=20), headers=st.dictionaries(
    st.sampled_from(["x-rate-limit-reset", "x-rate-limit-remaining", "x-app-limit-24hour-remaining", "retry-after"]),
    st.text("0123456789-. soon", max_size=12),
))  # fmt: skip
def test_no_refusal_is_too_odd(status: int, body: Any, headers: dict[str, str]) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = Answer(status, headers, content, NotNow)
    assert isinstance(refusal_of_write(answer, ACCESS), NetworkError)
    assert isinstance(refusal_of_read(answer, ACCESS), NotNow | Disconnected | Refused)


def test_one_odd_mention_does_not_stop_the_others() -> None:
    document = copy.deepcopy(MENTIONS)
    document["data"][1]["entities"] = "none today"
    document["data"][1]["created_at"] = "soon"
    messages = polling.fetch(Canned(document), "mentions", "1").messages
    assert [message.text[:16] for message in messages] == ["Look at this", "@Norlune merci !", "@Norlune & @Norl"]
    assert messages[1].author.remote_id == "43"


def test_an_odd_author_is_known_by_id_and_stops_no_message() -> None:
    document = copy.deepcopy(MENTIONS)
    document["includes"]["users"][0]["created_at"] = "long ago"
    messages = polling.fetch(Canned(document), "mentions", "1").messages
    assert [message.author.remote_id for message in messages] == ["44", "43", "42"]


def test_an_odd_own_post_proves_nothing() -> None:
    document = copy.deepcopy(TIMELINE)
    document["data"][1]["entities"] = "none today"
    document["data"][1]["note_tweet"] = {"text": "x", "entities": {"urls": "x"}}
    with pytest.raises(NotNow, match="cannot read"):
        outgoing = Outgoing("So true", "", datetime(2026, 11, 20, tzinfo=UTC))
        finding.find_post(Canned(document), outgoing, outgoing.created_at)
