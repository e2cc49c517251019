"""What the transport promises a caller: one connection, one deadline, and the truth about whether a byte left."""

import json
import socket
import ssl
import threading
import time

import pytest

from pluralis import failpoints
from pluralis.networks import addresses, transport
from pluralis.networks.addresses import ForbiddenAddress
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import NotNow, Unconfirmed
from pluralis.networks.transport import check_host, fetch_url, load_json, read_client, write_client
from tests.networks.wire import answer, says, wire

OK = answer("200 OK", b'{"id": "1"}', "Content-Type: application/json")


@pytest.fixture(autouse=True)
def allow():
    before = addresses.allow_private_origins(())
    yield addresses.allow_private_origins
    addresses.allow_private_origins(before)
    failpoints.set_hook(None)


@pytest.fixture
def server(allow):
    """Run a play on an allowed origin."""
    running = []

    def start(play, tls=None):
        context = wire(play, tls)
        running.append(context)
        it = context.__enter__()
        allow([it.origin])
        return it

    yield start
    for context in running:
        context.__exit__(None, None, None)


@pytest.fixture
def names(monkeypatch):
    """Answer for names: each look-up takes the next list of addresses. Literal addresses stay themselves."""
    answers: list[list[str]] = []
    real = socket.getaddrinfo

    def look_up(host, port, *rest, **options):
        if host[0].isdigit():
            return real(host, port, *rest, **options)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in answers.pop(0)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return answers


def drop(connection, request):
    """Take the request and hang up without a word."""


def hang(connection, request):
    time.sleep(3)


def trickle(connection, request):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    for _ in range(100):
        connection.sendall(b"x")
        time.sleep(0.05)


def reset(connection, request):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


AFTER_THE_REQUEST_LEFT = {
    "hung up without an answer": drop,
    "connection reset": reset,
    "no answer in time": hang,
    "an answer that trickles for ever": trickle,
    "half a status line": says(b"HTTP/1.1 20"),
    "not HTTP at all": says(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"),
    "a body shorter than promised": says(b'HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{"id"'),
    "broken chunks": says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc"),
    "a head without end": says(b"HTTP/1.1 200 OK\r\n" + b"A: " + b"b" * 200_000),
    "a packed answer": says(answer("200 OK", b"\x1f\x8b", "Content-Encoding: gzip")),
}


@pytest.mark.parametrize("name", AFTER_THE_REQUEST_LEFT)
def test_a_write_that_left_us_and_failed_is_unconfirmed(name, server):
    there = server(AFTER_THE_REQUEST_LEFT[name])
    deadline = Deadline.after(0.5)
    with pytest.raises(Unconfirmed):
        write_client(there.origin, deadline).ask("POST", "/post", json={"text": "hello"})
    assert there.connections == 1
    assert deadline.remaining > -0.5


@pytest.mark.parametrize("name", AFTER_THE_REQUEST_LEFT)
def test_a_read_that_failed_means_not_now(name, server):
    there = server(AFTER_THE_REQUEST_LEFT[name])
    with pytest.raises(NotNow):
        read_client(there.origin, Deadline.after(0.5)).ask("GET", "/posts")


def test_an_answer_too_large_is_given_up(server):
    there = server(says(answer("200 OK", b"x" * 200_000)))
    with pytest.raises(NotNow, match="larger than 100000"):
        read_client(there.origin, Deadline.after(2)).ask("GET", "/", limit=100_000)


def test_a_refused_connection_means_that_nothing_left_us(allow):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        origin = f"http://127.0.0.1:{taken.getsockname()[1]}"
    allow([origin])
    with pytest.raises(NotNow):
        write_client(origin, Deadline.after(1)).ask("POST", "/post")


def test_an_unknown_name_means_that_nothing_left_us():
    with pytest.raises(NotNow, match=r"nowhere\.invalid"):
        write_client("https://nowhere.invalid", Deadline.after(2)).ask("POST", "/post")


def test_a_failed_tls_handshake_means_that_nothing_left_us(server, allow):
    there = server(says(b"no TLS here"))
    origin = there.origin.replace("http:", "https:")
    allow([origin])
    with pytest.raises(NotNow):
        write_client(origin, Deadline.after(1)).ask("POST", "/post")


def test_a_private_address_on_the_way_to_publish_keeps_the_part_waiting():
    """A café's sign-in page may resolve every name to itself for an hour: that must not refuse a post for good."""
    with pytest.raises(NotNow):
        write_client("https://localhost", Deadline.after(1)).ask("POST", "/post")


def test_a_passed_deadline_lets_no_byte_out(server):
    there = server(says(OK))
    with pytest.raises(NotNow):
        write_client(there.origin, Deadline.after(0)).ask("POST", "/post")
    assert there.requests == []


def test_a_process_frozen_before_its_first_byte_does_not_write_when_it_wakes(server):
    there = server(says(OK))
    failpoints.set_hook(lambda name: time.sleep(0.4) if name == "send.before_write" else None)
    with pytest.raises(NotNow, match="over before it began"):
        write_client(there.origin, Deadline.after(0.2)).ask("POST", "/post")
    time.sleep(0.1)
    assert all(request == b"" for request in there.requests)


def test_the_fail_points_are_passed_in_order_around_the_bytes(server):
    there = server(says(OK))
    seen = []
    failpoints.set_hook(lambda name: seen.append((name, len(there.requests))))
    write_client(there.origin, Deadline.after(2)).ask("POST", "/post", json={"text": "x" * 200_000})
    assert [name for name, _ in seen] == ["send.before_write", "send.after_write", "send.after_answer"]
    assert seen[0][1] == 0
    assert seen[2][1] == 1


def test_reads_and_unmarked_writes_pass_no_fail_point(server):
    there = server(says(OK))
    seen = []
    failpoints.set_hook(seen.append)
    read_client(there.origin, Deadline.after(2)).ask("GET", "/")
    write_client(there.origin, Deadline.after(2), marks=None).ask("DELETE", "/post")
    assert seen == []


def test_every_request_goes_over_a_connection_of_its_own(server):
    there = server(says(OK))
    client = read_client(there.origin, Deadline.after(2))
    assert client.ask("GET", "/").ok
    assert client.ask("GET", "/").ok
    assert there.connections == 2


def test_a_server_that_closes_idle_connections_costs_no_write(server):
    """A pooled connection closed by the server would make each later write unconfirmed."""
    there = server(says(OK))
    client = write_client(there.origin, Deadline.after(2))
    for _ in range(3):
        assert client.ask("POST", "/post", json={}).ok
        time.sleep(0.02)
    assert len(there.requests) == 3


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
def test_a_redirect_is_an_answer_and_never_followed(status, server):
    there = server(says(answer(status, b"", "Location: http://169.254.169.254/")))
    assert write_client(there.origin, Deadline.after(1)).ask("POST", "/post").status == int(status[:3])
    assert there.connections == 1


def test_the_environment_cannot_send_us_through_a_proxy(server, monkeypatch):
    there = server(says(OK))
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert read_client(there.origin, Deadline.after(1)).ask("GET", "/").ok


def test_one_address_that_does_not_answer_leaves_the_next_its_turn(allow, names):
    with wire(says(OK)) as there:  # listens on 127.0.0.1 only
        origin = f"http://twice.test:{there.port}"
        allow([origin])
        names.append(["127.0.0.9", "127.0.0.1"])
        assert write_client(origin, Deadline.after(2)).ask("POST", "/").ok


def test_a_name_is_resolved_once_so_that_it_cannot_change_between_check_and_call(allow, names):
    with wire(says(OK)) as there:
        origin = f"http://rebind.test:{there.port}"
        allow([origin])
        names.extend([["127.0.0.1"], ["10.0.0.1"]])
        assert read_client(origin, Deadline.after(1)).ask("GET", "/").ok
        assert names == [["10.0.0.1"]]


def test_the_checked_address_is_asked_for_the_right_name(allow, monkeypatch, names, certificate):
    """The connection goes to an address, but SNI, certificate check and Host speak of the name."""
    asked = []
    server_side, client_side = certificate("pinned.test")
    server_side.sni_callback = lambda sock, name, context: asked.append(name)
    monkeypatch.setattr(transport, "trusted_roots", lambda: client_side)
    with wire(says(OK), tls=server_side) as there:
        origin = f"https://pinned.test:{there.port}"
        allow([origin])
        names.append(["127.0.0.1"])
        assert read_client(origin, Deadline.after(2)).ask("GET", "/").ok
        assert asked == ["pinned.test"]
        assert f"host: pinned.test:{there.port}".encode() in there.requests[0].lower()


def test_a_certificate_for_another_name_is_not_accepted(allow, monkeypatch, names, certificate):
    server_side, client_side = certificate("other.test")
    monkeypatch.setattr(transport, "trusted_roots", lambda: client_side)
    with wire(says(OK), tls=server_side) as there:
        origin = f"https://pinned.test:{there.port}"
        allow([origin])
        names.append(["127.0.0.1"])
        with pytest.raises(NotNow, match="certificate"):
            write_client(origin, Deadline.after(2)).ask("POST", "/")
        assert there.requests == []


@pytest.fixture
def certificate(tmp_path):
    """Make a certificate for a name: a context for the server and one for the client that trusts it."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    def make(name):
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder(subject, subject, key.public_key(), 1, now, now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .sign(key, hashes.SHA256())
        )
        pem = tmp_path / "both.pem"
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        pem.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
        server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server_side.load_cert_chain(pem)
        return server_side, ssl.create_default_context(cafile=str(pem))

    return make


def test_a_write_that_cannot_be_read_back_is_unconfirmed_and_a_read_is_not(server):
    there = server(says(answer("201 Created", b"<html>thanks</html>")))
    with pytest.raises(Unconfirmed):
        write_client(there.origin, Deadline.after(1)).ask("POST", "/").json()
    with pytest.raises(NotNow):
        read_client(there.origin, Deadline.after(1)).ask("GET", "/").json()


def test_a_write_whose_answer_lacks_its_id_is_unconfirmed(server):
    there = server(says(answer("201 Created", b'{"data": []}')))
    with pytest.raises(Unconfirmed, match="lacks"):
        write_client(there.origin, Deadline.after(1)).ask("POST", "/").parse(lambda body: body["data"]["id"])


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b'"text"', b"null"])
def test_an_error_in_any_shape_reads_as_an_object(body, server):
    there = server(says(answer("500 Oh", body)))
    assert read_client(there.origin, Deadline.after(1)).ask("GET", "/").error_json() == {}


def test_retry_after_is_reckoned_on_the_servers_clock(server):
    date = "Date: Sun, 22 Nov 2026 10:00:00 GMT"
    for value, expected in (("90", "2026-11-22T10:01:30"), ("Sun, 22 Nov 2026 11:00:00 GMT", "2026-11-22T11:00:00")):
        there = server(says(answer("429 Slow", b"", date, f"Retry-After: {value}")))
        found = read_client(there.origin, Deadline.after(1)).ask("GET", "/").retry_after()
        assert found is not None
        assert found.isoformat() == expected + "+00:00"
    there = server(says(answer("429 Slow", b"", date, "Retry-After: soon")))
    assert read_client(there.origin, Deadline.after(1)).ask("GET", "/").retry_after() is None


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("localhost", "private"),
        ("127.0.0.1", "private"),
        ("http://mastodon.example", "https"),
        ("mastodon.example:8080", "port"),
        ("nowhere.invalid", "not found"),
        ("alice@mastodon.example", "user name"),
        ("not a name", "blanks"),
    ],
)
def test_a_typed_instance_that_cannot_be_is_refused_at_its_field(typed, reason):
    with pytest.raises(ForbiddenAddress, match=reason) as caught:
        check_host(typed, Deadline.after(2))
    assert set(caught.value.fields) == {"host"}


def test_a_typed_instance_is_returned_as_its_origin(names):
    names.append(["93.184.216.34"])
    assert check_host("  Mastodon.Example/ ", Deadline.after(1)) == "https://mastodon.example"


def test_a_picture_is_fetched_with_its_type(server):
    there = server(says(answer("200 OK", b"\x89PNG", "Content-Type: Image/PNG; x=y")))
    found = fetch_url(there.origin + "/a.png?x=1", Deadline.after(1), limit=100)
    assert (found.content, found.content_type) == (b"\x89PNG", "image/png")
    assert there.requests[0].startswith(b"GET /a.png?x=1 ")


def test_a_redirect_of_a_picture_is_checked_like_the_first_address(server):
    for target in (
        "http://127.0.0.1:1/",
        "http://localhost/",
        "http://[::ffff:127.0.0.1]/",
        "ftp://x/",
        "http://u@x/",
    ):
        there = server(says(answer("302 Found", b"", f"Location: {target}")))
        with pytest.raises(ForbiddenAddress):
            fetch_url(there.origin + "/a", Deadline.after(1), limit=100)


def test_a_redirect_within_the_allowed_origin_is_followed_and_counted(server):
    def play(connection, request):
        here = request.split(b" ")[1]
        step = int(here.rsplit(b"/", 1)[1])
        there = answer("200 OK", b"end") if step == 3 else answer("302 Found", b"", f"Location: {step + 1}")
        connection.sendall(there)

    there = server(play)
    assert fetch_url(there.origin + "/r/0", Deadline.after(2), limit=10).content == b"end"
    with pytest.raises(NotNow, match="without end"):
        fetch_url(there.origin + "/r/0", Deadline.after(2), limit=10, redirects=2)


def test_a_picture_larger_than_its_limit_or_late_is_given_up(server):
    there = server(says(answer("200 OK", b"x" * 1000)))
    with pytest.raises(NotNow, match="larger"):
        fetch_url(there.origin + "/", Deadline.after(1), limit=999)
    there = server(trickle)
    deadline = Deadline.after(0.3)
    with pytest.raises(NotNow):
        fetch_url(there.origin + "/", deadline, limit=10_000_000)
    assert deadline.remaining > -0.5


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a": "\\ud83d\\ude00"}', {"a": "😀"}),
        (b'{"a": "\\ud83d"}', {"a": "\ufffd"}),
        (b'{"\\u0000": ["\\udc00x"]}', {"\ufffd": ["\ufffdx"]}),
        (b'"\xff\xfe"', "\ufffd\ufffd"),
        (b"[" * 64 + b"]" * 64, None),
    ],
)
def test_text_that_no_database_holds_is_mended(body, value):
    found = load_json(body)
    if value is not None:
        assert found == value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"NaN",
        b'{"a": Infinity}',
        b"[" * 65 + b"]" * 65,
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'"a\x00b"',
        b"1" * 10_000,
        b"\xef\xbb\xbf{}",
    ],
    ids=lambda body: repr(body[:12]),
)
def test_what_is_not_json_or_too_deep_is_a_value_error(body):
    with pytest.raises(ValueError):
        load_json(body)


def test_brackets_inside_strings_are_not_depth():
    body = json.dumps({"a": "[{" * 5000, "b": '"[' * 5000}).encode()
    assert load_json(body)["a"] == "[{" * 5000


def test_a_hostile_body_is_measured_in_linear_time():
    body = b"[" * 65 + b'"' + b'\\"' * 2_000_000
    started = time.monotonic()
    with pytest.raises(ValueError, match="deep"):
        load_json(body)
    assert time.monotonic() - started < 5


def test_two_threads_do_not_share_a_connection(server):
    there = server(says(OK))
    client = read_client(there.origin, Deadline.after(3))
    threads = [threading.Thread(target=client.ask, args=("GET", "/")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert there.connections == 8
