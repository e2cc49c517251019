"""Working together, as browsers see it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from pluralis.inbox.actions import ingest, raise_alarms
from pluralis.inbox.models import Alarm, AlarmRule, Conversation, Message, Note, Notice, Presence, RoutingRule
from pluralis.networks.contract import Batch
from pluralis.teams.models import Account, DutyChange, DutyNote, Membership, ServiceHours, Shift
from pluralis.web.views import teamwork
from tests.apps.cast import Cast
from tests.apps.inbox.test_review import incoming
from tests.web.conftest import refused_by_policy

pytestmark = pytest.mark.django_db
Browser = Callable[[Membership], Client]


@pytest.fixture
def found(account: Account) -> Conversation:
    ingest(account, "mentions", Batch((incoming(1), incoming(2, "And my router is warm.")), None), timezone.now())
    return Conversation.objects.order_by("created_at", "id")[0]


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    html = response.content.decode()
    assert refused_by_policy(html) == []
    return html


PAGES = ["/duty", "/duty?week=2026-03-29", "/duty?week=nonsense", "/inbox/alarms", "/inbox/times",
         "/inbox/times?days=7",
         "/settings/routing", "/settings/answering", "/settings/answering/team", "/settings/profile"]  # fmt: skip


def test_every_page_opens_empty_and_full_in_every_language(cast: Cast, browser: Browser, found: Conversation) -> None:
    alice = browser(cast.alice)
    for language in ("en", "fr"):
        cast.alice.user.language = language
        cast.alice.user.save()
        for address in [*PAGES, f"/settings/answering/{found.account_id}", f"/inbox/{found.id}"]:
            page(alice, address)
    alice.post("/duty/shifts", {"member": str(cast.bob.id), "weekdays": range(7), "starts": "00:00", "ends": "00:00",
                                "zone": "Asia/Kuala_Lumpur"})  # fmt: skip
    alice.post("/duty/notes", {"text": "The shop is closed."})
    alice.post("/settings/routing/add", {"simple": "1"})
    for address in PAGES:
        page(alice, address)
    assert "The shop is closed." in page(browser(cast.bob), "/inbox")


def test_a_lead_plans_and_an_agent_changes_only_their_own_days(cast: Cast, browser: Browser) -> None:
    alice, bob = browser(cast.alice), browser(cast.bob)
    shift = {"member": str(cast.bob.id), "weekdays": [0, 1], "starts": "09:00", "ends": "17:00",
             "zone": "Europe/Paris"}  # fmt: skip
    assert bob.post("/duty/shifts", shift).status_code == 403
    assert alice.post("/duty/shifts", shift).status_code == 302
    assert alice.post("/duty/shifts", shift | {"weekdays": []}).status_code == 422
    assert Shift.objects.count() == 2
    tomorrow = timezone.localtime() + timedelta(days=1)
    away = {"what": "off", "starts_at": f"{tomorrow:%Y-%m-%dT09:00}", "ends_at": f"{tomorrow:%Y-%m-%dT12:00}"}
    assert bob.post("/duty/changes", away | {"member": str(cast.alice.id)}).status_code == 403
    assert bob.post("/duty/changes", away | {"member": str(cast.bob.id)}).status_code == 302
    swap = away | {"what": "swap", "member": str(cast.bob.id), "covering": str(cast.alice.id)}
    assert bob.post("/duty/changes", swap).status_code == 302
    assert DutyChange.objects.count() == 3
    assert Notice.objects.get(member=cast.alice).kind == Notice.Kind.COVERING
    backwards = away | {"member": str(cast.bob.id), "ends_at": away["starts_at"]}
    assert bob.post("/duty/changes", backwards).status_code == 422


def test_a_hand_over_note_greets_the_next_until_it_is_read(cast: Cast, browser: Browser) -> None:
    alice, bob = browser(cast.alice), browser(cast.bob)
    bob.post("/duty/notes", {"text": "Dana calls back at noon.", "on": "0"})
    cast.bob.refresh_from_db()
    assert cast.bob.on_duty_since is None
    assert "Dana calls back" not in page(alice, "/inbox"), "who is off duty is not bothered"
    alice.post("/desk/duty", {"on": "1"})
    assert "Dana calls back" in page(alice, "/inbox")
    alice.post(f"/duty/notes/{DutyNote.objects.get().id}/read")
    assert "Dana calls back" not in page(alice, "/inbox")
    assert "Alice" in page(bob, "/duty").split("Read by")[1][:200]


def test_a_note_stands_in_the_conversation_and_calls_a_colleague(
    cast: Cast, browser: Browser, found: Conversation
) -> None:
    alice, bob = browser(cast.alice), browser(cast.bob)
    alice.post(f"/inbox/{found.id}/notes", {"text": "@Bob her line is known to be old."})
    assert "her line is known" in page(bob, f"/inbox/{found.id}")
    assert Notice.objects.get().member == cast.bob
    assert Notice.objects.get().seen_at is not None, "reading the conversation is seeing the notice"
    note = Note.objects.get()
    assert bob.post(f"/inbox/notes/{note.id}/remove").status_code == 403
    alice.post(f"/inbox/notes/{note.id}/remove")
    assert not Note.objects.exists()


def test_who_types_is_seen_by_the_others_and_not_by_another_team(
    cast: Cast, browser: Browser, found: Conversation
) -> None:
    alice, bob, address = browser(cast.alice), browser(cast.bob), f"/inbox/{found.id}/presence"
    assert bob.post(address, {"doing": "typing"}).status_code == 204
    assert "Bob is typing" in page(alice, address)
    assert "Bob" not in page(bob, address)
    bob.post(address, {"doing": "looking"})
    assert "Bob is looking" in page(alice, f"/inbox/{found.id}")
    bob.post(address, {"doing": "gone"})
    assert not Presence.objects.exists()
    assert browser(cast.charlie).post(address, {"doing": "typing"}).status_code == 404


def test_a_conversation_is_put_off_by_name_or_to_an_exact_time(
    cast: Cast, browser: Browser, found: Conversation
) -> None:
    bob, address = browser(cast.bob), f"/inbox/{found.id}/snooze"
    bob.post(address, {"later": "tomorrow"})
    found.refresh_from_db()
    assert (found.state, found.snoozed_until > timezone.now()) == ("snoozed", True)
    when = timezone.localtime() + timedelta(days=3)
    bob.post(address, {"at": f"{when:%Y-%m-%dT%H:%M}"})
    found.refresh_from_db()
    assert f"{timezone.localtime(found.snoozed_until):%Y-%m-%dT%H:%M}" == f"{when:%Y-%m-%dT%H:%M}"
    before = found.snoozed_until
    for wrong in ({}, {"at": "soon"}, {"at": "2001-01-01T10:00"}):
        bob.post(address, wrong)
        found.refresh_from_db()
        assert found.snoozed_until == before


def test_two_conversations_are_merged_and_taken_apart_again(
    cast: Cast, browser: Browser, found: Conversation
) -> None:
    bob, other = browser(cast.bob), Conversation.objects.exclude(id=found.id).get()
    assert other.excerpt[:20] in page(bob, f"/inbox/{found.id}")
    response = bob.post(f"/inbox/{found.id}/merge", {"other": str(other.id)}, follow=True)
    assert found.messages.count() == 2
    assert bob.get(f"/inbox/{other.id}").headers["Location"] == f"/inbox/{found.id}"
    undo = response.content.decode().split("/undo")[0].rsplit('"', 1)[1] + "/undo"
    bob.post(undo)
    assert (found.messages.count(), other.messages.count()) == (1, 1)


def test_many_are_resolved_at_once_and_opened_again(cast: Cast, browser: Browser, found: Conversation) -> None:
    bob = browser(cast.bob)
    ids = [str(each.id) for each in Conversation.objects.all()]
    response = bob.post("/inbox/bulk", {"do": "resolve", "id": ids}, follow=True)
    assert "2 resolved." in response.content.decode()
    assert set(Conversation.objects.values_list("state", flat=True)) == {"resolved"}
    undo = response.content.decode().split('action="/inbox/bulk?')[1].split('"')[0].replace("&amp;", "&")
    bob.post(f"/inbox/bulk?{undo}")
    assert set(Conversation.objects.values_list("state", flat=True)) == {"open"}
    browser(cast.alice).post(f"/inbox/{found.id}/claim")
    told = bob.post("/inbox/bulk", {"do": "claim", "id": ids}, follow=True).content.decode()
    assert "1 is yours." in told and "Alice is already on it." in told


HOURS = {"zone": "Europe/Paris", "answer_minutes": "60", "resolve_minutes": "", "day0": "9:00 - 12:00, 13h00-18h00",
         "day5": "22:00-06:00"}  # fmt: skip


def test_hours_are_saved_per_account_and_followed_again(cast: Cast, browser: Browser, found: Conversation) -> None:
    alice = browser(cast.alice)
    whose = f"/settings/answering/{found.account_id}"
    assert alice.post(f"{whose}/hours", HOURS).status_code == 302
    row = ServiceHours.objects.get()
    assert row.week[0] == [["09:00", "12:00"], ["13:00", "18:00"]] and row.week[5] == [["22:00", "06:00"]]
    assert "09:00-12:00, 13:00-18:00" in page(alice, whose)
    for wrong in ("nine to five", "09:00", "25:70-26:00", "09:00-99:99"):
        assert alice.post(f"{whose}/hours", HOURS | {"day0": wrong}).status_code == 422, wrong
    found.refresh_from_db()
    assert found.answer_due_at is not None
    alice.post(f"{whose}/follow", {"what": "hours"})
    found.refresh_from_db()
    assert (ServiceHours.objects.count(), found.answer_due_at) == (0, None)
    assert browser(cast.bob).post(f"{whose}/hours", HOURS).status_code == 403


def test_days_off_come_one_by_one_or_from_a_calendar_file(cast: Cast, browser: Browser) -> None:
    alice, address = browser(cast.alice), "/settings/answering/team/days"
    alice.post(address, {"day": "2030-12-24", "name": "Eve"})
    year = timezone.localdate().year + 1
    calendar = (
        f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:{year}0101\nSUMMARY:New Year\nEND:VEVENT\nEND:VCALENDAR"
    )
    alice.post(address, {"file": SimpleUploadedFile("off.ics", calendar.encode())})
    assert [each["name"] for each in ServiceHours.objects.get().closed] == ["New Year", "Eve"]
    alice.post(address, {"open": "2030-12-24"})
    assert [each["name"] for each in ServiceHours.objects.get().closed] == ["New Year"]
    for wrong in (b"\xff\xfe nothing", b""):
        response = alice.post(address, {"file": SimpleUploadedFile("off.ics", wrong)})
        assert response.status_code == 422


def test_the_secret_of_a_webhook_is_shown_once(cast: Cast, browser: Browser) -> None:
    alice, address = browser(cast.alice), "/settings/answering/team/alarm"
    wished = {"minutes": "15", "mail_to": "lead@norlune.example", "webhook_url": "https://hooks.norlune.example/a"}
    first = alice.post(address, wished).content.decode()
    assert 'id="webhook-secret"' in first
    secret = first.split('id="webhook-secret">')[1].split("<")[0]
    assert len(secret) > 30
    assert alice.post(address, wished | {"minutes": "20"}).status_code == 302
    assert secret not in page(alice, "/settings/answering/team")
    assert secret.encode() not in bytes(AlarmRule.objects.get().sealed_secret)
    for wrong in ({"webhook_url": "http://hooks.norlune.example/"}, {"webhook_url": "https://a:b@x.example/"},
                  {"webhook_url": "https://x.example:8443/"}, {"mail_to": "nobody"}, {"minutes": "0"}):  # fmt: skip
        assert alice.post(address, wished | wrong).status_code == 422, wrong


def test_who_is_late_already_when_the_alarm_is_set_is_shown_and_does_not_ring(
    cast: Cast, browser: Browser, found: Conversation
) -> None:
    long_ago = timezone.now() - timedelta(hours=3)
    Account.objects.update(created_at=long_ago)
    Conversation.objects.update(waiting_since=long_ago)
    alice, team = browser(cast.alice), "/settings/answering/team"
    alice.post(f"{team}/alarm", {"minutes": "15"})
    many = Conversation.objects.count()
    assert (raise_alarms(now=timezone.now()), Alarm.objects.count()) == (0, 0)
    for address in (team, f"/settings/answering/{found.account_id}", "/inbox/alarms"):
        assert f"{many} people wait longer already" in page(alice, address)
    assert '/inbox/alarms#longer"' in page(alice, team)
    assert page(browser(cast.bob), "/inbox/alarms").partition('id="longer"')[2].count("data-row") == many
    assert "longer already" not in page(browser(cast.charlie), "/inbox/alarms")


def test_the_legend_shows_initials_and_a_name_only_where_its_owner_agreed(
    cast: Cast, browser: Browser, found: Conversation
) -> None:
    alice, stranger = browser(cast.alice), Client()
    alice.post(
        f"/settings/answering/{found.account_id}/initials", {"roles": ["agent"], "private": "on", "legend": "on"}
    )
    account = Account.objects.get(id=found.account_id)
    address = f"/legend/{account.settings['legend_key']}"
    shown = page(stranger, address)
    assert "^BO" in shown and "Bob" not in shown and "Alice" not in shown and "Norlune</title>" in shown
    browser(cast.bob).post("/settings/profile/legend", {"shown": "1"})
    assert "Bob" in page(stranger, address)
    assert not stranger.get(address).cookies
    assert stranger.get(address).headers["X-Robots-Tag"] == "noindex"
    alice.post(f"/settings/answering/{found.account_id}/initials", {"roles": ["agent"]})
    assert stranger.get(address).status_code == 404
    assert stranger.get("/legend/short").status_code == 404


def test_an_answer_is_signed_by_the_rule_and_counted_so(cast: Cast, browser: Browser, found: Conversation) -> None:
    browser(cast.alice).post(f"/settings/answering/{found.account_id}/initials", {"roles": ["agent"]})
    bob, message = browser(cast.bob), found.messages.get()
    bob.post(f"/inbox/{found.id}/answer", {"message": str(message.id), "text": "We look into it.", "key": "k1"})
    assert Message.objects.get(direction="out").text == "We look into it. ^BO"


def test_initials_are_counted_before_anything_is_sent(cast: Cast, browser: Browser, found: Conversation) -> None:
    address, exactly = f"/inbox/{found.id}/answer/preview", {"text": "x" * 278, "kind": "open"}
    said = [browser(cast.bob).post(address, exactly).content.decode()]
    browser(cast.alice).post(f"/settings/answering/{found.account_id}/initials", {"roles": ["agent"]})
    said += [browser(seat).post(address, exactly).content.decode() for seat in (cast.bob, cast.alice)]
    assert ["282 of 280" in each for each in said] == [False, True, False]


def test_a_rule_is_added_moved_and_removed_by_a_lead_only(cast: Cast, browser: Browser) -> None:
    alice, bob = browser(cast.alice), browser(cast.bob)
    assert bob.post("/settings/routing/add", {"simple": "1"}).status_code == 403
    alice.post("/settings/routing/add", {"simple": "1"})
    alice.post("/settings/routing/add", {"language": "fr", "members": [str(cast.bob.id)], "on_duty_only": "on"})
    first, second = RoutingRule.objects.all()
    alice.post(f"/settings/routing/{second.id}/move", {"up": "1"})
    assert [each.id for each in RoutingRule.objects.all()] == [second.id, first.id]
    alice.post(f"/settings/routing/{second.id}/remove")
    assert [each.id for each in RoutingRule.objects.all()] == [first.id]
    alice.post("/settings/routing/claims", {"minutes": "30"})
    assert 'value="30"' in page(alice, "/settings/routing")
    alice.post(f"/duty/languages/{cast.bob.id}", {"languages": "en, FR  ms"})
    cast.bob.refresh_from_db()
    assert cast.bob.languages == ["en", "fr", "ms"]


def test_more_alarms_than_a_page_shows_are_counted_and_all_of_them_a_press_away(
    cast: Cast, browser: Browser, found: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teamwork, "SOME_RINGING", 1)
    for conversation in Conversation.objects.all():
        Alarm.objects.create(team=found.team, account=found.account, conversation=conversation,
                             raised_at=timezone.now(), waiting_since=timezone.now())  # fmt: skip
    bob = browser(cast.bob)
    addresses = ("/inbox/alarms", "/inbox/alarms?all")
    some, whole = (page(bob, address).partition('id="ringing-title"')[2] for address in addresses)
    assert ("1 / 2" in some, 'href="?all"' in some, some.count("data-row")) == (True, True, 1)
    assert ('href="?all"' in whole, whole.count("data-row")) == (False, 2)
