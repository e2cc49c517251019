"""Letting an account go, and coming back from a backup: nothing sent twice, nobody else's profile kept for ever."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pluralis.networks.addresses import allow_private_origins
from pluralis.networks.fake.mastodon import FakeMastodon
from pluralis.networks.fake.server import FakeServer
from pluralis.networks.fake.world import Draft
from pluralis.networks.fake.x import FakeX
from pluralis.publishing import sending
from pluralis.publishing.actions import enter_quarantine
from pluralis.publishing.models import Part
from pluralis.teams.actions import Wish, connect_with_keys, disconnect_by_hand, release_profile
from pluralis.teams.errors import Conflict, Forbidden, NotFound
from pluralis.teams.models import Account, Credential, Membership, Role
from tests.apps.cast import Cast, connect, schedule, write

Browser = Callable[[Membership], Client]
NOW = timezone.now


def test_a_disconnected_account_forgets_its_keys_and_holds_its_posts(
    cast: Cast, account: Account, browser: Browser
) -> None:
    schedule(cast.alice, write(cast.alice, "We are open."), account)
    alice = browser(cast.alice)
    answer = alice.post(reverse("settings_disconnect", args=[account.id]), follow=True)
    assert b"A member of the team disconnected it." in answer.content
    assert not Credential.objects.exists()
    part = Part.objects.get()
    sending.publish_part(str(part.id), worker="test")
    part.refresh_from_db()
    assert (part.state, part.hold_reason) == ("held", "disconnected")


def test_the_same_profile_comes_back_with_all_it_had(cast: Cast, account: Account, x: FakeX) -> None:
    disconnect_by_hand(actor=cast.alice, account_id=account.id, now=NOW())
    again = connect(cast.alice, x)
    assert again.id == account.id and again.connected


def test_another_team_connects_a_profile_only_after_it_was_given_up(
    cast: Cast, account: Account, x: FakeX, browser: Browser
) -> None:
    alice = browser(cast.alice)
    with pytest.raises(Conflict, match="still connected"):
        release_profile(actor=cast.alice, account_id=account.id, now=NOW())
    disconnect_by_hand(actor=cast.alice, account_id=account.id, now=NOW())
    with pytest.raises(Conflict, match="already connected"):
        connect(cast.charlie, x)
    alice.post(reverse("settings_release", args=[account.id]))
    assert connect(cast.charlie, x).team_id == cast.charlie.team_id
    assert b"@Norlune is given up" in alice.get(reverse("settings_accounts")).content
    assert b"@Norlune" not in alice.get(reverse("settings_accounts")).content
    assert alice.get(reverse("settings_account", args=[account.id])).status_code == 404


def test_the_history_of_a_given_up_profile_stays(cast: Cast, account: Account, browser: Browser) -> None:
    schedule(cast.alice, write(cast.alice, "We were open."), account)
    disconnect_by_hand(actor=cast.alice, account_id=account.id, now=NOW())
    release_profile(actor=cast.alice, account_id=account.id, now=NOW())
    assert b"We were open." in browser(cast.alice).get(reverse("calendar")).content


def test_only_leads_and_the_employee_themselves_let_an_account_go(cast: Cast, account: Account) -> None:
    with pytest.raises(Forbidden):
        disconnect_by_hand(actor=cast.bob, account_id=account.id, now=NOW())
    with pytest.raises(NotFound):
        disconnect_by_hand(actor=cast.charlie, account_id=account.id, now=NOW())
    Membership.objects.filter(id=cast.bob.id).update(role=Role.EMPLOYEE)
    cast.bob.refresh_from_db()
    Account.objects.filter(id=account.id).update(kind="employee", member=cast.bob)
    assert not disconnect_by_hand(actor=cast.bob, account_id=account.id, now=NOW()).connected


def quarantined(cast: Cast, account: Account, *texts: str) -> None:
    for text in texts:
        schedule(cast.alice, write(cast.alice, text), account)
    enter_quarantine(reasons=["restored"], backup_at=NOW(), now=NOW())


@pytest.mark.django_db(transaction=True)
def test_what_the_network_shows_is_settled_and_the_rest_stays_held(
    cast: Cast, account: Account, x: FakeX, browser: Browser
) -> None:
    quarantined(cast, account, "We are open.", "We are closed.")
    profile = x.world.find_profile("Norlune")
    assert profile is not None
    x.world.write(profile.id, Draft("We are open."))
    answer = browser(cast.alice).post(reverse("quarantine_compare", args=[account.id]), follow=True)
    assert b"1 post stands there already" in answer.content
    assert dict(Part.objects.values_list("text", "state")) == {"We are open.": "sent", "We are closed.": "held"}
    again = browser(cast.alice).post(reverse("quarantine_compare", args=[account.id]), follow=True)
    assert b"0 posts stand there already" in again.content


def test_a_banner_leads_to_the_page_and_a_lead_releases(cast: Cast, account: Account, browser: Browser) -> None:
    alice = browser(cast.alice)
    assert b"quarantine-banner" not in alice.get(reverse("calendar")).content
    quarantined(cast, account, "We are open.")
    assert b"quarantine-banner" in alice.get(reverse("calendar")).content
    html = alice.get(reverse("quarantine")).content.decode()
    assert "1 post is held" in html and "We are open." in html
    assert (
        reverse("quarantine_release", args=[account.id])
        not in browser(cast.bob).get(reverse("quarantine")).content.decode()
    )
    assert browser(cast.bob).post(reverse("quarantine_release", args=[account.id])).status_code == 403
    assert browser(cast.bob).post(reverse("quarantine_compare", args=[account.id])).status_code == 403
    assert browser(cast.charlie).post(reverse("quarantine_compare", args=[account.id])).status_code == 404
    alice.post(reverse("quarantine_release", args=[account.id]))
    account.refresh_from_db()
    assert account.quarantined_at is None and Part.objects.get().state == "held"


def test_an_account_that_is_not_in_quarantine_is_not_compared(cast: Cast, account: Account, browser: Browser) -> None:
    answer = browser(cast.alice).post(reverse("quarantine_compare", args=[account.id]), follow=True)
    assert b"not in quarantine" in answer.content


def test_two_spellings_of_an_instance_are_one_account(cast: Cast) -> None:
    network = FakeMastodon(seed=7)
    with FakeServer(network) as server:
        before = allow_private_origins([server.origin])
        try:
            first = connect(cast.alice, network)
            wish = Wish("mastodon", server.origin.upper().replace("HTTP", "http") + "/")
            profile = network.world.find_profile("Norlune")
            assert profile is not None
            values = dict(network.open_account(profile).values)
            again = connect_with_keys(actor=cast.alice, wish=wish, values=values, now=NOW())
        finally:
            allow_private_origins(before)
    assert (again.id, again.host) == (first.id, server.origin)


def test_an_instance_that_is_no_server_is_said_beside_its_name(cast: Cast, browser: Browser) -> None:
    typed = {"place": "1", "host": "not a host", "kind": "main"}
    answer = browser(cast.alice).post(reverse("settings_connect_network", args=["mastodon"]), typed)
    assert answer.status_code == 422 and b'class="field-errors"' in answer.content
