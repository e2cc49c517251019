"""The connector's requests and the fake's answers fit X's own descriptions, and the check itself can fail.

Every case of the contract suite is checked the same way when it ends (``harness_x``); here a walk over all of the
connector must touch every address it knows, in both dialects.
"""

import json
import re
from dataclasses import replace

import pytest

from pluralis.networks.contract import Attachment, Reference
from pluralis.networks.errors import NotNow, Refused
from pluralis.networks.fake.http import Request, Response
from pluralis.networks.fake.pictures import avatar
from pluralis.networks.fake.world import Draft
from tests.networks.harness import part, reference, soon
from tests.networks.harness_x import DESCRIPTIONS, UNDESCRIBED, XHarness, open_harness
from tests.networks.openapi import Description, description, faults
from tests.shared import shared_data

ADDRESSES = {
    "DELETE /2/tweets/N",
    "DELETE /2/users/N/retweets/N",
    "GET /2/dm_conversations/with/N/dm_events",
    "GET /2/dm_events",
    "GET /2/media/upload",
    "GET /2/tweets",
    "GET /2/users/N/mentions",
    "GET /2/users/N/tweets",
    "GET /2/users/me",
    "POST /2/dm_conversations/with/N/messages",
    "POST /2/media/metadata",
    "POST /2/media/upload",
    "POST /2/media/upload/N/append",
    "POST /2/media/upload/N/finalize",
    "POST /2/media/upload/initialize",
    "POST /2/tweets",
    "POST /2/users/N/muting",
    "POST /2/users/N/retweets",
}


def described(dialect: str) -> Description:
    return description(shared_data(DESCRIPTIONS[dialect]))


def walk(opened: XHarness) -> None:
    """Use everything the connector can do once."""
    connector, access = opened.connector, opened.access
    opened.network.processing_seconds = 20
    picture = Attachment(avatar("alice"), "image/png", "Une fleur", 80, 80)
    target = reference(opened, opened.mention("look at https://dana.example?a=1&b=2"))
    answer = part(opened, "Merci ! https://norlune.example/aide", reply_to=target, attachments=(picture,))
    sent = connector.send(access, answer, soon())
    connector.find(access, answer, answer.created_at, soon())
    chunked = replace(access, settings={**access.settings, "upload": "chunked", "tier": "enterprise"})
    quote = part(opened, "Bien vu", quote=target, attachments=(picture,))
    connector.send(chunked, quote, soon())
    opened.message("psst")
    private = part(opened, "Bonjour", visibility="direct", recipient=opened.dana()[0], attachments=(picture,))
    connector.send(access, private, soon())
    connector.find(access, private, private.created_at, soon())
    for stream in connector.streams:
        connector.fetch(access, stream, connector.fetch(access, stream, None, soon()).cursor, soon())
    connector.snapshot(access, [sent.reference, Reference("1")], soon())
    connector.moderate(access, "mute", opened.dana()[0], soon())
    connector.repost(access, target, answer.created_at, soon())
    connector.take_back_repost(access, target, soon())
    connector.read_profile(access, soon())
    connector.delete(access, sent.reference, soon())
    connector.delete(access, sent.reference, soon())


def be_refused(opened: XHarness) -> None:
    """Meet every refusal of the fake."""
    connector, access = opened.connector, opened.access
    opened.mood("duplicate", "post")
    connector.send(access, part(opened, "Twice"), soon())
    gone = reference(opened, opened.mention("gone"))
    opened.remove(gone.remote_id)
    stranger = opened.network.world.write(opened.dana()[0], Draft("not to you")).id
    for more in ({"reply_to": gone}, {"reply_to": Reference(stranger)}, {}):
        with pytest.raises(Refused):
            connector.send(access, part(opened, "Twice", **more), soon())
    with pytest.raises(Refused):
        connector.send(access, part(opened, "long " * 100), soon())
    with pytest.raises(Refused):
        connector.send(access, part(opened, "x", attachments=(Attachment(b"no", "image/png", "a"),)), soon())
    for mood in ("limit", "limit_silent", "limit_app", "error_before"):
        opened.calm()
        opened.mood(mood, "mentions")
        with pytest.raises(NotNow):
            connector.fetch(access, "mentions", None, soon())


@pytest.mark.parametrize("dialect", DESCRIPTIONS)
def test_every_request_and_answer_of_a_walk_fits_the_description(dialect: str) -> None:
    known = described(dialect)
    with open_harness(dialect) as opened:
        walk(opened)
        exchanges = list(opened.network.exchanges)
    assert faults(known, exchanges, UNDESCRIBED) == []
    used = {f"{request.method} {re.sub(r'[0-9]{5,}|(?<=/)1(?=$)', 'N', request.path)}" for request, _ in exchanges}
    assert used == ADDRESSES


@pytest.mark.parametrize("dialect", DESCRIPTIONS)
def test_every_refusal_of_the_fake_fits_the_description(dialect: str) -> None:
    known = described(dialect)
    with open_harness(dialect) as opened:
        be_refused(opened)
        exchanges = list(opened.network.exchanges)
    assert {response.status for _, response in exchanges} >= {200, 201, 400, 403, 429, 503}
    assert faults(known, exchanges, UNDESCRIBED) == []


@pytest.mark.parametrize("asked", ["tweet", "post"])
@pytest.mark.parametrize("answered", ["tweet", "post"])
def test_answers_are_read_in_both_dialects_whatever_was_asked(asked: str, answered: str) -> None:
    with open_harness("tweet") as opened:
        opened.network.spoken = answered
        access = replace(opened.access, settings={"dialect": asked})
        opened.access = access
        ours = opened.connector.send(access, part(opened, "Ouvert dimanche"), soon())
        opened.mention("from what time?", reply_to=ours.reference.remote_id)
        (message,) = opened.connector.fetch(access, "mentions", None, soon()).messages
        assert (message.kind, message.in_reply_to_id) == ("reply", ours.reference.remote_id)
        assert message.author.followers == 120
        outgoing = part(opened, "Dès 9 h", reply_to=message.reference)
        sent = opened.connector.send(access, outgoing, soon())
        opened.network.world.posts[sent.reference.remote_id].reshares = 4
        found = opened.connector.find(access, outgoing, outgoing.created_at, soon()).posts[0]
        assert (found.text, found.reply_to_id) == ("Dès 9 h", message.reference.remote_id)
        figures = opened.connector.snapshot(access, [sent.reference], soon())
        assert figures[sent.reference.remote_id]["reshares"] == 4
        opened.network.exchanges.clear()


WRONG_REQUESTS = {
    "a body with a field of another version": ("POST", "/2/tweets", {"text": "x", "in_reply_to": "1"}),
    "a text that is a number": ("POST", "/2/tweets", {"text": 1}),
    "an id with letters": ("POST", "/2/tweets", {"text": "x", "reply": {"in_reply_to_tweet_id": "abc"}}),
    "no media ids": ("POST", "/2/tweets", {"media": {"media_ids": []}}),
    "a body where there is none": ("DELETE", "/2/tweets/1", {"sure": True}),
    "too many at once": ("GET", "/2/users/1/mentions?max_results=101", None),
    "an unknown parameter": ("GET", "/2/users/1/mentions?cursor=1", None),
    "an unknown field": ("GET", "/2/users/1/mentions?user.fields=shoe_size", None),
    "a required one missing": ("GET", "/2/tweets", None),
    "a time that is none": ("GET", "/2/users/1/tweets?start_time=yesterday", None),
    "an address that is not there": ("GET", "/2/users/1/blocks", None),
}


@pytest.mark.parametrize("dialect", DESCRIPTIONS)
@pytest.mark.parametrize("case", WRONG_REQUESTS)
def test_the_check_finds_a_wrong_request(dialect: str, case: str) -> None:
    method, target, body = WRONG_REQUESTS[case]
    content = b"" if body is None else json.dumps(body).encode()
    request = Request(method, target, {"content-type": "application/json"}, content)
    assert described(dialect).faults_of_request(request) != []


def test_the_check_finds_a_field_of_the_other_dialect() -> None:
    for dialect, other in (("tweet", "post"), ("post", "tweet")):
        request = Request("GET", f"/2/users/1/mentions?{dialect}.fields=entities", {})
        assert described(dialect).faults_of_request(request) == []
        assert described(other).faults_of_request(request) != []


@pytest.mark.parametrize(
    ("dialect", "target", "body"),
    [
        ("tweet", "/2/users/1/mentions", {"data": [], "meta": {"result_count": 0}}),
        ("tweet", "/2/users/1/mentions", {"data": [{"id": "1", "text": "x", "referenced_tweets": [{"id": "1"}]}]}),
        ("tweet", "/2/users/1/mentions", {"data": [{"id": "one"}]}),
        ("post", "/2/users/1/mentions", {"data": [{"id": 1}]}),
        ("post", "/2/users/1/mentions", {"data": [{"id": "1", "created_at": "now"}]}),
        ("post", "/2/users/1/mentions", {"errors": [{"title": "no type"}]}),
        ("post", "/2/users/1/mentions", {"data": [{"public_metrics": {"like_count": 1}}]}),
    ],
)
def test_the_check_finds_a_wrong_answer(dialect: str, target: str, body: dict[str, object]) -> None:
    response = Response.of_json(body)
    assert described(dialect).faults_of_answer(Request("GET", target, {}), response) != []


def test_the_check_finds_a_wrong_status_and_a_wrong_type() -> None:
    known, request = described("post"), Request("GET", "/2/users/me", {})
    assert known.faults_of_answer(request, Response.of_json({"data": {}}, 201)) != []
    assert known.faults_of_answer(request, Response.of_html("<p>hello</p>")) != []
    assert known.faults_of_answer(request, Response.of_json({"oops": 1}, 503)) != []
