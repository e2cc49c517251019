"""Programs share the inbox as people do: duty, notes, merge and split, routing, hours, alarms, answer times."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from pluralis.inbox.actions import ingest
from pluralis.inbox.models import Conversation, Note
from pluralis.networks.contract import Batch
from pluralis.teams.models import Account, Scope
from tests.api.conftest import Program
from tests.apps.cast import Cast
from tests.apps.inbox.test_review import incoming

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(account: Account) -> list[Conversation]:
    ingest(account, "mentions", Batch((incoming(1), incoming(2, "And my router is warm.")), None), timezone.now())
    return list(Conversation.objects.order_by("created_at", "id"))


def test_a_program_reads_and_changes_the_roster(cast: Cast, alice: Program, program: Callable[..., Program]) -> None:
    shift = {"member_id": str(cast.bob.id), "weekdays": [0, 1, 2, 3, 4, 5, 6], "starts": "00:00", "ends": "00:00",
             "zone": "Asia/Kuala_Lumpur"}  # fmt: skip
    made = alice.post("duty/shifts", shift, key="a")
    assert made.status_code == 201 and len(made.json()["shifts"]) == 7
    assert alice.post("duty/shifts", shift, key="a").json() == made.json(), "twice is once"
    duty = alice.get("duty").json()
    assert [each["name"] for each in duty["on_duty"]] == ["Bob"]
    assert {each["member_id"] for each in duty["roster"]} == {str(cast.bob.id)}
    assert program(cast.bob).post("duty/shifts", shift, key="b").status_code == 403
    now = timezone.now()
    swap = {"member_id": str(cast.bob.id), "covering_id": str(cast.alice.id), "starts_at": now.isoformat(),
            "ends_at": (now + timedelta(hours=1)).isoformat()}  # fmt: skip
    changes = program(cast.bob).post("duty/changes", swap, key="c").json()["changes"]
    assert sorted(each["on"] for each in changes) == [False, True]
    assert alice.post(f"duty/changes/{changes[0]['id']}/remove").status_code == 204
    far = (now + timedelta(days=200)).isoformat()
    assert alice.get("duty", end=far).status_code == 400
    assert program(cast.charlie).get("duty/shifts").json() == {"shifts": []}


def test_a_program_writes_notes_merges_splits_and_takes_it_back(
    cast: Cast, alice: Program, program: Callable[..., Program], two: list[Conversation]
) -> None:
    first, second = two
    note = alice.post(f"conversations/{first.id}/notes", {"text": "@Bob look"}, key="n")
    assert note.status_code == 201 and note.json()["mentions"] == [str(cast.bob.id)]
    assert alice.get(f"conversations/{first.id}/notes").json()["notes"] == [note.json()]
    merged = alice.post(f"conversations/{second.id}/merge", {"into_id": str(first.id)}).json()
    ids = [str(each) for each in first.messages.order_by("created_at").values_list("id", flat=True)]
    split = alice.post(f"conversations/{first.id}/split", {"message_ids": ids[1:]}).json()
    for made in (split, merged):
        assert alice.post(f"regroupings/{made['id']}/undo").status_code == 200
    assert [each.messages.count() for each in two] == [1, 1]
    for outside in (program(cast.charlie).get(f"conversations/{first.id}/notes"),
                    program(cast.charlie).post(f"regroupings/{merged['id']}/undo")):  # fmt: skip
        assert outside.status_code == 404
    reader = program(cast.alice, Scope.READ)
    assert reader.post(f"conversations/{first.id}/notes", {"text": "x"}, key="o").status_code == 403
    assert Note.objects.count() == 1


def test_a_program_sorts_many_and_reads_what_was_refused(
    cast: Cast, alice: Program, program: Callable[..., Program], two: list[Conversation]
) -> None:
    ids = [str(each.id) for each in two]
    alice.post(f"conversations/{ids[0]}/claim", {})
    bob = program(cast.bob).post("conversations/bulk", {"what": "claim", "conversation_ids": ids}).json()
    assert bob["done"] == ids[1:]
    assert [(each["conversation_id"], each["code"]) for each in bob["refused"]] == [(ids[0], "already_claimed")]
    assert alice.post("conversations/bulk", {"what": "snooze", "conversation_ids": ids}).status_code == 422


def test_a_program_sets_rules_and_hours_and_reads_times(
    cast: Cast, alice: Program, program: Callable[..., Program], two: list[Conversation]
) -> None:
    rules = {"rules": [{"language": "fr", "member_ids": [str(cast.bob.id)], "most_load": 3}, {}]}
    kept = alice.put("routing", rules).json()["rules"]
    assert [(each["language"], each["member_ids"], each["most_load"]) for each in kept] == [
        ("fr", [str(cast.bob.id)], 3), ("", [], None),
    ]  # fmt: skip
    assert program(cast.bob).put("routing", rules).status_code == 403
    hours = {"zone": "Europe/Paris", "week": [[["09:00", "18:00"]]] * 5 + [[], []], "answer_minutes": 60,
             "resolve_minutes": None}  # fmt: skip
    assert alice.put("hours", hours).json() == hours
    assert alice.get(f"accounts/{two[0].account_id}/hours").json() == hours
    assert alice.put("hours", hours | {"week": [[["nine", "five"]]] * 7}).status_code == 422
    assert alice.get(f"conversations/{two[0].id}").json()["answer_due_at"] is not None
    assert alice.get("answer-times").json()["rows"][0]["count"] == 2
    assert program(cast.charlie).get("answer-times").json() == {"rows": []}
    assert alice.get("alarms").json() == {"alarms": [], "waiting_longer": 0}
