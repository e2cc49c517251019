"""Repeats, queue slots and evergreen posts over the API."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from pluralis.publishing.models import Part, Recurrence
from pluralis.teams.models import Account, Scope
from tests.api.conftest import Program, program_of
from tests.apps.cast import Cast, write
from tests.apps.publishing.repeats import free_account


@pytest.fixture
def mastodon(cast: Cast) -> Account:
    return free_account(cast.alice)


def body(cast: Cast, account: Account, **more: Any) -> dict[str, Any]:
    tomorrow = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT09:00")
    return {
        "post_id": str(write(cast.alice, "We open at nine.").id), "account_ids": [str(account.id)],
        "rule": "FREQ=DAILY", "zone": "Europe/Paris", "start": tomorrow, **more,
    }  # fmt: skip


def test_a_repeat_is_set_up_once_read_and_changed(cast: Cast, alice: Program, mastodon: Account) -> None:
    wish = body(cast, mastodon)
    made = alice.post("repeats", wish, key="one")
    assert made.status_code == 201, made.content
    assert alice.post("repeats", wish, key="one").json() == made.json()
    found = made.json()
    assert [one["state"] for one in found["coming"][:2]] == ["planned", "planned"]
    assert found["accounts"][0]["handle"] == mastodon.handle
    assert [one["id"] for one in alice.get("repeats").json()] == [found["id"]]
    changed = alice.put(f"repeats/{found['id']}", wish | {"rule": "FREQ=WEEKLY;BYDAY=FR"})
    assert changed.json()["rule"] == "FREQ=WEEKLY;BYDAY=FR"
    assert Recurrence.objects.count() == 1


def test_one_time_is_skipped_brought_back_and_moved(cast: Cast, alice: Program, mastodon: Account) -> None:
    found = alice.post("repeats", body(cast, mastodon)).json()
    here, second = f"repeats/{found['id']}", found["coming"][1]["local"]
    assert alice.post(f"{here}/skip", {"local": second}).json()["coming"][1]["state"] == "skipped"
    assert alice.post(f"{here}/unskip", {"local": second}).json()["coming"][1]["state"] == "planned"
    to = (timezone.now() + timedelta(days=2, hours=3)).isoformat()
    moved = alice.post(f"{here}/move", {"local": second, "at": to}).json()["coming"]
    assert [one["local"] for one in moved if one["moved"]] == [second]
    assert alice.post(f"{here}/skip", {"local": "2031-01-01T00:00"}).json()["code"] == "occurrence_gone"


def test_it_pauses_resumes_takes_texts_and_ends(cast: Cast, alice: Program, account: Account) -> None:
    found = alice.post("repeats", body(cast, account)).json()
    assert found["waiting_code"] == "no_text_left"
    here = f"repeats/{found['id']}"
    more = alice.put(f"{here}/texts", {"texts": ["The terrace is open again.", "New teas arrived this morning."]})
    assert sum(one["state"] == "planned" for one in more.json()["coming"]) == 3
    assert alice.post(f"{here}/pause").json()["paused_at"]
    assert alice.post(f"{here}/resume").json()["paused_at"] is None
    assert alice.post(f"{here}/end").json()["ended_at"]
    assert alice.post(f"{here}/resume").json()["code"] == "repeat_ended"


def test_a_rule_is_previewed_and_a_wrong_one_is_refused_with_its_place(
    cast: Cast, alice: Program, mastodon: Account
) -> None:
    rule = {"rule": "FREQ=MONTHLY;BYMONTHDAY=-1", "zone": "Europe/Paris", "start": "2031-01-01T02:30"}
    shown = alice.post("repeats/preview", rule).json()
    assert shown["summary"] == "Every month on the last day at 02:30"
    assert len(shown["times"]) == 10
    wrong = alice.post("repeats/preview", rule | {"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}).json()
    assert (wrong["code"], list(wrong["fields"])) == ("rule_no_such_day", ["rule"])
    assert alice.post("repeats", body(cast, mastodon, zone="Europe/Lutetia")).json()["code"] == "zone_unknown"
    assert alice.post("repeats", body(cast, mastodon, start="2031-01-01T09:00+01:00")).status_code == 400


def test_slots_are_set_a_post_takes_the_next_one_and_the_queue_is_arranged(
    cast: Cast, alice: Program, mastodon: Account
) -> None:
    here = f"accounts/{mastodon.id}"
    slots = {"slots": [{"weekday": day, "time": "09:00"} for day in range(7)]}
    assert alice.put(f"{here}/slots", slots).json() == {"zone": "Europe/Paris"} | slots
    for text in ("One.", "Two."):
        made = alice.post(f"posts/{write(cast.alice, text).id}/queue", {"account_ids": [str(mastodon.id)]})
        assert made.status_code == 201
    queue = alice.get(f"{here}/queue").json()
    turned = alice.put(f"{here}/queue", {"delivery_ids": [one["id"] for one in queue[::-1]]}).json()
    assert [one["id"] for one in turned] == [one["id"] for one in queue[::-1]]
    assert len(alice.post(f"{here}/queue/shuffle").json()) == 2
    assert alice.put(f"{here}/queue", {"delivery_ids": []}).json()["code"] == "queue_changed"
    assert Part.objects.count() == 2


def test_a_post_becomes_evergreen_and_stops_being_it(cast: Cast, alice: Program, mastodon: Account) -> None:
    here = f"accounts/{mastodon.id}/evergreens"
    made = alice.post(here, {"post_id": str(write(cast.alice, "Tea keeps in a dark tin.").id)}).json()
    assert [one["id"] for one in alice.get(here).json()] == [made["id"]]
    gone = alice.client.delete(f"/api/evergreens/{made['id']}", headers=alice._headers())
    assert gone.status_code == 204 and alice.get(here).json() == []


def test_a_program_that_may_only_read_and_another_team_change_nothing(
    cast: Cast, alice: Program, mastodon: Account
) -> None:
    found = alice.post("repeats", body(cast, mastodon)).json()
    reader, other = program_of(cast.alice, Scope.READ), program_of(cast.charlie)
    assert reader.post(f"repeats/{found['id']}/pause").json()["code"] == "scope_missing"
    assert other.get(f"repeats/{found['id']}").status_code == 404
    assert other.get("repeats").json() == []
    assert other.put(f"accounts/{mastodon.id}/slots", {"slots": []}).status_code == 404
