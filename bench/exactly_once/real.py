"""The real Bluesky server among the runs, behind a proxy that loses every third answer; it is its own ledger."""

import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from bench.exactly_once.plan import Run

if TYPE_CHECKING:
    from tools.pds.running import PdsAccount

EVERY = 3


class RealServer:
    """The server, its proxy and its accounts. Use it as a context manager."""

    def __init__(self) -> None:
        from tools.demo_bluesky.losing_proxy import LosingProxy
        from tools.pds.running import Pds

        self._folder = Path(tempfile.mkdtemp(prefix="real"))
        self._pds = Pds(self._folder)
        self._people: dict[str, PdsAccount] = {}
        self._before: set[str] = set()
        self._chosen = 0
        self._counted = 0
        self._start_proxy = lambda: LosingProxy(self._pds.origin, self._loses)
        self.origin = ""
        self.lost = 0

    def __enter__(self) -> "RealServer":
        self._pds.start()
        self._proxy = self._start_proxy()
        self._proxy.__enter__()
        self.origin = self._proxy.origin
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._proxy.__exit__(kind, error, trace)
        self._pds.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _loses(self, number: int, path: str) -> bool:
        if "putRecord" not in path:
            return False
        self._counted += 1
        lost = self._chosen > 0 or self._counted % EVERY == 0
        self._chosen = max(0, self._chosen - 1)
        self.lost += lost
        return lost

    def forget(self) -> None:
        """Leave out from now on what stands already."""
        self._before = {entry["id"] for entry in self._records()}

    def open_account(self, network: str, handle: str) -> dict[str, str]:
        """Return the keys of an account, made on first use."""
        if handle not in self._people:
            self._people[handle] = self._pds.create_account(handle)
        person = self._people[handle]
        return {"identifier": person.handle, "password": person.app_password}

    def set_mood(self, run: Run, handle: str) -> None:
        """Nothing: the proxy loses answers of its own accord."""

    def lose(self, network: str, handle: str, name: str) -> None:
        """Lose the next answer to a write, whoever's; the server cannot be kept from taking it."""
        self._chosen = 1

    def standing(self, network: str) -> list[dict[str, Any]]:
        """Return what stands on the server and did not before the batch."""
        return [entry for entry in self._records() if entry["id"] not in self._before]

    def take_down(self, network: str, remote_id: str) -> None:
        """Not done on the real server."""
        raise NotImplementedError

    def _records(self) -> list[dict[str, Any]]:
        return [
            {"id": record["uri"], "account": name, "text": str(record["value"].get("text", ""))}
            for name, person in self._people.items()
            for record in self._pds.records(person.did).values()
        ]
