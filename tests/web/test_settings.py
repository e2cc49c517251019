"""Settings: one's own profile, the team and its seats, and connecting accounts."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pluralis.networks.fake.x import FakeX
from pluralis.teams import actions
from pluralis.teams.models import Account, ApiToken, AuditEntry, Invitation, Membership, Role, User
from pluralis.web.views.settings_accounts import origin_of
from tests.apps.cast import Cast

Browser = Callable[[Membership], Client]
PROFILE = {"name": "Bob Tan", "language": "ms", "zone": "Asia/Kuala_Lumpur", "theme": "dark"}


def test_bob_sets_up_his_own_desk_and_nobody_elses(cast: Cast, browser: Browser) -> None:
    answer = browser(cast.bob).post(reverse("settings_profile"), PROFILE, follow=True)
    cast.bob.user.refresh_from_db()
    assert (cast.bob.user.language, cast.bob.user.theme, cast.bob.user.shortcuts) == ("ms", "dark", False)
    html = answer.content.decode()
    assert 'data-theme="dark"' in html and 'data-shortcuts="off"' in html and "Profil anda disimpan." in html
    cast.alice.user.refresh_from_db()
    assert cast.alice.user.theme == "system"


@pytest.mark.parametrize(("field", "value"), [("zone", "Mars/Olympus"), ("language", "xx"), ("theme", "pink")])
def test_a_profile_takes_no_nonsense(cast: Cast, browser: Browser, field: str, value: str) -> None:
    answer = browser(cast.bob).post(reverse("settings_profile"), PROFILE | {field: value})
    assert b'class="field-errors"' in answer.content
    cast.bob.user.refresh_from_db()
    assert getattr(cast.bob.user, field) != value


@pytest.mark.parametrize(("field", "value"), [("zone", "../../etc/passwd"), ("language", "xx"), ("theme", "pink")])
def test_the_action_itself_refuses_nonsense_too(cast: Cast, field: str, value: str) -> None:
    with pytest.raises(actions.profiles.Invalid):  # type: ignore[attr-defined]
        actions.change_profile(actor=cast.bob.user, now=timezone.now(), **{field: value})


def test_only_owners_change_the_team(cast: Cast, browser: Browser) -> None:
    new = {"name": "Norlune SA", "language": "fr", "zone": "Europe/Paris"}
    assert browser(cast.bob).post(reverse("settings_change_team"), new).status_code == 403
    browser(cast.alice).post(reverse("settings_change_team"), new)
    cast.alice.team.refresh_from_db()
    assert cast.alice.team.name == "Norlune SA"
    assert AuditEntry.objects.filter(team=cast.alice.team_id, action="teams.team.changed").exists()


def test_an_invitation_shows_its_link_once_and_brings_somebody_in(cast: Cast, browser: Browser) -> None:
    alice = browser(cast.alice)
    page = alice.post(reverse("settings_invite"), {"email": "dana@example.org", "role": "writer"}).content.decode()
    [link] = re.findall(r"http://[^<\s]+/invitations/[\w-]+", page)
    assert link not in alice.get(reverse("settings_team")).content.decode()
    cast.alice.team.zone = "Europe/Paris"
    cast.alice.team.save()
    dana = Client()
    token = link.rpartition("/")[2]
    assert "Norlune" in dana.get(reverse("invitation", args=[token])).content.decode()
    dana.post(reverse("account_signup"), {"email": "dana@example.org", "password1": "a short sentence"})
    user = User.objects.get(email="dana@example.org")
    dana.force_login(user)
    dana.post(reverse("invitation", args=[token]), {"name": "Dana Outside"})
    assert Membership.objects.get(user=user).role == Role.WRITER
    user.refresh_from_db()
    assert (user.name, user.zone) == ("Dana Outside", "Europe/Paris")
    assert Client().get(reverse("invitation", args=[token])).status_code == 404


def test_looking_at_an_invitation_does_not_take_the_seat(cast: Cast, browser: Browser) -> None:
    _kept, token = actions.invite_member(actor=cast.alice, email="new@example.org", role="viewer", now=timezone.now())
    browser(cast.charlie).get(reverse("invitation", args=[token]))
    assert Invitation.objects.get(email="new@example.org").accepted_at is None


def test_a_withdrawn_invitation_opens_nothing(cast: Cast, browser: Browser) -> None:
    kept, token = actions.invite_member(actor=cast.alice, email="new@example.org", role="viewer", now=timezone.now())
    assert browser(cast.bob).post(reverse("settings_withdraw", args=[kept.id])).status_code == 403
    assert browser(cast.charlie).post(reverse("settings_withdraw", args=[kept.id])).status_code == 404
    browser(cast.alice).post(reverse("settings_withdraw", args=[kept.id]))
    assert Client().get(reverse("invitation", args=[token])).status_code == 404


def test_roles_are_changed_by_owners_and_the_last_owner_stays(cast: Cast, browser: Browser) -> None:
    bobs = reverse("settings_member", args=[cast.bob.id])
    change = {"role": "lead", "initials": "BT", "may_post_by_hand": "on"}
    assert browser(cast.bob).post(bobs, change).status_code == 403
    assert browser(cast.charlie).get(bobs).status_code == 404
    browser(cast.alice).post(bobs, change)
    cast.bob.refresh_from_db()
    assert (cast.bob.role, cast.bob.initials, cast.bob.may_post_by_hand) == ("lead", "BT", True)
    answer = browser(cast.alice).post(
        reverse("settings_member", args=[cast.alice.id]), {"role": "viewer"}, follow=True
    )
    assert b"only owner" in answer.content


def test_a_member_may_leave_by_themselves_but_take_nobody_elses_seat(cast: Cast, browser: Browser) -> None:
    bob = browser(cast.bob)
    assert bob.post(reverse("settings_remove_member", args=[cast.alice.id])).status_code == 403
    bob.post(reverse("settings_remove_member", args=[cast.bob.id]))
    assert not Membership.objects.filter(id=cast.bob.id).exists()


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("mastodon.social", "https://mastodon.social"),
        ("@alice@Mastodon.Social", "https://mastodon.social"),
        ("https://piaille.fr/@nova", "https://piaille.fr"),
        (" http://localhost:4000/ ", "http://localhost:4000"),
    ],
)
def test_an_instance_is_understood_however_it_is_typed(typed: str, origin: str) -> None:
    assert origin_of(typed) == origin


def test_an_account_page_belongs_to_its_team(cast: Cast, account: Account, browser: Browser) -> None:
    address = reverse("settings_account", args=[account.id])
    assert browser(cast.bob).get(address).status_code == 200
    assert browser(cast.charlie).get(address).status_code == 404
    change = {"kind": "support", "language": "fr", "zone": "Europe/Paris"}
    assert browser(cast.bob).post(address, change).status_code == 403
    browser(cast.alice).post(address, change)
    account.refresh_from_db()
    assert (account.kind, account.language) == ("support", "fr")


def test_a_paused_account_says_so_and_goes_on(cast: Cast, account: Account, browser: Browser) -> None:
    alice, address = browser(cast.alice), reverse("settings_pause", args=[account.id])
    alice.post(address, {"paused": "1"})
    account.refresh_from_db()
    assert account.paused_at is not None
    assert b"Paused" in alice.get(reverse("settings_accounts")).content
    alice.post(address, {"paused": "0"})
    account.refresh_from_db()
    assert account.paused_at is None


def test_the_form_to_connect_asks_for_what_the_connector_declares(cast: Cast, browser: Browser) -> None:
    html = browser(cast.alice).get(reverse("settings_connect_network", args=["x"])).content.decode()
    for name in ("consumer_key", "consumer_secret", "access_token", "access_token_secret"):
        assert re.search(rf'<input type="password" name="{name}"', html), name
    assert browser(cast.alice).get(reverse("settings_connect_network", args=["nowhere"])).status_code == 404


def test_wrong_keys_are_refused_in_words_and_never_sent_back(
    cast: Cast, x: FakeX, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pluralis.web.views.settings_accounts._wish", lambda *_: actions.Wish("x", x.origin))
    names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
    typed = {name: f"canary-{name}" for name in names} | {"place": "1", "keys": "1", "kind": "main"}
    answer = browser(cast.alice).post(reverse("settings_connect_network", args=["x"]), typed)
    assert answer.status_code == 422
    assert b"Nothing was stored" in answer.content and b"canary" not in answer.content
    assert not Account.objects.filter(team=cast.alice.team_id).exists()


def test_right_keys_connect_the_account(
    cast: Cast, x: FakeX, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pluralis.web.views.settings_accounts._wish", lambda *_: actions.Wish("x", x.origin))
    profile = x.world.find_profile("Norlune") or x.world.add_profile("Norlune", "Norlune")
    typed = dict(x.open_account(profile).values) | {"place": "1", "keys": "1", "kind": "main"}
    answer = browser(cast.alice).post(reverse("settings_connect_network", args=["x"]), typed, follow=True)
    assert b"@Norlune is connected." in answer.content
    assert Account.objects.get(team=cast.alice.team_id).handle == "Norlune"


def test_connecting_asks_for_the_password_again_after_a_while(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.alice.user)
    answer = client.get(reverse("settings_connect"))
    assert answer.status_code == 302 and reverse("account_reauthenticate") in answer["Location"]


def test_a_callback_never_repeats_what_its_address_says(cast: Cast, browser: Browser) -> None:
    client = browser(cast.alice)
    denied = client.get(reverse("connect_callback"), {"error": "access_denied", "error_description": "canary<b>"})
    assert denied.status_code == 400 and b"canary" not in denied.content
    assert denied["Referrer-Policy"] == "no-referrer" and denied["Cache-Control"] == "no-store"
    forged = client.get(reverse("connect_callback"), {"code": "canary", "state": "canary"})
    assert forged.status_code == 404 and b"canary" not in forged.content


def test_an_employee_sees_and_connects_only_their_own_account(cast: Cast, account: Account, browser: Browser) -> None:
    Membership.objects.filter(id=cast.bob.id).update(role=Role.EMPLOYEE)
    bob = browser(cast.bob)
    assert b"@Norlune" not in bob.get(reverse("settings_accounts")).content
    assert bob.get(reverse("settings_account", args=[account.id])).status_code == 404
    html = bob.get(reverse("settings_connect_network", args=["x"])).content.decode()
    assert set(re.findall(r'<option value="(\w+)"', html)) == {"employee"}


def test_a_token_is_shown_once_and_ended_at_once(cast: Cast, browser: Browser) -> None:
    bob, address = browser(cast.bob), reverse("settings_tokens")
    typed = {"name": "Our website", "days": "30", "scopes": ["read"]}
    made = bob.post(reverse("settings_token_make"), typed).content.decode()
    [words] = re.findall(r"plr_[\w-]+", made)
    token = ApiToken.objects.get(membership=cast.bob)
    listed = bob.get(address).content.decode()
    assert "Our website" in listed and words not in listed
    assert browser(cast.charlie).post(reverse("settings_token_revoke", args=[token.id])).status_code == 404
    bob.post(reverse("settings_token_revoke", args=[token.id]))
    assert actions.use_token(words=words, now=timezone.now()) is None


def test_a_token_needs_a_name_and_something_to_do(cast: Cast, browser: Browser) -> None:
    answer = browser(cast.bob).post(reverse("settings_token_make"), {"name": "", "days": "30"})
    assert answer.status_code == 422
    assert not ApiToken.objects.exists()
