"""Keys of accounts: sealed, renewed once, never lost in silence; the oracle is the fake's token endpoint."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.db import connections
from django.utils import timezone

from pluralis.networks.contract import App, Grant
from pluralis.networks.errors import Disconnected, NotNow
from pluralis.networks.fake.x import FakeX
from pluralis.teams.actions import ensure_fresh, keep_app, mark_stale, refresh_credentials, rotate_keys, store_grant
from pluralis.teams.fields import SealBroken, seal, unseal
from pluralis.teams.models import Account, AuditEntry, Credential
from pluralis.teams.queries import access_of
from tests.apps.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def expiring(account: Account, x: FakeX) -> Account:
    """The account with OAuth 2.0 tokens that are about to end."""
    keys = x.open_account(x.world.find_profile("Norlune")).values
    keep_app(account.network, account.host, App(keys["client_id"], keys["client_secret"]), timezone.now())
    pair = {"access_token": keys["oauth2_access_token"], "refresh_token": keys["oauth2_refresh_token"]}
    store_grant(account, Grant(pair, timezone.now() + timedelta(seconds=5)))
    return account


def refresh_token(account: Account) -> str:
    return access_of(account).credentials["refresh_token"]


def test_tokens_that_end_soon_are_renewed_and_stored(expiring: Account) -> None:
    before = refresh_token(expiring)
    ensure_fresh(expiring)
    assert refresh_token(expiring) != before
    assert Credential.objects.get().expires_at > timezone.now() + timedelta(minutes=10)


def test_fresh_tokens_are_left_alone_until_the_network_refuses_them(expiring: Account) -> None:
    ensure_fresh(expiring)
    kept = refresh_token(expiring)
    ensure_fresh(expiring)
    assert refresh_token(expiring) == kept
    mark_stale(expiring.id)
    ensure_fresh(expiring)
    assert refresh_token(expiring) != kept


def test_many_who_need_it_at_once_renew_it_once(expiring: Account, x: FakeX) -> None:
    version = Credential.objects.get().version
    outcomes: list[str] = []

    def renew() -> None:
        try:
            refresh_credentials(expiring.id)
            outcomes.append("fine")
        except NotNow:
            outcomes.append("later")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=renew) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 8
    assert Credential.objects.get().version == version + 1
    assert Account.objects.get(id=expiring.id).connected


def test_a_lost_answer_is_tried_once_more_and_then_a_person_must_connect_again(expiring: Account, x: FakeX) -> None:
    x.moods.set("drop", "token")
    with pytest.raises(Disconnected):
        ensure_fresh(expiring)
    expiring.refresh_from_db()
    assert not expiring.connected
    assert expiring.disconnected_reason
    assert AuditEntry.objects.filter(action="teams.account.disconnected").exists()


def test_a_limit_on_the_token_endpoint_disconnects_nobody(expiring: Account, x: FakeX) -> None:
    x.moods.set("drop_before", "token", times=1)
    with suppress(NotNow, Disconnected):
        ensure_fresh(expiring)
    x.moods.clear()
    expiring.refresh_from_db()
    assert expiring.connected


def test_a_secret_opens_only_for_its_own_account_and_with_a_key_we_hold(cast: Cast, account: Account) -> None:
    sealed = seal(account.id, {"token": "CANARY"})
    assert b"CANARY" not in sealed
    assert unseal(account.id, sealed) == {"token": "CANARY"}
    with pytest.raises(SealBroken):
        unseal(cast.alice.id, sealed)


def test_rotation_seals_everything_with_the_newest_key(account: Account, settings) -> None:  # type: ignore[no-untyped-def]
    old = list(settings.FIELD_KEYS)
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *old]
    assert rotate_keys() >= 1
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    assert access_of(account).credentials["access_token"]
    settings.FIELD_KEYS = old
    with pytest.raises(SealBroken):
        access_of(account)


def test_no_secret_stands_in_clear_in_any_table(account: Account, x: FakeX) -> None:
    from django.db import connection

    secret = access_of(account).credentials["access_token_secret"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" AS t WHERE t::text LIKE %s', [f"%{secret}%"])
            assert cursor.fetchone()[0] == 0, table
    assert settings.FIELD_KEYS
