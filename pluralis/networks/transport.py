"""The one way out to a network: checked addresses, one total deadline, and knowledge of whether a byte left us.

Two clients, both with a fresh connection per request, no retries, no redirects, no proxy from the environment:

* :func:`write_client` for the request that publishes. Until its first byte is written every failure is NotNow,
  from then on every failure is Unconfirmed (GUARANTEES 1).
* :func:`read_client` for reads, and for uploads that publish nothing by themselves: every failure is NotNow.

:func:`fetch_url` reads a picture or page at an address that a stranger has named.
Time-outs of the HTTP library are per read; here every socket call gets what is left of one deadline.
"""

import json
import re
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, NoReturn, TypeVar, cast

import httpcore2
import httpx2
from httpcore2 import NetworkBackend, NetworkStream, SyncBackend

from pluralis import __version__, failpoints
from pluralis.networks.addresses import ForbiddenAddress, Origin, check_origin, resolve
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import NetworkError, NotNow, Refused, Unconfirmed

Value = TypeVar("Value")
Json = Any

MAX_ANSWER = 8 * 1024 * 1024  # bytes of one API answer; the largest page of any network here stays under 1 MB
MAX_DEPTH = 64  # nested arrays and objects; thread views of Bluesky reach about 20
CONNECT_SECONDS = 5.0  # for one address, so that a dead IPv6 route leaves time for IPv4
CHUNK = 64 * 1024
HEADERS = {
    "user-agent": f"Pluralis/{__version__}",
    # A compressed answer could unfold to any size before it is counted.
    "accept-encoding": "identity",
}


class _TooMuch(Exception):
    """The answer is larger than we are ready to hold, or packed so that its size cannot be known."""


_FAILURES = (
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpx2.HTTPError,
    httpx2.InvalidURL,
    httpx2.StreamError,
    _TooMuch,
)


@cache
def trusted_roots() -> ssl.SSLContext:
    """Return what TLS connections are checked against. Read once: it takes longer than a request."""
    return httpx2.create_ssl_context(trust_env=False)


@cache
def _builder() -> httpx2.Client:
    """Return what makes requests; it has no way to send one."""
    return httpx2.Client(transport=httpx2.BaseTransport(), trust_env=False, timeout=None)


class _Wire:
    """What one request has done so far: ``left`` is true from just before its first byte is written."""

    def __init__(self, deadline: Deadline, marks: str | None) -> None:
        self.deadline = deadline
        self.marks = marks
        self.left = False
        self.asked = False

    def mark(self, point: str) -> None:
        if self.marks:
            failpoints.reach(f"{self.marks}.{point}")

    def before_write(self) -> None:
        if self.left:
            return
        self.mark("before_write")
        self.deadline.check()
        self.left = True

    def before_read(self) -> None:
        if not self.asked:
            self.asked = True
            self.mark("after_write")

    def seconds(self, late: type[Exception]) -> float:
        remaining = self.deadline.remaining
        if remaining <= 0:
            raise late("the time for this call is over")
        return remaining


class _Stream(NetworkStream):
    """A connection on which every read and write gets only what is left of the deadline."""

    def __init__(self, stream: NetworkStream, wire: _Wire) -> None:
        self._stream = stream
        self._wire = wire

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._wire.before_read()
        return self._stream.read(max_bytes, self._wire.seconds(httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if not buffer:
            return
        self._wire.before_write()
        for start in range(0, len(buffer), CHUNK):
            self._stream.write(buffer[start : start + CHUNK], self._wire.seconds(httpcore2.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> NetworkStream:
        seconds = self._wire.seconds(httpcore2.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, seconds), self._wire)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Backend(NetworkBackend):
    """Connects to the checked addresses of one origin, whatever host the layers above name."""

    def __init__(self, origin: Origin, wire: _Wire) -> None:
        self._origin = origin
        self._wire = wire
        self._sockets = SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> NetworkStream:
        failure: Exception | None = None
        for address in resolve(self._origin, self._wire.deadline):
            seconds = min(CONNECT_SECONDS, self._wire.seconds(httpcore2.ConnectTimeout))
            try:
                stream = self._sockets.connect_tcp(address, self._origin.port, seconds, None, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self._wire)
        raise failure or httpcore2.ConnectError("no address")


@dataclass(frozen=True, slots=True)
class Answer:
    """One complete answer. ``unclear`` makes the error for an answer that cannot be understood."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    unclear: Callable[[str], NetworkError]

    @property
    def ok(self) -> bool:
        """True for 2xx."""
        return 200 <= self.status < 300

    def json(self) -> Json:
        """Return the body as JSON, without NUL and lone surrogates; raises ``unclear`` when it is not JSON."""
        try:
            return load_json(self.body)
        except ValueError as error:
            raise self.unclear(f"the answer (status {self.status}) could not be read: {error}") from error

    def parse(self, read: Callable[[Json], Value]) -> Value:
        """Return ``read(json)``; a missing or misshapen field raises ``unclear``."""
        content = self.json()
        try:
            return read(content)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise self.unclear(f"the answer (status {self.status}) lacks what it should hold") from error

    def error_json(self) -> dict[str, Json]:
        """Return the body of an error answer, ``{}`` when it is no JSON object: errors come in any shape."""
        try:
            content = load_json(self.body)
        except ValueError:
            return {}
        return content if isinstance(content, dict) else {}

    def date(self) -> datetime | None:
        """Return the server's own clock (the Date header), aware UTC."""
        return _http_date(self.headers.get("date", ""))

    def retry_after(self) -> datetime | None:
        """Return the instant that Retry-After names, reckoned on the server's clock (RFC 9110, 10.2.3)."""
        value = self.headers.get("retry-after", "").strip()
        now = self.date()
        if value.isdigit():
            return now + timedelta(seconds=min(int(value), 86400)) if now else None
        return _http_date(value)


class Client:
    """Requests to one origin under one deadline. Made by :func:`write_client` and :func:`read_client`."""

    def __init__(self, origin: Origin, deadline: Deadline, *, decisive: bool, marks: str | None) -> None:
        self._origin = origin
        self._deadline = deadline
        self._decisive = decisive
        self._marks = marks
        self.base = str(origin)

    def ask(self, method: str, path: str, *, limit: int = MAX_ANSWER, **request: Any) -> Answer:
        """Send one request on a fresh connection and return its whole answer, whatever its status.

        ``path`` begins with ``/``. ``request`` takes what httpx2 takes: params, json, data, content, files,
        headers. Raises NotNow as long as no byte was written; afterwards Unconfirmed for a decisive request.
        Refused on text that is not Unicode.
        """
        wire = _Wire(self._deadline, self._marks)
        try:
            answer = self._exchange(wire, method, path, limit, request)
        except ForbiddenAddress as error:
            raise NotNow(error.reason) from error
        except UnicodeEncodeError as error:  # half a surrogate pair; nothing was sent
            raise Refused("the text holds a character that cannot be sent", {"text": "unreadable"}) from error
        except _FAILURES as error:
            self._fail(wire, error)
        wire.mark("after_answer")
        return answer

    def _exchange(
        self, wire: _Wire, method: str, path: str, limit: int, request: dict[str, Any], *, cut: bool = False
    ) -> Answer:
        headers = {**HEADERS, **request.pop("headers", {})}
        asked = _builder().build_request(method, self.base + path, headers=headers, **request)
        # The client is passed by: it would only follow redirects and keep cookies, and making one takes longer than
        # the request. What it builds goes straight to the transport of this one request.
        with _Transport(self._origin, wire) as transport, closing(transport.handle_request(asked)) as response:
            body = _read_bounded(response, limit, cut=cut)
            return Answer(response.status_code, dict(response.headers), body, self._unclear(wire))

    def _unclear(self, wire: _Wire) -> Callable[[str], NetworkError]:
        return Unconfirmed if self._decisive and wire.left else NotNow

    def _fail(self, wire: _Wire, error: Exception) -> NoReturn:
        what = str(error).strip() or type(error).__name__
        raise self._unclear(wire)(f"{self._origin.host}: {what[:200]}") from error


class _Body(httpx2.SyncByteStream):
    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        yield from self._chunks


class _Transport(httpx2.BaseTransport):
    """Like the library's own, over our backend (for which its constructor has no place). One request, then gone."""

    def __init__(self, origin: Origin, wire: _Wire) -> None:
        backend = _Backend(origin, wire)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=trusted_roots(),
            max_connections=1,
            max_keepalive_connections=0,
            retries=0,
            network_backend=backend,
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        target = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        content = cast(Iterable[bytes], request.stream)
        answer = self._pool.handle_request(
            httpcore2.Request(request.method, target, headers=request.headers.raw, content=content)
        )
        body = _Body(cast(Iterable[bytes], answer.stream))
        return httpx2.Response(answer.status, headers=answer.headers, stream=body, request=request)

    def close(self) -> None:
        self._pool.close()


def _read_bounded(response: httpx2.Response, limit: int, *, cut: bool = False) -> bytes:
    if response.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise _TooMuch("the answer is packed although we asked for it plain")
    body = bytearray()
    for chunk in response.iter_raw(CHUNK):
        body += chunk
        if len(body) > limit and cut:
            return bytes(body[:limit])
        if len(body) > limit:
            raise _TooMuch(f"the answer is larger than {limit} bytes")
    return bytes(body)


def write_client(origin: str, deadline: Deadline, *, marks: str | None = "send") -> Client:
    """Return a client for the one request that changes something on the network.

    ``marks`` is the prefix of the fail-points it passes; ``None`` for writes that are not a part (delete, mute).
    Raises NotNow when the origin is not one we may go to.
    """
    return _client(origin, deadline, decisive=True, marks=marks)


def read_client(origin: str, deadline: Deadline) -> Client:
    """Return a client for requests that may be repeated without harm: reads, and uploads not yet published."""
    return _client(origin, deadline, decisive=False, marks=None)


def _client(text: str, deadline: Deadline, *, decisive: bool, marks: str | None) -> Client:
    try:
        origin = Origin.parse(text)
        check_origin(origin)
    except ForbiddenAddress as error:
        raise NotNow(error.reason) from error
    return Client(origin, deadline, decisive=decisive, marks=marks)


def check_host(text: str, deadline: Deadline) -> str:
    """Return the origin of a server that a person typed (``Example.Social``, ``https://example.social/``).

    Resolves it once. Raises Refused with the field ``host`` when it is no server's name, is unknown, or leads
    into a private network.
    """
    origin = Origin.typed(text)
    check_origin(origin)
    try:
        resolve(origin, deadline)
    except NotNow as error:
        raise ForbiddenAddress(error.reason) from error
    return str(origin)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What lay at an address: its bytes, the media type and charset the server claims (``""`` where it claims none),
    and where redirects ended."""

    content: bytes
    content_type: str
    url: str
    charset: str = ""


def fetch_url(url: str, deadline: Deadline, *, limit: int, redirects: int = 3, cut: bool = False) -> Fetched:
    """Read an address that a stranger named: at most ``limit`` bytes, every redirect checked like the first.

    What is larger is refused, or with ``cut`` only its beginning read.

    Raises Refused (:class:`ForbiddenAddress`) when it or a redirect leads where we do not go, NotNow otherwise.
    """
    for _ in range(redirects + 1):
        origin = Origin.of_url(url)
        check_origin(origin, plain=True)
        wire = _Wire(deadline, None)
        target = httpx2.URL(url).raw_path.decode("ascii")
        try:
            client = Client(origin, deadline, decisive=False, marks=None)
            answer = client._exchange(wire, "GET", target, limit, {}, cut=cut)
        except _FAILURES as error:
            raise NotNow(f"{origin.host}: {str(error)[:200]}") from error
        if answer.status not in (301, 302, 303, 307, 308):
            return _fetched(answer, url)
        url = _next(url, origin, answer.headers.get("location", ""))
    raise NotNow("the address leads from one place to the next without end")


def _next(url: str, origin: Origin, location: str) -> str:
    following = str(httpx2.URL(url).join(location))
    if origin.scheme == "https" and not following.startswith("https:"):
        raise ForbiddenAddress(f"{origin.host} leads from https back to an open connection")
    return following


def _fetched(answer: Answer, url: str) -> Fetched:
    if answer.status != 200:
        raise NotNow(f"the address answered with status {answer.status}")
    kind, _, rest = answer.headers.get("content-type", "").lower().partition(";")
    charset = _CHARSET.search(rest)
    return Fetched(answer.body, kind.strip(), url, charset[1] if charset else "")


_CHARSET = re.compile(r"charset\s*=\s*[\"']?([a-z0-9._:-]{1,40})")


_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
_ODD_TEXT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


def load_json(body: bytes) -> Json:
    """Return JSON (RFC 8259) of at most :data:`MAX_DEPTH` levels; raises ``ValueError`` on anything else.

    NUL and lone surrogates, which no database can hold, become U+FFFD.
    """
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH and _depth(body) > MAX_DEPTH:
        raise ValueError("it is nested too deeply")
    content = json.loads(body.decode("utf-8", "replace"), parse_constant=_no_constant)
    return _mend(content) if _ODD_TEXT.search(body) else content


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _depth(body: bytes) -> int:
    depth = deepest = 0
    for match in _BRACKET.finditer(body):
        mark = match[0][:1]
        if mark in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif mark in b"]}":
            depth -= 1
    return deepest


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def sendable(text: str) -> str:
    """Return ``text`` as it can be written in UTF-8 and kept by anybody: NUL goes, half a pair becomes U+FFFD."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\x00", ""))


def _mend(value: Json) -> Json:
    if isinstance(value, str):
        return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, list):
        return [_mend(item) for item in value]
    if isinstance(value, dict):
        return {_mend(key): _mend(item) for key, item in value.items()}
    return value


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
