"""People and saved views over the API: what the pages can do, a program can do."""

from typing import Any

import pytest

from pluralis.inbox.models import Contact
from pluralis.teams.models import Account, Membership, Role
from tests.api.conftest import Program, program_of
from tests.apps.cast import Cast, make_user
from tests.apps.inbox.test_search import NOW, account_of, person, talk


@pytest.fixture
def norlune(cast: Cast) -> Account:
    return account_of(cast.alice)


@pytest.fixture
def dana(cast: Cast) -> Contact:
    return person(cast.alice, "Dana", "dana")


def patch(program: Program, address: str, body: Any) -> Any:
    return program._send("patch", address, body, {})


def test_a_person_is_found_read_and_changed(alice: Program, dana: Contact) -> None:
    found = alice.get("contacts", words="@da").json()
    assert [one["name"] for one in found["contacts"]] == ["Dana"]
    assert found["next"] is None
    changed = patch(alice, f"contacts/{dana.id}", {"tags": ["VIP"], "note": "likes tea"}).json()
    assert (changed["tags"], changed["note"]) == (["VIP"], "likes tea")
    assert [one["id"] for one in alice.get("contacts", tag="VIP").json()["contacts"]] == [str(dana.id)]


def test_a_fact_needs_its_ground(alice: Program, dana: Contact) -> None:
    address = f"contacts/{dana.id}/facts"
    refused = alice.post(address, {"name": "Customer number", "value": "4711"})
    assert refused.status_code == 422 and refused.json()["code"] == "no_ground"
    kept = alice.post(address, {"name": "Customer number", "value": "4711", "ground": "told"}).json()
    assert kept["facts"] == [{"name": "Customer number", "value": "4711", "ground": "told"}]
    assert alice.post(address, {"name": "Customer number", "value": ""}).json()["facts"] == []


def test_two_are_joined_and_separated(cast: Cast, alice: Program, dana: Contact) -> None:
    other = person(cast.alice, "Dana F.", "danaf")
    joined = alice.post(f"contacts/{dana.id}/join", {"contact_id": str(other.id)}).json()
    assert {one["handle"] for one in joined["profiles"]} == {"dana", "danaf"}
    profile = next(one for one in joined["profiles"] if one["handle"] == "danaf")
    assert alice.post(f"profiles/{profile['id']}/separate").json()["id"] == str(other.id)


def test_a_view_is_kept_counted_and_removed(alice: Program, norlune: Account, dana: Contact) -> None:
    talk(norlune, dana, "fibre", label="complaint")
    view = {"name": "Angry", "wanted": {"state": "open", "label": "complaint"}}
    kept = alice.post("views", view).json()
    assert (kept["count"], kept["shared"]) == (1, False)
    assert alice.post("views", view).json()["id"] == kept["id"]
    assert alice.get("views").json()["views"] == [kept]
    assert alice._send("delete", f"views/{kept['id']}", None, {}).status_code == 204
    assert alice.get("views").json() == {"views": []}


@pytest.mark.parametrize(
    ("query", "found"),
    [({"label": "complaint"}, 1), ({"label": "spam"}, 0), ({"kind": "quote"}, 0), ({"network": "x"}, 1),
     ({"language": "en"}, 1), ({"tag": "VIP"}, 0), ({"late": "true"}, 0), ({"unread": "true"}, 1),
     ({"words": "fibre"}, 1)],
)  # fmt: skip
def test_conversations_are_filtered_as_on_the_page(
    alice: Program, norlune: Account, dana: Contact, query: dict[str, str], found: int
) -> None:
    talk(norlune, dana, "fibre", label="complaint", kind="reply", language="en")
    assert len(alice.get("conversations", **query).json()["conversations"]) == found


def test_nobody_outside_and_no_viewer_changes_anything(cast: Cast, dana: Contact, norlune: Account) -> None:
    charlie = program_of(cast.charlie)
    seat = Membership.objects.create(team=cast.alice.team, user=make_user("Vera"), role=Role.VIEWER, created_at=NOW)
    for program, status in ((charlie, 404), (program_of(seat), 403)):
        assert patch(program, f"contacts/{dana.id}", {"tags": ["x"]}).status_code == status
        assert (
            program.post(f"contacts/{dana.id}/facts", {"name": "a", "value": "b", "ground": "told"}).status_code
            == status
        )
    assert charlie.get("contacts").json()["contacts"] == []
