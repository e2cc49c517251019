"""Names and addresses a stranger may give us: every case is a row of cases/addresses.yml."""

import ipaddress
import socket
from pathlib import Path

import pytest
import yaml

from pluralis.networks import addresses
from pluralis.networks.addresses import ForbiddenAddress, Origin
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import NotNow, Refused

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "addresses.yml").read_text(encoding="utf-8"))


@pytest.fixture
def names(monkeypatch):
    """A resolver of our own: name -> addresses."""
    known: dict[str, list[str]] = {}

    def look_up(host, port, **options):
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in known[host]]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@pytest.fixture
def allow():
    """Allow private origins for one test."""
    before = addresses.allow_private_origins(())
    yield addresses.allow_private_origins
    addresses.allow_private_origins(before)


@pytest.mark.parametrize("case", CASES["origins"], ids=lambda case: repr(case["typed"]))
def test_an_origin_is_taken_apart_strictly(case):
    if "origin" in case:
        assert str(Origin.parse(case["typed"])) == case["origin"]
        return
    with pytest.raises(ForbiddenAddress, match=case["refused"]) as caught:
        Origin.parse(case["typed"])
    assert isinstance(caught.value, Refused)
    assert "host" in caught.value.fields


@pytest.mark.parametrize("case", CASES["ports"], ids=str)
def test_only_the_ports_of_web_servers_are_visited(case, allow):
    origin = Origin.parse(case["origin"])
    if case["good"]:
        addresses.check_origin(origin, plain=case["plain"])
    else:
        with pytest.raises(ForbiddenAddress):
            addresses.check_origin(origin, plain=case["plain"])


@pytest.mark.parametrize("address", CASES["public"])
def test_a_public_address_is_known_as_public(address):
    assert addresses.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", CASES["private"])
def test_an_address_that_is_not_public_is_known_in_every_disguise(address):
    assert not addresses.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", CASES["private"])
def test_a_name_that_leads_to_a_private_address_is_refused(address, names, allow):
    names["mastodon.example"] = [address]
    with pytest.raises(ForbiddenAddress, match="private network"):
        addresses.resolve(Origin.parse("https://mastodon.example"), Deadline.after(1))


def test_one_private_address_among_public_ones_spoils_the_name(names, allow):
    names["mastodon.example"] = ["93.184.216.34", "127.0.0.1"]
    with pytest.raises(ForbiddenAddress):
        addresses.resolve(Origin.parse("https://mastodon.example"), Deadline.after(1))


def test_every_public_address_of_a_name_is_given_once_in_the_resolvers_order(names):
    names["mastodon.example"] = ["93.184.216.35", "93.184.216.34", "93.184.216.35"]
    found = addresses.resolve(Origin.parse("https://mastodon.example"), Deadline.after(1))
    assert found == ("93.184.216.35", "93.184.216.34")


def test_an_unknown_name_means_not_now(names):
    with pytest.raises(NotNow, match="not found"):
        addresses.resolve(Origin.parse("https://nowhere.example"), Deadline.after(1))


def test_a_resolver_that_never_answers_does_not_hold_us_up(monkeypatch):
    import threading

    release = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: release.wait(10) and [])
    deadline = Deadline.after(0.1)
    with pytest.raises(NotNow, match="in time"):
        addresses.resolve(Origin.parse("https://slow.example"), deadline)
    assert deadline.remaining > -2
    release.set()


@pytest.mark.parametrize(
    ("allowed", "asked", "good"),
    [
        ("http://127.0.0.1:9001", "http://127.0.0.1:9001", True),
        ("http://127.0.0.1:9001", "http://127.0.0.1:9002", False),
        ("http://127.0.0.1:9001", "https://127.0.0.1:9001", False),
        ("http://127.0.0.1:9001", "http://localhost:9001", False),
        ("http://127.0.0.1:9001", "http://127.0.0.2:9001", False),
        ("http://127.0.0.1:9001", "http://[::ffff:127.0.0.1]:9001", False),
        ("https://social.intern", "https://SOCIAL.intern/", True),
        ("https://social.intern", "https://evil.social.intern", False),
    ],
)
def test_an_exception_is_one_exact_origin(allowed, asked, good, allow, names):
    names.update({"127.0.0.1": ["127.0.0.1"], "127.0.0.2": ["127.0.0.2"], "localhost": ["127.0.0.1"]})
    names.update({"::ffff:127.0.0.1": ["::ffff:127.0.0.1"]})
    names.update({"social.intern": ["10.0.0.7"], "evil.social.intern": ["10.0.0.7"]})
    allow([allowed])
    origin = Origin.parse(asked)

    def go() -> tuple[str, ...]:
        addresses.check_origin(origin)
        return addresses.resolve(origin, Deadline.after(1))

    if good:
        assert go()
    else:
        with pytest.raises(ForbiddenAddress):
            go()


def test_what_was_allowed_before_is_given_back(allow):
    allow(["http://127.0.0.1:1"])
    assert allow(["http://127.0.0.1:2"]) == {"http://127.0.0.1:1"}
