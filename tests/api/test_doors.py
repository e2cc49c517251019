"""Who gets in: tokens with scopes and an end, sessions with their protection, and nobody else."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from pluralis.teams.actions import make_token, revoke_token
from pluralis.teams.errors import Invalid, NotFound
from pluralis.teams.models import ApiToken, AuditEntry, Membership
from pluralis.teams.tasks import forget_old_changes
from tests.api.conftest import Program, program_of, text_draft
from tests.apps.cast import Cast, found_team


def test_a_token_opens_the_seat_it_was_made_for(cast: Cast) -> None:
    me = program_of(cast.bob, "read").get("me").json()
    assert (me["member"]["name"], me["member"]["role"], me["team"]["name"]) == ("Bob", "agent", "Norlune")
    assert me["scopes"] == ["read"] and "answer" in me["abilities"]


def test_a_token_is_stored_hashed_and_its_making_is_in_the_log(cast: Cast) -> None:
    program = program_of(cast.alice)
    row = ApiToken.objects.values().get()
    assert program.token not in str(row) and row["hint"] == program.token[-4:]
    entry = AuditEntry.objects.get(action="teams.token.made")
    assert program.token not in str(entry.data)


def test_a_token_notes_its_use_once_a_minute(cast: Cast) -> None:
    program = program_of(cast.alice)
    program.get("me")
    first = ApiToken.objects.get().last_used_at
    program.get("me")
    assert first is not None and ApiToken.objects.get().last_used_at == first


@pytest.mark.parametrize("words", ["", "plr_invented", "Bearer", "\udcff", "x" * 10_000])
def test_an_invented_token_opens_nothing(db: None, words: str) -> None:
    answer = Client(raise_request_exception=False).get("/api/me", headers={"Authorization": f"Bearer {words}"})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="Pluralis"')


def test_a_token_ends_when_it_is_revoked_or_its_day_has_come(cast: Cast) -> None:
    program = program_of(cast.alice)
    assert program.get("me").status_code == 200
    ApiToken.objects.update(expires_at=timezone.now())
    assert program.get("me").status_code == 401
    other = program_of(cast.alice)
    revoke_token(actor=cast.alice, token_id=ApiToken.objects.latest("created_at").id, now=timezone.now())
    assert other.get("me").status_code == 401


def test_a_token_ends_with_the_seat_and_with_the_person(cast: Cast) -> None:
    program = program_of(cast.bob)
    cast.bob.user.is_active = False
    cast.bob.user.save()
    assert program.get("me").status_code == 401
    cast.bob.delete()
    assert program.get("me").status_code == 401 and not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("scope", "method", "address"),
    [("write", "get", "me"), ("read", "post", "posts"), ("write", "post", "stop"), ("read", "post", "stop/lift")],
)
def test_a_token_does_no_more_than_its_scopes_say(cast: Cast, scope: str, method: str, address: str) -> None:
    answer = getattr(program_of(cast.alice, scope), method)(address)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_scopes_lend_nobody_a_right_their_role_lacks(cast: Cast) -> None:
    answer = program_of(cast.bob).post("stop", {"reason": "I want to"})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    ("name", "scopes", "days"), [("", ["read"], 1), ("A", [], 1), ("A", ["admin"], 1), ("A", ["read"], 400)]
)
def test_a_token_needs_a_name_a_purpose_and_an_end(cast: Cast, name: str, scopes: list[str], days: int) -> None:
    now = timezone.now()
    with pytest.raises(Invalid):
        make_token(actor=cast.alice, name=name, scopes=scopes, expires_at=now + timedelta(days=days), now=now)


def test_an_owner_may_end_a_members_token_and_no_member_anothers(cast: Cast) -> None:
    program_of(cast.bob)
    program_of(cast.alice)
    bobs, alices = ApiToken.objects.get(membership=cast.bob), ApiToken.objects.get(membership=cast.alice)
    for outsider, token in ((cast.bob, alices), (cast.charlie, bobs)):
        with pytest.raises(NotFound):
            revoke_token(actor=outsider, token_id=token.id, now=timezone.now())
    assert revoke_token(actor=cast.alice, token_id=bobs.id, now=timezone.now()).revoked_at


def test_the_desks_session_works_only_with_its_protection(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.alice.user)
    assert browser.get("/api/me").status_code == 200
    body = json.dumps(text_draft("Forged."))
    answer = browser.post("/api/posts", body, content_type="application/json", headers={"Idempotency-Key": "1"})
    assert answer.status_code == 403 and "CSRF" in answer.json()["happened"]


def test_another_site_may_not_call_with_the_persons_session(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.alice.user)
    assert browser.get("/api/me", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_person_of_two_teams_names_the_one_that_is_meant(cast: Cast) -> None:
    other: Membership = found_team(user=cast.alice.user, name="Second", language="en", zone="UTC", now=timezone.now())
    browser = Client()
    browser.force_login(cast.alice.user)
    assert browser.get("/api/me").json()["team"]["name"] == "Norlune"
    named = browser.get("/api/me", headers={"X-Team": str(other.team_id)})
    assert named.json()["team"]["name"] == "Second"
    for wrong in (str(cast.charlie.team_id), "no-id", ""):
        assert browser.get("/api/me", headers={"X-Team": wrong}).status_code == 404


def test_a_token_cannot_be_turned_to_another_team(cast: Cast, alice: Program) -> None:
    answer = alice.client.get(
        "/api/me", headers={"Authorization": f"Bearer {alice.token}", "X-Team": str(cast.charlie.team_id)}
    )
    assert answer.json()["team"]["name"] == "Norlune"


def test_an_address_that_is_none_says_so(alice: Program) -> None:
    assert alice.get("accounts/00000000-0000-7000-8000-000000000000").json()["code"] == "not_found"
    assert alice.client.delete("/api/posts", headers={"Authorization": f"Bearer {alice.token}"}).status_code == 405


def test_kept_answers_are_forgotten_after_a_day(alice: Program) -> None:
    from pluralis.teams.models import KeptAnswer

    alice.post("posts", text_draft("Once."), key="k")
    forget_old_changes(0)
    assert KeptAnswer.objects.count() == 1
    KeptAnswer.objects.update(at=timezone.now() - timedelta(hours=25))
    forget_old_changes(0)
    assert KeptAnswer.objects.count() == 0
