"""The fake instance, checked by a client that we did not write: Mastodon.py."""

import io
from datetime import UTC, datetime

import httpx2
import pytest
from mastodon import Mastodon
from mastodon.errors import MastodonAPIError, MastodonNotFoundError, MastodonUnauthorizedError

from pluralis.networks.fake import FakeServer
from pluralis.networks.fake.mastodon import FakeMastodon
from pluralis.networks.fake.pictures import avatar
from pluralis.networks.fake.world import Draft

BACK = "http://localhost:8000/callback"


@pytest.fixture
def network():
    made = FakeMastodon(seed=3)
    with FakeServer(made):
        yield made


@pytest.fixture
def norlune(network):
    return network.world.add_profile("norlune", "Norlune", followers=48_200, bio="Calls & data")


@pytest.fixture
def dana(network):
    return network.world.add_profile("dana", "Dana")


def client_for(network, profile):
    token = network.open_account(profile).values["access_token"]
    return Mastodon(access_token=token, api_base_url=network.origin, request_timeout=10)


@pytest.fixture
def client(network, norlune):
    return client_for(network, norlune)


def test_the_account_and_the_instance_are_read(client, network, norlune):
    me = client.account_verify_credentials()
    assert (me.id, me.acct, me.followers_count) == (norlune.id, "norlune", 48_200)
    assert me.url == f"{network.origin}/@norlune"
    instance = client.instance_v2()
    assert instance.configuration.statuses.max_characters == 500
    assert instance.configuration.media_attachments.description_limit == 1500


def test_a_status_is_written_read_and_taken_down(client, network):
    made = client.status_post(
        "Hello & <good> morning https://norlune.example/aide #été", visibility="unlisted", language="en"
    )
    assert made.visibility == "unlisted"
    assert made.created_at.tzinfo is not None
    assert "&amp; &lt;good&gt;" in made.content
    assert 'href="https://norlune.example/aide"' in made.content
    assert client.status(made.id).id == made.id
    assert client.status_source(made.id).text == "Hello & <good> morning https://norlune.example/aide #été"
    deleted = client.status_delete(made.id)
    assert deleted.text.startswith("Hello")
    with pytest.raises(MastodonNotFoundError):
        client.status(made.id)
    assert [entry.action for entry in network.ledger.entries()] == ["post", "delete"]


def test_the_idempotency_key_gives_the_same_status(client):
    first, second = (client.status_post("once", idempotency_key="the key") for _ in range(2))
    assert first.id == second.id
    assert client.status_post("once", idempotency_key="another key").id != first.id


def test_a_thread_has_a_context(client):
    first = client.status_post("one")
    second = client.status_post("two", in_reply_to_id=first)
    third = client.status_post("three", in_reply_to_id=second)
    context = client.status_context(third.id)
    assert [status.id for status in context.ancestors] == [first.id, second.id]
    assert [status.id for status in client.status_context(first.id).descendants] == [second.id]
    assert second.in_reply_to_account_id == first.account.id


def test_a_picture_is_uploaded_described_and_shown(client, network):
    media = client.media_post(
        io.BytesIO(avatar("a")), mime_type="image/png", description="A pattern", synchronous=True
    )
    assert (media.type, media.description) == ("image", "A pattern")
    changed = client.media_update(media, description="A blue pattern")
    assert changed.description == "A blue pattern"
    made = client.status_post("look", media_ids=[media])
    assert made.media_attachments[0].description == "A blue pattern"
    assert httpx2.get(made.media_attachments[0].url).content == avatar("a")


def test_what_is_refused_is_worded_as_mastodon_does(client):
    with pytest.raises(MastodonAPIError, match="limit of 500"):
        client.status_post("x" * 501)
    with pytest.raises(MastodonAPIError, match="blank"):
        client.status_post("")
    with pytest.raises(MastodonNotFoundError, match="reply"):
        client.status_post("x", in_reply_to_id="123")
    with pytest.raises(MastodonAPIError, match="content type"):
        client.media_post(io.BytesIO(b"no picture"), mime_type="image/png")


def test_a_wrong_token_is_told(network):
    stranger = Mastodon(access_token="wrong", api_base_url=network.origin)
    with pytest.raises(MastodonUnauthorizedError):
        stranger.account_verify_credentials()


def test_notifications_come_by_pages_in_both_directions(client, network, norlune, dana):
    written = [network.world.write(dana.id, Draft(f"@norlune question {number}")).id for number in range(25)]
    newest = client.notifications(limit=10, types=["mention"])
    assert [str(one.status.id) for one in newest] == written[:-11:-1]
    older = client.fetch_next(newest)
    assert [str(one.status.id) for one in older] == written[-11:-21:-1]
    after = client.notifications(min_id=written[3], limit=5)
    assert [str(one.status.id) for one in after] == written[8:3:-1]
    assert client.notifications(types=["favourite"]) == []


def test_an_answer_that_does_not_name_us_tells_us_nothing(client, network, dana):
    ours = client.status_post("shops open on Sunday")
    network.world.write(dana.id, Draft("from what time?", reply_to=str(ours.id)))
    assert client.notifications() == []


def test_private_conversations_are_seen_by_their_people_only(client, network, norlune, dana):
    network.world.send_privately(dana.id, norlune.id, "my number is 12")
    (conversation,) = client.conversations()
    assert conversation.last_status.visibility == "direct"
    assert [account.acct for account in conversation.accounts] == ["dana"]
    charlie = client_for(network, network.world.add_profile("charlie"))
    assert charlie.conversations() == []
    with pytest.raises(MastodonNotFoundError):
        charlie.status(conversation.last_status.id)
    direct = client.status_post("@dana thank you", visibility="direct")
    with pytest.raises(MastodonNotFoundError):
        charlie.status(direct.id)
    assert str(direct.id) not in {str(status.id) for status in charlie.account_statuses(norlune.id)}
    assert httpx2.get(f"{network.origin}/@norlune/{direct.id}").status_code == 404
    assert "thank you" not in httpx2.get(f"{network.origin}/@norlune").text


def test_muting_blocking_and_reporting_are_answered_as_relationships(client, dana):
    assert client.account_mute(dana.id).muting
    assert client.account_block(dana.id).blocking
    assert str(client.report(dana.id, comment="spam").target_account.id) == dana.id


def test_a_client_registers_asks_and_is_let_in(network, norlune):
    network.open_account(norlune)
    client_id, client_secret = Mastodon.create_app(
        "Another client", api_base_url=network.origin, redirect_uris=BACK, scopes=["read", "write"]
    )
    client = Mastodon(client_id, client_secret, api_base_url=network.origin)
    address = client.auth_request_url(redirect_uris=BACK, scopes=["read", "write"], state="s")
    page = httpx2.get(address)
    assert page.status_code == 200
    assert "Another client" in page.text
    form = {"asked": httpx2.URL(address).query.decode(), "profile": norlune.id, "answer": "approve"}
    back = httpx2.URL(httpx2.post(f"{network.origin}/oauth/authorize", data=form).headers["location"])
    assert back.params["state"] == "s"
    client.log_in(code=back.params["code"], redirect_uri=BACK, scopes=["read", "write"])
    assert client.account_verify_credentials().acct == "norlune"


@pytest.mark.parametrize(
    "spoilt",
    [
        {"client_id": "unknown"},
        {"redirect_uri": "http://evil.example/"},
        {"scope": "admin:read"},
        {"response_type": "x"},
    ],
)
def test_the_page_of_consent_refuses_what_does_not_fit_the_app(spoilt, network):
    app = network.sign_in.apps["a"] = _app()
    asked = {"client_id": "a", "redirect_uri": BACK, "response_type": "code", "scope": "read", **spoilt}
    assert app.scopes == "read write"
    assert httpx2.get(f"{network.origin}/oauth/authorize", params=asked).status_code == 400


def _app():
    from pluralis.networks.fake.mastodon.sign_in import FakeApp

    return FakeApp("a", "b", "An app", (BACK,), "read write")


def test_no_is_no(network, norlune):
    network.sign_in.apps["a"] = _app()
    asked = f"client_id=a&redirect_uri={BACK}&response_type=code&scope=read&state=s"
    form = {"asked": asked, "profile": norlune.id, "answer": "deny"}
    back = httpx2.URL(httpx2.post(f"{network.origin}/oauth/authorize", data=form).headers["location"])
    assert (back.params["error"], back.params["state"]) == ("access_denied", "s")
    assert "code" not in back.params


def test_pages_for_people_show_statuses_and_run_no_script(client, network):
    made = client.status_post("<script>alert(1)</script> & more")
    page = httpx2.get(f"{network.origin}/@norlune/{made.id}")
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_a_lagging_timeline_hides_what_is_young(client, network, norlune):
    network.moods.set("lag", "timeline", seconds=3600)
    client.status_post("young")
    old = datetime(2026, 1, 1, tzinfo=UTC)
    network.world.write(norlune.id, Draft("old", created_at=old))
    assert ["old" in status.content for status in client.account_statuses(norlune.id)] == [True]
