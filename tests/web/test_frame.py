"""The frame around every page: the policy, the rail, the languages, and who sees which desk."""

import gzip
import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone

from pluralis.publishing.actions import stop_everything
from pluralis.teams.models import Account, Membership, Role
from pluralis.web.middleware import HEADERS, POLICY, Compressed
from tests.apps.cast import Cast, schedule, write
from tests.web.conftest import refused_by_policy

Browser = Callable[[Membership], Client]
PAGES = (
    "settings_profile",
    "settings_team",
    "settings_accounts",
    "settings_connect",
    "settings_tokens",
    "write",
    "drafts",
    "calendar",
    "inbox",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "account_email",
    "account_change_password",
)
DOORS = ("account_login", "account_signup", "account_reset_password")


@pytest.mark.parametrize("language", ["en", "fr", "es", "ms"])
def test_every_page_obeys_its_own_policy_in_every_language(
    cast: Cast, account: Account, browser: Browser, language: str
) -> None:
    cast.alice.user.language = language
    cast.alice.user.save()
    client = browser(cast.alice)
    for name in PAGES:
        answer = client.get(reverse(name))
        html = answer.content.decode()
        assert answer.status_code == 200, name
        assert answer["Content-Security-Policy"] == POLICY, name
        assert refused_by_policy(html) == [], name
        assert f'<html lang="{language}"' in html, name
        assert html.count("<h1") == 1, name


@pytest.mark.parametrize("name", DOORS)
def test_a_door_obeys_the_policy_and_speaks_the_browsers_language(db: None, name: str) -> None:
    answer = Client().get(reverse(name), headers={"Accept-Language": "ms-MY,en;q=0.5"})
    assert refused_by_policy(answer.content.decode()) == []
    assert answer["Content-Language"] == "ms"
    assert all(answer[header] == value for header, value in HEADERS.items())


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    assert "unsafe" not in POLICY and "https:" not in POLICY and "*" not in POLICY
    assert "script-src 'self'" in POLICY and "frame-ancestors 'none'" in POLICY


@pytest.mark.parametrize(
    ("role", "places"),
    [
        (Role.OWNER, ["Write", "Review", "Calendar", "Inbox", "Columns", "People", "Settings"]),
        (Role.AGENT, ["Write", "Review", "Calendar", "Inbox", "Columns", "People", "Settings"]),
        (Role.VIEWER, ["Review", "Calendar", "Inbox", "Columns", "People", "Settings"]),
        (Role.EMPLOYEE, ["Write", "Review", "Calendar", "Settings"]),
    ],
)
def test_the_rail_shows_what_there_is_and_what_the_role_opens(
    cast: Cast, browser: Browser, role: str, places: list[str]
) -> None:
    Membership.objects.filter(id=cast.bob.id).update(role=role)
    client = browser(cast.bob)
    html = client.get(reverse("settings_profile")).content.decode()
    rail = re.findall(r'class="rail-link" href="([^"]+)".*?<span>([^<]+)</span>', html)
    assert [label for _address, label in rail] == places
    assert all(client.get(address, follow=True).status_code == 200 for address, _label in rail)


def test_there_are_no_dead_links(cast: Cast, account: Account, browser: Browser) -> None:
    client = browser(cast.alice)
    html = "".join(client.get(reverse(name)).content.decode() for name in PAGES)
    for address in set(re.findall(r'(?:href|action|hx-get|hx-post)="(/[^"#?]*)', html)) - {"/"}:
        if not address.startswith("/static/"):
            resolve(address)
    for address in set(re.findall(r'<a[^>]*href="(/[^"#?]*)', html)):
        assert client.get(address, follow=True).status_code == 200, address


def test_somebody_signed_out_is_led_to_the_door_and_back(db: None, cast: Cast) -> None:
    answer = Client().get(reverse("calendar"))
    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('account_login')}?next={reverse('calendar')}"


def test_the_first_person_makes_the_desk_and_nobody_else_does(client: Client, db: None) -> None:
    client.post(
        reverse("account_signup"), {"email": "first@example.org", "password1": "a short sentence"}, follow=True
    )
    assert client.get(reverse("home"))["Location"] == reverse("welcome")
    client.post(reverse("welcome"), {"name": "Norlune", "language": "fr", "zone": "Europe/Paris"})
    assert Membership.objects.get(user__email="first@example.org").role == Role.OWNER
    stranger = Client()
    assert b"joined by invitation" in stranger.get(reverse("account_signup")).content
    stranger.post(reverse("account_signup"), {"email": "second@example.org", "password1": "a short sentence"})
    assert not Membership.objects.filter(user__email="second@example.org").exists()


def test_charlie_does_not_see_the_names_of_another_team(cast: Cast, account: Account, browser: Browser) -> None:
    client = browser(cast.charlie)
    for name in PAGES:
        html = client.get(reverse(name)).content.decode()
        assert "Norlune" not in html and "Alice" not in html and "Bob" not in html, name


def test_choosing_another_teams_desk_does_nothing(cast: Cast, browser: Browser) -> None:
    client = browser(cast.charlie)
    answer = client.post(reverse("switch_team"), {"team": str(cast.alice.team_id)})
    assert answer.status_code == 404
    assert b"Rival" in client.get(reverse("settings_team")).content


def test_a_seat_that_was_taken_away_leads_to_the_next_one(cast: Cast, browser: Browser) -> None:
    seat = Membership.objects.create(
        team=cast.alice.team, user=cast.charlie.user, role=Role.VIEWER, created_at=timezone.now()
    )
    client = browser(cast.charlie)
    client.post(reverse("switch_team"), {"team": str(seat.team_id)})
    assert b"Norlune" in client.get(reverse("settings_team")).content
    seat.delete()
    assert b"Norlune" not in client.get(reverse("settings_team")).content


def test_a_language_is_kept_in_the_profile_and_in_the_browser(cast: Cast, browser: Browser) -> None:
    client = browser(cast.bob)
    client.post(reverse("choose_language"), {"language": "es", "next": "/settings/profile"})
    cast.bob.user.refresh_from_db()
    assert cast.bob.user.language == "es"
    del client.cookies[settings.SESSION_COOKIE_NAME]
    assert client.get(reverse("account_login"))["Content-Language"] == "es"


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_a_form_does_not_lead_to_another_site(cast: Cast, browser: Browser, next_page: str) -> None:
    answer = browser(cast.bob).post(reverse("choose_theme"), {"theme": "dark", "next": next_page})
    assert answer["Location"] == "/"


def test_going_on_duty_shows_in_everybodys_frame(cast: Cast, browser: Browser) -> None:
    browser(cast.alice).post(reverse("duty"), {"on": "1"})
    html = browser(cast.bob).get(reverse("settings_profile")).content.decode()
    assert "On duty: <b>Bob, Alice</b>" in html
    browser(cast.bob).post(reverse("duty"), {"on": "0"})
    assert "On duty: <b>Alice</b>" in browser(cast.bob).get(reverse("settings_profile")).content.decode()


def test_a_lead_stops_everything_from_any_page_and_everybody_sees_it(
    cast: Cast, account: Account, browser: Browser
) -> None:
    [delivery] = schedule(cast.alice, write(cast.alice, "Soon"), account, after=3600)
    assert b'id="stop-everything"' not in browser(cast.bob).get(reverse("settings_profile")).content
    assert browser(cast.bob).post(reverse("stop")).status_code == 403
    alice = browser(cast.alice)
    assert b'id="stop-everything"' in alice.get(reverse("settings_profile")).content
    alice.post(reverse("stop"), {"reason": "a wrong price"})
    assert delivery.parts.get().state == "held"
    assert b"a wrong price" in browser(cast.bob).get(reverse("inbox")).content
    alice.post(reverse("stop_lift"))
    assert b"a wrong price" not in browser(cast.bob).get(reverse("inbox")).content
    assert delivery.parts.get().state == "held"


def test_a_stop_of_another_team_is_not_seen(cast: Cast, browser: Browser) -> None:
    stop_everything(actor=cast.charlie, reason="secret", now=timezone.now())
    assert b"secret" not in browser(cast.alice).get(reverse("inbox")).content


def test_an_unknown_address_and_a_stale_form_say_what_to_do(cast: Cast, browser: Browser) -> None:
    client = browser(cast.bob)
    missing = client.get("/no-such-page")
    assert missing.status_code == 404 and b"Check the address" in missing.content
    strict = Client(enforce_csrf_checks=True)
    stale = strict.post(reverse("account_login"), {"login": "x", "password": "y"})
    assert stale.status_code == 403 and b"copy what you wrote" in stale.content
    assert refused_by_policy(stale.content.decode()) == []


def test_a_broken_page_shows_no_trace(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(cast.bob.user)
    monkeypatch.setattr("pluralis.publishing.queries.waiting_for_a_person", lambda *_: 1 / 0)
    answer = client.get(reverse("calendar"))
    assert answer.status_code == 500
    assert b"Something broke on our side" in answer.content and b"ZeroDivisionError" not in answer.content


@pytest.mark.parametrize(
    ("address", "above"),
    [("/settings/team/invite", "/settings/team"), ("/write/preview", "/write"), ("/stop", "/"),
     (f"/settings/team/invitations/{UUID(int=1)}/withdraw", "/settings/team")],
)  # fmt: skip
def test_an_address_that_takes_only_forms_leads_to_the_page_above(
    cast: Cast, browser: Browser, address: str, above: str
) -> None:
    alice = browser(cast.alice)
    answer = alice.get(address, headers={"accept": "text/html,*/*"})
    assert (answer.status_code, answer.headers["Location"]) == (302, above)
    assert alice.get(address, headers={"accept": "application/json"}).status_code == 405


def test_a_form_that_comes_after_the_session_ended_goes_on_where_it_stood(cast: Cast) -> None:
    answer = Client().post(reverse("settings_invite"), {"next": "/settings/team"})
    assert answer.headers["Location"].endswith("next=/settings/team")


def test_a_fragment_that_is_refused_answers_with_a_toast(cast: Cast, account: Account, browser: Browser) -> None:
    [delivery] = schedule(cast.alice, write(cast.alice, "Soon"), account, after=3600)
    past = (timezone.localtime() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    answer = browser(cast.alice).post(
        reverse("delivery_move", args=[delivery.id]), {"at": past}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert answer["HX-Reswap"] == "none" and "This time has passed" in answer["HX-Trigger"]


def test_a_first_visit_weighs_less_than_150_kb(cast: Cast, account: Account, browser: Browser) -> None:
    """The page and everything it loads, as they go over the wire to a browser that takes gzip."""
    client = browser(cast.alice)
    wire = {"Accept-Encoding": "gzip"}
    page = client.get(reverse("inbox"), headers=wire)
    html = gzip.decompress(page.content).decode()
    loaded = set(re.findall(r'(?:href|src|data-live-worker)="(/static/[^"#]+)', html))
    weight = len(page.content)
    for address in loaded:
        answer = client.get(address, headers=wire)
        assert answer.status_code == 200, address
        weight += sum(len(piece) for piece in answer.streaming_content)  # type: ignore[attr-defined]
    assert len(loaded) >= 6 and weight < 150_000


def test_the_event_stream_is_never_held_back_to_be_compressed(rf: RequestFactory) -> None:
    stream = HttpResponse("data: 1\n" * 1000, content_type="text/event-stream; charset=utf-8")
    answer = Compressed(lambda _: stream)(rf.get("/live", headers={"Accept-Encoding": "gzip"}))
    assert "Content-Encoding" not in answer
