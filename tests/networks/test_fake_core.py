"""The common core of the fake networks: what it accepts it writes down, whatever it then answers."""

import json
import re
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from pluralis.networks import fake
from pluralis.networks.fake import Clock, FakeServer, Ledger, Mood, moods
from pluralis.networks.fake import __main__ as program
from pluralis.networks.fake import admin as admin_api
from pluralis.networks.fake.moods import AFTER, BEFORE
from tests.networks.toy import ToyNetwork


@pytest.fixture
def toy() -> Iterator[FakeServer]:
    with FakeServer(ToyNetwork(seed=7, clock=Clock(scale=100))) as server:
        yield server


@pytest.fixture
def client(toy: FakeServer) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=toy.origin, headers={"who": "alice"}, trust_env=False) as client:
        yield client


def admin(toy: FakeServer) -> httpx2.Client:
    return httpx2.Client(base_url=toy.origin, headers={"fake-secret": toy.network.secret}, trust_env=False)


def texts(toy: FakeServer) -> list[str]:
    return [entry.detail["text"] for entry in toy.network.ledger.entries(action="post")]


def test_a_post_that_was_accepted_is_in_the_ledger_with_its_bytes(toy: FakeServer, client: httpx2.Client) -> None:
    remote_id = client.post("/posts", content="Good morning").json()["id"]
    (entry,) = toy.network.ledger.entries()
    assert (entry.account, entry.action, entry.remote_id, entry.answer) == ("alice", "post", remote_id, "201")
    assert entry.raw.startswith(b"POST /posts HTTP/1.1\r\n")
    assert entry.raw.endswith(b"Good morning")


@pytest.mark.parametrize("name", AFTER)
def test_a_mood_after_acceptance_spoils_the_answer_but_not_the_post(
    toy: FakeServer, client: httpx2.Client, name: str
) -> None:
    toy.network.moods.set(name, "post", nth=1)
    try:
        answer = str(client.post("/posts", content="one").status_code)
    except httpx2.TransportError:
        answer = "broken"
    assert texts(toy) == ["one"]
    expected = {"drop": "broken", "cut": "broken", "late": "201", "nonsense": "201", "limit_after": "429"}
    assert answer == expected.get(name, "503")
    assert client.get("/posts").json() == ["one"]


@pytest.mark.parametrize("name", BEFORE)
def test_a_mood_before_acceptance_leaves_no_post(toy: FakeServer, client: httpx2.Client, name: str) -> None:
    toy.network.moods.set(name, "post", nth=1)
    try:
        assert client.post("/posts", content="one").status_code in (307, 401, 429, 503)
    except httpx2.RemoteProtocolError:
        assert name == "drop_before"
    assert texts(toy) == []


def test_nonsense_is_a_success_nobody_can_read(toy: FakeServer, client: httpx2.Client) -> None:
    toy.network.moods.set("nonsense", "post")
    answer = client.post("/posts", content="one")
    assert answer.status_code == 201
    with pytest.raises(ValueError, match="char"):
        answer.json()


def test_a_limit_tells_its_reset_unless_it_is_silent(toy: FakeServer, client: httpx2.Client) -> None:
    toy.network.moods.set("limit", "post", seconds=60, nth=1)
    told = client.post("/posts", content="one")
    assert 55 < int(told.headers["reset"]) - time.time() < 61
    toy.network.moods.clear()
    toy.network.moods.set("limit_silent", "post", nth=1)
    assert "reset" not in client.post("/posts", content="one").headers


def test_a_redirect_names_another_place_and_accepts_nothing(toy: FakeServer, client: httpx2.Client) -> None:
    toy.network.moods.set("redirect", "post", address="/posts")
    answer = client.post("/posts", content="one")
    assert (answer.status_code, answer.headers["location"]) == (307, f"{toy.origin}/posts")
    assert texts(toy) == []


def test_a_slow_network_accepts_after_its_client_has_given_up(toy: FakeServer, client: httpx2.Client) -> None:
    toy.network.moods.set("slow", "post", seconds=30)
    with pytest.raises(httpx2.ReadTimeout):
        client.post("/posts", content="late", timeout=0.1)
    assert texts(toy) == []
    for _ in range(100):
        if texts(toy):
            break
        time.sleep(0.02)
    assert texts(toy) == ["late"]


def test_a_lagging_timeline_shows_a_post_only_later(toy: FakeServer, client: httpx2.Client) -> None:
    toy.network.moods.set("lag", "timeline", seconds=30)
    client.post("/posts", content="one")
    assert client.get("/posts").json() == []
    time.sleep(0.35)
    assert client.get("/posts").json() == ["one"]


def test_a_paged_timeline_gives_five_at_once(toy: FakeServer, client: httpx2.Client) -> None:
    for number in range(7):
        client.post("/posts", content=str(number))
    toy.network.moods.set("paged", "timeline")
    assert client.get("/posts").json() == ["6", "5", "4", "3", "2"]


def test_an_idle_connection_is_closed_although_it_promised_to_stay(toy: FakeServer, client: httpx2.Client) -> None:
    client.get("/posts")
    client.get("/posts")
    assert toy.connections == 1
    toy.network.moods.set("idle")
    assert "connection" not in client.get("/posts").headers
    time.sleep(0.05)
    client.get("/posts")
    assert toy.connections == 2


def test_the_date_may_be_hours_off(toy: FakeServer, client: httpx2.Client) -> None:
    toy.network.moods.set("skew", seconds=-3600)
    told = datetime.strptime(client.get("/posts").headers["date"], "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    assert 3590 < (datetime.now(UTC) - told).total_seconds() < 3610


def test_moods_can_be_meant_for_one_account_and_end_after_some_hits(toy: FakeServer, client: httpx2.Client) -> None:
    toy.network.moods.set("error_before", "post", account="bob", times=2)
    assert client.post("/posts", content="one").status_code == 201
    bob = {"who": "bob"}
    statuses = [client.post("/posts", content="one", headers=bob).status_code for _ in range(3)]
    assert statuses == [503, 503, 201]


def outcomes(seed: int) -> list[int]:
    with FakeServer(ToyNetwork(seed=seed)) as server:
        server.network.moods.set("error_before", "post", probability=0.4)
        with httpx2.Client(base_url=server.origin, trust_env=False) as client:
            return [client.post("/posts", content="x").status_code for _ in range(30)]


def test_the_same_seed_gives_the_same_moods_and_another_seed_others() -> None:
    assert outcomes(1) == outcomes(1) != outcomes(2)
    assert 4 < outcomes(1).count(503) < 22


def test_an_unknown_mood_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"known: .*drop_before"):
        Mood("grumpy")


def test_every_mood_and_every_admin_address_is_explained() -> None:
    told = set(re.findall(r"^``(\w+)``", moods.__doc__ or "", re.MULTILINE))
    assert told == set(moods.MOODS)
    addresses = {f"{route.method} {route.pattern}" for route in admin_api.admin_routes(ToyNetwork())}
    lines = re.findall(r"^(GET|POST|PUT|DELETE) +(/_fake/[\w/{}]+)", admin_api.__doc__ or "", re.MULTILINE)
    assert {" ".join(line) for line in lines} == addresses


def test_the_guide_of_the_fakes_starts_them_as_the_program_understands() -> None:
    guide = Path(fake.__file__).with_name("README.md").read_text(encoding="utf-8")
    known = {word for action in program.options()._actions for word in action.option_strings}
    assert set(re.findall(r"(--[a-z-]+)", guide)) <= known


def test_the_admin_api_needs_the_secret(toy: FakeServer, client: httpx2.Client) -> None:
    assert client.get("/_fake/health").json() == {"network": "toy", "seed": 7}
    for method, path in (("GET", "/_fake/ledger"), ("POST", "/_fake/moods"), ("POST", "/_fake/mentions")):
        assert client.request(method, path).status_code == 403
        assert client.request(method, path, headers={"fake-secret": "guess"}).status_code == 403
    assert toy.network.moods.rules() == []


def test_every_start_has_its_own_secret() -> None:
    secrets = {ToyNetwork().secret for _ in range(3)}
    assert len(secrets) == 3
    assert min(map(len, secrets)) >= 32


def test_the_ledger_is_read_and_moods_are_set_from_another_process(toy: FakeServer, client: httpx2.Client) -> None:
    with admin(toy) as remote:
        rule = remote.post("/_fake/moods", json={"name": "drop", "endpoint": "post", "nth": 2}).json()
        client.post("/posts", content="one")
        with pytest.raises(httpx2.RemoteProtocolError):
            client.post("/posts", content="two")
        entries = remote.get("/_fake/ledger").json()["entries"]
        assert [(entry["detail"]["text"], entry["answer"]) for entry in entries] == [("one", "201"), ("two", "drop")]
        assert remote.get("/_fake/ledger", params={"after": 1}).json()["entries"] == entries[1:]
        assert remote.get("/_fake/moods").json()["moods"][0]["number"] == rule["number"]
        assert remote.delete("/_fake/moods").status_code == 204
        assert remote.post("/_fake/moods", json={"name": "grumpy"}).status_code == 422


def test_one_rule_ends_and_the_others_stay(toy: FakeServer, client: httpx2.Client) -> None:
    with admin(toy) as remote:
        first = remote.post(
            "/_fake/moods", json={"name": "error_before", "endpoint": "post", "account": "bob"}
        ).json()
        remote.post("/_fake/moods", json={"name": "error_before", "endpoint": "post", "account": "alice"})
        assert remote.delete(f"/_fake/moods/{first['number']}").status_code == 204
        assert remote.delete(f"/_fake/moods/{first['number']}").status_code == 404
        assert remote.delete("/_fake/moods/all").status_code == 404
    assert client.post("/posts", content="one", headers={"who": "bob"}).status_code == 201
    assert client.post("/posts", content="one").status_code == 503


def test_the_clock_and_the_latency_are_set_from_outside(toy: FakeServer, client: httpx2.Client) -> None:
    with admin(toy) as remote:
        remote.post("/_fake/clock", json={"skew": 7200, "latency": 0.2, "scale": 1})
        began = time.monotonic()
        remote_id = client.post("/posts", content="one").json()["id"]
        assert 0.2 <= time.monotonic() - began < 2
        ahead = toy.network.world.posts[remote_id].created_at - datetime.now(UTC)
        assert 7100 < ahead.total_seconds() < 7300


def test_somebody_outside_writes_to_an_account(toy: FakeServer) -> None:
    with admin(toy) as remote:
        account = remote.post("/_fake/accounts", json={"handle": "norlune", "name": "Norlune"}).json()
        assert account["credentials"] == {"who": "norlune"}
        made = remote.post("/_fake/mentions", json={"to": "norlune", "from": "dana", "text": "Hello?"}).json()
        post = toy.network.world.posts[made["id"]]
        assert (post.text, post.mentioned) == ("@norlune Hello?", (account["profile"]["id"],))
        private = remote.post("/_fake/messages", json={"to": "norlune", "from": "dana", "text": "psst"}).json()
        assert toy.network.world.messages[private["id"]].text == "psst"
        assert remote.delete(f"/_fake/posts/{made['id']}").status_code == 204
        assert remote.delete(f"/_fake/posts/{made['id']}").status_code == 404
        assert remote.post("/_fake/messages", json={"to": "nobody", "text": "psst"}).status_code == 400


def test_a_ledger_with_a_file_outlives_the_fake(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger = Ledger(path)
    ledger.write(datetime(2026, 11, 22, tzinfo=UTC), "alice", "post", "17", raw=b"\x00\xff", text="Hé")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(row["number"], row["account"], row["detail"], row["raw"]) for row in rows] == [
        (1, "alice", {"text": "Hé"}, "AP8=")
    ]


def test_a_forgotten_ledger_goes_on_counting() -> None:
    ledger = Ledger()
    now = datetime(2026, 11, 22, tzinfo=UTC)
    for number in range(3):
        ledger.write(now, "alice", "post", str(number))
    ledger.forget()
    ledger.write(now, "bob", "post", "3")
    assert [entry.number for entry in ledger.entries()] == [4]
    assert [entry.remote_id for entry in ledger.entries(after=3)] == ["3"]
    assert ledger.entries(account="alice") == []


def test_the_fake_listens_on_loopback_only(toy: FakeServer) -> None:
    assert toy.origin.startswith("http://127.0.0.1:")
    with pytest.raises(OSError), socket.create_connection(("127.0.0.2", toy.port), timeout=1):
        pass


@pytest.mark.parametrize(
    "sent",
    [b"nonsense\r\n\r\n", b"POST /posts HTTP/1.1\r\nContent-Length: many\r\n\r\n", b"A" * 70_000 + b"\r\n\r\n",
     b"POST /posts HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"],
)  # fmt: skip
def test_what_is_not_a_request_is_answered_with_400(toy: FakeServer, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", toy.port), timeout=5) as connection:
        connection.sendall(sent)
        assert connection.recv(64).startswith(b"HTTP/1.1 400")


def test_a_taken_port_is_told() -> None:
    with FakeServer(ToyNetwork()) as first, pytest.raises(OSError, match="in use"):
        FakeServer(ToyNetwork(), first.port).start()


def test_an_unknown_address_is_told(client: httpx2.Client) -> None:
    answer = client.get("/nowhere")
    assert (answer.status_code, answer.json()) == (404, {"error": "no such address: GET /nowhere"})
    assert client.post("/pictures/a.b.png").json() == {"name": "a.b"}
    assert client.post("/pictures/axpng").status_code == 404
