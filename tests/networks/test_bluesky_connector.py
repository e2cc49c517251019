"""What is Bluesky's own in its connector, without the real server: keys, comparing, hearing, messages, errors."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pluralis.core.text.facets import Facet, facets
from pluralis.networks import addresses
from pluralis.networks.bluesky import NETWORK, incoming, records
from pluralis.networks.bluesky.client import Session
from pluralis.networks.contract import Access, Attachment, Outgoing, Reference
from pluralis.networks.errors import Disconnected, NotNow, Refused, Unconfirmed
from pluralis.networks.fake.pictures import avatar
from tests.networks.harness import part, soon
from tests.networks.harness_bluesky import open_harness
from tests.networks.wire import answer, wire

connector = NETWORK.connector
NOW = datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=UTC)
DANA = "did:plc:dana"
OURS = "did:plc:norlune"


@pytest.fixture
def harness():
    with open_harness() as opened:
        yield opened


@pytest.fixture
def server():
    """A server that answers as told; gives it and an access to it."""
    running = []

    def start(play):
        context = wire(play)
        there = context.__enter__()
        running.append(context)
        addresses.allow_private_origins([there.origin])
        return there, Access(there.origin, OURS, "norlune.test", {"access": "t", "refresh": "r"})

    before = addresses.allow_private_origins(())
    yield start
    for context in running:
        context.__exit__(None, None, None)
    addresses.allow_private_origins(before)


def told(content, line="200 OK", *headers):
    return answer(line, json.dumps(content).encode(), "Content-Type: application/json", *headers)


def always(data):
    return lambda connection, request: connection.sendall(data)


def by_method(**answers):
    """Answer each XRPC method with its own data; a list is used up, its last one stays."""

    def play(connection, request):
        method = urlsplit(request.split(b" ")[1].decode()).path.rsplit(".", 1)[1]
        data = answers[method]
        connection.sendall((data.pop(0) if len(data) > 1 else data[0]) if isinstance(data, list) else data)

    return play


def outgoing(text="hello", **more):
    return Outgoing(text, "3l6oveex3ii2l", NOW, **more)


# Keys


def test_a_key_is_a_valid_tid():
    key = connector.choose_key(NOW, bytes(range(16)))
    assert len(key) == 13
    assert key[0] in "234567abcdefghij"
    assert set(key) <= set("234567abcdefghijklmnopqrstuvwxyz")


def test_keys_rise_with_time():
    keys = [connector.choose_key(NOW + timedelta(seconds=20 * number), b"\xff" * 16) for number in range(50)]
    assert keys == sorted(keys)


def test_a_thousand_keys_of_one_instant_are_all_different():
    keys = {connector.choose_key(NOW, number.to_bytes(16, "big")) for number in range(1000)}
    assert len(keys) == 1000


@given(st.text(max_size=40))
def test_the_key_of_a_block_is_a_valid_tid_and_always_the_same(subject):
    key = records.key_for(subject.encode("utf-8", "replace").decode())
    assert key == records.key_for(subject.encode("utf-8", "replace").decode())
    assert len(key) == 13
    assert key[0] in "234567abcdefghij"


# Records


def test_the_record_of_a_plain_post_holds_text_time_and_language():
    record = records.make_record(outgoing("hé", language="fr"), [], [], {})
    assert record == {
        "$type": "app.bsky.feed.post",
        "text": "hé",
        "createdAt": "2026-11-22T10:00:00.123Z",
        "langs": ["fr"],
    }


@given(st.text(alphabet=st.sampled_from(list("a é👍🏽\u0301 \n@#.:/")), max_size=80))
def test_every_mark_covers_whole_characters_of_the_text(text):
    text += " https://example.org/é @dana.test #été"
    data = text.encode()
    for facet in records.make_facets(text, facets(text), {"dana.test": DANA}):
        place = facet["index"]
        assert data[place["byteStart"] : place["byteEnd"]].decode()


@pytest.mark.parametrize(("start", "end"), [(0, 99), (-1, 2), (3, 3), (3, 2), (1, 2), (0, 1)])
def test_a_mark_outside_the_text_or_inside_a_character_is_never_sent(start, end):
    with pytest.raises(ValueError):
        records.make_facets("é", [Facet(start, end, "url", "https://example.org")], {})


def test_records_are_compared_by_what_a_reader_sees():
    ours = records.make_record(outgoing("hi @dana.test #tag"), facets("hi @dana.test #tag"), [], {"dana.test": DANA})
    unmentioned = records.make_record(outgoing("hi @dana.test #tag"), facets("hi @dana.test #tag"), [], {})
    assert records.is_ours(ours, unmentioned)
    assert records.is_ours(ours, {**ours, "via": "another program", "labels": None})
    for field, value in (
        ("text", "other"),
        ("createdAt", "2026-11-22T10:00:00.124Z"),
        ("langs", ["fr"]),
        ("reply", {"root": {}, "parent": {}}),
        ("embed", {"$type": "app.bsky.embed.images", "images": []}),
        ("facets", []),
    ):
        assert not records.is_ours(ours, {**ours, field: value}), field


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"reply": None, "embed": None},
        {"reply": {"root": "x", "parent": 5}},
        {"embed": {"images": "x"}},
        {"embed": {"media": {"images": [1, None]}}},
    ],
)
def test_misshapen_records_are_read_without_harm(value):
    assert records.parent_of(value) is None
    assert records.quoted_by(value) is None
    assert records.images_of(value) == []


# The write


@pytest.mark.parametrize(
    ("line", "body", "expected"),
    [
        ("400 Bad", {"error": "ExpiredToken", "message": "Token has expired"}, NotNow),
        ("400 Bad", {"error": "InvalidToken", "message": "Token could not be verified"}, NotNow),
        ("400 Bad", {"error": "InvalidRequest", "message": "Invalid app.bsky.feed.post record"}, Refused),
        ("400 Bad", {"error": "AccountTakedown", "message": "Account has been taken down"}, Disconnected),
        ("401 No", {"error": "AuthMissing", "message": "Authentication Required"}, Disconnected),
        ("413 Big", {"error": "PayloadTooLarge", "message": "request entity too large"}, Refused),
        ("429 Slow", {"error": "RateLimitExceeded"}, NotNow),
        ("400 Bad", None, Unconfirmed),
        ("403 No", None, Unconfirmed),
        ("404 None", None, Unconfirmed),
        ("408 Timeout", {"error": "Timeout"}, Unconfirmed),
        ("307 Elsewhere", None, Unconfirmed),
        ("500 Oh", {"error": "InternalServerError"}, Unconfirmed),
        ("502 Gateway", {"error": "UpstreamFailure"}, Unconfirmed),
        ("503 Busy", None, Unconfirmed),
        ("200 OK", None, Unconfirmed),
        ("200 OK", {}, Unconfirmed),
        ("200 OK", [], Unconfirmed),
    ],
)
def test_each_answer_to_a_write_is_one_instruction(line, body, expected, server):
    _, access = server(always(told(body, line) if body is not None else answer(line, b"<html>")))
    with pytest.raises(expected):
        connector.send(access, outgoing(), soon(3))


@pytest.mark.parametrize("error", ["ExpiredToken", "InvalidToken"])
def test_a_spent_token_asks_for_fresh_ones(error, server):
    _, access = server(always(told({"error": error, "message": "x"}, "400 Bad")))
    with pytest.raises(NotNow) as caught:
        connector.send(access, outgoing(), soon(3))
    assert caught.value.refresh


def test_the_end_of_a_rate_limit_is_read_in_seconds(server):
    _, access = server(always(told({"error": "RateLimitExceeded"}, "429 Slow", "RateLimit-Reset: 1795350600")))
    with pytest.raises(NotNow) as caught:
        connector.send(access, outgoing(), soon(3))
    assert caught.value.until == datetime(2026, 11, 22, 12, 30, tzinfo=UTC)


def test_what_must_not_exist_is_said_so(server):
    there, access = server(always(told({"uri": "at://x", "cid": "c"})))
    connector.send(access, outgoing(), soon())
    body = json.loads(there.requests[0].partition(b"\r\n\r\n")[2])
    assert body["swapRecord"] is None
    assert (body["repo"], body["rkey"]) == (OURS, "3l6oveex3ii2l")


def test_a_record_that_is_there_but_cannot_be_read_is_unconfirmed(server):
    swap = told({"error": "InvalidSwap", "message": "Record was at x"}, "400 Bad")
    for second in (answer("503 Busy"), told({"error": "RecordNotFound"}, "400 Bad"), told({"no": "record"})):
        _, access = server(by_method(putRecord=swap, getRecord=second))
        with pytest.raises(Unconfirmed):
            connector.send(access, outgoing(), soon(3))


def test_a_look_that_is_refused_proves_nothing(server):
    for data in (
        told({"error": "InvalidRequest", "message": "Could not find repo"}, "400 Bad"),
        told({"error": "ExpiredToken"}, "400 Bad"),
        answer("404 Not Found", b"<html>"),
        answer("200 OK", b"{}"),
    ):
        _, access = server(always(data))
        with pytest.raises(NotNow):
            connector.find(access, outgoing(), NOW, soon(3))


def test_who_cannot_be_resolved_stays_plain_and_a_silent_resolver_sends_nothing(server):
    unknown = told({"error": "InvalidRequest", "message": "Unable to resolve handle"}, "400 Bad")
    put = told({"uri": "at://x", "cid": "c"})
    there, access = server(by_method(resolveHandle=unknown, putRecord=put))
    connector.send(access, outgoing("hi @dana.test"), soon())
    assert b"facets" not in there.requests[-1]
    there, access = server(by_method(resolveHandle=answer("502 Gateway"), putRecord=put))
    with pytest.raises(NotNow):
        connector.send(access, outgoing("hi @dana.test"), soon())
    assert not any(b"putRecord" in request for request in there.requests)


def test_a_lost_answer_about_a_handle_is_asked_for_once_more_and_a_limit_is_not(server):
    known, put = told({"did": "did:plc:dana"}), told({"uri": "at://x", "cid": "c"})
    there, access = server(by_method(resolveHandle=[answer("502 Gateway"), known], putRecord=put))
    connector.send(access, outgoing("hi @dana.test"), soon())
    assert [b"resolveHandle" in request for request in there.requests] == [True, True, False]
    limited = answer("429 Slow", b"", "Retry-After: 60", "Date: Sun, 22 Nov 2026 10:00:00 GMT")
    there, access = server(by_method(resolveHandle=[limited, known], putRecord=put))
    with pytest.raises(NotNow):
        connector.send(access, outgoing("hi @dana.test"), soon())
    assert len(there.requests) == 1


@pytest.mark.parametrize("content", [b"", b"<svg>", b"%PDF-1.7", b"GIF", b"\xff\xd8"])
def test_what_is_no_picture_is_not_uploaded(content, server):
    there, access = server(always(told({})))
    with pytest.raises(Refused) as caught:
        connector.send(access, outgoing(attachments=(Attachment(content, "image/png", "x"),)), soon())
    assert "attachments" in caught.value.fields
    assert there.requests == []


def test_an_upload_that_broke_off_published_nothing(harness):
    picture = Attachment(avatar("a"), "image/png", "x", 80, 80)
    for mood in ("drop", "cut", "error_after", "nonsense"):
        harness.calm()
        harness.mood(mood, "upload", nth=1)
        with pytest.raises(NotNow):
            connector.send(harness.access, part(harness, "look", attachments=(picture,)), soon())
    assert list(harness.standing()) == []


# Sessions


def test_a_token_tells_its_end_and_its_rights_and_nonsense_tells_nothing():
    token = "h.eyJzY29wZSI6ImNvbS5hdHByb3RvLmFwcFBhc3MiLCJleHAiOjE3OTUzNTA2MDB9.s"
    session = Session(OURS, "norlune.test", token, "r")
    assert session.expires_at == datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
    assert session.scope == "appPass"
    for odd in ("", "x", "a.b.c", "a.e30.c", "a.WzFd.c", "a.eyJleHAiOiAieCJ9.c", "a.eyJleHAiOiAxZTk5fQ.c"):
        assert (Session(OURS, "n", odd, "r").expires_at, Session(OURS, "n", odd, "r").scope) == (None, "")


def test_a_refresh_token_serves_once_and_the_app_password_opens_the_door_again(harness):
    first = connector.refresh(harness.access, soon())
    again = connector.refresh(harness.access, soon())  # the old refresh token is spent by now
    assert first.credentials["refresh"] != again.credentials["refresh"]
    without = {**harness.access.credentials, "password": ""}
    with pytest.raises(Disconnected):
        connector.refresh(replace(harness.access, credentials=without), soon())


def test_an_app_password_taken_back_disconnects(harness):
    harness.network.sessions.passwords.clear()
    with pytest.raises(Disconnected):
        connector.refresh(harness.access, soon())


def test_a_refresh_whose_answer_is_lost_is_unconfirmed(harness):
    harness.mood("drop", "token", nth=1)
    with pytest.raises(Unconfirmed):
        connector.refresh(harness.access, soon())


# Hearing


def item(number, reason="mention", at=None, **record):
    at = at or NOW + timedelta(seconds=number)
    return {
        "uri": f"at://{DANA}/app.bsky.feed.post/{number}",
        "cid": f"c{number}",
        "author": {"did": DANA, "handle": "dana.test"},
        "reason": reason,
        "record": {"text": f"number {number}", **record},
        "indexedAt": at.isoformat(),
    }


def listing(items, requests, size=100):
    """Answer like an app view that holds ``items`` (a list that may grow), newest first."""

    def play(connection, request):
        asked = parse_qs(urlsplit(request.split(b" ")[1].decode()).query)
        requests.append(asked)
        ordered = sorted(items, key=lambda one: one["indexedAt"], reverse=True)
        start = int(asked.get("cursor", ["0"])[0])
        page = ordered[start : start + size]
        more = {"cursor": str(start + size)} if start + size < len(ordered) else {}
        connection.sendall(told({"notifications": page} | more))

    return play


def drain(access, cursor):
    heard, gaps, more = [], [], True
    while more:
        batch = connector.fetch(access, "mentions", cursor, soon())
        heard += [message.text for message in batch.messages]
        gaps += [batch.gap] if batch.gap else []
        cursor, more = batch.cursor, batch.more
    return heard, gaps, cursor


def test_a_long_absence_is_caught_up_in_several_fetches_and_none_is_lost(server):
    items, requests = [item(0)], []
    _, access = server(listing(items, requests))
    cursor = connector.fetch(access, "mentions", None, soon()).cursor
    items += [item(number) for number in range(1, 2501)]
    heard, gaps, cursor = drain(access, cursor)
    assert sorted(heard) == sorted(f"number {number}" for number in range(1, 2501))
    assert len(heard) == len(set(heard))
    assert gaps == []
    assert drain(access, cursor)[0] == []


def test_a_late_notification_with_an_earlier_time_is_heard_once(server):
    items = [item(0), item(100)]
    _, access = server(listing(items, []))
    cursor = connector.fetch(access, "mentions", None, soon()).cursor
    items.append(item(50))
    items.append(item(101))
    heard, _, cursor = drain(access, cursor)
    assert heard == ["number 50", "number 101"]
    assert drain(access, cursor)[0] == []


def test_two_notifications_of_one_millisecond_are_both_heard(server):
    items = [item(1, at=NOW)]
    _, access = server(listing(items, []))
    cursor = connector.fetch(access, "mentions", None, soon()).cursor
    items.append(item(0, at=NOW))
    assert drain(access, cursor)[0] == ["number 0"]


def test_the_first_mention_of_a_new_account_is_heard(server):
    items = []
    _, access = server(listing(items, []))
    cursor = connector.fetch(access, "mentions", None, soon()).cursor
    items += [item(number) for number in range(250)]
    heard, gaps, _ = drain(access, cursor)
    assert len(heard) == 250
    assert gaps == []


def test_what_the_network_no_longer_gives_is_named_as_a_gap(server):
    items = [item(0)]
    _, access = server(listing(items, []))
    cursor = connector.fetch(access, "mentions", None, soon()).cursor
    items[:] = [item(number) for number in range(5000, 5010)]
    heard, (gap,), _ = drain(access, cursor)
    assert len(heard) == 10
    assert (gap.newer_than, gap.older_than) == (item(0)["uri"], item(5000)["uri"])


@pytest.mark.parametrize("cursor", ["", "nonsense", "[]", '{"known": "x"}', '{"seen": 5}', '{"known": null}'])
def test_a_cursor_that_cannot_be_read_starts_anew(cursor, server):
    _, access = server(listing([item(1)], []))
    assert [message.text for message in connector.fetch(access, "mentions", cursor, soon()).messages] == ["number 1"]


def test_a_cursor_does_not_grow_without_end():
    place = incoming.Place()
    for number in range(200):
        look = incoming.Look(place)
        look.take([item(number * 60 + offset) for offset in range(20)], None)
        place = incoming._next_place(look, going_on=False)
    assert len(str(place)) < 20_000
    assert incoming.Place.parse(str(place)) == place


def test_misshapen_notifications_and_other_kinds_hold_nothing_up(server):
    odd = [
        {**item(1), "reason": "like"},
        {**item(2), "record": None},
        {**item(3), "author": {}},
        {**item(4), "indexedAt": "soon"},
        {"reason": "mention"},
        "nonsense",
        {**item(6), "record": {"text": 5, "langs": "fr", "reply": []}},
    ]
    _, access = server(always(told({"notifications": [*odd, item(5)]})))
    assert [message.text for message in connector.fetch(access, "mentions", None, soon()).messages] == [
        "number 5",
        "5",
    ]


def test_a_reply_brings_what_is_needed_to_answer_it(server):
    root, parent = ({"uri": f"at://{OURS}/app.bsky.feed.post/{name}", "cid": f"c{name}"} for name in "rp")
    picture = {"image": {"ref": {"$link": "bafy"}}, "alt": "A bill"}
    reply = item(1, "reply", reply={"root": root, "parent": parent}, langs=["ms"], embed={"images": [picture]})
    _, access = server(always(told({"notifications": [reply]})))
    (message,) = connector.fetch(access, "mentions", None, soon()).messages
    assert (message.kind, message.in_reply_to_id, message.conversation) == ("reply", parent["uri"], root["uri"])
    assert message.reference == Reference(reply["uri"], {"cid": "c1", "root_uri": root["uri"], "root_cid": "cr"})
    assert message.language == "ms"
    assert [(one.alt_text, DANA in one.url) for one in message.media] == [("A bill", True)]


# Messages


def test_messages_arrive_from_the_log_and_ours_do_not(harness):
    harness.message("first")
    batch = connector.fetch(harness.access, "messages", None, soon())
    assert [message.text for message in batch.messages] == ["first"]
    did, handle = harness.dana()
    direct = part(harness, "our answer", visibility="direct", recipient=did, recipient_handle=handle)
    connector.send(harness.access, direct, soon())
    harness.message("second")
    harness.message("third")
    batch = connector.fetch(harness.access, "messages", batch.cursor, soon())
    assert [(message.text, message.author.handle) for message in batch.messages] == [
        ("second", "dana.test"),
        ("third", "dana.test"),
    ]
    assert connector.fetch(harness.access, "messages", batch.cursor, soon()).messages == ()


def test_a_message_in_doubt_is_found_by_reading_the_conversation(harness):
    did, handle = harness.dana()
    direct = part(harness, "once only", visibility="direct", recipient=did, recipient_handle=handle)
    harness.mood("drop", "message", nth=1)
    with pytest.raises(Unconfirmed):
        connector.send(harness.access, direct, soon())
    harness.mood("paged", "messages", size=1)
    search = connector.find(harness.access, direct, direct.created_at, soon())
    assert (search.complete, search.by_key) == (True, False)
    assert [post.text for post in search.posts] == ["once only"]


def test_somebody_who_takes_no_messages_is_told_at_the_recipient(harness):
    did, _ = harness.dana()
    next(one for one in harness.network.world.profiles.values() if one.handle == "dana").accepts_messages = False
    with pytest.raises(Refused):
        connector.send(harness.access, part(harness, "x", visibility="direct", recipient=did), soon())


@pytest.mark.parametrize("more", [{}, {"attachments": (Attachment(avatar("a"), "image/png", ""),)}])
def test_a_message_to_nobody_or_with_a_picture_is_refused(more, harness):
    recipient = None if not more else harness.dana()[0]
    with pytest.raises(Refused):
        connector.send(harness.access, part(harness, "x", visibility="direct", recipient=recipient, **more), soon())


# Keeping away


@pytest.mark.parametrize("action", ["mute", "report", "block"])
def test_somebody_is_kept_away_once_however_often_it_is_asked(action, harness):
    for _ in range(2):
        connector.moderate(harness.access, action, harness.dana()[0], soon())
    entries = harness.network.ledger.entries(action=action)
    assert len(entries) == (1 if action == "block" else 2)


def test_an_action_that_is_none_is_refused(harness):
    with pytest.raises(Refused):
        connector.moderate(harness.access, "shout", harness.dana()[0], soon())
