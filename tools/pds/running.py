"""Start the real PDS, make accounts on it, and read back what stands there: the oracle of tests and demo."""

import base64
import hashlib
import hmac
import json
import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx2

from tools.pds.setup import HERE, find_node, installed

START_SECONDS = 60


@dataclass(frozen=True)
class PdsAccount:
    """An account on the server: its DID, handle, main password and an app password for Pluralis."""

    did: str
    handle: str
    password: str
    app_password: str
    access_token: str


class Pds:
    """The server in a process of its own, on a folder that outlives it. Use it as a context manager.

    It ends with the process that started it, because it reads the other end of our pipe.
    """

    def __init__(self, folder: Path, *, blob_limit: int = 5 * 1024 * 1024) -> None:
        self.folder = folder
        self.blob_limit = blob_limit
        self.origin = ""
        self.jwt_secret = ""
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> "Pds":
        """Start, and return when it answers. Raises ``setup.Missing`` when it is not installed, RuntimeError."""
        home = installed()
        node = str(find_node())
        environment = {
            **os.environ,
            "NODE_PATH": str(home / "node_modules"),
            "NODE_ENV": "production",
            "LOG_ENABLED": "0",
            "BLOB_LIMIT": str(self.blob_limit),
        }
        command = [node, "--require", str(HERE / "pin.cjs"), str(HERE / "server.cjs"), str(self.folder)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise RuntimeError(f"the PDS did not start: {self._complaint()}")
        ready = json.loads(line)
        self.origin, self.jwt_secret = ready["pds"], ready["jwt_secret"]
        self._await()
        return self

    def _complaint(self) -> str:
        assert self._process is not None
        assert self._process.stderr is not None
        self._process.kill()
        return self._process.stderr.read()[-2000:]

    def _await(self) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            try:
                if httpx2.get(f"{self.origin}/xrpc/_health", timeout=2).status_code == 200:
                    return
            except httpx2.HTTPError:
                time.sleep(0.1)
        raise RuntimeError("the PDS does not answer")

    def stop(self) -> None:
        """End the server."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
                if pipe is not None:
                    pipe.close()

    def __enter__(self) -> "Pds":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def ask(self, method: str, *, token: str = "", body: Any = None, **params: str) -> Any:
        """Call an XRPC method and return its JSON: a query, or a procedure when ``body`` is given."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        address = f"{self.origin}/xrpc/{method}"
        if body is None:
            answer = httpx2.get(address, params=params, headers=headers, timeout=30)
        else:
            answer = httpx2.post(address, json=body, headers=headers, timeout=30)
        if answer.status_code != 200:
            raise RuntimeError(f"{method}: {answer.status_code} {answer.text[:300]}")
        return answer.json() if answer.content else None

    def create_account(self, name: str, password: str = "the-main-password") -> PdsAccount:
        """Create ``name.test`` with an app password."""
        handle = f"{name}.test"
        body = {"handle": handle, "email": f"{name}@example.test", "password": password}
        made = self.ask("com.atproto.server.createAccount", body=body)
        app = self.ask("com.atproto.server.createAppPassword", token=made["accessJwt"], body={"name": "Pluralis"})
        return PdsAccount(made["did"], handle, password, app["password"], made["accessJwt"])

    def record(self, did: str, key: str, collection: str = "app.bsky.feed.post") -> dict[str, Any]:
        """Return one record as it stands on the server; RuntimeError when it does not."""
        params = {"repo": did, "collection": collection, "rkey": key}
        found: dict[str, Any] = self.ask("com.atproto.repo.getRecord", **params)
        return found

    def records(self, did: str, collection: str = "app.bsky.feed.post") -> dict[str, dict[str, Any]]:
        """Return every record of a collection as it stands on the server, by record key."""
        found: dict[str, dict[str, Any]] = {}
        cursor = ""
        while True:
            params = {"repo": did, "collection": collection, "limit": "100"} | ({"cursor": cursor} if cursor else {})
            page = self.ask("com.atproto.repo.listRecords", **params)
            found |= {record["uri"].rsplit("/", 1)[1]: record for record in page["records"]}
            cursor = page.get("cursor", "")
            if not cursor:
                return found

    def blob(self, did: str, cid: str) -> bytes:
        """Return the bytes of an uploaded picture."""
        answer = httpx2.get(
            f"{self.origin}/xrpc/com.atproto.sync.getBlob", params={"did": did, "cid": cid}, timeout=30
        )
        return answer.content

    def forge(self, token: str, **claims: Any) -> str:
        """Return ``token`` with other claims, signed with the server's own secret (RFC 7519, HS256)."""
        head, payload, _ = token.split(".")
        changed = {**_decode(payload), **claims}
        signed = f"{head}.{_encode(json.dumps(changed).encode())}"
        signature = hmac.new(self.jwt_secret.encode(), signed.encode(), hashlib.sha256).digest()
        return f"{signed}.{_encode(signature)}"


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode(text: str) -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return content
