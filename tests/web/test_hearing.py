"""The foot of the inbox: seen until when, what is missing, and whether it is being read."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pluralis.inbox.models import Cursor, Gap
from pluralis.inbox.queries.hearing import heard
from pluralis.teams.models import Account, Membership
from tests.apps.cast import Cast

Browser = Callable[[Membership], Client]


def cursor(account: Account, stream: str = "mentions", minutes: int | None = 1, **more: object) -> Cursor:
    seen = None if minutes is None else timezone.now() - timedelta(minutes=minutes)
    return Cursor.objects.create(team=account.team, account=account, stream=stream, seen_until=seen, **more)


def gap(account: Account, **more: object) -> Gap:
    return Gap.objects.create(
        team=account.team, account=account, stream="mentions", noticed_at=timezone.now(), **more
    )  # fmt: skip


def page(browser: Browser, who: Membership) -> str:
    return browser(who).get(reverse("inbox")).content.decode()


def test_what_was_heard_stands_at_the_foot_of_the_inbox(cast: Cast, account: Account, browser: Browser) -> None:
    cursor(account)
    cursor(account, "messages")
    assert "Everything seen until" in page(browser, cast.bob)


def test_the_slowest_stream_says_until_when(cast: Cast, account: Account) -> None:
    cursor(account)
    slow = cursor(account, "messages", minutes=30)
    told = heard(cast.bob, timezone.now())
    assert (told.until, told.whole) == (slow.seen_until, True)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "It is being read now."),
        ({"found": 3}, "3 messages found."),
        ({"reason": "no_longer"}, "The network no longer shows everything."),
        ({"reason": "the server is closed"}, "the server is closed"),
        ({"reason": "same_page", "given_up_at": timezone.now()}, "The network showed the same page again and again."),
        ({"reason": "no_way", "given_up_at": timezone.now()}, "Look for the rest on the network itself."),
    ],
)
def test_a_gap_is_told_in_words(
    cast: Cast, account: Account, browser: Browser, more: dict[str, object], said: str
) -> None:
    cursor(account)
    gap(account, **more)
    shown = page(browser, cast.bob)
    assert "Not everything was seen" in shown
    assert said in shown


@pytest.mark.parametrize(
    "more",
    [
        {"filled_at": timezone.now()},
        {"given_up_at": timezone.now() - timedelta(days=8), "reason": "no_longer"},
    ],
)
def test_what_was_filled_or_given_up_long_ago_is_not_told(
    cast: Cast, account: Account, browser: Browser, more: dict[str, object]
) -> None:
    cursor(account)
    gap(account, **more)
    assert "Everything seen until" in page(browser, cast.bob)


def test_an_account_that_cannot_be_read_says_why(cast: Cast, account: Account, browser: Browser) -> None:
    cursor(account, reason="X asks us to slow down", failures=2)
    shown = page(browser, cast.bob)
    assert "Everything seen until" not in shown
    assert "X asks us to slow down" in shown


def test_before_the_first_reading_nothing_is_claimed(cast: Cast, account: Account, browser: Browser) -> None:
    cursor(account, minutes=None)
    assert "Not everything was read yet" in page(browser, cast.bob)


def test_another_team_sees_nothing_of_it(cast: Cast, account: Account, browser: Browser) -> None:
    cursor(account, reason="X asks us to slow down")
    gap(account)
    assert 'id="heard"' not in page(browser, cast.charlie)


def test_it_takes_two_queries(cast: Cast, account: Account, django_assert_num_queries: Callable) -> None:  # type: ignore[type-arg]
    cursor(account)
    gap(account)
    with django_assert_num_queries(2):
        heard(cast.bob, timezone.now(), account.id)
