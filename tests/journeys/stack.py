"""A whole installation as `make up` runs it: database, web, worker and the fake networks, under its supervisor."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx2

from tests import postgres

READY_SECONDS = 150
_FROM_THE_RUN = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_DIRECT_URL", "SECRET_KEY", "FIELD_KEYS")
Found = TypeVar("Found")


def eventually(look: Callable[[], Found], what: str, seconds: float = 60) -> Found:
    """Return the first thing ``look`` finds that counts as true; fail, naming ``what``, when it never does."""
    give_up = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < give_up, f"never within {seconds:.0f} s: {what}"
        time.sleep(0.1)
    return found


class Stack:
    """One data folder, and the `pluralis up` that runs on it (or does not, between ``stop`` and ``start``)."""

    def __init__(self) -> None:
        self.folder = postgres.new_folder()
        self.data = self.folder / "data"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.password = ""
        self.said = ""
        self._process: subprocess.Popen[str] | None = None

    @property
    def origin(self) -> str:
        """The address as it is printed: ``http://localhost:PORT``."""
        return f"http://localhost:{self.port}"

    @property
    def _environ(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in _FROM_THE_RUN}
        return kept | {"PLURALIS_DATA_DIR": str(self.data), "PORT": str(self.port), "DEMO": "1", "DEBUG": "0"}

    def start(self) -> None:
        """Start everything, and return when it says that it is ready."""
        command = [sys.executable, "-m", "pluralis.cli.main", "up"]
        self._process = subprocess.Popen(
            command, env=self._environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True,
        )  # fmt: skip
        watchdog = threading.Timer(READY_SECONDS, self._process.terminate)
        watchdog.start()
        self.said = self._listen_until("Stop: Ctrl-C")
        watchdog.cancel()
        found = re.search(r"Sign in as (\S+) with the password (\S+)", self.said)
        self.password = found.group(2) if found else self.password

    def _listen_until(self, last: str) -> str:
        said = ""
        assert self._process and self._process.stdout
        for line in self._process.stdout:
            said += line
            if last in line:
                return said
        raise AssertionError(f"it never was ready:\n{said}")

    def stop(self) -> str:
        """Press Ctrl-C; return what it says on its way out."""
        if self._process is None:
            return ""
        self._process.send_signal(signal.SIGINT)
        said, _ = self._process.communicate(timeout=90)
        self._process = None
        return said

    def remove(self) -> None:
        """Stop, and take the folder away."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def begin_without_the_demo(self) -> None:
        """Let the next start leave the installation empty: the note says that its demo is made already."""
        self.data.mkdir(mode=0o700)
        self._note.write_text("not yet\n")
        if os.geteuid() == 0:
            from pluralis.config.embedded.system_user import ensure_system_user

            user = ensure_system_user()
            for path in (self.data, self._note):
                os.chown(path, user.pw_uid, user.pw_gid)

    def want_the_demo(self) -> None:
        """Let the next start fill the installation with its demo."""
        self._note.unlink()

    @property
    def _note(self) -> Path:
        return self.data / "demo"

    def network(self, name: str) -> "Network":
        """Return the fake network ``name`` of this installation."""
        found = json.loads((self.data / "network.json").read_text())
        return Network(f"http://127.0.0.1:{found['ports'][name]}", found["secret"])


class Network:
    """One fake network, by its admin address: what it accepted, and what outsiders write."""

    def __init__(self, origin: str, secret: str) -> None:
        self.origin = origin
        self._client = httpx2.Client(base_url=origin, headers={"fake-secret": secret}, trust_env=False, timeout=30)

    def open(self, handle: str, name: str) -> None:
        """Let there be a profile that somebody may connect."""
        self._asked("POST", "/_fake/accounts", {"handle": handle, "name": name})

    def mention(self, text: str, *, to: str = "Norlune", by: str = "dana_outside", **more: str) -> str:
        """Let somebody write to one of our accounts; return the id on the network."""
        asked = {"to": to, "from": by, "text": text, **more}
        return str(self._asked("POST", "/_fake/mentions", asked)["id"])

    def accepted(self, text: str) -> list[dict[str, Any]]:
        """Return the posts the network accepted, from whomever, whose words are ``text``."""
        rows = self._asked("GET", "/_fake/ledger?action=post")["entries"]
        return [row for row in rows if text in row["detail"].get("text", "")]

    def page_of(self, handle: str) -> str:
        """Return the public page of a profile as people see it."""
        return self._client.get(f"/{handle}").text

    def quiet(self) -> None:
        """Let the community write nothing more."""
        self._asked("POST", "/_fake/lively", {"per_minute": 0})

    def _asked(self, method: str, path: str, json: Any = None) -> Any:
        answer = self._client.request(method, path, json=json)
        assert answer.status_code < 300, (path, answer.status_code, answer.text)
        return answer.json() if answer.content else {}
