"""Alarms: when they ring, whom they tell, and what becomes of a webhook that does not answer."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.core import mail
from django.test import override_settings
from django.utils import timezone

from pluralis import jobs
from pluralis.core.signing import is_genuine
from pluralis.inbox import actions, alarming
from pluralis.inbox.actions import WishedAlarm, set_alarm
from pluralis.inbox.actions.alarms import RETRIES, Try, forget_old_calls, record_try, secret_of
from pluralis.inbox.models import Alarm, AlarmCall
from pluralis.inbox.queries.teamwork import waiting_longer
from pluralis.networks.addresses import allow_private_origins
from pluralis.teams.actions import WishedHours, set_hours
from pluralis.teams.errors import Forbidden, Invalid
from pluralis.teams.models import Account
from pluralis.web.tasks import mail_alarm
from tests.apps.cast import Cast
from tests.apps.inbox.test_sharing import HOUR, MINUTE, MONDAY, WORK, hear, message

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def deferred(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict]]:
    """The jobs that are put into the engine, kept instead of worked on."""
    kept: list[tuple[str, dict]] = []
    monkeypatch.setattr(jobs, "defer", lambda name, **given: kept.append((name, given)))
    return kept


@pytest.fixture
def old(account: Account) -> Account:
    account.created_at = MONDAY - timedelta(days=90)
    account.save()
    return account


@contextmanager
def receiver(*answers: int) -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """A webhook's other end on loopback, which gives these answers one after the other."""
    heard: list[tuple[str, bytes]] = []
    left = list(answers)

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            heard.append((self.headers["pluralis-signature"], body))
            self.send_response(left.pop(0) if left else 200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_given: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Ear)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    origin = f"http://127.0.0.1:{server.server_port}"
    before = allow_private_origins([origin])
    try:
        yield f"{origin}/hooks/alarm?of=norlune", heard
    finally:
        allow_private_origins(before)
        server.shutdown()
        thread.join()
        server.server_close()


def alarm(cast: Cast, **wished: object) -> str:
    _rule, secret = set_alarm(actor=cast.alice, account_id=None, wished=WishedAlarm(**wished), now=MONDAY)  # type: ignore[arg-type]
    return secret


def test_it_rings_once_when_nobody_has_answered_in_time(cast: Cast, old: Account, deferred: list) -> None:
    alarm(cast, minutes=15)
    found = hear(old, message(1, at=MONDAY), now=MONDAY)
    assert actions.raise_alarms(now=MONDAY + 14 * MINUTE) == 0
    assert actions.raise_alarms(now=MONDAY + 15 * MINUTE) == 1
    assert actions.raise_alarms(now=MONDAY + 16 * MINUTE) == 0
    ringing = Alarm.objects.get()
    assert (ringing.conversation, ringing.waiting_since, ringing.ended_at) == (found, MONDAY, None)
    actions.resolve_conversation(actor=cast.bob, conversation_id=found.id, now=MONDAY + HOUR)
    ringing.refresh_from_db()
    assert ringing.ended_at == MONDAY + HOUR


@pytest.mark.parametrize(("outside", "rings_after"), [(False, 14.5 + 0.25), (True, 0.25)])
def test_it_is_quiet_outside_opening_hours_unless_chosen(
    cast: Cast, old: Account, deferred: list, outside: bool, rings_after: float
) -> None:
    set_hours(actor=cast.alice, account_id=None, wished=WishedHours("Europe/Paris", WORK), now=MONDAY)
    alarm(cast, minutes=15, outside_hours=outside)
    evening = MONDAY + 9.5 * HOUR
    found = hear(old, message(1, at=evening), now=evening)
    assert found.alarm_at == evening + rings_after * HOUR


def test_what_was_answered_or_is_old_news_rings_nobody(cast: Cast, old: Account, deferred: list) -> None:
    alarm(cast, minutes=15)
    hear(old, message(1, at=MONDAY - timedelta(days=2)), now=MONDAY)
    found = hear(old, message(2, at=MONDAY, by=78), now=MONDAY)
    actions.snooze_conversation(actor=cast.bob, conversation_id=found.id, until=MONDAY + HOUR, now=MONDAY)
    assert actions.raise_alarms(now=MONDAY + HOUR) == 0
    actions.wake_snoozed(now=MONDAY + HOUR)
    found.refresh_from_db()
    assert found.alarm_at is not None


def test_a_new_rule_rings_only_for_those_whose_limit_passes_from_then_on(
    cast: Cast, old: Account, deferred: list
) -> None:
    late = hear(old, message(1, at=MONDAY - HOUR, by=78), now=MONDAY)
    fresh = hear(old, message(2, at=MONDAY - 5 * MINUTE), now=MONDAY)
    alarm(cast, minutes=15)
    assert actions.raise_alarms(now=MONDAY) == 0
    assert [each.id for each in waiting_longer(cast.bob, MONDAY)] == [late.id]
    assert list(waiting_longer(cast.charlie, MONDAY)) == []
    assert actions.raise_alarms(now=MONDAY + 10 * MINUTE) == 1
    assert Alarm.objects.get().conversation == fresh
    assert [each.id for each in waiting_longer(cast.bob, MONDAY + HOUR)] == [late.id], "who rings is not named twice"
    actions.resolve_conversation(actor=cast.bob, conversation_id=late.id, now=MONDAY + HOUR)
    assert list(waiting_longer(cast.bob, MONDAY + HOUR)) == []


def test_a_shortened_rule_does_not_ring_for_a_whole_inbox_and_a_saved_one_loses_none(
    cast: Cast, old: Account, deferred: list
) -> None:
    alarm(cast, minutes=60)
    first = hear(old, message(1, at=MONDAY), now=MONDAY)
    for minutes, at in ((15, MONDAY + 30 * MINUTE), (60, MONDAY + 40 * MINUTE)):
        set_alarm(actor=cast.alice, account_id=None, wished=WishedAlarm(minutes), now=at)
        assert actions.raise_alarms(now=at) == 0
    first.refresh_from_db()
    assert first.alarm_at == MONDAY + HOUR, "a rule that is taken back counts as before"
    wished = WishedAlarm(60, mail_to=("lead@norlune.example",))
    set_alarm(actor=cast.alice, account_id=None, wished=wished, now=MONDAY + 61 * MINUTE)
    assert actions.raise_alarms(now=MONDAY + 61 * MINUTE) == 1, "it was about to ring when the rule was saved"


def test_mail_goes_to_whoever_is_on_duty_and_to_fixed_addresses_without_a_word_of_the_message(
    cast: Cast, old: Account, deferred: list
) -> None:
    alarm(cast, minutes=15, mail_on_duty=True, mail_to=("lead@norlune.example",))
    hear(old, message(1, "My IBAN is secret.", at=MONDAY), now=MONDAY)
    actions.raise_alarms(now=MONDAY + HOUR)
    calls = list(AlarmCall.objects.order_by("target"))
    assert sorted(each.target for each in calls) == sorted(["lead@norlune.example", cast.bob.user.email])
    assert [name for name, _given in deferred] == ["mail_alarm"] * 2
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        assert [mail_alarm(str(each.id)) for each in calls] == ["done", "done"]
        assert mail_alarm(str(calls[0].id)) == "done", "a job that runs twice mails once"
        assert len(mail.outbox) == 2
        assert (
            "secret" not in mail.outbox[0].body and f"/inbox/{calls[0].alarm.conversation_id}" in mail.outbox[0].body
        )
        assert "Norlune" in mail.outbox[0].subject


def test_without_a_mail_server_the_log_says_so(cast: Cast, old: Account, deferred: list) -> None:
    alarm(cast, minutes=15, mail_to=("lead@norlune.example",))
    hear(old, message(1, at=MONDAY), now=MONDAY)
    actions.raise_alarms(now=MONDAY + HOUR)
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend"):
        assert mail_alarm(str(AlarmCall.objects.get().id)) == "failed"
    assert AlarmCall.objects.get().tries[0]["said"] == "no mail server is set"


def test_a_webhook_is_told_signed_and_nothing_of_what_was_written(cast: Cast, old: Account, deferred: list) -> None:
    with receiver(200) as (url, heard):
        secret = alarm(cast, minutes=15, webhook_url=url)
        found = hear(old, message(1, "My IBAN is secret.", at=MONDAY), now=MONDAY)
        actions.raise_alarms(now=MONDAY + HOUR)
        assert deferred[0][0] == "call_alarm_webhook"
        assert alarming.call_webhook(deferred[0][1]["call_id"]) == "done"
        assert alarming.call_webhook(deferred[0][1]["call_id"]) == "done"
    ((header, body),) = heard
    assert is_genuine(header, secret, body, int(time.time()))
    assert not is_genuine(header, secret, body + b" ", int(time.time()))
    told = json.loads(body)
    assert told["conversation"]["id"] == str(found.id) and b"secret" not in body and b"IBAN" not in body
    call = AlarmCall.objects.get()
    assert (call.tries[0]["status"], call.next_at) == (200, None)


def test_a_webhook_that_fails_is_tried_a_bounded_number_of_times(cast: Cast, old: Account, deferred: list) -> None:
    with receiver(*[500] * 9) as (url, heard):
        alarm(cast, minutes=15, webhook_url=url)
        hear(old, message(1, at=MONDAY), now=MONDAY)
        actions.raise_alarms(now=MONDAY + HOUR)
        states = [alarming.call_webhook(AlarmCall.objects.get().id) for _each in range(7)]
        assert states == ["waiting"] * len(RETRIES) + ["failed"] * (7 - len(RETRIES))
        assert len(heard) == 1 + len(RETRIES)
    waits = [given["at"] for name, given in deferred if name == "call_alarm_webhook"][1:]
    assert len(waits) == len(RETRIES) and waits == sorted(waits)


@pytest.mark.parametrize(("status", "state"), [(410, "failed"), (302, "waiting"), (404, "waiting"), (204, "done")])
def test_the_answer_of_a_webhook_decides(cast: Cast, old: Account, deferred: list, status: int, state: str) -> None:
    with receiver(status) as (url, heard):
        alarm(cast, minutes=15, webhook_url=url)
        hear(old, message(1, at=MONDAY), now=MONDAY)
        actions.raise_alarms(now=MONDAY + HOUR)
        assert alarming.call_webhook(AlarmCall.objects.get().id) == state
        assert len(heard) == 1, "no redirect is followed"


def test_a_webhook_never_reaches_into_the_private_network(cast: Cast, old: Account, deferred: list) -> None:
    alarm(cast, minutes=15, webhook_url="https://localhost/hook")
    hear(old, message(1, at=MONDAY), now=MONDAY)
    actions.raise_alarms(now=MONDAY + HOUR)
    assert alarming.call_webhook(AlarmCall.objects.get().id) in ("failed", "waiting")
    assert "private" in AlarmCall.objects.get().tries[0]["said"]


@pytest.mark.parametrize("url", ["http://x.example/", "https://10.0.0.1:99/", "ftp://x.example/", "https://a@x.example/",
                                 "https://x.example/\nHost: y", "nonsense"])  # fmt: skip
def test_an_address_that_cannot_be_right_is_refused(cast: Cast, url: str) -> None:
    with pytest.raises(Invalid):
        alarm(cast, minutes=15, webhook_url=url)


def test_only_a_lead_sets_alarms_and_a_changed_address_gets_a_new_secret(cast: Cast, deferred: list) -> None:
    with pytest.raises(Forbidden):
        set_alarm(actor=cast.bob, account_id=None, wished=WishedAlarm(5), now=MONDAY)
    first = alarm(cast, minutes=5, webhook_url="https://a.example/")
    assert alarm(cast, minutes=6, webhook_url="https://a.example/") == ""
    rule, second = set_alarm(actor=cast.alice, account_id=None, wished=WishedAlarm(6, webhook_url="https://b.example/"),
                             now=MONDAY)  # fmt: skip
    assert len({first, second, ""}) == 3
    assert secret_of(rule) == second


def test_old_calls_are_forgotten_and_ringing_ones_are_not(cast: Cast, old: Account, deferred: list) -> None:
    alarm(cast, minutes=15, mail_to=("lead@norlune.example",))
    hear(old, message(1, at=MONDAY), now=MONDAY)
    actions.raise_alarms(now=MONDAY + HOUR)
    assert forget_old_calls(now=MONDAY + timedelta(days=400)) == 0
    record_try(call_id=AlarmCall.objects.get().id, outcome=Try(True), now=timezone.now())
    Alarm.objects.update(ended_at=MONDAY + HOUR)
    assert forget_old_calls(now=MONDAY + timedelta(days=91)) == 2
