"""Requests and answers of the fake, and the little of HTTP/1.1 (RFC 9112) that loopback clients need."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

MOST_BYTES = 64 * 1024 * 1024
Fate = Literal["answer", "drop", "cut"]


class BadRequest(Exception):
    """What arrived is not a request this fake can read."""


@dataclass(slots=True)
class Part:
    """One field of a multipart form."""

    name: str
    content: bytes
    filename: str | None = None
    content_type: str = ""


@dataclass(slots=True)
class Request:
    """One request. ``headers`` have lower-case names; ``query`` keeps order and repeats; ``raw`` is every byte."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""
    raw: bytes = b""
    captures: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The path, decoded."""
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> list[tuple[str, str]]:
        """The query's pairs, in order."""
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True)

    def asked(self, name: str, default: str = "") -> str:
        """Return the last value of the query's ``name``."""
        return dict(self.query).get(name, default)

    def json(self) -> Any:
        """Return the body read as JSON; an empty body is an empty object."""
        try:
            return json.loads(self.body or b"{}")
        except ValueError as unreadable:
            raise BadRequest("the body is not JSON") from unreadable

    def form(self) -> dict[str, str]:
        """Return the body read as a urlencoded form."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def parts(self) -> dict[str, Part]:
        """Return the fields of a multipart/form-data body by name (RFC 7578)."""
        found = re.search(r'boundary="?([^";]+)', self.headers.get("content-type", ""))
        if not found:
            return {}
        pieces = self.body.split(b"--" + found.group(1).encode())[1:-1]
        return {part.name: part for part in map(_read_part, pieces)}


def _read_part(piece: bytes) -> Part:
    """Return one multipart field; ``piece`` lies between two boundaries, line ends included."""
    head, _, content = piece.partition(b"\r\n\r\n")
    text = head.decode("utf-8", "replace")
    name = re.search(r'[; ]name="([^"]*)"', text)
    filename = re.search(r'filename="([^"]*)"', text)
    kind = re.search(r"(?im)^content-type:\s*(\S+)", text)
    return Part(
        name=name.group(1) if name else "",
        content=content.removesuffix(b"\r\n"),
        filename=filename.group(1) if filename else None,
        content_type=kind.group(1) if kind else "",
    )


@dataclass(slots=True)
class Response:
    """One answer. ``fate`` *drop* closes without a byte, *cut* closes in the middle of the body.

    ``delay`` is how long the answer waits after the work was done. ``hang_up`` closes the connection afterwards
    although it promised to keep it.
    """

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    fate: Fate = "answer"
    hang_up: bool = False

    @classmethod
    def of_json(cls, content: Any, status: int = 200, **headers: str) -> "Response":
        """Return ``content`` as JSON; header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        body = json.dumps(content, ensure_ascii=False).encode()
        return cls(status, body, {"content-type": "application/json; charset=utf-8"} | named)

    @classmethod
    def of_html(cls, content: str, status: int = 200) -> "Response":
        """Return a page that may run no script and load nothing from elsewhere."""
        policy = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
        headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": policy}
        return cls(status, content.encode(), headers)

    @classmethod
    def redirect(cls, address: str, status: int = 303) -> "Response":
        """Return a redirection."""
        return cls(status, b"", {"location": address})

    def encode(self) -> bytes:
        """Return the bytes for the wire."""
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}"]
        named = {"content-length": str(len(self.body))} | self.headers
        lines += [f"{name}: {value}" for name, value in named.items()]
        return "\r\n".join([*lines, "", ""]).encode("utf-8") + self.body


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """Return the next request of a connection, or ``None`` when the client has left."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    if len(words) != 3:
        raise BadRequest("the first line is not a request line")
    pairs = (line.partition(":") for line in lines[1:] if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    body = await _read_body(reader, headers)
    return Request(words[0], words[1], headers, body, head + body) if body is not None else None


async def _read_body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes | None:
    if "transfer-encoding" in headers:
        raise BadRequest("send Content-Length")
    length = int(headers.get("content-length") or 0)
    if length > MOST_BYTES:
        raise BadRequest("too long")
    try:
        return await reader.readexactly(length)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
