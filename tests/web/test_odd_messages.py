"""Odd messages from outside: ten thousand mentions, and marks that turn the direction of what follows."""

from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pluralis.inbox.actions import ingest
from pluralis.inbox.models import Conversation, Message
from pluralis.networks.contract import Batch, Incoming, Reference, RemoteProfile
from pluralis.teams.models import Account, Membership
from tests.apps.cast import Cast

Browser = Callable[[Membership], Client]
OVERRIDES = ("\u202e", "\u202d", "\u2067", "\u2066\u202e", "\u200f")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNSEEN = {"title", "option", "script"}


def hear(account: Account, text: str, name: str = "Dana", handle: str = "dana") -> Message:
    author = RemoteProfile("77", handle, name)
    incoming = Incoming(Reference("9001"), "mention", text, author, timezone.now())
    assert ingest(account, "mentions", Batch((incoming,), "9001"), timezone.now()).new == 1
    return Message.objects.get()


class Isolation(HTMLParser):
    """Collects the texts with a mark that stand in no element of their own direction."""

    def __init__(self, mark: str) -> None:
        super().__init__()
        self.mark = mark
        self.open: list[tuple[str, bool]] = []
        self.shown = 0
        self.loose: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append((tag, tag == "bdi" or ("dir", "auto") in attrs))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.mark not in data or any(tag in UNSEEN for tag, _ in self.open):
            return
        self.shown += 1
        if not any(isolated for _, isolated in self.open):
            self.loose.append(data)


@pytest.mark.parametrize("mark", OVERRIDES)
def test_a_mark_of_direction_turns_nothing_but_its_own_words(
    cast: Cast, account: Account, browser: Browser, mark: str
) -> None:
    hear(account, f"@Norlune {mark}where is it?", name=f"Da{mark}na", handle=f"da{mark}na")
    conversation = Conversation.objects.get()
    response = browser(cast.bob).get(reverse("conversation", args=[conversation.id]))
    seen = Isolation(mark)
    seen.feed(response.content.decode())
    assert seen.shown >= 3
    assert seen.loose == []


def test_a_message_with_ten_thousand_mentions_is_heard_cut_and_shown(
    cast: Cast, account: Account, browser: Browser
) -> None:
    names = " ".join(f"@person{number}" for number in range(10_000))
    message = hear(account, f"@Norlune please help {names}")
    assert message.text.startswith("@Norlune please help @person0")
    assert len(message.text) <= 20_000
    conversation = Conversation.objects.get()
    assert conversation.state == "open"
    assert len(conversation.excerpt) <= 280
    response = browser(cast.bob).get(reverse("conversation", args=[conversation.id]))
    assert response.status_code == 200
    assert "please help" in response.content.decode()
