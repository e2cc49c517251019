"""The calendar's views: what stands where, in whose clock, what is filtered, and how it is turned."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pluralis.networks.fake.x import FakeX
from pluralis.posts.actions import copy_post
from pluralis.posts.models import Post, PostState
from pluralis.publishing.models import Delivery, Part
from pluralis.publishing.queries import QUEUE_PAGE, queue_page, sent_page
from pluralis.teams.errors import NotFound
from pluralis.teams.models import Account, Membership
from pluralis.web.timetable import Timetable, Wanted, day_of, instant_at, mark_of
from tests.apps.cast import Cast, connect, schedule, write

Browser = Callable[[Membership], Client]
CALENDAR = reverse("calendar")


@pytest.fixture
def support(cast: Cast, x: FakeX) -> Account:
    """Norlune's second account."""
    return connect(cast.alice, x, "NorluneHelp", "support")


def plan(cast: Cast, account: Account, text: str, at: datetime, zone: str = "Europe/Paris") -> Part:
    """Plan one message at an instant, whatever the hour is now."""
    [delivery] = schedule(cast.alice, write(cast.alice, text), account, after=86400)
    Delivery.objects.filter(id=delivery.id).update(planned_at=at, zone=zone)
    Part.objects.filter(delivery=delivery).update(planned_at=at, due_at=at)
    return delivery.parts.get()


def next_monday(hour: int, minute: int = 0) -> datetime:
    """Next week's Monday by the clock of the tests' reader, UTC."""
    today = timezone.localdate()
    monday = today + timedelta(days=7 - today.weekday())
    return datetime(monday.year, monday.month, monday.day, hour, minute, tzinfo=UTC)


def page(client: Client, words: str = "") -> str:
    answer = client.get(CALENDAR + words)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


@pytest.mark.parametrize("view", ["list", "day", "week", "month", "queue"])
def test_every_view_shows_what_is_planned_to_its_team_only(
    cast: Cast, account: Account, browser: Browser, view: str
) -> None:
    at = next_monday(10, 15)
    plan(cast, account, "We open on Thursday.", at)
    words = f"?view={view}&from={at:%Y-%m-%d}"
    assert "We open on Thursday." in page(browser(cast.bob), words)
    assert "We open on Thursday." not in page(browser(cast.charlie), words)


def test_the_hour_of_another_zone_stands_beside_the_readers(cast: Cast, account: Account, browser: Browser) -> None:
    plan(cast, account, "Bonjour", next_monday(10), zone="Asia/Kuala_Lumpur")
    html = page(browser(cast.alice), f"?from={next_monday(10):%Y-%m-%d}")
    assert "18:00 in Asia/Kuala_Lumpur" in html


def test_the_readers_own_zone_is_not_said_twice(cast: Cast, account: Account, browser: Browser) -> None:
    plan(cast, account, "Hello", next_monday(10), zone="Atlantic/Reykjavik")
    assert "Reykjavik" not in page(browser(cast.bob), f"?from={next_monday(10):%Y-%m-%d}")


def test_a_zone_that_no_longer_exists_breaks_no_page(cast: Cast, account: Account, browser: Browser) -> None:
    plan(cast, account, "Hello", next_monday(10), zone="Mars/Olympus")
    assert "Hello" in page(browser(cast.bob), f"?from={next_monday(10):%Y-%m-%d}")


def test_the_week_begins_on_monday_and_gives_each_hour_a_place_to_drop(
    cast: Cast, account: Account, browser: Browser
) -> None:
    at = next_monday(10, 15)
    plan(cast, account, "We open on Thursday.", at)
    html = page(browser(cast.alice), f"?view=week&from={at + timedelta(days=3):%Y-%m-%d}")
    assert f'data-at="{at:%Y-%m-%d}T10"' in html
    assert 'data-minutes="15"' in html


def test_empty_hours_are_left_out_until_they_are_asked_for(cast: Cast, account: Account, browser: Browser) -> None:
    at = next_monday(22)
    plan(cast, account, "Good night", at)
    alice = browser(cast.alice)
    shown = page(alice, f"?view=week&from={at:%Y-%m-%d}")
    assert ">22:00</th>" in shown and ">03:00</th>" not in shown
    assert ">03:00</th>" in page(alice, f"?view=week&hours=all&from={at:%Y-%m-%d}")


def test_a_day_sets_the_accounts_side_by_side(
    cast: Cast, account: Account, support: Account, browser: Browser
) -> None:
    at = next_monday(9)
    plan(cast, account, "From the main one", at)
    plan(cast, support, "From the support one", at)
    html = page(browser(cast.alice), f"?view=day&from={at:%Y-%m-%d}")
    row = html[html.index(">09:00</th>") : html.index(">10:00</th>")]
    assert "From the main one" in row and "From the support one" in row


def test_accounts_are_filtered_and_the_filter_stays_on_every_link(
    cast: Cast, account: Account, support: Account, browser: Browser
) -> None:
    at = next_monday(9)
    plan(cast, account, "From the main one", at)
    plan(cast, support, "From the support one", at)
    html = page(browser(cast.alice), f"?view=week&from={at:%Y-%m-%d}&account={support.id}")
    assert "From the support one" in html and "From the main one" not in html
    assert f"view=month&from={at:%Y-%m-%d}&account={support.id}" in html


@pytest.mark.parametrize(
    ("shows", "seen"), [("planned", {"Planned one"}), ("out", {"Sent one"}), ("", {"Planned one", "Sent one"})]
)
def test_states_are_filtered(cast: Cast, account: Account, browser: Browser, shows: str, seen: set[str]) -> None:
    plan(cast, account, "Planned one", next_monday(9))
    sent = plan(cast, account, "Sent one", next_monday(10))
    for state in ("sending", "sent"):
        Part.objects.filter(id=sent.id).update(state=state, remote_id="1", sent_at=next_monday(10))
    html = page(browser(cast.alice), f"?from={next_monday(9):%Y-%m-%d}&shows={shows}")
    assert {text for text in ("Planned one", "Sent one") if text in html} == seen


def test_silent_days_to_come_are_named_with_a_way_to_fill_them(
    cast: Cast, account: Account, browser: Browser
) -> None:
    monday = next_monday(9)
    plan(cast, account, "First", monday)
    plan(cast, account, "Second", monday + timedelta(days=4))
    html = page(browser(cast.alice), f"?from={monday:%Y-%m-%d}")
    assert "3 days without a post" in html
    assert f"{reverse('write')}?at={monday + timedelta(days=1):%Y-%m-%d}T10:00" in html


def test_the_time_of_a_place_on_the_calendar_stands_in_the_form(cast: Cast, browser: Browser) -> None:
    answer = browser(cast.alice).get(reverse("write") + "?at=2031-05-02T10:00")
    assert 'value="2031-05-02T10:00"' in answer.content.decode()


@pytest.mark.parametrize("at", ["tomorrow", "2031-02-30T10:00", '"><script>'])
def test_a_mistyped_time_for_the_form_is_no_time(cast: Cast, browser: Browser, at: str) -> None:
    answer = browser(cast.alice).get(reverse("write"), {"at": at})
    assert answer.status_code == 200
    assert f'value="{at}"' not in answer.content.decode()


@pytest.mark.parametrize(
    "words",
    [
        "?view=nonsense", "?view=week&from=9999-12-31", "?view=month&from=0001-01-01", "?account=me&account=%00",
        "?view=queue&after=now", "?view=sent&after=2026-01-01T00:00:00_x", "?shows=all&hours=none",
    ],
)  # fmt: skip
def test_a_mistyped_address_shows_a_calendar_all_the_same(cast: Cast, browser: Browser, words: str) -> None:
    page(browser(cast.bob), words)


def test_a_post_is_dropped_on_an_hour_and_moved_back_by_undo(cast: Cast, account: Account, browser: Browser) -> None:
    at = next_monday(10, 15)
    part = plan(cast, account, "We open on Thursday.", at)
    alice = browser(cast.alice)
    # Alice's desk runs by the clock of her profile.
    cast.alice.user.zone = "Europe/Paris"
    cast.alice.user.save()
    answer = alice.post(
        reverse("delivery_move", args=[part.delivery_id]),
        {"at": f"{at:%Y-%m-%d}T15:15", "next": CALENDAR},
        follow=True,
    )
    part.refresh_from_db()
    assert part.planned_at.astimezone(UTC).hour in (13, 14)
    undo = reverse("delivery_move_back", args=[part.delivery_id, int(at.timestamp())])
    assert undo in answer.content.decode()
    alice.post(undo)
    part.refresh_from_db()
    assert part.planned_at == at


def test_an_undo_from_long_ago_is_refused_and_moves_nothing(cast: Cast, account: Account, browser: Browser) -> None:
    part = plan(cast, account, "Hello", next_monday(9))
    answer = browser(cast.alice).post(reverse("delivery_move_back", args=[part.delivery_id, 10**17]), follow=True)
    part.refresh_from_db()
    assert part.planned_at == next_monday(9)
    assert b"This time has passed." in answer.content


def test_the_queue_loses_no_post_of_the_same_instant_between_its_pages(cast: Cast, account: Account) -> None:
    at = next_monday(9)
    [delivery] = schedule(cast.alice, write(cast.alice, "one"), account, after=86400)
    first = delivery.parts.get()
    Part.objects.filter(id=first.id).update(due_at=at, planned_at=at)
    for position in range(1, QUEUE_PAGE + 5):
        first.pk, first.position, first.due_at, first.planned_at = uuid.uuid4(), position, at, at
        first.save(force_insert=True)
    seen = queue_page(cast.alice)
    seen += queue_page(cast.alice, (seen[-1].due_at, seen[-1].id))
    assert len({part.id for part in seen}) == len(seen) == QUEUE_PAGE + 5


def test_the_sent_page_goes_back_in_time(cast: Cast, account: Account) -> None:
    parts = [plan(cast, account, f"post {number}", next_monday(9)) for number in range(3)]
    for number, part in enumerate(parts):
        for state in ("sending", "sent"):
            Part.objects.filter(id=part.id).update(
                state=state, remote_id=str(number), sent_at=timezone.now() - timedelta(hours=number)
            )
    newest = sent_page(cast.alice)
    assert [part.id for part in newest] == [part.id for part in parts]
    assert newest[0].sent_at is not None
    assert sent_page(cast.alice, (newest[0].sent_at, newest[0].id)) == newest[1:]


def test_the_queue_takes_one_query(cast: Cast, account: Account, django_assert_num_queries: Callable) -> None:  # type: ignore[type-arg]
    plan(cast, account, "Hello", next_monday(9))
    with django_assert_num_queries(1):
        [str(part.delivery.post_id) + part.account.handle for part in queue_page(cast.alice)]


def test_a_copy_is_a_new_draft_that_answers_nobody(cast: Cast, account: Account, browser: Browser) -> None:
    post = write(cast.alice, "One", "Two", reply_to={"remote_id": "5"})
    answer = browser(cast.alice).post(reverse("post_copy", args=[post.id]))
    [copy] = Post.objects.exclude(id=post.id)
    assert answer.url == reverse("write_post", args=[copy.id])  # type: ignore[attr-defined]
    assert copy.state == PostState.DRAFT and copy.reply_to is None
    assert [one.text for one in copy.versions.get().segments.all()] == ["One", "Two"]


def test_another_teams_post_cannot_be_copied(cast: Cast) -> None:
    post = write(cast.alice, "Ours")
    with pytest.raises(NotFound):
        copy_post(actor=cast.charlie, post_id=post.id, client_key="k", now=timezone.now())


def test_the_same_copy_asked_twice_is_one_draft(cast: Cast) -> None:
    post = write(cast.alice, "Ours")
    first = copy_post(actor=cast.alice, post_id=post.id, client_key="k", now=timezone.now())
    assert copy_post(actor=cast.alice, post_id=post.id, client_key="k", now=timezone.now()) == first


@pytest.mark.parametrize(("typed", "day"), [("2026-11-22", date(2026, 11, 22)), ("0001-01-01", None), ("x", None)])
def test_a_day_is_read_or_is_none(typed: str, day: date | None) -> None:
    assert day_of(typed) == day


def test_a_mark_is_read_back_only_whole() -> None:
    part_id = uuid.uuid4()
    assert mark_of(f"2026-11-22T10:00:00+00:00_{part_id}") == (datetime(2026, 11, 22, 10, tzinfo=UTC), part_id)
    assert mark_of(f"2026-11-22T10:00:00_{part_id}") is None
    assert mark_of("2026-11-22T10:00:00+00:00_7") is None


def test_an_instant_beyond_any_calendar_is_the_first_of_all() -> None:
    assert instant_at(10**17) == datetime(1970, 1, 1, tzinfo=UTC)


def test_colours_follow_the_order_of_the_accounts(cast: Cast, account: Account, support: Account) -> None:
    table = Timetable(cast.alice, Wanted(), [account, support])
    assert [chip["hue"] for chip in table.chips("week")] == [0, 1]
