"""Films and polls at the desk: taken in, shown, measured, and never lost between two pages."""

import io
import json
import re
import uuid
from collections.abc import Callable

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from pluralis.networks.contract import Poll
from pluralis.posts.models import Media, Segment
from pluralis.teams.models import Account, Membership
from pluralis.web.composing import draft_of
from tests.apps.cast import Cast
from tests.films import PLACE, mp4, webm

Browser = Callable[[Membership], Client]
ASKED = {"options": ["Nantes", "Ipoh"], "minutes": 1440, "multiple": False}


@pytest.fixture(autouse=True)
def _media(settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path


def named(content: bytes, name: str = "sea.mp4") -> io.BytesIO:
    held = io.BytesIO(content)
    held.name = name
    return held


def form(text: str, account: Account, **more: object) -> dict[str, object]:
    return {"key": uuid.uuid4().hex, "text": text, "accounts": [str(account.id)], "do": "draft", **more}


@pytest.mark.parametrize("size", [64, 3_000_000])
def test_a_film_is_taken_in_cleaned_and_played_to_its_team_only(cast: Cast, browser: Browser, size: int) -> None:
    alice = browser(cast.alice)
    said = alice.post(reverse("pictures"), {"picture": named(mp4(frames=size))}).json()
    assert said["film"] is True
    shown = alice.get(said["url"])
    assert shown["Content-Type"] == "video/mp4"
    assert PLACE not in b"".join(shown.streaming_content)
    assert Media.objects.get().seconds == 3.0
    assert browser(cast.charlie).get(said["url"]).status_code == 404


def test_a_film_that_is_cut_off_is_refused_in_words(cast: Cast, browser: Browser) -> None:
    answer = browser(cast.alice).post(reverse("pictures"), {"picture": named(mp4()[:-9])})
    assert answer.status_code == 422 and "cut off" in answer.json()["error"]
    assert not Media.objects.exists()


def test_the_previews_say_what_of_a_film_does_not_fit(cast: Cast, account: Account, browser: Browser) -> None:
    alice = browser(cast.alice)
    said = alice.post(reverse("pictures"), {"picture": named(mp4(3600))}).json()
    shown = alice.post(reverse("write_preview"), form("Sea", account, pictures=said["id"])).content.decode()
    assert "at most 140 seconds here" in shown
    live = alice.post(reverse("pictures"), {"picture": named(webm(None, live=True), "sea.webm")}).json()
    shown = alice.post(reverse("write_preview"), form("Sea", account, pictures=live["id"])).content.decode()
    assert "may still tell where it was taken" in shown and "is-bad" not in shown


def test_a_saved_film_is_shown_with_its_length(cast: Cast, account: Account, browser: Browser) -> None:
    alice = browser(cast.alice)
    said = alice.post(reverse("pictures"), {"picture": named(mp4(83))}).json()
    page = alice.post(reverse("write"), form("Sea", account, pictures=said["id"]), follow=True).content.decode()
    assert re.search(rf'<video src="{said["url"]}"', page)
    assert "1:23" in page


def test_a_poll_is_kept_shown_and_previewed(cast: Cast, account: Account, browser: Browser) -> None:
    alice = browser(cast.alice)
    typed = form("Where next?", account, poll=json.dumps(ASKED))
    page = alice.post(reverse("write"), typed, follow=True).content.decode()
    assert Segment.objects.get().poll == ASKED
    assert 'value="Ipoh"' in page and "preview-poll" not in page.split("data-composer")[0]
    shown = alice.post(reverse("write_preview"), typed).content.decode()
    assert "<li>Nantes</li>" in shown and "is-bad" not in shown


def test_the_previews_say_what_of_a_poll_does_not_fit(cast: Cast, account: Account, browser: Browser) -> None:
    wrong = ASKED | {"options": ["a", "b" * 26], "multiple": True}
    shown = browser(cast.alice).post(reverse("write_preview"), form("?", account, poll=json.dumps(wrong)))
    assert "at most 25 characters here" in shown.content.decode()
    assert "a poll has one choice" in shown.content.decode()


@pytest.mark.parametrize("typed", ["", "[]", "nonsense", "{}", '{"options": 3, "minutes": 1}', "[" * 90_000])
def test_what_is_no_poll_is_none(typed: str) -> None:
    assert _draft(poll=typed).versions[0].segments[0].poll is None


def test_empty_answers_of_a_poll_are_left_out_and_its_message_stays() -> None:
    asked = json.dumps(ASKED | {"options": ["Nantes", " ", "Ipoh "]})
    [_first, second] = _draft(text=["Hello", ""], poll=["", asked]).versions[0].segments
    assert second.poll == Poll(("Nantes", "Ipoh"), 1440)


def _draft(**more: object):  # type: ignore[no-untyped-def]
    data = QueryDict(mutable=True)
    data.update({"text": "Hello"})
    for name, value in more.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return draft_of(data)
