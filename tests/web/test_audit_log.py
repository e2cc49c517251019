"""The audit log as a page: everything that was done, narrowed, paged and taken home, for owners and leads only."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from pluralis.publishing.models import Part
from pluralis.teams import audit
from pluralis.teams.audit_log import PAGE, PROGRAM, THINGS, Asked, log_page, log_rows
from pluralis.teams.errors import Forbidden
from pluralis.teams.models import Account, AuditEntry, Membership, Role
from pluralis.web.audit_words import THING_WORDS
from tests.api.conftest import program_of
from tests.apps.cast import Cast, make_user, schedule, write
from tests.docs.pages import read
from tests.docs.test_audit_entries import SECURITY
from tests.web.conftest import refused_by_policy

Open = Callable[[Membership], Client]
NOW = timezone.now


def noted(seat: Membership, action: str, number: int = 1, **more: Any) -> None:
    for _each in range(number):
        audit.note(action, team_id=seat.team_id, now=NOW(), actor=seat, **more)


@pytest.fixture
def siti(cast: Cast) -> Membership:
    return Membership.objects.create(team=cast.alice.team, user=make_user("Siti"), role=Role.LEAD, created_at=NOW())


def actions(seat: Membership, **asked: Any) -> list[str]:
    return [entry.action for entry in log_page(seat, Asked(**asked)).entries]


def test_every_documented_thing_can_be_chosen_and_has_its_words() -> None:
    names = re.findall(r"`([a-z_]+\.[a-z_]+\.[a-z_]+)`", read(SECURITY))
    documented = {".".join(name.split(".")[:2]) for name in names}
    apps = {"teams", "posts", "publishing", "inbox"}
    assert {one for one in documented if one.split(".")[0] in apps} <= set(THINGS)
    assert set(THINGS) == set(THING_WORDS)
    for language in ("en", "fr", "es", "ms"):
        with translation.override(language):
            words = [str(one) for one in THING_WORDS.values()]
        assert len(set(words)) == len(words), f"two things have the same word in {language}"


def test_it_is_narrowed_by_person_thing_and_time(cast: Cast, siti: Membership) -> None:
    noted(cast.bob, "posts.post.saved")
    noted(siti, "posts.review.approved")
    audit.note("publishing.part.sent", team_id=cast.alice.team_id, now=NOW())
    assert actions(siti, person=str(cast.bob.user_id)) == ["posts.post.saved"]
    assert actions(siti, person=PROGRAM)[0] == "publishing.part.sent"
    assert actions(siti, action="posts.review") == ["posts.review.approved"]
    assert actions(siti, action="posts.review.sent_back") == []
    assert actions(siti, start=NOW() + timedelta(hours=1)) == []
    assert "posts.post.saved" in actions(siti, end=NOW() + timedelta(hours=1))


def test_pages_follow_one_another_without_a_gap(cast: Cast) -> None:
    noted(cast.alice, "posts.post.saved", PAGE + 7)
    first = log_page(cast.alice, Asked(action="posts.post"))
    second = log_page(cast.alice, Asked(action="posts.post", before=first.following))
    assert (len(first.entries), len(second.entries), second.following) == (PAGE, 7, None)
    ids = [entry.id for entry in (*first.entries, *second.entries)]
    assert ids == sorted(ids, reverse=True) and len(set(ids)) == PAGE + 7
    assert [row["id"] for row in log_rows(cast.alice, Asked(action="posts.post"))] == ids


def test_a_page_costs_one_query(cast: Cast, django_assert_num_queries: Any) -> None:
    noted(cast.alice, "posts.post.saved", 5)
    with django_assert_num_queries(1):
        assert [str(entry.actor) for entry in log_page(cast.alice, Asked(action="posts.post")).entries]


@pytest.mark.parametrize("role", [Role.WRITER, Role.AGENT, Role.EMPLOYEE, Role.VIEWER])
def test_only_owners_and_leads_read_it(role: str, cast: Cast, browser: Open) -> None:
    seat = Membership.objects.create(team=cast.alice.team, user=make_user("Omar"), role=role, created_at=NOW())
    with pytest.raises(Forbidden):
        log_page(seat, Asked())
    client = browser(seat)
    assert client.get(reverse("settings_audit")).status_code == 403
    assert client.post(reverse("settings_audit_file"), {"kind": "csv"}).status_code == 403
    assert reverse("settings_audit") not in client.get(reverse("settings_profile")).content.decode()


def test_another_team_reads_its_own_only(cast: Cast) -> None:
    noted(cast.alice, "posts.post.saved")
    assert "posts.post.saved" not in actions(cast.charlie)


def test_the_page_tells_who_what_and_when_and_leads_to_the_thing(cast: Cast, account: Account, browser: Open) -> None:
    schedule(cast.alice, write(cast.alice, "We open at nine."), account, after=3600)
    part = Part.objects.get()
    audit.note("publishing.part.missed", team_id=cast.alice.team_id, about=part, now=NOW(), why="too_late")
    client = browser(cast.alice)
    page = client.get(reverse("settings_audit")).content.decode()
    assert reverse("part", args=[part.id]) in page and "publishing.part.missed" in page and "too_late" in page
    assert "The program by itself" in page and "Alice" in page
    assert reverse("settings_audit") in client.get(reverse("settings_profile")).content.decode()
    assert refused_by_policy(page) == []
    assert client.get(reverse("part", args=[part.id])).status_code == 200


def test_an_empty_answer_teaches_what_to_do(cast: Cast, browser: Open) -> None:
    page = browser(cast.alice).get(reverse("settings_audit"), {"first": "2031-01-01"}).content.decode()
    assert "Widen the days" in page


@pytest.mark.parametrize(
    "words",
    [{"person": "x' OR 1=1"}, {"action": "%"}, {"first": "soon"}, {"last": "9999-99-99"}, {"before": "9" * 40},
     {"before": "-1"}, {"person": "\x00"}],
)  # fmt: skip
def test_what_cannot_be_read_narrows_nothing(words: dict[str, str], cast: Cast, browser: Open) -> None:
    noted(cast.alice, "posts.post.saved")
    answer = browser(cast.alice).get(reverse("settings_audit"), words)
    assert answer.status_code == 200 and "posts.post.saved" in answer.content.decode()


def test_the_file_holds_what_was_chosen_and_is_an_entry_itself(cast: Cast, browser: Open) -> None:
    noted(cast.alice, "posts.post.saved", revision=3)
    noted(cast.bob, "posts.review.approved")
    client = browser(cast.alice)
    wanted = {"action": "posts.post", "kind": "json"}
    rows = json.loads(b"".join(client.post(reverse("settings_audit_file"), wanted)))
    assert [(row["action"], row["person"], row["data"]) for row in rows] == [
        ("posts.post.saved", "Alice", "revision=3")
    ]
    text = b"".join(client.post(reverse("settings_audit_file"), {"kind": "csv"})).decode()
    assert "posts.review.approved" in text and text.startswith("\ufeffid,at,person")
    assert AuditEntry.objects.filter(action="teams.export.made", data__what="audit").count() == 2


def test_a_program_of_a_lead_reads_it_a_page_at_a_time(cast: Cast) -> None:
    noted(cast.alice, "posts.post.saved", PAGE + 1)
    program = program_of(cast.alice, "read")
    first = program.get("audit", action="posts.post").json()
    assert len(first["entries"]) == PAGE and first["entries"][0]["person_id"] == str(cast.alice.user_id)
    rest = program.get("audit", action="posts.post", before=first["next"]).json()
    assert (len(rest["entries"]), rest["next"]) == (1, None)
    assert program.get("audit", action="nonsense!").status_code == 400
    assert program_of(cast.bob, "read").get("audit").status_code == 403
