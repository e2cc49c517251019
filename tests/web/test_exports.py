"""Exports: what a member may see, all of it, safe for spreadsheets, and noted."""

import csv
import io
import json
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pluralis.core.exporting import written
from pluralis.inbox.actions import ingest
from pluralis.inbox.queries.exports import KINDS, Wanted
from pluralis.networks.contract import Batch, Incoming, Reference, RemoteProfile
from pluralis.networks.fake.x import FakeX
from pluralis.publishing import sending
from pluralis.teams.models import Account, AuditEntry, Membership, Role
from tests.apps.cast import Cast, connect, make_user, schedule, write

pytestmark = pytest.mark.django_db(transaction=True)


def span(days: int = 2) -> Wanted:
    now = timezone.now()
    return Wanted(now - timedelta(days=days), now + timedelta(days=days))


def rows(actor: Membership, what: str, wanted: Wanted | None = None) -> list[dict[str, object]]:
    return list(KINDS[what].rows(actor, wanted or span()))


def incoming(number: int, text: str) -> Incoming:
    author = RemoteProfile(remote_id="77", handle="dana", display_name="Dana", url="https://x.example/dana")
    return Incoming(reference=Reference(str(number)), kind="mention", author=author, text=text,
                    url=f"https://x.example/{number}", created_at=timezone.now())  # fmt: skip


def test_a_post_its_delivery_and_its_attempt_are_told_with_all_their_columns(cast: Cast, account: Account) -> None:
    schedule(cast.alice, write(cast.alice, "One.", "Two."), account, after=3600)
    sent = schedule(cast.alice, write(cast.alice, "Out."), account)[0].parts.get()
    sending.publish_part(str(sent.id), worker="here:1")
    told = {what: rows(cast.alice, what) for what in KINDS}
    assert [row["text"] for row in told["posts"]] == ["One.\n---\nTwo.", "Out."]
    assert {row["accounts"] for row in told["posts"]} == {"x:@Norlune"}
    assert sorted((str(row["state"]), row["position"]) for row in told["deliveries"]) == [
        ("sent", 1),
        ("waiting", 1),
        ("waiting", 2),
    ]
    assert [row["outcome"] for row in told["attempts"]] == ["sent"]
    for what, kind in KINDS.items():
        assert all(tuple(row) == kind.columns for row in told[what])


def test_messages_leave_without_personal_data(cast: Cast, account: Account) -> None:
    ingest(account, "mentions", Batch((incoming(1, "Call me on +33 6 12 34 56 78, please"),), None), timezone.now())
    [message] = rows(cast.alice, "messages")
    assert "12 34 56" not in str(message["text"]) and message["author"] == "@dana"


def test_an_employee_takes_home_their_own_only_and_another_team_nothing(
    cast: Cast, account: Account, x: FakeX
) -> None:
    schedule(cast.alice, write(cast.alice, "Ours."), account, after=3600)
    seat = Membership.objects.create(
        team=cast.alice.team, user=make_user("Eve"), role=Role.EMPLOYEE, created_at=timezone.now()
    )
    own = connect(cast.alice, x, "Eve", "employee")
    Account.objects.filter(id=own.id).update(member=seat)
    for what in KINDS:
        assert rows(seat, what) == [] and rows(cast.charlie, what) == []


def test_days_and_accounts_narrow_what_is_told(cast: Cast, account: Account, x: FakeX) -> None:
    other = connect(cast.alice, x, "Norlune_help", "support")
    schedule(cast.alice, write(cast.alice, "Main."), account, after=3600)
    schedule(cast.alice, write(cast.alice, "Help."), other, after=86400 * 3)
    now = timezone.now()
    assert [row["text"] for row in rows(cast.alice, "deliveries")] == ["Main."]
    week = Wanted(now, now + timedelta(days=7), [other.id])
    assert [row["text"] for row in rows(cast.alice, "deliveries", week)] == ["Help."]


def test_more_than_a_page_is_told_whole_and_once(
    cast: Cast, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pluralis.inbox.queries.exports.PAGE", 2)
    for number in range(5):
        schedule(cast.alice, write(cast.alice, f"Number {number}."), account, after=3600)
    assert len({row["id"] for row in rows(cast.alice, "deliveries")}) == 5


def test_a_cell_that_could_be_a_formula_gets_its_apostrophe_in_csv_only() -> None:
    told = [{"text": "=1+1"}, {"text": "@dana"}, {"text": "Plain, with a comma"}]
    table = list(csv.reader(io.StringIO("".join(written(told, ["text"], "csv")).lstrip("\ufeff"))))
    assert table == [["text"], ["'=1+1"], ["'@dana"], ["Plain, with a comma"]]
    assert json.loads("".join(written(told, ["text"], "json"))) == told
    assert json.loads("".join(written([], ["text"], "json"))) == []


def test_the_page_gives_the_file_and_the_audit_log_says_so(
    cast: Cast, account: Account, browser: Callable[[Membership], Client]
) -> None:
    schedule(cast.alice, write(cast.alice, "Ours."), account, after=3600)
    client = browser(cast.alice)
    assert "Take the file" in client.get(reverse("exports")).content.decode()
    today = timezone.localdate()
    asked = {
        "what": "deliveries",
        "kind": "csv",
        "first": today.isoformat(),
        "last": (today + timedelta(1)).isoformat(),
    }
    response = client.post(reverse("export_file"), asked)
    assert response.headers["Content-Disposition"].endswith('.csv"')
    assert b"Ours." in b"".join(response)
    assert AuditEntry.objects.filter(action="teams.export.made", data__what="deliveries").count() == 1
    assert client.post(reverse("export_file"), asked | {"accounts": [str(uuid.uuid4())]}).status_code in (302, 404)
    assert client.post(reverse("export_file"), asked | {"last": "2001-01-01"}).status_code == 422
