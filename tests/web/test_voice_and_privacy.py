"""The voice of an account and the company's own numbers: set on a page, heard in the very next check."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from pluralis.core.voice.profile import DEFAULT_SEVERITIES
from pluralis.inbox.reading import read_message
from pluralis.networks.contract import Incoming, Reference, RemoteProfile
from pluralis.posts.queries import voice_of
from pluralis.teams.models import Account, Membership
from pluralis.teams.queries import privacy_of
from pluralis.web.voice_form import PairsField, VoiceForm
from pluralis.web.words import RULE_NAMES, reason_of
from tests.apps.cast import Cast

Browser = Callable[[Membership], Client]
USUAL = {f"rule_{rule}": severity.value for rule, severity in DEFAULT_SEVERITIES.items()}
TYPED = USUAL | {
    "languages": ["fr", "en"],
    "banned": "synergy\nsynergy\n\ncheap",
    "preferred": "client -> customer",
    "allowed": "My Norlune",
    "sign_off": "^NL",
    "emoji": "none",
    "hashtags": "few",
    "rule_first_person": "stop",
}


def set_voice(browser: Client, account: Account, **typed: object) -> int:
    status = browser.post(reverse("settings_voice", args=[account.id]), TYPED | typed).status_code
    account.refresh_from_db()
    return status


def checked(browser: Client, account: Account, text: str) -> str:
    typed = {"text": text, "accounts": [str(account.id)], "language": "en"}
    return browser.post(reverse("write_preview"), typed).content.decode()


def test_what_is_typed_is_stored_and_shown_again(cast: Cast, account: Account, browser: Browser) -> None:
    alice = browser(cast.alice)
    assert set_voice(alice, account) == 302
    assert account.voice == {
        "languages": ["fr", "en"], "banned": ["synergy", "cheap"], "preferred": {"client": "customer"},
        "allowed": ["My Norlune"], "sign_off": "^NL", "emoji": "none", "hashtags": "few",
        "severities": {"first_person": "stop"},
    }  # fmt: skip
    html = alice.get(reverse("settings_voice", args=[account.id])).content.decode()
    assert "client -&gt; customer" in html and "synergy\ncheap" in html and 'value="^NL"' in html


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("We love synergy. ^NL", "is a word your voice does not use."),
        ("Dear client, we are open. ^NL", "has a word your voice prefers."),
        ("We are open.", "lacks the sign-off of this account."),
        ("We are open 🎉 ^NL", "does not follow the emoji rule of this account."),
    ],
)
def test_the_next_check_follows_the_voice(
    cast: Cast, account: Account, browser: Browser, text: str, said: str
) -> None:
    alice = browser(cast.alice)
    assert said not in checked(alice, account, text)
    set_voice(alice, account)
    assert said in checked(alice, account, text)


def test_a_rule_that_stops_keeps_the_post_back(cast: Cast, account: Account, browser: Browser) -> None:
    alice = browser(cast.alice)
    typed = {"text": "I am open. ^NL", "accounts": [str(account.id)], "language": "en", "do": "schedule", "key": "k"}
    set_voice(alice, account)
    assert alice.post(reverse("write"), typed).status_code == 422


def test_a_persona_says_i_and_its_own_names_hold_my(cast: Cast, account: Account, browser: Browser) -> None:
    alice = browser(cast.alice)
    assert "A company says we" in checked(alice, account, "I am open")
    set_voice(alice, account, persona="on", sign_off="")
    assert "A company says we" not in checked(alice, account, "I am open")
    assert "My Norlune" in voice_of(account).allowed and "Mon compte" in voice_of(account).allowed


def test_only_leads_set_a_voice(cast: Cast, account: Account, browser: Browser) -> None:
    assert browser(cast.bob).get(reverse("settings_voice", args=[account.id])).status_code == 200
    assert set_voice(browser(cast.bob), account) == 403
    assert set_voice(browser(cast.charlie), account) == 404
    assert account.voice == {}


@pytest.mark.parametrize("typed", ["client", "-> customer", "client ->"])
def test_a_line_without_its_arrow_is_asked_again(cast: Cast, account: Account, browser: Browser, typed: str) -> None:
    assert set_voice(browser(cast.alice), account, preferred=typed) == 422
    assert account.voice == {}


def test_nothing_typed_is_the_voice_of_the_part_to_play() -> None:
    form = VoiceForm(USUAL)
    assert form.is_valid() and form.chosen() == {}
    assert PairsField().clean("a -> b") == {"a": "b"}


@pytest.mark.parametrize("stored", [{"severities": {"gone_rule": "stop"}}, {"emoji": ""}, {"languages": []}])
def test_an_old_voice_never_breaks_a_check(account: Account, stored: dict[str, object]) -> None:
    account.voice = stored
    assert voice_of(account).required


def test_every_rule_has_a_name() -> None:
    assert set(RULE_NAMES) == set(DEFAULT_SEVERITIES)


def test_a_number_taught_by_example_is_found_going_out_and_coming_in(
    cast: Cast, account: Account, browser: Browser
) -> None:
    alice, text = browser(cast.alice), "About Q8-77-B: we look into it."
    assert "customer or booking number" not in checked(alice, account, text)
    alice.post(reverse("settings_teach"), {"name": "contract", "samples": "Q7-48-B\nQ9-13-B"})
    assert "customer or booking number" in checked(alice, account, text)
    assert b'<span class="name">contract' in alice.get(reverse("settings_privacy")).content
    assert b"Q7-48-B" not in alice.get(reverse("settings_privacy")).content
    cast.alice.team.refresh_from_db()
    incoming = Incoming(Reference("1"), "mention", text, RemoteProfile("2", "dana"), datetime.now(UTC))
    found = read_message(incoming, "en", privacy_of(cast.alice.team)).personal_data
    assert [(one["start"], one["type"]) for one in found] == [(6, "REF")]
    assert read_message(incoming, "en").personal_data == []
    alice.post(reverse("settings_forget"), {"name": "contract"})
    assert "customer or booking number" not in checked(alice, account, text)


def test_our_own_address_may_stand_in_public(cast: Cast, account: Account, browser: Browser) -> None:
    alice, text = browser(cast.alice), "Write to help@norlune.example, we answer."
    assert "e-mail address that everybody" in checked(alice, account, text)
    alice.post(reverse("settings_own_addresses"), {"addresses": "help@norlune.example"})
    assert "e-mail address that everybody" not in checked(alice, account, text)
    assert "e-mail address that everybody" in checked(alice, account, "Write to dana@norlune.example, we answer.")


def test_samples_without_a_number_teach_nothing(cast: Cast, browser: Browser) -> None:
    answer = browser(cast.alice).post(reverse("settings_teach"), {"name": "contract", "samples": "no number"})
    assert answer.status_code == 422 and b"Give two or three" in answer.content
    assert browser(cast.bob).post(reverse("settings_teach"), {"name": "a", "samples": "NL-1"}).status_code == 403


def test_a_taught_number_is_the_teams_own(cast: Cast, account: Account, browser: Browser) -> None:
    browser(cast.alice).post(reverse("settings_teach"), {"name": "contract", "samples": "Q7-48-B\nQ9-13-B"})
    assert b'<span class="name">contract' not in browser(cast.charlie).get(reverse("settings_privacy")).content


def test_the_preview_tells_what_a_message_costs(cast: Cast, account: Account, browser: Browser) -> None:
    alice = browser(cast.alice)
    plain, linked = checked(alice, account, "We are open."), checked(alice, account, "See https://norlune.com")
    assert "USD" in plain and "By the price list of" in plain
    assert linked.split("USD")[0].split()[-1] != plain.split("USD")[0].split()[-1]
    Account.objects.filter(id=account.id).update(settings={"tier": "enterprise"})
    assert "USD" not in checked(alice, account, "We are open.")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("X lets programs answer only people who mentioned or quoted the account", "Programs may answer only"),
        ("the instance asks us to slow down", "asks to wait"),
        ("too_late", "too late"),
        ("Something nobody has said before", "Something nobody has said before"),
    ],
)
def test_why_it_did_not_go_is_said_in_our_words_where_we_know_them(said: str, shown: str) -> None:
    assert shown in reason_of(said)
