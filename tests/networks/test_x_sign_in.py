"""Signing in to X: PKCE, refresh tokens that work once, and answers that get lost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from pluralis.networks.contract import Access, App, Reference
from pluralis.networks.errors import Disconnected, NotNow, Refused, Unconfirmed
from tests.networks.harness import part, soon
from tests.networks.harness_x import XHarness, open_harness


@pytest.fixture
def opened() -> Iterator[XHarness]:
    with open_harness() as harness:
        yield harness


@pytest.fixture
def tokens(opened: XHarness) -> Access:
    values = opened.network.open_account(opened.us).values
    pair = {"access_token": values["oauth2_access_token"], "refresh_token": values["oauth2_refresh_token"]}
    return replace(opened.access, credentials=pair)


def test_a_refresh_gives_new_tokens_and_says_when_they_end(opened: XHarness, tokens: Access) -> None:
    grant = opened.connector.refresh(tokens, soon())
    assert set(grant.credentials) == {"access_token", "refresh_token"}
    assert not set(grant.credentials.values()) & set(tokens.credentials.values())
    assert grant.expires_at is not None
    assert abs(grant.expires_at - datetime.now(UTC) - timedelta(hours=2)) < timedelta(seconds=10)
    opened.connector.send(replace(tokens, credentials=grant.credentials), part(opened, "Fresh"), soon())


def test_a_refresh_token_works_once(opened: XHarness, tokens: Access) -> None:
    opened.connector.refresh(tokens, soon())
    with pytest.raises(Disconnected, match="no longer accepts"):
        opened.connector.refresh(tokens, soon())


@pytest.mark.parametrize("mood", ["drop", "cut", "nonsense", "error_after"])
def test_a_lost_answer_to_a_refresh_is_unconfirmed_and_the_old_token_is_spent(
    opened: XHarness, tokens: Access, mood: str
) -> None:
    opened.mood(mood, "token", nth=1)
    with pytest.raises(Unconfirmed):
        opened.connector.refresh(tokens, soon())
    with pytest.raises(Disconnected):
        opened.connector.refresh(tokens, soon())
    assert [entry.action for entry in opened.network.ledger.entries()] == ["token"]


@pytest.mark.parametrize("mood", ["drop_before", "error_before"])
def test_after_an_error_before_acceptance_the_old_token_still_works(
    opened: XHarness, tokens: Access, mood: str
) -> None:
    opened.mood(mood, "token", nth=1)
    with pytest.raises(Unconfirmed):
        opened.connector.refresh(tokens, soon())
    assert opened.connector.refresh(tokens, soon()).credentials["access_token"]


def test_a_limited_refresh_is_not_now(opened: XHarness, tokens: Access) -> None:
    opened.mood("limit", "token", nth=1)
    with pytest.raises(NotNow):
        opened.connector.refresh(tokens, soon())


def test_user_keys_never_expire_and_come_back_as_they_are(opened: XHarness) -> None:
    assert opened.connector.refresh(opened.access, soon()).credentials == opened.access.credentials


def test_without_a_refresh_token_only_a_person_helps(opened: XHarness, tokens: Access) -> None:
    with pytest.raises(Disconnected):
        opened.connector.refresh(replace(tokens, credentials={"access_token": "t"}), soon())
    with pytest.raises(Disconnected):
        opened.connector.refresh(replace(tokens, app=None), soon())


def test_an_expired_token_asks_for_a_refresh(opened: XHarness, tokens: Access) -> None:
    opened.network.sign_in.access.clear()
    with pytest.raises(NotNow) as told:
        opened.connector.send(tokens, part(opened, "Expired"), soon())
    assert told.value.refresh


@pytest.mark.parametrize("secret", ["wrong", ""])
def test_a_wrong_app_cannot_refresh(opened: XHarness, tokens: Access, secret: str) -> None:
    with pytest.raises(Disconnected):
        opened.connector.refresh(replace(tokens, app=App("fake-client", secret)), soon())


def test_a_public_app_sends_its_id_and_no_secret(opened: XHarness, tokens: Access) -> None:
    opened.network.sign_in.client_secret = ""
    assert opened.connector.refresh(replace(tokens, app=App("fake-client")), soon()).credentials


def test_the_wrong_verifier_and_another_address_are_refused(opened: XHarness) -> None:
    assert opened.app
    host, back = opened.access.host, "http://localhost:8000/callback"
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    for verifier, address in (
        ("wrong-verifier-of-enough-length-for-the-rfc-1234", back),
        (VERIFIER, f"{back}/other"),
    ):
        said = opened.approve(opened.connector.authorise_url(host, opened.app, back, "s", challenge))
        with pytest.raises(Disconnected):
            opened.connector.exchange(host, opened.app, address, said["code"], verifier, soon())


VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


def test_the_consent_page_says_who_asks_and_lets_one_say_no(opened: XHarness) -> None:
    assert opened.app
    back = "http://localhost:8000/callback"
    address = opened.connector.authorise_url(opened.access.host, opened.app, back, "s", "c")
    page = httpx2.get(address, trust_env=False).text
    assert "Approve" in page
    assert "@norlune" in page
    assert "@dana" not in page
    form = {"asked": address.split("?", 1)[1], "profile": opened.us.id, "answer": "deny"}
    answer = httpx2.post(address, data=form, follow_redirects=False, trust_env=False)
    assert answer.headers["location"] == f"{back}?error=access_denied&state=s"


def test_an_unknown_app_sees_no_consent_page(opened: XHarness) -> None:
    address = opened.connector.authorise_url(opened.access.host, App("stranger"), "http://localhost/cb", "s", "c")
    assert httpx2.get(address, trust_env=False).status_code == 400
    form = {"asked": address.split("?", 1)[1], "profile": opened.us.id, "answer": "approve"}
    assert httpx2.post(address, data=form, trust_env=False).status_code == 400


def test_an_app_on_x_is_registered_by_a_person(opened: XHarness) -> None:
    with pytest.raises(Refused, match="developer console"):
        opened.connector.register(opened.access.host, "http://localhost/cb", soon())


@pytest.mark.parametrize("name", ["consumer_key", "consumer_secret", "access_token", "access_token_secret"])
def test_each_wrong_key_is_refused(opened: XHarness, name: str) -> None:
    with pytest.raises(Refused):
        opened.connector.connect_with_keys(
            opened.access.host, dict(opened.access.credentials) | {name: "wrong"}, soon()
        )


@pytest.mark.parametrize("premium", [False, True])
def test_a_premium_account_is_told_by_x_and_may_write_long(opened: XHarness, premium: bool) -> None:
    opened.network.long_posts = premium
    grant = opened.connector.read_profile(opened.access, soon())
    assert dict(grant.settings) == ({"premium": "yes"} if premium else {})
    access = replace(opened.access, settings={**opened.access.settings, **grant.settings})
    assert opened.connector.limits(access).counting.limit == (25_000 if premium else 280)


def test_a_long_post_of_a_premium_account_is_found_whole(opened: XHarness) -> None:
    opened.network.long_posts = True
    outgoing = part(opened, "Une longue histoire & un lien https://norlune.example/a?b=1&c=2. " * 40)
    sent = opened.connector.send(opened.access, outgoing, soon())
    (found,) = opened.connector.find(opened.access, outgoing, outgoing.created_at, soon()).posts
    assert found.reference.remote_id == sent.reference.remote_id
    assert found.text == outgoing.text.rstrip()


def test_keys_with_blanks_around_them_are_taken(opened: XHarness) -> None:
    values = {name: f"  {value}\n" for name, value in opened.access.credentials.items()}
    grant = opened.connector.connect_with_keys(opened.access.host, values, soon())
    assert grant.profile is not None
    assert grant.profile.followers == 48_200
    assert dict(grant.credentials) == dict(opened.access.credentials)


@pytest.mark.parametrize("remote_id", ["../users/me", "1/2", "", "1" * 20, "１"])
def test_an_id_that_is_none_never_reaches_an_address(opened: XHarness, remote_id: str) -> None:
    with pytest.raises(Refused):
        opened.connector.delete(opened.access, Reference(remote_id), soon())
    with pytest.raises(Refused):
        opened.connector.moderate(opened.access, "mute", remote_id, soon())
    assert opened.network.exchanges == []
