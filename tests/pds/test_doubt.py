"""Lost answers and ended sessions on the real Bluesky server: never twice, never over another text."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx2
import pytest

from pluralis.networks.bluesky.connector import BlueskyConnector
from pluralis.networks.contract import Access
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import Disconnected, NotNow, Refused, Unconfirmed
from tests.networks.wire import answer, says, wire
from tests.pds.test_publishing import picture
from tools.demo_bluesky.losing_proxy import LosingProxy, every

pytestmark = pytest.mark.pds

connector = BlueskyConnector()
PUT = "putRecord"


@pytest.fixture
def through(pds, allowed):
    """Stand a proxy before the server and return it with an access that goes through it."""
    running = []

    def start(access, loses):
        proxy = LosingProxy(pds.origin, loses)
        running.append(proxy)
        proxy.__enter__()
        allowed(proxy.origin)
        return proxy, replace(access, host=proxy.origin, settings={**access.settings, "pds": proxy.origin})

    yield start
    for proxy in running:
        proxy.__exit__(None, None, None)


def with_token(access: Access, token: str, **more: str) -> Access:
    return replace(access, credentials={**access.credentials, "access": token, **more})


def test_a_lost_answer_is_unconfirmed_then_found_by_key(pds, alice, part, through):
    proxy, lossy = through(alice, every(1, PUT))
    outgoing = part("the answer to this one is lost", attachments=(picture(7),))
    with pytest.raises(Unconfirmed):
        connector.send(lossy, outgoing, Deadline.after(10))
    search = connector.find(lossy, outgoing, outgoing.created_at, Deadline.after(10))
    assert (search.by_key, search.complete) == (True, True)
    assert [post.text for post in search.posts] == ["the answer to this one is lost"]
    assert search.posts[0].media_count == 1
    assert proxy.lost == ["/xrpc/com.atproto.repo.putRecord"]


def test_sending_again_after_a_lost_answer_neither_doubles_nor_changes_anything(pds, alice, part, through):
    _, lossy = through(alice, every(1, PUT))
    outgoing = part("once only, with a link https://example.org and 👋", attachments=(picture(8),))
    with pytest.raises(Unconfirmed):
        connector.send(lossy, outgoing, Deadline.after(10))
    standing = pds.records(alice.profile_id)[outgoing.key]
    again = connector.send(alice, outgoing, Deadline.after(10))
    assert again.reference.extra["cid"] == standing["cid"]
    records = pds.records(alice.profile_id)
    assert records[outgoing.key] == standing
    assert sum(record["value"]["text"] == outgoing.text for record in records.values()) == 1


def test_an_equal_record_that_was_written_with_other_words_of_the_protocol_counts_as_sent(pds, alice, part, accounts):
    """The server refuses with InvalidSwap as soon as one byte differs; a field we do not set must not hurt."""
    outgoing = part("equal but for a field that we do not know")
    record = {
        "$type": "app.bsky.feed.post",
        "text": outgoing.text,
        "createdAt": outgoing.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "via": "another program",
    }
    body = {"repo": alice.profile_id, "collection": "app.bsky.feed.post", "rkey": outgoing.key, "record": record}
    pds.ask("com.atproto.repo.putRecord", token=alice.credentials["access"], body=body)
    assert connector.send(alice, outgoing, Deadline.after(10)).text == outgoing.text
    assert pds.records(alice.profile_id)[outgoing.key]["value"]["via"] == "another program"


def test_another_text_under_our_key_is_shown_with_both_and_left_alone(pds, alice, part, send):
    first = part("the text that stands")
    send(alice, first)
    second = replace(first, text="the text that we meant")
    with pytest.raises(Unconfirmed) as caught:
        connector.send(alice, second, Deadline.after(10))
    assert "the text that stands" in caught.value.reason
    assert "the text that we meant" in caught.value.reason
    assert pds.records(alice.profile_id)[first.key]["value"]["text"] == "the text that stands"


def test_a_part_that_never_arrived_is_absent_by_key(alice, part):
    outgoing = part("never sent")
    search = connector.find(alice, outgoing, outgoing.created_at, Deadline.after(10))
    assert (search.posts, search.complete, search.by_key) == ((), True, True)


def test_a_post_deleted_by_hand_looks_absent(alice, part, send):
    outgoing = part("here and gone")
    post = send(alice, outgoing).post
    connector.delete(alice, post.reference, Deadline.after(10))
    assert connector.find(alice, outgoing, outgoing.created_at, Deadline.after(10)).posts == ()


def test_forty_posts_behind_a_line_that_loses_every_third_answer_stand_once_each(pds, alice, part, through):
    """The naive rule "send until an answer comes" is safe here because every part has a key of its own."""
    proxy, lossy = through(alice, every(3))
    parts = [part(f"number {number} of forty 🙂 https://example.org/{number}") for number in range(40)]
    for outgoing in parts:
        for _ in range(5):
            try:
                connector.send(lossy, outgoing, Deadline.after(10))
                break
            except (Unconfirmed, NotNow):
                continue
    records = pds.records(alice.profile_id)
    assert [records[outgoing.key]["value"]["text"] for outgoing in parts] == [outgoing.text for outgoing in parts]
    texts = [record["value"]["text"] for record in records.values() if "of forty" in record["value"]["text"]]
    assert len(texts) == 40
    assert len(proxy.lost) >= 13


def test_an_expired_session_asks_for_fresh_tokens_and_goes_on(pds, alice, part, send):
    expired = with_token(alice, pds.forge(alice.credentials["access"], exp=int(time.time()) - 60))
    outgoing = part("after the night")
    with pytest.raises(NotNow) as caught:
        connector.send(expired, outgoing, Deadline.after(10))
    assert caught.value.refresh
    grant = connector.refresh(expired, Deadline.after(10))
    assert grant.expires_at is not None
    assert grant.credentials["refresh"] != expired.credentials["refresh"]
    fresh = replace(alice, credentials=grant.credentials)
    assert send(fresh, outgoing).record["value"]["text"] == "after the night"


def test_a_session_that_ended_altogether_is_opened_again_with_the_app_password(pds, connect, part, send):
    bob = connect("bob")
    spent = pds.forge(bob.credentials["refresh"], exp=int(time.time()) - 60)
    grant = connector.refresh(with_token(bob, "", refresh=spent), Deadline.after(10))
    assert send(replace(bob, credentials=grant.credentials), part("back again")).post.text == "back again"


def test_a_token_of_nonsense_asks_for_fresh_ones(alice, part):
    for token in ("nonsense", "a.b.c"):
        with pytest.raises(NotNow) as caught:
            connector.send(with_token(alice, token), part("x"), Deadline.after(10))
        assert caught.value.refresh


def test_an_app_password_taken_back_disconnects_the_account(pds, accounts):
    account = pds.create_account("erin")
    values = {"identifier": account.handle, "password": account.app_password}
    grant = connector.connect_with_keys(pds.origin, values, Deadline.after(20))
    pds.ask("com.atproto.server.revokeAppPassword", token=account.access_token, body={"name": "Pluralis"})
    access = Access(pds.origin, account.did, account.handle, grant.credentials, grant.settings)
    with pytest.raises(Disconnected):
        connector.refresh(access, Deadline.after(20))


def test_a_lost_answer_to_a_refresh_is_unconfirmed_and_the_old_token_serves_once_more(connect, through):
    bob = connect("bob")
    _, lossy = through(bob, every(1, "refreshSession"))
    with pytest.raises(Unconfirmed):
        connector.refresh(lossy, Deadline.after(10))
    assert connector.refresh(bob, Deadline.after(10)).credentials["access"]


def test_a_deactivated_account_is_disconnected(pds, part):
    account = pds.create_account("gone")
    values = {"identifier": account.handle, "password": account.app_password}
    grant = connector.connect_with_keys(pds.origin, values, Deadline.after(20))
    pds.ask("com.atproto.server.deactivateAccount", token=account.access_token, body={})
    access = Access(pds.origin, account.did, account.handle, grant.credentials, grant.settings)
    with pytest.raises(Disconnected):
        connector.send(access, part("still here?"), Deadline.after(10))


@pytest.mark.parametrize(
    "play",
    [
        answer("502 Bad Gateway", b"<html>"),
        answer("503 Busy", b'{"error": "NotReady"}'),
        answer("307 Elsewhere", b"", "Location: http://127.0.0.1/"),
        answer("403 Forbidden", b"<html>a gateway's own page</html>"),
        answer("200 OK", b"<html>"),
        answer("200 OK", b"{}"),
    ],
    ids=["502", "503", "307", "403 by a gateway", "200 nonsense", "200 without cid"],
)
def test_what_a_gateway_says_to_a_write_is_no_refusal(play, alice, part, allowed):
    with wire(says(play)) as gateway:
        allowed(gateway.origin)
        access = replace(alice, settings={**alice.settings, "pds": gateway.origin})
        with pytest.raises(Unconfirmed):
            connector.send(access, part("hello"), Deadline.after(5))


def test_too_many_sign_ins_say_until_when(pds, accounts):
    """The server allows 30 in five minutes and says in its headers when the next is welcome."""
    body = {"identifier": "frank.test", "password": "wrong"}
    with ThreadPoolExecutor(10) as pool:
        for _ in range(30):
            pool.submit(httpx2.post, f"{pds.origin}/xrpc/com.atproto.server.createSession", json=body)
    with pytest.raises(NotNow) as caught:
        connector.connect_with_keys(pds.origin, body, Deadline.after(20))
    assert caught.value.until is not None
    assert 0 < caught.value.until.timestamp() - time.time() <= 301


@pytest.mark.parametrize(("identifier", "password"), [("alice.test", "wrong-wron-gwro-ngwr"), ("nobody.test", "x")])
def test_wrong_keys_are_refused_at_their_fields(identifier, password, pds, accounts):
    values = {"identifier": identifier, "password": password}
    with pytest.raises(Refused) as caught:
        connector.connect_with_keys(pds.origin, values, Deadline.after(20))
    assert set(caught.value.fields) == {"identifier", "password"}
    assert password not in caught.value.reason


def test_the_main_password_is_not_taken(pds, accounts):
    values = {"identifier": "alice.test", "password": accounts["alice"].password}
    with pytest.raises(Refused, match="app password") as caught:
        connector.connect_with_keys(pds.origin, values, Deadline.after(20))
    assert set(caught.value.fields) == {"password"}


def test_a_handle_may_be_typed_as_people_write_it(pds, accounts):
    values = {"identifier": "@Dana.Test ", "password": f" {accounts['dana'].app_password} "}
    grant = connector.connect_with_keys(pds.origin, values, Deadline.after(20))
    assert grant.profile is not None
    assert (grant.profile.remote_id, grant.profile.handle) == (accounts["dana"].did, "dana.test")
    assert "pds" not in grant.settings  # the server that was typed is the account's own
    assert grant.settings["direct_messages"] == "no"


def test_direct_messages_without_permission_say_what_to_do(alice, dana, part):
    outgoing = part("psst", visibility="direct", recipient=dana.profile_id)
    # The message service is not here; any service that can be found will do for the server to look at the rights.
    alice = replace(alice, settings={**alice.settings, "chat_service": f"{dana.profile_id}#atproto_pds"})
    with pytest.raises(Refused, match="app password of this account does not allow direct messages"):
        connector.send(alice, outgoing, Deadline.after(10))


def test_messages_are_not_asked_for_where_the_app_password_does_not_allow_them(alice):
    assert connector.fetch(alice, "messages", "here", Deadline.after(10)).messages == ()


def test_a_server_without_app_view_answers_a_look_for_mentions_with_not_now(alice):
    with pytest.raises(NotNow):
        connector.fetch(alice, "mentions", None, Deadline.after(10))


def test_secrets_do_not_show_in_what_is_printed(alice):
    shown = f"{alice!r} {alice}"
    assert alice.credentials["access"] not in shown
    assert alice.credentials["password"] not in shown
