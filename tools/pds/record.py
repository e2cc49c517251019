"""Record how the real PDS answers what the connector asks, for the tests that run without it.

    python -m tools.pds.record

Writes ``pluralis/networks/bluesky/fixtures/pds.json``: by name the status, the headers that matter and the body.
Tokens and passwords are masked, identities kept (they exist on nobody's network).
"""

import json
import re
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx2

from pluralis.networks.fake.pictures import avatar
from tools.pds.running import Pds, PdsAccount

TARGET = Path(__file__).resolve().parents[2] / "pluralis" / "networks" / "bluesky" / "fixtures" / "pds.json"
KEPT_HEADERS = ("content-type", "ratelimit-limit", "ratelimit-remaining", "ratelimit-policy")
PICTURE = avatar("norlune")
KEY = "3l6oveex3ii2l"
_SECRET = re.compile(r"eyJ[\w-]+\.([\w-]+)\.[\w-]+")


class Recorder:
    """Asks the server and keeps the answers."""

    def __init__(self, pds: Pds, account: PdsAccount) -> None:
        self.pds = pds
        self.account = account
        self.token = ""
        self.answers: dict[str, Any] = {}

    def ask(self, name: str, method: str, path: str, *, token: str | None = None, **request: Any) -> Any:
        """Ask and keep the answer under ``name``; return its JSON."""
        used = self.token if token is None else token
        headers = {**({"authorization": f"Bearer {used}"} if used else {}), **request.pop("headers", {})}
        answer = httpx2.request(method, f"{self.pds.origin}/xrpc/{path}", headers=headers, timeout=30, **request)
        body = answer.json() if answer.content else None
        kept = {header: answer.headers[header] for header in KEPT_HEADERS if header in answer.headers}
        self.answers[name] = {"status": answer.status_code, "headers": kept, "body": _masked(body)}
        return body

    def put(self, name: str, record: Any, **more: Any) -> Any:
        """Write a record under the one key."""
        place = {"repo": self.account.did, "collection": "app.bsky.feed.post", "rkey": KEY, "record": record}
        return self.ask(name, "POST", "com.atproto.repo.putRecord", json={**place, "swapRecord": None}, **more)

    def get(self, name: str, **more: str) -> Any:
        """Read the record under the one key."""
        params = {"repo": self.account.did, "collection": "app.bsky.feed.post", "rkey": KEY, **more}
        return self.ask(name, "GET", "com.atproto.repo.getRecord", params=params)


def record(pds: Pds) -> dict[str, Any]:
    """Return the answers by name."""
    recorder = Recorder(pds, pds.create_account("norlune"))
    _sessions(recorder)
    _records(recorder)
    _blobs(recorder)
    return recorder.answers


def _sessions(recorder: Recorder) -> None:
    account, ask = recorder.account, recorder.ask
    keys = {"identifier": account.handle, "password": account.app_password}
    session = ask("signed in", "POST", "com.atproto.server.createSession", token="", json=keys)
    wrong = {**keys, "password": "none-such-pass-word"}
    ask("wrong password", "POST", "com.atproto.server.createSession", token="", json=wrong)
    renewed = ask("refreshed", "POST", "com.atproto.server.refreshSession", token=session["refreshJwt"])
    past = int(time.time()) - 60
    spent = recorder.pds.forge(session["refreshJwt"], exp=past)
    ask("refresh token spent", "POST", "com.atproto.server.refreshSession", token=spent)
    recorder.token = renewed["accessJwt"]
    plain = {"$type": "app.bsky.feed.post", "text": "x", "createdAt": "2026-11-22T10:00:00.000Z"}
    recorder.put("access token expired", plain, token=recorder.pds.forge(recorder.token, exp=past))
    recorder.put("access token of nonsense", plain, token="nonsense")
    recorder.put("no token", plain, token="")


def _records(recorder: Recorder) -> None:
    ask = recorder.ask
    plain = {"$type": "app.bsky.feed.post", "text": "Bonjour à tous", "createdAt": "2026-11-22T10:00:00.000Z"}
    recorder.get("no such record")
    recorder.put("published", plain)
    recorder.put("published again, equal", plain)
    recorder.put("published again, different", {**plain, "text": "another"})
    recorder.get("record")
    recorder.put("too many graphemes", {**plain, "text": "x" * 301})
    recorder.put("too large", {**plain, "text": "x" * 200_000})
    ask("handle resolved", "GET", "com.atproto.identity.resolveHandle", params={"handle": recorder.account.handle})
    ask("handle unknown", "GET", "com.atproto.identity.resolveHandle", params={"handle": "nobody.test"})
    place = {"repo": recorder.account.did, "collection": "app.bsky.feed.post", "rkey": KEY}
    ask("taken down", "POST", "com.atproto.repo.deleteRecord", json=place)
    ask("taken down again", "POST", "com.atproto.repo.deleteRecord", json=place)
    ask("no app view", "GET", "app.bsky.notification.listNotifications")
    chat = {"atproto-proxy": f"{recorder.account.did}#atproto_pds"}
    ask("messages not allowed", "GET", "chat.bsky.convo.getLog", params={"cursor": "1"}, headers=chat)


def _blobs(recorder: Recorder) -> None:
    kind = {"content-type": "image/png"}
    recorder.ask("picture uploaded", "POST", "com.atproto.repo.uploadBlob", content=PICTURE, headers=kind)
    large = PICTURE + bytes(recorder.pds.blob_limit)
    recorder.ask("picture too large", "POST", "com.atproto.repo.uploadBlob", content=large, headers=kind)


def _masked(body: Any) -> Any:
    """Return a body without signatures: of a token its claims stay, which is what the connector reads."""
    return json.loads(_SECRET.sub(r"eyJh.\1.masked", json.dumps(body)))


def main() -> None:
    """Record and write the file."""
    with tempfile.TemporaryDirectory() as folder, Pds(Path(folder), blob_limit=600_000) as pds:
        answers = record(pds)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(answers, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(answers)} answers recorded in {TARGET.name}")


if __name__ == "__main__":
    main()
