"""The page of searches on the networks: begun, rested, ended with undo, shown as a column and in the inbox."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pluralis.inbox.actions import ingest
from pluralis.inbox.actions.searches import WishedSearch, begin_search
from pluralis.inbox.models import Column, Cursor, NetworkSearch
from pluralis.networks.contract import Batch, Incoming, Reference, RemoteProfile
from pluralis.teams.models import Account, Membership
from tests.apps.cast import Cast

pytestmark = pytest.mark.django_db
Browser = Callable[[Membership], Client]


@pytest.fixture
def search(cast: Cast, account: Account) -> NetworkSearch:
    return begin_search(actor=cast.alice, wished=WishedSearch(account.id, "#norlunedown"), now=timezone.now())


def shown(client: Client, name: str = "settings_searches", *args: object, query: str = "") -> str:
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def find(account: Account, search: NetworkSearch) -> None:
    author = RemoteProfile("77", "dana", "Dana")
    incoming = Incoming(Reference("9001"), "hashtag", "No internet #norlunedown", author, timezone.now())
    assert ingest(account, search.stream, Batch((incoming,), "9001"), timezone.now()).new == 1


def test_an_empty_page_teaches_and_says_what_each_account_can_do_at_which_price(
    cast: Cast, account: Account, browser: Browser
) -> None:
    page = shown(browser(cast.alice))
    assert "Nothing is looked for yet" in page
    assert "Words and hashtags" in page
    assert "100 posts cost 0.50 USD" in page
    assert "At most so many posts a day" in page


def test_without_an_account_the_page_leads_to_connecting_one(cast: Cast, browser: Browser) -> None:
    assert reverse("settings_connect") in shown(browser(cast.alice))


def test_a_lead_begins_a_search_and_sees_it(cast: Cast, account: Account, browser: Browser) -> None:
    client = browser(cast.alice)
    form = {"words": "#Fibre", "account": str(account.id), "labels": ["question"], "most_a_day": "50"}
    assert client.post(reverse("settings_search_begin"), form).status_code == 302
    search = NetworkSearch.objects.get()
    assert (search.words, search.labels, search.most_a_day) == ("#Fibre", ["question"], 50)
    page = shown(client)
    assert "#Fibre" in page
    assert "at most 50 a day" in page


@pytest.mark.parametrize(
    ("typed", "told"),
    [({"words": ""}, "required"), ({"words": "#no-tag"}, "Letters, digits"), ({"most_a_day": "3"}, "greater")],
)
def test_what_is_wrong_is_told_beside_it_and_what_was_typed_stays(
    cast: Cast, account: Account, browser: Browser, typed: dict[str, str], told: str
) -> None:
    form = {"words": "#Fibre", "account": str(account.id), "most_a_day": "50"} | typed
    answer = browser(cast.alice).post(reverse("settings_search_begin"), form)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert form["words"] in answer.content.decode()
    assert not NetworkSearch.objects.exists()


def test_who_may_not_change_reads_only(cast: Cast, search: NetworkSearch, browser: Browser) -> None:
    page = shown(browser(cast.bob))
    assert "#norlunedown" in page
    assert reverse("settings_search_begin") not in page
    assert reverse("settings_search_end", args=[search.id]) not in page


def test_it_rests_and_goes_on(cast: Cast, search: NetworkSearch, browser: Browser) -> None:
    client, address = browser(cast.alice), reverse("settings_search_change", args=[search.id])
    client.post(address, {"do": "pause"})
    assert "Rests" in shown(client)
    client.post(address, {"do": "resume"})
    assert Cursor.objects.filter(stream=search.stream).exists()


def test_ending_offers_a_way_back(cast: Cast, search: NetworkSearch, browser: Browser) -> None:
    client, back = browser(cast.alice), reverse("settings_search_back", args=[search.id])
    answer = client.post(reverse("settings_search_end", args=[search.id]), follow=True)
    assert back in answer.content.decode()
    assert client.post(back, headers={"HX-Request": "true"})["HX-Redirect"] == reverse("settings_searches")
    assert NetworkSearch.objects.get().ended_at is None


def test_why_it_cannot_be_read_stands_with_it(cast: Cast, search: NetworkSearch, browser: Browser) -> None:
    Cursor.objects.filter(stream=search.stream).update(reason="X: query is <b>odd</b>")
    page = shown(browser(cast.alice))
    assert "Cannot be read now" in page
    assert "X: query is &lt;b&gt;odd" in page
    Cursor.objects.filter(stream=search.stream).update(reason="enough_today")
    assert "Enough for today" in shown(browser(cast.alice))


def test_what_it_found_is_a_list_of_the_inbox_and_a_column(
    cast: Cast, account: Account, search: NetworkSearch, browser: Browser
) -> None:
    find(account, search)
    client = browser(cast.bob)
    page = shown(client, "inbox", query=f"?state=&search_id={search.id}")
    assert "No internet #norlunedown" in page
    assert "#norlunedown · @" in page, "the chip says which search it is"
    assert "No internet" not in shown(client, "inbox"), "it is not open"
    assert client.post(reverse("settings_search_column", args=[search.id])).status_code == 302
    assert Column.objects.get().member_id == cast.bob.id
    assert "#norlunedown" in shown(client, "columns")


def test_another_team_sees_nothing_of_it(cast: Cast, search: NetworkSearch, browser: Browser) -> None:
    client = browser(cast.charlie)
    assert "#norlunedown" not in shown(client)
    assert client.post(reverse("settings_search_column", args=[search.id])).status_code == 404
