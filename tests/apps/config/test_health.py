"""`/healthz` says which part is not well, and nothing that a stranger could use."""

import json
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from pluralis.config import health

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _registered() -> Iterator[None]:
    before = dict(health._checks)
    yield
    health._checks.clear()
    health._checks.update(before)


def beat(seconds_ago: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))",
            [seconds_ago],
        )


def parts(client: Client) -> tuple[int, dict[str, str | None]]:
    answer = client.get("/healthz")
    return answer.status_code, json.loads(answer.content)["parts"]


def test_without_a_worker_it_is_not_well(client: Client) -> None:
    status, found = parts(client)
    assert status == 503
    assert found["worker"] == "no worker runs"
    assert found["database"] is found["migrations"] is None


def test_with_a_living_worker_it_is_well(client: Client) -> None:
    beat(seconds_ago=2)
    status, found = parts(client)
    assert (status, found["worker"]) == (200, None)


def test_a_silent_worker_does_not_count(client: Client) -> None:
    beat(seconds_ago=120)
    status, found = parts(client)
    assert status == 503
    assert found["worker"] == "no worker was heard of for 120 s"


def test_another_part_can_speak_up(client: Client) -> None:
    beat(seconds_ago=2)
    health.register("listener", lambda: "does not listen")
    assert parts(client)[1]["listener"] == "does not listen"


def test_a_check_that_breaks_is_a_problem_and_shows_no_detail(client: Client) -> None:
    def broken() -> None:
        raise RuntimeError("password=hunter2")

    beat(seconds_ago=2)
    health.register("listener", broken)
    status, found = parts(client)
    assert (status, found["listener"]) == (503, "the check failed: RuntimeError")


def test_the_answer_is_never_kept_by_a_cache(client: Client) -> None:
    assert "no-store" in client.get("/healthz")["Cache-Control"]
