"""A proxy on loopback that hands every request on and loses some of the answers.

The request has then been carried out, and whoever asked cannot know: the case that doubles posts elsewhere.
"""

import http.client
import http.server
import threading
from collections.abc import Callable
from types import TracebackType
from urllib.parse import urlsplit

Loses = Callable[[int, str], bool]
"""Says from an answer's number (from 1) and the request's path whether the answer is lost."""


def every(nth: int, path: str = "") -> Loses:
    """Lose every ``nth`` answer, of requests whose path contains ``path``."""
    counted = 0

    def loses(number: int, asked: str) -> bool:
        nonlocal counted
        counted += path in asked
        return path in asked and counted % nth == 0

    return loses


class LosingProxy:
    """Stands before ``target``; ``origin`` is where to ask. Use it as a context manager."""

    def __init__(self, target: str, loses: Loses, port: int = 0) -> None:
        self.loses = loses
        self.asked: list[str] = []
        self.lost: list[str] = []
        self._lock = threading.Lock()
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), _handler(self, urlsplit(target).netloc))
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.origin = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "LosingProxy":
        threading.Thread(target=self._server.serve_forever, name="losing proxy", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def loses_this(self, path: str) -> bool:
        """Count an answer and say whether it is lost."""
        with self._lock:
            self.asked.append(path)
            lost = self.loses(len(self.asked), path)
            if lost:
                self.lost.append(path)
            return lost


def _handler(proxy: LosingProxy, target: str) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            connection = http.client.HTTPConnection(target, timeout=60)
            headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
            connection.request(self.command, self.path, body or None, headers)
            answer = connection.getresponse()
            content = answer.read()
            connection.close()
            self.close_connection = True
            if not proxy.loses_this(self.path):
                self._answer(answer, content)

        def _answer(self, answer: http.client.HTTPResponse, content: bytes) -> None:
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("connection", "transfer-encoding", "content-length", "date", "server"):
                    self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.send_header("connection", "close")
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _pass_on

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    return Handler
