"""A row of the inbox is drawn again exactly when it says something else."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from pluralis.web.templatetags import rows

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("UTC"))


def conversation(**said: Any) -> Any:
    known: dict[str, Any] = {
        "id": UUID(int=1), "contact": SimpleNamespace(name="Dana"), "excerpt": "Where is my router?",
        "language": "en", "account": SimpleNamespace(network="mastodon", handle="norlune"), "label": "question",
        "state": "open", "assigned_to": None, "last_message_at": NOON, "urgency": 0.0, "private": False,
        "personal_data": False, "is_unread": False, "is_late": False,
    }  # fmt: skip
    return SimpleNamespace(**known | said)


def drawn(one: Any, *, query: str = "state=open", here: Any = None, choosing: Any = ()) -> str:
    return rows.conversation_row(one, query, here, choosing)


@pytest.fixture(autouse=True)
def _nothing_drawn_yet() -> None:
    rows._drawn.cache_clear()


BOB = SimpleNamespace(user="Bob <Keller>")
CHANGES: list[dict[str, Any]] = [
    {"contact": SimpleNamespace(name="Zoé")}, {"contact": None}, {"excerpt": "<b>Thanks</b>"}, {"language": "ms"},
    {"account": SimpleNamespace(network="bluesky", handle="norlune")}, {"label": "praise"}, {"state": "snoozed"},
    {"account": SimpleNamespace(network="mastodon", handle="care")}, {"assigned_to": BOB}, {"urgency": 0.9},
    {"private": True}, {"personal_data": True}, {"is_unread": True}, {"is_late": True}, {"id": UUID(int=2)},
    {"last_message_at": NOON.replace(minute=1)},
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: "-".join(change))
def test_a_row_that_says_something_else_is_drawn_again(change: dict[str, Any]) -> None:
    before, after = drawn(conversation()), drawn(conversation(**change))
    assert before != after
    assert drawn(conversation()) == before


def test_a_row_that_says_the_same_is_drawn_once() -> None:
    assert drawn(conversation()) == drawn(conversation())
    assert rows._drawn.cache_info().misses == 1


def test_each_reader_has_it_in_their_language_by_their_clock() -> None:
    shown = conversation(private=True)
    english = drawn(shown)
    with translation.override("fr"):
        assert "Privé" in drawn(shown)
    with timezone.override("Asia/Kuala_Lumpur"):
        assert "2026-11-22T20:00:00+08:00" in drawn(shown)
    assert drawn(shown) == english


def test_it_keeps_its_place_in_the_list_it_stands_in_and_shows_which_one_is_open() -> None:
    one = conversation()
    assert "state=waiting&amp;mine=1" in drawn(one, query="state=waiting&mine=1")
    assert 'aria-current="true"' in drawn(one, here=one)
    assert 'aria-current="true"' not in drawn(one, here=conversation(id=UUID(int=2)))
    assert 'name="id"' in drawn(one, choosing=[BOB])
    assert 'name="id"' not in drawn(one)


def test_what_a_stranger_wrote_stays_text() -> None:
    told = drawn(conversation(excerpt="<script>x</script>", contact=SimpleNamespace(name='"><i>'), assigned_to=BOB))
    assert "<script>" not in told
    assert "<i>" not in told
    assert "Bob &lt;Keller&gt;" in told
