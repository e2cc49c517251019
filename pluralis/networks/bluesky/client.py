"""XRPC calls of the AT Protocol, one method each, with typed answers and our four errors.

Source: the protocol's lexicons (``com.atproto.*``, ``app.bsky.*``, ``chat.bsky.*``) as served by the PDS.
"""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO, NoReturn, TypeVar

from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import Disconnected, NotNow, Refused
from pluralis.networks.transport import Answer, Json, read_client, write_client

Value = TypeVar("Value")

POSTS = "app.bsky.feed.post"
ACTORS_AT_ONCE = 25
POSTS_AT_ONCE = 25
PAGE = 100

# The access token is spent or unknown here: fresh ones may mend it.
_STALE = frozenset({"ExpiredToken", "InvalidToken"})
_GONE = frozenset(
    {"AccountTakedown", "AccountDeactivated", "AccountSuspended", "RepoTakendown", "RepoDeactivated", "AuthMissing"}
    | {"AuthenticationRequired", "AccountNotFound", "AuthFactorTokenRequired", "RepoNotFound", "RepoSuspended"}
)
# 4xx that say nothing about the request itself.
_UNCLEAR_4XX = frozenset({408, 421, 423, 425, 499})


class InvalidSwap(Exception):
    """There is a record under this key already."""


class Unknown(Refused):
    """The server has no such record, handle or page."""


@dataclass(frozen=True, slots=True)
class Session:
    """Tokens of a signed-in account. ``pds`` is the server that its identity document names, ``""`` if none."""

    did: str
    handle: str
    access: str
    refresh: str
    pds: str = ""

    @property
    def expires_at(self) -> datetime | None:
        """When the access token ends, as it says itself (unverified: only a hint when to refresh)."""
        try:
            return datetime.fromtimestamp(int(_claims(self.access)["exp"]), UTC)
        except (KeyError, ValueError, TypeError, OverflowError, OSError):
            return None

    @property
    def scope(self) -> str:
        """What the token allows: ``access``, ``appPass`` or ``appPassPrivileged`` (with direct messages)."""
        return str(_claims(self.access).get("scope", "")).rpartition(".")[2]

    @classmethod
    def read(cls, body: Json) -> "Session":
        """Read the answer of createSession and refreshSession."""
        return cls(
            str(body["did"]), str(body["handle"]), str(body["accessJwt"]), str(body["refreshJwt"]), _pds_of(body)
        )


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it stands in a repository: its AT URI, content hash and content."""

    uri: str
    cid: str
    value: dict[str, Any]

    @classmethod
    def read(cls, body: Json) -> "Record":
        """Read one record of getRecord or listRecords."""
        return cls(str(body["uri"]), str(body["cid"]), dict(body["value"]))


class Client:
    """Calls to one server on behalf of one account (``token`` may be empty before sign-in)."""

    def __init__(self, origin: str, deadline: Deadline, token: str = "") -> None:
        self._origin = origin
        self._deadline = deadline
        self._token = token

    # Session.

    def create_session(self, identifier: str, password: str) -> Session:
        """Sign in. The server allows 30 of these in five minutes: keep the session."""
        body = {"identifier": identifier, "password": password}
        return self._procedure("com.atproto.server.createSession", body).parse(Session.read)

    def refresh_session(self, refresh_token: str) -> Session:
        """Trade the refresh token for a new pair; no answer means Unconfirmed, the old one may be spent."""
        headers = {"authorization": f"Bearer {refresh_token}"}
        answer = write_client(self._origin, self._deadline, marks=None).ask(
            "POST", "/xrpc/com.atproto.server.refreshSession", headers=headers
        )
        if not answer.ok:
            raise_for(answer)
        return answer.parse(Session.read)

    # Own records.

    def put_new_record(self, repo: str, collection: str, key: str, record: Mapping[str, Any], **options: Any) -> str:
        """Write a record that must not exist yet and return its cid. Raises :class:`InvalidSwap` when it does.

        ``options`` go to the transport (``marks``).
        """
        body = {"repo": repo, "collection": collection, "rkey": key, "record": record, "swapRecord": None}
        answer = write_client(self._origin, self._deadline, **options).ask(
            "POST", "/xrpc/com.atproto.repo.putRecord", json=body, headers=self._headers()
        )
        if answer.status == 400 and answer.error_json().get("error") == "InvalidSwap":
            raise InvalidSwap
        if not answer.ok:
            raise_for(answer)
        return answer.parse(lambda body: str(body["cid"]))

    def get_record(self, repo: str, collection: str, key: str) -> Record:
        """Return a record. Raises :class:`Unknown` when the repository does not hold it."""
        params = {"repo": repo, "collection": collection, "rkey": key}
        return self._query("com.atproto.repo.getRecord", params).parse(Record.read)

    def delete_record(self, repo: str, collection: str, key: str) -> None:
        """Take a record away; the server is content when there is none."""
        body = {"repo": repo, "collection": collection, "rkey": key}
        self._procedure("com.atproto.repo.deleteRecord", body)

    def upload_blob(self, content: bytes | BinaryIO, content_type: str) -> dict[str, Any]:
        """Upload a picture or film and return its blob reference, which lives once a record names it."""
        answer = read_client(self._origin, self._deadline).ask(
            "POST",
            "/xrpc/com.atproto.repo.uploadBlob",
            content=content,
            headers={**self._headers(), "content-type": content_type},
        )
        if not answer.ok:
            raise_for(answer)
        return answer.parse(lambda body: dict(body["blob"]))

    # Others.

    def resolve_handle(self, handle: str) -> str:
        """Return the DID of a handle. Raises :class:`Unknown`."""
        answer = self._query("com.atproto.identity.resolveHandle", {"handle": handle})
        return answer.parse(lambda body: str(body["did"]))

    def profile(self, actor: str) -> Json:
        """Return the app view's profile of one actor."""
        return self._query("app.bsky.actor.getProfile", {"actor": actor}).parse(dict)

    def profiles(self, actors: Sequence[str]) -> dict[str, Json]:
        """Return the app view's profiles by DID, as far as it knows them."""
        found: dict[str, Json] = {}
        for start in range(0, len(actors), ACTORS_AT_ONCE):
            params = {"actors": list(actors[start : start + ACTORS_AT_ONCE])}
            answer = self._query("app.bsky.actor.getProfiles", params)
            found |= answer.parse(lambda body: {item["did"]: item for item in body["profiles"]})
        return found

    def posts(self, uris: Sequence[str]) -> list[Json]:
        """Return the app view's post views, as far as it knows them."""
        found: list[Json] = []
        for start in range(0, len(uris), POSTS_AT_ONCE):
            params = {"uris": list(uris[start : start + POSTS_AT_ONCE])}
            found += self._query("app.bsky.feed.getPosts", params).parse(lambda body: _objects(body["posts"]))
        return found

    def search_posts(self, page: str | None, **asked: str) -> tuple[list[Json], str | None]:
        """Return one page of the posts that are found, newest first, and the name of the next (older) page."""
        params = {"limit": str(PAGE), "sort": "latest", **asked} | ({"cursor": page} if page else {})
        answer = self._query("app.bsky.feed.searchPosts", params)
        return answer.parse(lambda body: (_objects(body["posts"]), body.get("cursor") or None))

    def notifications(self, page: str | None) -> tuple[list[Json], str | None]:
        """Return one page of notifications, newest first, and the name of the next (older) page."""
        params = {"limit": str(PAGE), "reasons": ["mention", "reply", "quote"]} | ({"cursor": page} if page else {})
        answer = self._query("app.bsky.notification.listNotifications", params)
        return answer.parse(lambda body: (_objects(body["notifications"]), body.get("cursor") or None))

    def mute(self, did: str) -> None:
        """Mute somebody."""
        self._procedure("app.bsky.graph.muteActor", {"actor": did})

    def report(self, did: str, service: str, reason: str) -> None:
        """Report an account to the moderation service ``service`` (a DID with its service id)."""
        body = {
            "reasonType": "com.atproto.moderation.defs#reasonOther",
            "reason": reason,
            "subject": {"$type": "com.atproto.admin.defs#repoRef", "did": did},
        }
        self._procedure("com.atproto.moderation.createReport", body, proxy=service)

    # Direct messages: a service of their own behind the proxy header.

    def chat_query(self, service: str, name: str, read: Callable[[Json], Value], **params: Any) -> Value:
        """Read from the message service: ``read`` turns the answer into what is wanted."""
        return self._query(f"chat.bsky.convo.{name}", params, proxy=service).parse(read)

    def send_message(
        self, service: str, conversation: str, message: Mapping[str, Any], read: Callable[[Json], Value]
    ) -> Value:
        """Send one direct message: decisive, and without any key."""
        answer = write_client(self._origin, self._deadline).ask(
            "POST",
            "/xrpc/chat.bsky.convo.sendMessage",
            json={"convoId": conversation, "message": message},
            headers=self._headers(service),
        )
        if not answer.ok:
            raise_for(answer)
        return answer.parse(read)

    # The wire.

    def _headers(self, proxy: str = "") -> dict[str, str]:
        headers = {"authorization": f"Bearer {self._token}"} if self._token else {}
        return headers | ({"atproto-proxy": proxy} if proxy else {})

    def _query(self, method: str, params: Mapping[str, Any], proxy: str = "") -> Answer:
        client = read_client(self._origin, self._deadline)
        answer = client.ask("GET", f"/xrpc/{method}", params=params, headers=self._headers(proxy))
        if not answer.ok:
            raise_for(answer)
        return answer

    def _procedure(self, method: str, body: Mapping[str, Any], proxy: str = "") -> Answer:
        client = read_client(self._origin, self._deadline)
        answer = client.ask("POST", f"/xrpc/{method}", json=body, headers=self._headers(proxy))
        if not answer.ok:
            raise_for(answer)
        return answer


def _objects(items: Json) -> list[Json]:
    """Return the objects of a list; one misshapen item must not hold up the others."""
    return [item for item in items if isinstance(item, dict)]


def raise_for(answer: Answer) -> NoReturn:
    """Turn an error answer into the instruction it is.

    Only a 4xx in the protocol's own shape is a sure refusal; what a gateway says in between is unclear.
    """
    body = answer.error_json()
    error, message = str(body.get("error", "")), str(body.get("message", ""))
    if answer.status == 429:
        raise NotNow("Bluesky asks us to slow down", _reset(answer))
    if not 400 <= answer.status < 500 or answer.status in _UNCLEAR_4XX:
        raise answer.unclear(f"the server answered with status {answer.status}")
    if answer.status == 413:
        raise Refused("this is larger than the server accepts", {"attachments": "too large", "text": "too large"})
    if not error:
        raise answer.unclear(f"the server answered with status {answer.status} and no reason")
    _raise_by_name(error, message or error)


def _raise_by_name(error: str, message: str) -> NoReturn:
    if message == "Bad token method":
        raise Refused(
            "the app password of this account does not allow direct messages: create one that does, and reconnect",
            {"recipient": "direct messages are not allowed"},
        )
    if error in _STALE:
        raise NotNow("the session has ended", refresh=True)
    if error in _GONE:
        raise Disconnected(f"Bluesky no longer lets us in: {message}")
    if message.startswith("No service configured"):
        raise NotNow("this server is not joined to a service that could answer that")
    if error == "RecordNotFound" or message.startswith(("Could not locate record", "Unable to resolve handle")):
        raise Unknown(message)
    fields = {"attachments": message} if "blob" in message.lower() else {"text": message}
    raise Refused(f"Bluesky refused: {message}", fields)


def _reset(answer: Answer) -> datetime | None:
    """Return the end of a rate limit: ``RateLimit-Reset`` is in epoch seconds."""
    value = answer.headers.get("ratelimit-reset", "")
    if value.isdigit() and len(value) < 12:
        return datetime.fromtimestamp(int(value), UTC)
    return answer.retry_after()


def _pds_of(body: Json) -> str:
    """Return the server named in the identity document that came with a session."""
    document = body.get("didDoc")
    services = document.get("service", []) if isinstance(document, dict) else []
    for service in services if isinstance(services, list) else []:
        if isinstance(service, dict) and str(service.get("id", "")).endswith("#atproto_pds"):
            return str(service.get("serviceEndpoint", ""))
    return ""


def _claims(token: str) -> dict[str, Any]:
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return claims if isinstance(claims, dict) else {}
    except (IndexError, ValueError):
        return {}
