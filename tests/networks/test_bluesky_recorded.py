"""Answers recorded from the real server (tools/pds/record.py), read by the connector and held against the fake."""

import json
from pathlib import Path

import httpx2
import pytest

from pluralis.networks import addresses, bluesky
from pluralis.networks.bluesky.client import Client, InvalidSwap, Unknown
from pluralis.networks.errors import Disconnected, NotNow, Refused
from pluralis.networks.fake import FakeServer
from pluralis.networks.fake.bluesky import FakeBluesky
from pluralis.networks.fake.bluesky.naming import did_of
from pluralis.networks.fake.pictures import avatar
from tests.networks.harness import soon
from tests.networks.wire import answer, says, wire

RECORDED = json.loads((Path(bluesky.__file__).parent / "fixtures" / "pds.json").read_text(encoding="utf-8"))
KEY = "3l6oveex3ii2l"
POSTS = "app.bsky.feed.post"
PLAIN = {"$type": POSTS, "text": "Bonjour à tous", "createdAt": "2026-11-22T10:00:00.000Z"}


@pytest.fixture
def replay():
    """A client of a server that gives one recorded answer to everything."""
    running = []

    def start(name):
        kept = RECORDED[name]
        headers = [f"{header}: {value}" for header, value in kept["headers"].items()]
        context = wire(says(answer(f"{kept['status']} X", json.dumps(kept["body"]).encode(), *headers)))
        there = context.__enter__()
        running.append(context)
        addresses.allow_private_origins([there.origin])
        return Client(there.origin, soon(), "t")

    before = addresses.allow_private_origins(())
    yield start
    for context in running:
        context.__exit__(None, None, None)
    addresses.allow_private_origins(before)


def test_a_session_is_read_with_its_end_its_rights_and_its_server(replay):
    for name, call in (("signed in", "create_session"), ("refreshed", "refresh_session")):
        arguments = ("norlune.test", "x") if call == "create_session" else ("r",)
        session = getattr(replay(name), call)(*arguments)
        assert session.did.startswith("did:plc:")
        assert session.handle == "norlune.test"
        assert session.scope == "appPass"
        assert session.expires_at is not None
        assert session.pds.startswith("http://localhost:")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("access token expired", NotNow),
        ("access token of nonsense", NotNow),
        ("no token", Disconnected),
        ("published again, different", InvalidSwap),
        ("too many graphemes", Refused),
        ("too large", Refused),
    ],
)
def test_each_recorded_refusal_of_a_write_is_one_instruction(name, expected, replay):
    with pytest.raises(expected):
        replay(name).put_new_record("did:plc:x", POSTS, KEY, PLAIN)


@pytest.mark.parametrize("name", ["published", "published again, equal"])
def test_the_content_hash_of_what_was_published_is_read(name, replay):
    assert replay(name).put_new_record("did:plc:x", POSTS, KEY, PLAIN) == RECORDED["record"]["body"]["cid"]


def test_a_record_and_its_absence_are_told_apart(replay):
    assert replay("record").get_record("did:plc:x", POSTS, KEY).value == PLAIN
    with pytest.raises(Unknown):
        replay("no such record").get_record("did:plc:x", POSTS, KEY)


def test_signing_in_and_renewing_fail_clearly(replay):
    with pytest.raises(Disconnected):
        replay("wrong password").create_session("a", "b")
    with pytest.raises(NotNow) as caught:
        replay("refresh token spent").refresh_session("r")
    assert caught.value.refresh


def test_what_this_server_cannot_do_is_told(replay):
    with pytest.raises(NotNow, match="not joined"):
        replay("no app view").notifications(None)
    with pytest.raises(Refused, match="does not allow direct messages"):
        replay("messages not allowed").chat_query("s", "getLog", dict)
    with pytest.raises(Unknown):
        replay("handle unknown").resolve_handle("nobody.test")


def test_a_picture_is_named_by_its_reference(replay):
    assert replay("picture uploaded").upload_blob(b"x", "image/png")["ref"]["$link"].startswith("bafkrei")
    with pytest.raises(Refused) as caught:
        replay("picture too large").upload_blob(b"x", "image/png")
    assert "attachments" in caught.value.fields


# The fake answers as the real one did: same status, same error, at least the same fields.


@pytest.fixture
def fake():
    network = FakeBluesky(seed=1)
    with FakeServer(network) as server:
        profile = network.world.add_profile("norlune", "Norlune")
        keys = dict(network.open_account(profile).values)
        session = _ask(server, "POST", "com.atproto.server.createSession", json=keys).json()
        yield server, session, keys, did_of(profile.id)


def _ask(server, method, path, token="", **request):
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return httpx2.request(
        method, f"{server.origin}/xrpc/{path}", headers=headers | request.pop("headers", {}), **request
    )


def _put(fake, record, token=None):
    server, session, _, did = fake
    body = {"repo": did, "collection": POSTS, "rkey": KEY, "record": record, "swapRecord": None}
    used = session["accessJwt"] if token is None else token
    return _ask(server, "POST", "com.atproto.repo.putRecord", used, json=body)


def _get(fake):
    server, session, _, did = fake
    params = {"repo": did, "collection": POSTS, "rkey": KEY}
    return _ask(server, "GET", "com.atproto.repo.getRecord", session["accessJwt"], params=params)


def _shape(name, found):
    """Return what both answers have in common, to be compared: status, error, and the recorded fields we read."""
    kept = RECORDED[name]
    body = kept["body"] if isinstance(kept["body"], dict) else {}
    ours = found.json() if found.content else {}
    read = {"uri", "cid", "value", "did", "handle", "accessJwt", "refreshJwt", "blob"} & set(body)
    return (kept["status"], body.get("error"), read), (found.status_code, ours.get("error"), read & set(ours))


def test_the_fake_keeps_records_as_the_real_server_does(fake):
    for name, found in (
        ("no such record", _get(fake)),
        ("published", _put(fake, PLAIN)),
        ("published again, equal", _put(fake, PLAIN)),
        ("published again, different", _put(fake, {**PLAIN, "text": "another"})),
        ("record", _get(fake)),
    ):
        theirs, ours = _shape(name, found)
        assert ours == theirs, name


@pytest.mark.parametrize("name", ["too many graphemes", "too large"])
def test_the_fake_refuses_what_the_real_server_refuses(name, fake):
    text = {"too many graphemes": "x" * 301, "too large": "x" * 200_000}[name]
    found = _put(fake, {**PLAIN, "text": text})
    assert found.status_code == RECORDED[name]["status"]
    assert found.json()["error"].removesuffix("Error") == RECORDED[name]["body"]["error"].removesuffix("Error")
    assert _get(fake).status_code == 400


def test_the_fake_opens_and_closes_its_door_as_the_real_server_does(fake):
    server, session, keys, _ = fake
    sign_in = "com.atproto.server.createSession"
    wrong = {**keys, "password": "none"}
    for name, found in (
        ("signed in", _ask(server, "POST", sign_in, json=keys)),
        ("wrong password", _ask(server, "POST", sign_in, json=wrong)),
        ("refreshed", _ask(server, "POST", "com.atproto.server.refreshSession", session["refreshJwt"])),
        ("refresh token spent", _ask(server, "POST", "com.atproto.server.refreshSession", session["refreshJwt"])),
        ("access token of nonsense", _put(fake, PLAIN, "nonsense")),
        ("no token", _put(fake, PLAIN, "")),
    ):
        theirs, ours = _shape(name, found)
        assert ours == theirs, name


def test_the_fake_takes_pictures_as_the_real_server_does(fake):
    server, session, _, _ = fake
    found = _ask(
        server, "POST", "com.atproto.repo.uploadBlob", session["accessJwt"],
        content=avatar("norlune"), headers={"content-type": "image/png"},
    )  # fmt: skip
    theirs, ours = _shape("picture uploaded", found)
    assert ours == theirs
    real, played = RECORDED["picture uploaded"]["body"]["blob"], found.json()["blob"]
    assert set(played) == set(real)
    assert (played["size"], played["mimeType"]) == (real["size"], real["mimeType"])
