"""Posts over the API: the same actions as at the desk, the same refusals, and nothing made twice."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.utils import timezone
from PIL import Image

from pluralis.posts.actions import create_post
from pluralis.posts.drafts import one_text
from pluralis.posts.models import Media, Post
from pluralis.publishing.actions import Plan, schedule_post
from pluralis.publishing.models import Delivery, Part
from pluralis.teams.errors import ActionError
from pluralis.teams.models import Account, KeptAnswer
from tests.api.conftest import Program, program_of, text_draft
from tests.apps.cast import Cast, write
from tests.films import mp4


def new_post(program: Program, *texts: str) -> dict[str, Any]:
    answer = program.post("posts", text_draft(*texts))
    assert answer.status_code == 201, answer.content
    return answer.json()


def in_an_hour() -> str:
    return (timezone.now() + timedelta(hours=1)).isoformat()


def picture() -> io.BytesIO:
    held = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(held, "PNG")
    held.seek(0)
    held.name = "teal.png"
    return held


def test_a_post_is_saved_and_read_again(alice: Program) -> None:
    made = new_post(alice, "One.", "Two.")
    read = alice.get(f"posts/{made['id']}").json()
    assert read == made
    assert [one["text"] for one in read["versions"][0]["segments"]] == ["One.", "Two."]
    assert (read["state"], read["revision"], read["author"]) == ("draft", 1, "Alice")


def test_the_same_key_answers_the_same_and_makes_nothing_twice(alice: Program) -> None:
    first = alice.post("posts", text_draft("Once."), key="k1")
    second = alice.post("posts", text_draft("Once."), key="k1")
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert Post.objects.count() == 1


def test_the_same_answer_again_even_when_the_post_has_changed_since(alice: Program) -> None:
    first = alice.post("posts", text_draft("Once."), key="k1").json()
    alice.put(f"posts/{first['id']}", text_draft("Changed.", revision=1))
    assert alice.post("posts", text_draft("Once."), key="k1").json() == first


def test_a_day_later_the_key_still_makes_nothing_twice(alice: Program) -> None:
    first = alice.post("posts", text_draft("Once."), key="k1").json()
    KeptAnswer.objects.update(at=timezone.now() - timedelta(hours=25))
    assert alice.post("posts", text_draft("Once."), key="k1").json()["id"] == first["id"]
    assert Post.objects.count() == 1


def test_a_key_used_for_another_command_is_refused(alice: Program) -> None:
    alice.post("posts", text_draft("Once."), key="k1")
    answer = alice.post("posts", text_draft("Something else."), key="k1")
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")
    assert Post.objects.count() == 1


def test_two_members_may_happen_on_the_same_key(cast: Cast, alice: Program) -> None:
    alices = alice.post("posts", text_draft("Once."), key="1").json()
    bobs = program_of(cast.bob).post("posts", text_draft("Once."), key="1").json()
    assert alices["id"] != bobs["id"]


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_creating_command_needs_its_key(alice: Program, key: str) -> None:
    answer = alice.post("posts", text_draft("Once."), **{"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")
    assert Post.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_equal_commands_at_the_same_instant_one_works(cast: Cast, account: Account) -> None:
    post = write(cast.alice, "Only once.")
    program, ready = program_of(cast.alice), Barrier(2)
    at = in_an_hour()

    def send() -> Any:
        ready.wait()
        try:
            body = {"account_ids": [str(account.id)], "at": at}
            answer = program.post(f"posts/{post.id}/schedule", body, key="parallel")
            return answer.status_code, answer.json()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        first, second = [one.result() for one in [pool.submit(send), pool.submit(send)]]
    assert first == second and first[0] == 201
    assert Delivery.objects.count() == Part.objects.count() == 1


def test_a_save_from_an_older_revision_is_refused(alice: Program) -> None:
    made = new_post(alice, "First.")
    assert alice.put(f"posts/{made['id']}", text_draft("Mine.", revision=1)).json()["revision"] == 2
    answer = alice.put(f"posts/{made['id']}", text_draft("Theirs.", revision=1))
    assert (answer.status_code, answer.json()["code"]) == (409, "post_changed")
    assert alice.get(f"posts/{made['id']}").json()["versions"][0]["segments"][0]["text"] == "Mine."


def test_a_discarded_draft_stays_and_cannot_be_saved(alice: Program) -> None:
    made = new_post(alice, "Never mind.")
    assert alice.post(f"posts/{made['id']}/discard").json()["state"] == "discarded"
    answer = alice.put(f"posts/{made['id']}", text_draft("After all.", revision=1))
    assert (answer.status_code, answer.json()["code"]) == (409, "post_discarded")


def test_a_check_measures_and_finds_without_storing(alice: Program, account: Account) -> None:
    body = text_draft("We open at nine.", "I am Bob. " + "x" * 300, account_ids=[str(account.id)])
    [checked] = alice.post("check", body).json()
    fine, long = checked["segments"]
    assert fine["length"] == {"count": 16, "limit": 280, "bytes": 16, "byte_limit": None, "fits": True}
    assert not fine["blocked"] and long["blocked"] and not long["length"]["fits"]
    assert any(one["rule"] == "first_person" for one in long["findings"])
    assert Post.objects.count() == 0


def test_a_post_is_planned_with_its_zone_and_policy(alice: Program, account: Account) -> None:
    made = new_post(alice, "We open at nine.")
    body = {"account_ids": [str(account.id)], "at": in_an_hour(), "zone": "Asia/Kuala_Lumpur"}
    answer = alice.post(f"posts/{made['id']}/schedule", body | {"missed_policy": "skip", "late_limit_minutes": 5})
    [delivery] = answer.json()
    assert (delivery["zone"], delivery["missed_policy"], delivery["late_limit_minutes"]) == (
        "Asia/Kuala_Lumpur", "skip", 5,
    )  # fmt: skip
    assert [part["state"] for part in delivery["parts"]] == ["waiting"]
    assert alice.get(f"deliveries/{delivery['id']}").json() == delivery


def test_a_planned_post_carries_its_new_words(alice: Program, account: Account) -> None:
    made = new_post(alice, "We open at nine.")
    alice.post(f"posts/{made['id']}/schedule", {"account_ids": [str(account.id)], "at": in_an_hour()})
    answer = alice.put(f"posts/{made['id']}", text_draft("We open at ten.", revision=1))
    assert answer.status_code == 200, answer.content
    assert Part.objects.get().text == "We open at ten."


def test_new_words_of_a_planned_post_need_the_scope_publish(cast: Cast, alice: Program, account: Account) -> None:
    made = new_post(alice, "We open at nine.")
    alice.post(f"posts/{made['id']}/schedule", {"account_ids": [str(account.id)], "at": in_an_hour()})
    writer = program_of(cast.alice, "read", "write")
    assert writer.put(f"posts/{made['id']}", text_draft("We open at ten.", revision=1)).status_code == 403
    assert Part.objects.get().text == "We open at nine."


def test_a_refused_command_may_be_mended_and_sent_again_with_its_key(alice: Program, account: Account) -> None:
    made = new_post(alice, "We open at nine.")
    body = {"account_ids": [str(account.id)], "at": (timezone.now() - timedelta(days=1)).isoformat()}
    answer = alice.post(f"posts/{made['id']}/schedule", body, key="s")
    assert (answer.status_code, answer.json()["code"]) == (422, "in_the_past")
    assert "at" in answer.json()["fields"]
    answer = alice.post(f"posts/{made['id']}/schedule", body | {"at": in_an_hour()}, key="s")
    assert answer.status_code == 201


BAD_SHAPES = {
    "no versions": ({}, "versions"),
    "a text that is a number list": ({"versions": [{"segments": [{"text": [1]}]}]}, "versions.0.segments.0.text"),
    "an id that is none": ({"versions": [{"account_id": "x", "segments": []}]}, "versions.0.account_id"),
    "a language that is none": (text_draft("Hello.", language="xx"), "language"),
    "a direct message to nobody": (text_draft("Hello.", visibility="direct"), "visibility"),
    "a list": ([], "non_field_errors"),
}


@pytest.mark.parametrize(("body", "place"), BAD_SHAPES.values(), ids=list(BAD_SHAPES))
def test_a_wrong_shape_is_told_with_its_place(alice: Program, body: Any, place: str) -> None:
    answer = alice.post("posts", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_shape")
    assert list(answer.json()["fields"]) == [place]


@pytest.mark.parametrize("body", [b"{", b'"\xff"', b"[" * 100_000, b'{"versions": NaN}'])
def test_what_is_no_json_is_refused(alice: Program, body: bytes) -> None:
    answer = alice.post("posts", body)
    assert answer.status_code == 400 and set(answer.json()) == {"code", "happened", "kept", "next_step", "fields"}


def test_a_body_without_end_is_refused(alice: Program) -> None:
    answer = alice.post("posts", b'{"versions": "' + b"x" * 7_000_000 + b'"}')
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


SAME_REFUSALS = {
    "nothing at all": [""],
    "half a symbol": ["a\ud800b"],
    "a null": ["a\x00b"],
    "too long to keep": ["x" * 100_001],
    "a very long thread": ["one"] * 26,
    "too long for the network": ["x" * 281],
    "a private number": ["Your card 4111 1111 1111 1111 was charged."],
}


@pytest.mark.parametrize("texts", SAME_REFUSALS.values(), ids=list(SAME_REFUSALS))
def test_the_api_refuses_what_the_action_refuses(
    cast: Cast, alice: Program, account: Account, texts: list[str]
) -> None:
    """Two doors, one lock: the same bad input ends in the same code at the action and at the API."""
    assert _through_the_api(alice, account, texts) == _through_the_action(cast, account, texts) != ""


def _through_the_api(alice: Program, account: Account, texts: list[str]) -> str:
    answer = alice.post("posts", text_draft(*texts))
    if answer.status_code == 201:
        body = {"account_ids": [str(account.id)], "at": in_an_hour()}
        answer = alice.post(f"posts/{answer.json()['id']}/schedule", body)
    return answer.json().get("code", "") if answer.status_code != 201 else ""


def _through_the_action(cast: Cast, account: Account, texts: list[str]) -> str:
    now = timezone.now()
    try:
        post = write(cast.alice, *texts)
        schedule_post(
            actor=cast.alice, post_id=post.id, account_ids=[account.id],
            plan=Plan(at=now + timedelta(hours=1)), client_key=uuid4().hex, now=now,
        )  # fmt: skip
    except ActionError as error:
        return error.code
    return ""


@pytest.mark.parametrize("at", ["2026-11-22T09:00:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "soon"])
def test_an_instant_needs_its_offset_and_a_year_near_ours(alice: Program, account: Account, at: str) -> None:
    made = new_post(alice, "We open at nine.")
    answer = alice.post(f"posts/{made['id']}/schedule", {"account_ids": [str(account.id)], "at": at})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["at"])


def test_a_picture_is_taken_in_once_and_described(alice: Program) -> None:
    first = alice.upload("p1", file=picture(), alt_text="A teal field")
    second = alice.upload("p1", file=picture(), alt_text="A teal field")
    assert (first.status_code, first.json()) == (201, second.json())
    assert Media.objects.count() == 1
    assert alice.get(f"media/{first.json()['id']}").json()["alt_text"] == "A teal field"


def test_what_is_no_picture_is_refused_with_a_reason(alice: Program) -> None:
    fake = io.BytesIO(b"<svg onload='alert(1)'/>")
    fake.name = "logo.png"
    answer = alice.upload("p1", file=fake)
    assert (answer.status_code, Media.objects.count()) == (422, 0)


def test_a_picture_of_another_team_cannot_be_used(cast: Cast, alice: Program) -> None:
    made = alice.upload("p1", file=picture()).json()
    body = {"versions": [{"segments": [{"text": "Look.", "media_ids": [made["id"]]}]}]}
    assert program_of(cast.charlie).post("posts", body).status_code == 404
    assert alice.post("posts", body).status_code == 201


def test_a_viewer_reads_and_cannot_write(cast: Cast) -> None:
    post = create_post(actor=cast.alice, draft=one_text("Seen."), client_key="v", now=timezone.now())
    cast.bob.role = "viewer"
    cast.bob.save()
    viewer = program_of(cast.bob)
    assert viewer.get(f"posts/{post.id}").status_code == 200
    answer = viewer.post("posts", text_draft("Not mine to say."))
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_a_film_is_taken_in_once_and_told(alice: Program) -> None:
    def film() -> io.BytesIO:
        held = io.BytesIO(mp4(83))
        held.name = "sea.mp4"
        return held

    first = alice.upload("f1", file=film(), alt_text="Waves")
    assert (first.status_code, alice.upload("f1", file=film(), alt_text="Waves").json()) == (201, first.json())
    told = first.json()
    assert (told["content_type"], told["seconds"], told["codec"], told["uncleaned"]) == (
        "video/mp4", 83.0, "avc1", False,
    )  # fmt: skip


def test_a_poll_is_saved_and_read_again(alice: Program, account: Account) -> None:
    asked = {"options": ["Nantes", "Ipoh"], "minutes": 1440, "multiple": False}
    body = {"versions": [{"segments": [{"text": "Where next?", "poll": asked}]}]}
    made = alice.post("posts", body).json()
    assert alice.get(f"posts/{made['id']}").json()["versions"][0]["segments"][0]["poll"] == asked
    asked["options"] = ["Nantes"]
    [check] = alice.post("check", body | {"account_ids": [str(account.id)]}).json()
    assert check["segments"][0]["problems"] == [{"code": "poll_too_few", "number": 2}]
    assert check["segments"][0]["blocked"] is True


def test_a_picture_is_described_anew(alice: Program) -> None:
    made = alice.upload("p1", file=picture(), alt_text="A teal field").json()
    changed = alice.put(f"media/{made['id']}", {"alt_text": "A teal door"})
    assert (changed.status_code, changed.json()["alt_text"]) == (200, "A teal door")
    assert alice.get(f"media/{made['id']}").json()["alt_text"] == "A teal door"
