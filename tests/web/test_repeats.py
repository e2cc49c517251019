"""Repeats and queue slots at the desk: the ways under *when*, the preview, the pages, and what is refused."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from pluralis.publishing.models import Evergreen, Occurrence, Part, QueueSlot, Recurrence
from pluralis.teams.models import Account, Membership
from pluralis.web.repeat_form import RepeatFields, fields_from, order_of
from tests.apps.cast import Cast, schedule, write
from tests.apps.publishing.repeats import free_account, order, repeat

Browser = Callable[[Membership], Client]


@pytest.fixture
def mastodon(cast: Cast) -> Account:
    return free_account(cast.alice)


def typed(account: Account, **more: Any) -> dict[str, Any]:
    """What Write's form sends for a repeat from tomorrow on."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    return {
        "text": "We open at nine.", "accounts": [str(account.id)], "do": "schedule", "when": "repeat", "key": "a-key",
        "language": "en", "repeat_every": "daily", "repeat_from": tomorrow.isoformat(), "repeat_time": "09:00",
        "repeat_zone": "Europe/Paris", "missed_policy": "skip", **more,
    }  # fmt: skip


def planned_ahead() -> int:
    """How many of those lie within two weeks: thirteen or fourteen, whatever hour it is now."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    end = timezone.now() + timedelta(days=14)
    at_nine = datetime.combine(tomorrow, time(9), ZoneInfo("Europe/Paris"))
    return sum(at_nine + timedelta(days=each) <= end for each in range(20))


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"every": "daily"}, "FREQ=DAILY"),
        ({"every": "daily", "interval": "3"}, "FREQ=DAILY;INTERVAL=3"),
        ({"every": "workdays"}, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ({"every": "weekly", "days": ("MO", "TH")}, "FREQ=WEEKLY;BYDAY=MO,TH"),
        ({"every": "weekly"}, "FREQ=WEEKLY;BYDAY=MO"),
        ({"every": "monthly"}, "FREQ=MONTHLY;BYMONTHDAY=22"),
        ({"every": "monthly", "monthly": "weekday"}, "FREQ=MONTHLY;BYDAY=4MO"),
        ({"every": "monthly", "monthly": "last"}, "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ({"every": "yearly", "end": "after", "count": "5"}, "FREQ=YEARLY;COUNT=5"),
        ({"every": "daily", "end": "on", "until": "2027-12-31"}, "FREQ=DAILY;UNTIL=20271231"),
        ({"every": "rule", "rule": "FREQ=YEARLY;BYWEEKNO=20"}, "FREQ=YEARLY;BYWEEKNO=20"),
    ],
)
def test_the_fields_make_a_rule_and_the_rule_makes_the_fields(fields: dict[str, Any], rule: str) -> None:
    start = {"starts_on": "2027-03-22", "local_time": "09:00"}
    made = order_of(RepeatFields(**fields, **start))
    assert made.rule == rule
    stored = Recurrence(rule=rule, zone="UTC", starts_on=made.starts_on, local_time=made.local_time)
    stored._prefetched_objects_cache = {"texts": []}  # type: ignore[attr-defined]
    assert order_of(fields_from(stored)).rule == rule


def test_a_post_is_made_to_repeat(cast: Cast, mastodon: Account, browser: Browser) -> None:
    page = browser(cast.alice)
    answer = page.post("/write", typed(mastodon), follow=True)
    recurrence = Recurrence.objects.get()
    assert answer.redirect_chain[-1][0] == f"/repeats/{recurrence.id}"
    shown = answer.content.decode()
    assert "Every day at 09:00" in shown and "Planned" in shown
    assert Part.objects.count() == planned_ahead()
    page.post("/write", typed(mastodon))
    assert Recurrence.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"repeat_every": "rule", "repeat_rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "No calendar has this day"),
        ({"repeat_every": "rule", "repeat_rule": ""}, "no rule that can be read"),
        ({"repeat_zone": "Europe/Lutetia"}, "no time zone"),
        ({"repeat_from": "yesterday"}, "Choose a day"),
        ({"repeat_time": "9 o’clock"}, "Choose a time"),
        ({"repeat_interval": "0"}, "number from 1 on"),
        ({"repeat_end": "after", "repeat_count": "many"}, "number from 1 on"),
        ({"repeat_except": "Christmas"}, "This is no day: Christmas"),
    ],
)
def test_what_cannot_repeat_comes_back_with_the_form_as_it_was(
    cast: Cast, mastodon: Account, browser: Browser, more: dict[str, str], said: str
) -> None:
    answer = browser(cast.alice).post("/write", typed(mastodon, **more))
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert said in shown and "We open at nine." in shown and "It is kept" not in shown.partition("<main")[0]
    assert Recurrence.objects.count() == 0
    preview = browser(cast.alice).post("/write/when", typed(mastodon, **more)).content.decode()
    assert said in preview or "repeat_except" in more


def test_the_preview_shows_five_dates_with_the_account_s_clock_beside_the_viewer_s(
    cast: Cast, mastodon: Account, browser: Browser
) -> None:
    shown = browser(cast.alice).post("/write/when", typed(mastodon, repeat_zone="Asia/Kuala_Lumpur")).content.decode()
    assert shown.count("<li>") == 5
    assert "09:00 in Kuala Lumpur" in shown.replace("9:00 a.m.", "09:00")
    assert Recurrence.objects.count() == 0


def test_the_preview_says_that_a_network_wants_a_text_for_each_time(
    cast: Cast, account: Account, browser: Browser
) -> None:
    shown = browser(cast.alice).post("/write/when", typed(account, repeat_text=["Another.", ""])).content.decode()
    assert "forbids saying nearly the same" in shown and "There are 2 texts so far" in shown


def test_the_preview_tells_of_a_clock_change_and_of_what_comes_close(
    cast: Cast, mastodon: Account, browser: Browser
) -> None:
    cast.alice.user.zone = "Europe/Paris"
    cast.alice.user.save()
    other = free_account(cast.alice, "norlune_help")
    schedule(cast.alice, write(cast.alice, "Another post."), other, after=3600)
    page = browser(cast.alice)
    gap = page.post("/write/when", {"when": "at", "at": "2031-03-30T02:30", "accounts": [str(mastodon.id)]})
    assert "The clocks go forward" in gap.content.decode()
    soon = timezone.localtime(timezone.now() + timedelta(minutes=50), timezone.get_fixed_timezone(60))
    at = (timezone.now() + timedelta(minutes=50)).isoformat()
    close = page.post("/write/when", {"when": "at", "at": at, "accounts": [str(mastodon.id)]}).content.decode()
    assert "@norlune_help" in close and soon


def test_the_next_slot_is_named_and_taken(cast: Cast, mastodon: Account, browser: Browser) -> None:
    page = browser(cast.alice)
    wish = {"when": "queue", "accounts": [str(mastodon.id)]}
    assert "No free slot" in page.post("/write/when", wish).content.decode()
    empty = page.get(f"/settings/accounts/{mastodon.id}/slots").content.decode()
    assert "No slots yet" in empty
    answer = page.post(
        f"/settings/accounts/{mastodon.id}/slots/add", {"days": ["0", "6"], "times": "9:00, 12.30 17h"}, follow=True
    )
    assert "6 slots added." in answer.content.decode()
    assert QueueSlot.objects.count() == 6
    assert "<time" in page.post("/write/when", wish).content.decode()
    page.post("/write", {"text": "We open.", "do": "schedule", "key": "k", **wish})
    page.post("/write", {"text": "We close.", "do": "schedule", "key": "l", **wish})
    shown = page.get(f"/settings/accounts/{mastodon.id}/slots").content.decode()
    assert shown.index("We open.") < shown.index("We close.")
    last = Part.objects.order_by("planned_at").last()
    page.post(f"/settings/accounts/{mastodon.id}/queue/move", {"delivery": str(last.delivery_id), "do": "up"})
    shown = page.get(f"/settings/accounts/{mastodon.id}/slots").content.decode()
    assert shown.index("We close.") < shown.index("We open.")


def test_a_shuffle_is_undone_from_the_page(cast: Cast, mastodon: Account, browser: Browser) -> None:
    page = browser(cast.alice)
    page.post(f"/settings/accounts/{mastodon.id}/slots/add", {"days": list("0123456"), "times": "9:00"})
    for number in range(3):
        page.post("/write", {"text": f"Text {number}.", "do": "schedule", "key": f"k{number}", "when": "queue",
                             "accounts": [str(mastodon.id)]})  # fmt: skip
    before = list(Part.objects.order_by("planned_at").values_list("text", flat=True))
    assert (
        "Back to the order before"
        in page.post(f"/settings/accounts/{mastodon.id}/queue/shuffle", follow=True).content.decode()
    )
    assert list(Part.objects.order_by("planned_at").values_list("text", flat=True)) != before
    page.post(f"/settings/accounts/{mastodon.id}/queue/shuffle", {"do": "undo"})
    assert list(Part.objects.order_by("planned_at").values_list("text", flat=True)) == before


@pytest.mark.parametrize("times", ["25:00", "noon", "9:99"])
def test_a_time_that_is_none_is_refused_and_nothing_is_added(
    cast: Cast, mastodon: Account, browser: Browser, times: str
) -> None:
    answer = browser(cast.alice).post(
        f"/settings/accounts/{mastodon.id}/slots/add", {"days": ["0"], "times": f"09:00 {times}"}, follow=True
    )
    assert "no time of day" in answer.content.decode()
    assert QueueSlot.objects.count() == 0


def test_one_repeat_is_skipped_paused_reworded_and_ended(cast: Cast, mastodon: Account, browser: Browser) -> None:
    page = browser(cast.alice)
    page.post("/write", typed(mastodon))
    recurrence = Recurrence.objects.get()
    second = Occurrence.objects.order_by("planned_at")[1]
    here = f"/repeats/{recurrence.id}"
    page.post(f"{here}/occurrence", {"local": second.local, "do": "skip"})
    assert Part.objects.filter(state="waiting").count() == planned_ahead() - 1
    page.post(f"{here}/occurrence", {"local": second.local, "do": "unskip"})
    assert Part.objects.filter(state="waiting").count() == planned_ahead()
    page.post(f"/write/{recurrence.post_id}", {"text": "We open at ten.", "revision": "1", "language": "en"})
    assert set(Part.objects.filter(state="waiting").values_list("text", flat=True)) == {"We open at ten."}
    page.post(f"{here}/texts", {"repeat_text": "Good morning."})
    assert "Good morning." in page.get(here).content.decode()
    page.post(f"{here}/pause")
    assert not Part.objects.filter(state="waiting").exists()
    assert "Paused" in page.get("/repeats").content.decode()
    page.post(f"{here}/resume")
    changed = page.post(here, typed(mastodon, repeat_every="weekly", repeat_days=["FR"]), follow=True)
    assert "Every week on Friday at 09:00" in changed.content.decode()
    assert "Good morning." in changed.content.decode()
    page.post(f"{here}/end")
    assert "Ended" in page.get("/repeats").content.decode()


def test_who_may_not_publish_sees_repeats_and_changes_nothing(
    cast: Cast, mastodon: Account, browser: Browser
) -> None:
    recurrence = repeat(cast.alice, mastodon)
    bob, charlie = browser(cast.bob), browser(cast.charlie)
    shown = bob.get(f"/repeats/{recurrence.id}").content.decode()
    assert "Change all later times" not in shown
    assert bob.post(f"/repeats/{recurrence.id}/pause").status_code == 403
    assert charlie.get(f"/repeats/{recurrence.id}").status_code == 404
    assert "Nothing repeats yet" in charlie.get("/repeats").content.decode()


def test_a_post_of_the_calendar_becomes_evergreen(cast: Cast, mastodon: Account, browser: Browser) -> None:
    part = schedule(cast.alice, write(cast.alice, "Tea keeps in a dark tin."), mastodon, after=7200)[0].parts.get()
    page = browser(cast.alice)
    assert "Evergreen" in page.get(f"/calendar/parts/{part.id}").content.decode()
    wish = {"post": str(part.delivery.post_id), "account": str(mastodon.id)}
    answer = page.post("/repeats/evergreens", wish, follow=True)
    assert "Tea keeps in a dark tin." in answer.content.decode()
    page.post(f"/repeats/evergreens/{Evergreen.objects.get().id}/unmark", {"account": str(mastodon.id)})
    assert Evergreen.objects.count() == 0


def test_a_zone_that_the_tz_database_dropped_is_said_and_breaks_no_page(
    cast: Cast, mastodon: Account, browser: Browser
) -> None:
    recurrence = repeat(cast.alice, mastodon)
    Recurrence.objects.update(zone="Europe/Lutetia", waiting_code="zone_unknown", waiting_words="No such zone.")
    Account.objects.filter(id=mastodon.id).update(zone="Europe/Lutetia")
    page = browser(cast.alice)
    page.post(f"/settings/accounts/{mastodon.id}/slots/add", {"days": ["0"], "times": "9:00"})
    assert "exists no more" in page.get(f"/settings/accounts/{mastodon.id}/slots").content.decode()
    assert "No such zone." in page.get(f"/repeats/{recurrence.id}").content.decode()
    assert page.get("/repeats").status_code == 200
    assert order().zone == "Europe/Paris"
