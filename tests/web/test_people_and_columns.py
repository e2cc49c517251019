"""People, columns, saved views and the filter, as pages."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from pluralis.inbox.models import Column, Contact, ContactJoin, Conversation, SavedView
from pluralis.teams.models import Account, Membership
from tests.apps.cast import Cast
from tests.apps.inbox.test_search import person, talk
from tests.web.conftest import refused_by_policy

Browser = Callable[[Membership], Client]


@pytest.fixture
def dana(cast: Cast) -> Contact:
    return person(cast.alice, "Dana <b>Field</b>", "dana")


@pytest.fixture
def conversation(account: Account, dana: Contact) -> Conversation:
    return talk(account, dana, "No network since noon \u202eevil", label="complaint", language="en")


def html(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    text = answer.content.decode()
    assert refused_by_policy(text) == []
    return text


def test_the_inbox_is_narrowed_and_the_filter_is_shown_as_chips(
    cast: Cast, conversation: Conversation, browser: Browser
) -> None:
    bob = browser(cast.bob)
    shown = html(bob, reverse("inbox") + "?state=open&label=complaint&unread=1")
    assert "No network since noon" in shown
    assert 'class="chip" href="/inbox?state=open&amp;unread=1"' in shown
    assert "No network" not in html(bob, reverse("inbox") + "?label=praise")
    form = html(bob, reverse("inbox_filter") + "?label=complaint")
    assert '<option value="complaint" selected>' in form and 'name="late"' in form


def test_a_conversation_is_unread_until_it_is_opened(
    cast: Cast, conversation: Conversation, browser: Browser
) -> None:
    bob = browser(cast.bob)
    assert "is-unread" in html(bob, reverse("inbox"))
    html(bob, reverse("conversation", args=[conversation.id]))
    assert "is-unread" not in html(bob, reverse("inbox"))
    assert "is-unread" in html(browser(cast.alice), reverse("inbox"))


def test_a_view_is_kept_shown_with_its_count_made_a_column_and_removed(
    cast: Cast, conversation: Conversation, browser: Browser
) -> None:
    bob = browser(cast.bob)
    bob.post(reverse("view_save"), {"query": "state=open&label=complaint", "name": "Angry <b>ones</b>"})
    view = SavedView.objects.get()
    shown = html(bob, reverse("inbox") + "?state=open&label=complaint")
    assert "Angry &lt;b&gt;ones&lt;/b&gt;" in shown and "As a column" in shown
    assert "Angry" not in html(browser(cast.alice), reverse("inbox"))
    bob.post(reverse("column_add"), {"view": str(view.id)})
    column = Column.objects.get()
    assert "No network since noon" in html(bob, reverse("columns"))
    assert "No network since noon" in html(bob, reverse("column", args=[column.id]))
    for seat in (cast.alice, cast.charlie):
        html(browser(seat), reverse("column", args=[column.id]), 404)
        assert browser(seat).post(reverse("view_remove", args=[view.id])).status_code == 404
    bob.post(reverse("view_remove", args=[view.id]))
    assert not Column.objects.exists()


def test_columns_begin_with_four_and_are_moved_and_taken_away(cast: Cast, account: Account, browser: Browser) -> None:
    bob = browser(cast.bob)
    assert "Everything at a glance" in html(bob, reverse("columns"))
    bob.post(reverse("columns_begin"))
    bob.post(reverse("columns_begin"))

    def names() -> list[str]:
        return list(Column.objects.order_by("position").values_list("view__name", flat=True))

    assert names() == ["Open", "Mine", "Late", "Complaints"]
    late = Column.objects.get(view__name="Late")
    bob.post(reverse("column_move", args=[late.id]), {"to": "left"})
    assert names() == ["Open", "Late", "Mine", "Complaints"]
    ids = [str(each.id) for each in Column.objects.order_by("-position")]
    assert bob.post(reverse("columns_order"), {"column": ids}).status_code == 204
    assert names() == ["Complaints", "Mine", "Late", "Open"]
    bob.post(reverse("column_remove", args=[late.id]))
    assert names() == ["Complaints", "Mine", "Open"]
    assert browser(cast.charlie).post(reverse("column_move", args=[ids[0]]), {"to": "left"}).status_code == 404


def test_people_are_listed_found_and_shown_with_what_they_wrote(
    cast: Cast, conversation: Conversation, dana: Contact, browser: Browser
) -> None:
    bob = browser(cast.bob)
    for words in ("", "?words=@da", "?words=DANA"):
        assert "Dana &lt;b&gt;Field&lt;/b&gt;" in html(bob, reverse("people") + words)
    assert "Nobody begins like this" in html(bob, reverse("people") + "?words=zoe")
    page = html(bob, reverse("person", args=[dana.id]))
    assert "No network since noon" in page and "<bdi>" in page
    assert "Dana" not in html(browser(cast.charlie), reverse("people"))
    html(browser(cast.charlie), reverse("person", args=[dana.id]), 404)


def test_tags_facts_and_notes_are_kept_beside_the_conversation(
    cast: Cast, conversation: Conversation, dana: Contact, browser: Browser
) -> None:
    bob, here = browser(cast.bob), reverse("conversation", args=[conversation.id])
    bob.post(reverse("person_tag", args=[dana.id]), {"add": "VIP", "next": here})
    bob.post(reverse("person_fact", args=[dana.id]), {"name": "Customer number", "value": "4711", "ground": "told"})
    bob.post(reverse("person_note", args=[dana.id]), {"note": "likes tea"})
    page = html(bob, here)
    for words in ("VIP", "4711", "They told us", "likes tea"):
        assert words in page
    bob.post(reverse("person_tag", args=[dana.id]), {"remove": "VIP"})
    assert bob.post(reverse("person_fact", args=[dana.id]), {"name": "A", "value": "b"}).status_code in (302, 422)
    dana.refresh_from_db()
    assert (dana.tags, dana.facts.count()) == ([], 1)


def test_two_people_are_joined_and_separated_on_their_page(
    cast: Cast, conversation: Conversation, dana: Contact, browser: Browser
) -> None:
    bob, other = browser(cast.bob), person(cast.alice, "Dana F.", "danaf")
    assert "Dana F." in html(bob, reverse("person", args=[dana.id]) + "?join=danaf")
    bob.post(reverse("person_join", args=[dana.id]), {"other": str(other.id)})
    assert "separate" in html(bob, reverse("person", args=[dana.id]))
    bob.post(reverse("profile_separate", args=[dana.profiles.get(handle="danaf").id]))
    assert ContactJoin.objects.get().state == "separated"


def test_a_list_is_brought_in_and_what_is_left_out_is_named(cast: Cast, account: Account, browser: Browser) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    bob = browser(cast.bob)
    assert "ground" in html(bob, reverse("people_import"))
    rows = SimpleUploadedFile("a.csv", b"name,ground\nZoe,told\nAnn,\n")
    answer = bob.post(reverse("people_import"), {"file": rows}).content.decode()
    assert "1 new." in answer and "Line 3" in answer
    refused = bob.post(reverse("people_import"), {"file": SimpleUploadedFile("a.csv", b"name\nZoe\n")})
    assert refused.status_code == 422 and b"No column says why" in refused.content
