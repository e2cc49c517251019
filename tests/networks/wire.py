"""A server of raw sockets that answers as it is told: what an HTTP library would be too polite to do."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Play = Callable[[socket.socket, bytes], None]


@dataclass
class Wire:
    """Listens on loopback; plays ``play(connection, request)`` for each connection and keeps the requests."""

    play: Play
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    tls: object | None = None

    def __post_init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.origin = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection: socket.socket) -> None:
        try:
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection:
                connection.settimeout(5)
                request = read_request(connection)
                self.requests.append(request)
                self.play(connection, request)
        except OSError:
            pass

    def close(self) -> None:
        self._socket.close()


def read_request(connection: socket.socket) -> bytes:
    """Return head and body of one request, as far as Content-Length says."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk:
            return data
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    wanted = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            wanted = int(line.split(b":")[1])
    while len(body) < wanted:
        chunk = connection.recv(65536)
        if not chunk:
            break
        body += chunk
    return head + b"\r\n\r\n" + body


def answer(status: str, body: bytes = b"", *headers: str) -> bytes:
    """Return an HTTP/1.1 answer with its length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def says(data: bytes) -> Play:
    """Return a play that sends ``data`` and closes."""

    def play(connection: socket.socket, request: bytes) -> None:
        connection.sendall(data)

    return play


@contextmanager
def wire(play: Play, tls: object | None = None) -> Iterator[Wire]:
    """Run a :class:`Wire` for the length of a test."""
    server = Wire(play, tls=tls)
    try:
        yield server
    finally:
        server.close()
