"""What is Mastodon's own in its connector: limits, mentions, visibility, processing, pages, errors."""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from pluralis.core.text import measure
from pluralis.networks.contract import Attachment, Outgoing, Reference
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import Disconnected, NotNow, Refused, Unconfirmed
from pluralis.networks.fake.pictures import avatar
from pluralis.networks.fake.world import Draft
from pluralis.networks.mastodon import NETWORK
from pluralis.networks.mastodon.reading import read_settings
from tests.networks.harness import part, soon
from tests.networks.harness_mastodon import open_harness
from tests.networks.instances import status, told, told_instances
from tests.networks.wire import answer

connector = NETWORK.connector
PICTURE = Attachment(avatar("alice"), "image/png", "A flower", 80, 80)


@pytest.fixture
def harness():
    with open_harness() as opened:
        yield opened


@pytest.fixture
def slow_pictures():
    with open_harness(processing_seconds=60) as opened:  # 0.6 s on this clock
        yield opened


@pytest.fixture
def instance():
    with told_instances() as start:
        yield start


def outgoing(text="hello", **more):
    return Outgoing(text, "key-of-this-part", datetime(2026, 11, 22, 10, tzinfo=UTC), **more)


# Connecting


def test_the_limits_are_the_instances_own(harness):
    settings = harness.access.settings
    assert (settings["max_characters"], settings["characters_reserved_per_url"]) == ("500", "23")
    wide = replace(harness.access, settings={**settings, "max_characters": "11000", "max_media_attachments": "16"})
    limits = connector.limits(wide)
    assert (limits.counting.limit, limits.images) == (11_000, 16)
    assert limits.image_types == ("image/jpeg", "image/png", "image/gif", "image/webp")
    long_link = "https://example.org/" + "x" * 400
    assert measure(f"see {long_link}", limits.counting).count == 4 + 23
    assert measure("@dana@far.example hi", limits.counting).count == len("@dana hi")


def test_an_instance_that_tells_nothing_gets_mastodons_own_limits(instance):
    account = told({"id": "7", "acct": "norlune"})
    _, access = instance(told({"error": "no such address"}, "404 Not Found"), account)
    grant = connector.read_profile(access, soon())
    assert grant.settings["max_characters"] == "500"
    assert grant.profile is not None
    assert grant.profile.handle.startswith("norlune@127.0.0.1")


@pytest.mark.parametrize("typed", ["not a name", "localhost", "http://mastodon.example", "nowhere.invalid"])
def test_an_instance_that_cannot_be_is_refused_at_its_field(typed):
    with pytest.raises(Refused) as caught:
        connector.register(typed, "http://localhost/back", Deadline.after(2))
    assert set(caught.value.fields) == {"host"}


def test_a_server_that_is_no_instance_is_refused_at_its_field(instance):
    there, _ = instance(told({"error": "nothing here"}, "404 Not Found"))
    with pytest.raises(Refused) as caught:
        connector.register(there.origin, "http://localhost/back", soon())
    assert set(caught.value.fields) == {"host"}


def test_the_page_of_consent_is_asked_for_with_pkce_and_the_least_rights(harness):
    address = connector.authorise_url("Mastodon.Example", harness.app, "https://desk.example/back", "s", "c")
    parts = urlsplit(address)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "https://mastodon.example/oauth/authorize"
    assert (asked["code_challenge"], asked["code_challenge_method"], asked["state"]) == ("c", "S256", "s")
    assert "admin" not in asked["scope"]
    assert "follow" not in asked["scope"]


def test_a_code_serves_once_and_only_with_its_verifier(harness):
    back = "http://localhost:8000/callback"
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    address = connector.authorise_url(harness.access.host, harness.app, back, "s", challenge)
    for verifier in ("another", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"):
        code = harness.approve(address)["code"]
        if verifier == "another":
            with pytest.raises(Refused):
                connector.exchange(harness.access.host, harness.app, back, code, verifier, soon())
            continue
        assert connector.exchange(harness.access.host, harness.app, back, code, verifier, soon()).profile
        with pytest.raises(Refused):
            connector.exchange(harness.access.host, harness.app, back, code, verifier, soon())


def test_a_token_taken_back_disconnects_the_account(harness):
    harness.network.sign_in.tokens.clear()
    with pytest.raises(Disconnected):
        connector.send(harness.access, part(harness, "hello"), soon())
    with pytest.raises(Disconnected):
        connector.refresh(harness.access, soon())


def test_json_is_sent_and_never_a_time_to_publish(instance):
    there, access = instance(told(status(1)))
    connector.send(access, outgoing("hé", language="fr", visibility="unlisted"), soon())
    head, _, body = there.requests[0].partition(b"\r\n\r\n")
    assert b"content-type: application/json" in head.lower()
    assert b"idempotency-key: key-of-this-part" in head.lower()
    assert json.loads(body) == {"status": "hé", "visibility": "unlisted", "language": "fr"}


# Who is named


@pytest.mark.parametrize(
    ("text", "handle", "sent"),
    [
        ("We are on it", "dana@far.example", "@dana@far.example We are on it"),
        ("We are on it", "dana", "@dana We are on it"),
        ("@dana@far.example we are on it", "dana@far.example", "@dana@far.example we are on it"),
        ("Sorry @Dana@Far.example!", "dana@far.example", "Sorry @Dana@Far.example!"),
        ("One of two", "norlune", "One of two"),
    ],
)
def test_an_answer_names_whom_it_answers(text, handle, sent, instance):
    there, access = instance(told(status(2, content=f"<p>{sent}</p>", in_reply_to_id="1")))
    post = connector.send(access, outgoing(text, reply_to=Reference("1", {"handle": handle})), soon())
    assert json.loads(there.requests[0].partition(b"\r\n\r\n")[2])["status"] == sent
    assert post.text == text


def test_a_direct_message_names_its_recipient_without_our_own_domain(harness):
    remote_id, _ = harness.dana()
    own = harness.access.settings["domain"]
    direct = part(harness, "psst", visibility="direct", recipient=remote_id, recipient_handle=f"dana@{own}")
    post = connector.send(harness.access, direct, soon())
    assert post.text == "psst"
    assert list(harness.dana_heard()) == ["@dana psst"]


def test_a_direct_message_to_nobody_is_refused(harness):
    with pytest.raises(Refused) as caught:
        connector.send(harness.access, part(harness, "psst", visibility="direct"), soon())
    assert "recipient" in caught.value.fields


@pytest.mark.parametrize("asked", ["unlisted", "private", "direct"])
def test_a_visibility_wider_than_asked_is_told(asked, harness):
    harness.mood("public", "post")
    direct = {"recipient": harness.dana()[0], "recipient_handle": "dana"} if asked == "direct" else {}
    assert (
        connector.send(harness.access, part(harness, "just us", visibility=asked, **direct), soon()).visibility
        == "public"
    )


@pytest.mark.parametrize("asked", ["public", "unlisted", "private"])
def test_the_visibility_that_was_asked_for_is_told(asked, harness):
    assert connector.send(harness.access, part(harness, "all", visibility=asked), soon()).visibility == asked


# Pictures


def test_a_picture_that_is_worked_on_is_waited_for(slow_pictures):
    sent = connector.send(slow_pictures.access, part(slow_pictures, "wait", attachments=(PICTURE,)), soon())
    assert list(slow_pictures.alt_texts(sent.reference.remote_id)) == ["A flower"]


def test_a_picture_that_is_not_ready_in_time_sends_nothing(slow_pictures):
    began = time.monotonic()
    with pytest.raises(NotNow, match="picture"):
        connector.send(slow_pictures.access, part(slow_pictures, "wait", attachments=(PICTURE,)), Deadline.after(0.5))
    assert time.monotonic() - began < 1
    assert list(slow_pictures.standing()) == []


def test_a_description_that_was_lost_is_sent_again_before_the_post(harness):
    harness.mood("speechless", "upload")
    sent = connector.send(harness.access, part(harness, "look", attachments=(PICTURE,)), soon())
    assert list(harness.alt_texts(sent.reference.remote_id)) == ["A flower"]


def test_without_its_description_acknowledged_a_picture_is_not_published(harness):
    harness.mood("speechless", "upload")
    harness.mood("error_before", "metadata")
    with pytest.raises(NotNow):
        connector.send(harness.access, part(harness, "look", attachments=(PICTURE,)), soon())
    assert list(harness.standing()) == []


def test_an_upload_that_broke_off_published_nothing(harness):
    for mood in ("drop", "cut", "error_after", "nonsense"):
        harness.calm()
        harness.mood(mood, "upload", nth=1)
        with pytest.raises(NotNow):
            connector.send(harness.access, part(harness, "look", attachments=(PICTURE,)), soon())
    assert list(harness.standing()) == []


# Once


def test_the_same_key_twice_is_one_post_where_the_instance_honours_it(harness):
    same = part(harness, "once")
    ids = {connector.send(harness.access, same, soon()).reference.remote_id for _ in range(2)}
    assert set(harness.standing()) == ids
    assert len(ids) == 1


def test_on_a_forgetful_instance_only_looking_first_saves_from_a_double(harness):
    harness.mood("forgetful", "post")
    same = part(harness, "once")
    harness.mood("drop", "post", nth=1)
    with pytest.raises(Unconfirmed):
        connector.send(harness.access, same, soon())
    search = connector.find(harness.access, same, same.created_at, soon())
    assert search.complete
    assert [post.text for post in search.posts] == ["once"]
    connector.send(harness.access, same, soon())
    assert len(harness.standing()) == 2  # what a blind second send does


def test_edited_text_under_an_old_key_gives_the_old_post_and_shows_it(harness):
    first = part(harness, "the old text")
    connector.send(harness.access, first, soon())
    assert connector.send(harness.access, replace(first, text="the new text"), soon()).text == "the old text"


def test_looking_stops_at_the_window_and_is_complete(harness):
    for age in (60, 8, 3, 1):
        at = datetime.now(UTC) - timedelta(minutes=age)
        harness.network.world.write(harness.us.id, Draft(f"{age} minutes ago", created_at=at))
    since = datetime.now(UTC)
    search = connector.find(harness.access, part(harness, "x"), since, soon())
    assert search.complete
    assert {post.text for post in search.posts} == {"3 minutes ago", "1 minutes ago"}


def test_looking_through_more_pages_than_we_read_is_no_proof(instance):
    pages = [
        told([status(10_000 - number * 40 - item, created_at="2026-11-22T10:00:00Z") for item in range(40)])
        for number in range(30)
    ]
    _, access = instance(*pages)
    search = connector.find(access, outgoing("hi"), datetime(2026, 11, 22, 10, tzinfo=UTC), soon(20))
    assert not search.complete


def test_boosts_are_no_writing_of_ours(instance):
    boost = status(5, reblog=status(4))
    _, access = instance(told([boost, status(3, created_at="2026-11-20T10:00:00Z")]))
    search = connector.find(access, outgoing("hi"), datetime(2026, 11, 22, 10, tzinfo=UTC), soon())
    assert (search.posts, search.complete) == ((), True)


def test_what_an_instance_shows_differently_is_read_from_its_source(instance):
    shown = told([status(3, content="<p><b>Formatted</b></p>"), status(2, created_at="2026-11-20T10:00:00Z")])
    source = told({"id": "3", "text": "**Formatted**"})
    _, access = instance(shown, source)
    search = connector.find(access, outgoing("**Formatted**"), datetime(2026, 11, 22, 10, tzinfo=UTC), soon())
    assert [post.text for post in search.posts] == ["**Formatted**"]


# Errors of the write, as a table


@pytest.mark.parametrize(
    ("line", "body", "expected"),
    [
        ("401 Unauthorized", {"error": "The access token is invalid"}, Disconnected),
        ("403 Forbidden", {"error": "Your login is currently disabled"}, Disconnected),
        ("403 Forbidden", {"error": "This action is outside the authorized scopes"}, Disconnected),
        ("403 Forbidden", {"error": "This action is not allowed"}, Refused),
        ("404 Not Found", {"error": "Record not found"}, Refused),
        ("422 Unprocessable", {"error": "Validation failed: Text can't be blank"}, Refused),
        ("413 Too Large", {"error": "too large"}, Refused),
        ("429 Slow", {"error": "Too many requests"}, NotNow),
        ("429 Slow", None, NotNow),
        ("403 Forbidden", None, Unconfirmed),
        ("404 Not Found", None, Unconfirmed),
        ("422 Unprocessable", None, Unconfirmed),
        ("408 Timeout", {"error": "timeout"}, Unconfirmed),
        ("425 Early", {"error": "early"}, Unconfirmed),
        ("500 Oh", {"error": "oh"}, Unconfirmed),
        ("502 Gateway", None, Unconfirmed),
        ("503 Busy", {"error": "busy"}, Unconfirmed),
        ("302 Found", None, Unconfirmed),
        ("308 Permanent", {"error": "moved"}, Unconfirmed),
        ("204 Nothing", None, Unconfirmed),
        ("200 OK", None, Unconfirmed),
        ("200 OK", {}, Unconfirmed),
        ("200 OK", [], Unconfirmed),
        ("200 OK", {"id": None, "content": 5}, Unconfirmed),
    ],
)
def test_each_answer_to_a_write_is_one_instruction(line, body, expected, instance):
    _, access = instance(told(body, line) if body is not None else answer(line, b"<html>"))
    with pytest.raises(expected):
        connector.send(access, outgoing(), soon(3))


@pytest.mark.parametrize(
    ("value", "until"),
    [
        ("2026-11-22T12:30:00.000000Z", "2026-11-22T12:30:00+00:00"),
        ("2026-11-22T13:30:00+01:00", "2026-11-22T12:30:00+00:00"),
        ("1795350600", "2026-11-22T12:30:00+00:00"),
        ("soon", None),
        ("9" * 30, None),
    ],
)
def test_the_end_of_a_rate_limit_is_read_in_each_spelling(value, until, instance):
    _, access = instance(told({"error": "slow"}, "429 Slow", f"X-RateLimit-Reset: {value}"))
    with pytest.raises(NotNow) as caught:
        connector.send(access, outgoing(), soon())
    assert (caught.value.until and caught.value.until.isoformat()) == until


# Keeping away, measuring


@pytest.mark.parametrize("action", ["mute", "block", "report"])
def test_somebody_is_kept_away(action, harness):
    connector.moderate(harness.access, action, harness.dana()[0], soon())
    (entry,) = harness.network.ledger.entries(action=action)
    assert entry.remote_id == harness.dana()[0]


def test_an_action_that_is_none_is_refused(harness):
    with pytest.raises(Refused):
        connector.moderate(harness.access, "shout", harness.dana()[0], soon())


@pytest.mark.parametrize("remote_id", ["../../oauth/revoke", "1/../2", "", "1?x=1", "é", "1" * 65])
def test_an_id_that_is_none_reaches_no_address(remote_id, harness):
    with pytest.raises(Refused):
        connector.delete(harness.access, Reference(remote_id), soon())
    assert harness.network.ledger.entries() == []


@pytest.mark.parametrize(
    ("host", "claimed", "domain"),
    [
        ("https://social.example.org", "example.org", "example.org"),
        ("https://social.example.org", "social.example.org", "social.example.org"),
        ("https://social.example.org", "mastodon.social", "social.example.org"),
        ("https://social.example.org", "org", "social.example.org"),
        ("https://social.example.org", "ample.org", "social.example.org"),
        ("https://social.example.org", "", "social.example.org"),
        ("https://social.example.org", "<script>", "social.example.org"),
    ],
)
def test_an_instance_cannot_give_its_people_the_names_of_another(host, claimed, domain):
    assert read_settings({"domain": claimed}, host)["domain"] == domain


@pytest.mark.parametrize(
    "instance", [{}, {"configuration": 5}, {"configuration": {"statuses": {"max_characters": -1}}}]
)
def test_an_instance_that_tells_nonsense_gets_mastodons_own_limits(instance):
    assert read_settings(instance, "https://here.example")["max_characters"] == "500"
