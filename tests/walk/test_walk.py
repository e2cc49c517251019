"""Who sees what: every address, every operation, every role, another team and a stranger.

``expected.tsv`` states what each of them gets; an address that it does not state fails. The bodies that Charlie and
a stranger get are searched for the mark that stands in every text of Norlune's.
"""

import csv
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import transaction
from PIL import Image

from pluralis.networks.fake.x import FakeX
from tests.apps.cast import Cast, fake_x, make_cast
from tests.walk.routes import Route, api_paths, ask, body_of, operations, outcome, routes
from tests.walk.world import COLUMNS, MARK, World, build

TABLE = Path(__file__).with_name("expected.tsv")
OUTSIDE = ("charlie", "stranger")


def expected() -> dict[str, dict[str, str]]:
    with TABLE.open(newline="") as lines:
        rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
        return {f"{row['route']} {row['method']}": {who: row[who] for who in COLUMNS} for row in rows}


@pytest.fixture
def x() -> Iterator[FakeX]:
    with fake_x() as network:
        yield network


@pytest.fixture
def world(transactional_db: None, x: FakeX) -> World:
    cast: Cast = make_cast()
    built = build(cast, x)
    built.ids["upload"] = upload
    return built


def upload() -> BytesIO:
    held = BytesIO()
    Image.new("RGB", (8, 6), "teal").save(held, "PNG")
    held.seek(0)
    held.name = "teal.png"
    return held


def walked(world: World, route: Route, who: str) -> tuple[str, bytes]:
    """Ask, and take back whatever the asking changed, in the database and in the browser."""
    client = world.clients[who]
    cookies = client.cookies.copy()
    cache.clear()  # whoever asks too often is slowed down, and a walk asks very often
    with transaction.atomic():
        response = ask(world, route, who)
        found = outcome(response), body_of(response)
        response.close()
        transaction.set_rollback(True)
    client.cookies = cookies
    return found


def test_every_address_has_its_expectation_and_none_is_stated_for_nothing() -> None:
    assert {route.key for route in routes()} ^ set(expected()) == set()


def test_the_document_tells_of_every_address_of_the_api() -> None:
    assert {f"/{route.path}" for route in operations()} == api_paths()


def test_nothing_of_a_team_is_expected_to_open_for_anybody_outside() -> None:
    """Keeps the table honest: where an address names an object, Charlie finds nothing and a stranger no door."""
    wrong = []
    for route in routes():
        row = expected().get(route.key)
        if row and route.names_an_object and not route.path.startswith("account/"):
            if row["charlie"] not in ("404", "405"):
                wrong.append(f"{route.key}: Charlie would get {row['charlie']}")
            if row["stranger"] not in ("in", "401", "404", "405"):
                wrong.append(f"{route.key}: a stranger would get {row['stranger']}")
    assert wrong == []


@pytest.mark.parametrize("who", COLUMNS)
def test_everybody_gets_what_is_stated(world: World, who: str) -> None:
    table, wrong, seen = expected(), [], []
    for route in routes():
        status, body = walked(world, route, who)
        stated = table.get(route.key, {}).get(who, "what nobody stated")
        if status != stated:
            wrong.append(f"{route.key}: {status}, not {stated}")
        if who in OUTSIDE and MARK.encode() in body:
            seen.append(route.key)
    assert (wrong, seen) == ([], [])


def test_the_mark_would_be_seen(world: World) -> None:
    """The search above is worth something only where the mark stands on the pages of those who may read it."""
    open_to_alice = {route.key for route in routes() if MARK.encode() in walked(world, route, "owner")[1]}
    assert len(open_to_alice) >= 40, sorted(open_to_alice)
