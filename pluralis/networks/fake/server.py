"""The fake's HTTP server: one thread, loopback only, able to drop, cut and delay its answers."""

import asyncio
import contextlib
import threading
from types import TracebackType

from pluralis.networks.fake.http import BadRequest, Request, Response, read_request
from pluralis.networks.fake.network import FakeNetwork

LOOPBACK = "127.0.0.1"
TICK_SECONDS = 0.25


class FakeServer:
    """Serves one fake network on one port of 127.0.0.1, in a thread of its own. Use it as a context manager."""

    def __init__(self, network: FakeNetwork, port: int = 0) -> None:
        self.network = network
        self.port = port
        self.connections = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._stop: asyncio.Event | None = None
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=f"fake {network.name}", daemon=True)

    @property
    def origin(self) -> str:
        """Where the network is: ``http://127.0.0.1:PORT``."""
        return f"http://{LOOPBACK}:{self.port}"

    def start(self) -> "FakeServer":
        """Start, and return when the port is open. Raises ``OSError`` when it is taken."""
        self._thread.start()
        self._ready.wait()
        if self._failure:
            raise self._failure
        return self

    def stop(self) -> None:
        """Close the port and every connection."""
        if self._loop and self._stop and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()
        self.network.ledger.close()

    def __enter__(self) -> "FakeServer":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        try:
            asyncio.run(self.serve())
        except BaseException as failure:
            self._failure = failure
        self._ready.set()

    async def serve(self) -> None:
        """Serve until stopped; for a process that is nothing but the fake."""
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        tasks: set[asyncio.Task[None]] = set()

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.ensure_future(self._converse(reader, writer))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        server = await asyncio.start_server(accept, LOOPBACK, self.port, backlog=1024)
        self.port = server.sockets[0].getsockname()[1]
        self.network.origin = self.origin
        self._ready.set()
        ticking = asyncio.ensure_future(self._tick())
        await self._stop.wait()
        server.close()
        ticking.cancel()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            self.network.tick()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection, one after the other."""
        self.connections += 1
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            while await self._exchange(reader, writer):
                pass
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; tell whether the connection stays open."""
        try:
            request = await read_request(reader)
        except (BadRequest, ValueError, asyncio.LimitOverrunError):
            writer.write(Response(400).encode())
            return False
        if request is None:
            return False
        response = await self._answer(request)
        if response.delay:
            await asyncio.sleep(response.delay)
        if response.fate == "drop":
            writer.transport.abort()
            return False
        encoded = response.encode()
        writer.write(encoded if response.fate == "answer" else encoded[: -max(1, len(response.body) // 2)])
        await writer.drain()
        leaving = request.headers.get("connection", "").lower() == "close"
        return not (leaving or response.hang_up or response.fate == "cut")

    async def _answer(self, request: Request) -> Response:
        plan = self.network.begin(request)
        wait = self.network.wait_before(plan)
        if wait:
            await asyncio.sleep(wait)
        return self.network.finish(plan)
