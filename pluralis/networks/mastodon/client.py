"""Calls of the Mastodon API, one method each, with our four errors.

Source: docs.joinmastodon.org (methods and entities); JSON bodies everywhere but for files. Other servers speak the
same API with gaps, so what is missing in an answer is missing, not an error.
"""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from pluralis.networks.addresses import Origin
from pluralis.networks.contract import App, Attachment
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import Disconnected, NotNow, Refused
from pluralis.networks.transport import Answer, Client, Json, read_client, write_client

PAGE = 40
PROCESSING_PAUSE = 0.5  # seconds between two looks at a picture that the server still works on

# 4xx that say nothing about the request itself.
_UNCLEAR_4XX = frozenset({408, 421, 423, 425, 499})
# Words of a 403 that are about the account, not about the request (app/controllers/concerns of Mastodon).
_SHUT_OUT = ("login is currently disabled", "pending", "suspended", "confirmed e-mail", "authorized scopes", "token")

_ABOUT_MEDIA = re.compile(r"\b(media|files?|attachments?|content type)\b", re.IGNORECASE)


class Unknown(Refused):
    """The server knows no such thing; the reason is its own words."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, newest first, and how to ask for the next older one (``None``: this was the last)."""

    items: list[Json]
    older: str | None


class MastodonClient:
    """Calls to one instance on behalf of one account (``token`` may be empty before sign-in)."""

    def __init__(self, host: str, deadline: Deadline, token: str = "") -> None:
        self.origin = str(Origin.typed(host))
        self._deadline = deadline
        self._headers = {"authorization": f"Bearer {token}"} if token else {}

    # Connecting.

    def register_app(self, redirect_uri: str, scopes: str) -> App:
        """Register Pluralis with the instance."""
        body = {"client_name": "Pluralis", "redirect_uris": redirect_uri, "scopes": scopes}
        answer = self._ask("POST", "/api/v1/apps", json=body)
        return answer.parse(lambda body: App(str(body["client_id"]), str(body["client_secret"])))

    def token(self, app: App, fields: Mapping[str, str]) -> Answer:
        """Ask the token endpoint; errors of OAuth (RFC 6749, 5.2) come as Refused with the field ``code``."""
        body = {"client_id": app.client_id, "client_secret": app.client_secret, **fields}
        answer = self._reader().ask("POST", "/oauth/token", json=body)
        if answer.status in (400, 401) and answer.error_json().get("error"):
            told = answer.error_json()
            raise Refused(str(told.get("error_description") or told["error"]), {"code": str(told["error"])})
        return _ok(answer)

    def instance(self) -> Json:
        """Return what the instance says of itself (v2), ``{}`` where it does not speak that."""
        try:
            return self._ask("GET", "/api/v2/instance").parse(dict)
        except Refused:
            return {}

    def own_account(self) -> Json:
        """Return the account of the token."""
        return self._ask("GET", "/api/v1/accounts/verify_credentials").parse(dict)

    # Publishing.

    def upload(self, attachment: Attachment) -> str:
        """Upload a picture or film with its description, wait until the server has worked on it, return its id."""
        name = ("film." if attachment.is_film else "picture.") + attachment.content_type.rpartition("/")[2]
        with attachment.open() as stream:
            answer = self._ask(
                "POST",
                "/api/v2/media",
                files={"file": (name, stream, attachment.content_type)},
                data={"description": attachment.alt_text} if attachment.alt_text else {},
            )
        media_id = answer.parse(lambda body: read_id(body["id"]))
        if answer.status in (202, 206):
            answer = self._await_media(media_id)
        if attachment.alt_text and answer.parse(lambda body: body.get("description") or "") != attachment.alt_text:
            self._describe(media_id, attachment.alt_text)
        return media_id

    def keeps(self, media_id: str) -> bool:
        """Say whether the instance still has an upload of ours that no status shows yet."""
        try:
            self._ask("GET", f"/api/v1/media/{_id(media_id)}")
        except Refused:
            return False
        return True

    def _await_media(self, media_id: str) -> Answer:
        """Return the answer for a picture once it is ready. NotNow when the deadline comes first."""
        while True:
            answer = self._ask("GET", f"/api/v1/media/{media_id}")
            if answer.status == 200:
                return answer
            if self._deadline.remaining < 2 * PROCESSING_PAUSE:
                raise NotNow("the server still works on the picture")
            time.sleep(PROCESSING_PAUSE)

    def _describe(self, media_id: str, alt_text: str) -> None:
        """Send the description once more; without it acknowledged the post does not go out."""
        answer = self._ask("PUT", f"/api/v1/media/{media_id}", json={"description": alt_text})
        if answer.parse(lambda body: body.get("description") or "") != alt_text:
            raise NotNow("the server did not keep the description of a picture")

    def create_status(self, body: Mapping[str, Any], key: str) -> Answer:
        """Publish: the one decisive request. ``key`` is a courtesy of the server, not a guarantee."""
        headers = {**self._headers, "idempotency-key": key}
        answer = write_client(self.origin, self._deadline).ask("POST", "/api/v1/statuses", json=body, headers=headers)
        if not answer.ok:
            raise_for(answer)
        return answer

    def delete_status(self, status_id: str) -> None:
        """Take a status down. Raises :class:`Unknown` when it is gone."""
        self._ask("DELETE", f"/api/v1/statuses/{_id(status_id)}")

    def edit_status(self, status_id: str, body: Mapping[str, Any]) -> None:
        """Change a status. The same body again changes nothing, so it may be repeated. Raises :class:`Unknown`."""
        self._ask("PUT", f"/api/v1/statuses/{_id(status_id)}", json=dict(body))

    def share_status(self, status_id: str, action: str) -> None:
        """Reblog a status for everybody, or take that back (``unreblog``). Raises :class:`Unknown`."""
        client = write_client(self.origin, self._deadline, marks=None)
        body = {"visibility": "public"} if action == "reblog" else {}
        path = f"/api/v1/statuses/{_id(status_id)}/{action}"
        _ok(client.ask("POST", path, json=body, headers=self._headers)).parse(lambda status: status["id"])

    # Reading.

    def own_statuses(self, account_id: str, before: str | None) -> Page:
        """Return one page of an account's statuses, newest first."""
        asked = {"limit": str(PAGE), "exclude_reblogs": "true"} | ({"max_id": before} if before else {})
        return self._page(f"/api/v1/accounts/{_id(account_id)}/statuses", asked)

    def source(self, status_id: str) -> str | None:
        """Return the text of an own status as it was written, ``None`` where the server does not tell."""
        try:
            answer = self._ask("GET", f"/api/v1/statuses/{_id(status_id)}/source")
        except Refused:
            return None
        return answer.parse(lambda body: str(body["text"]))

    def status(self, status_id: str) -> Json:
        """Return one status. Raises :class:`Unknown`."""
        return self._ask("GET", f"/api/v1/statuses/{_id(status_id)}").parse(dict)

    def statuses(self, ids: Sequence[str]) -> list[Json]:
        """Return those of the statuses that the server shows, in any order."""
        return self._ask("GET", "/api/v1/statuses", params={"id[]": list(ids)}).parse(_objects)

    def tagged(self, hashtag: str, **bounds: str) -> list[Json]:
        """Return a page of the public statuses with a hashtag, within ``bounds`` as for notifications."""
        asked = {"limit": str(PAGE), **bounds}
        return self._ask("GET", f"/api/v1/timelines/tag/{hashtag}", params=asked).parse(_objects)

    def ancestors(self, status_id: str) -> list[Json]:
        """Return what stands above a status in its conversation, oldest first."""
        try:
            answer = self._ask("GET", f"/api/v1/statuses/{_id(status_id)}/context")
        except Unknown:
            return []
        return answer.parse(lambda body: _objects(body["ancestors"]))

    def notifications(self, types: Sequence[str], **bounds: str) -> list[Json]:
        """Return a page of notifications within ``bounds`` (``min_id``, ``since_id``, ``max_id``); any order."""
        asked = {"limit": str(PAGE), "types[]": list(types), **bounds}
        return self._ask("GET", "/api/v1/notifications", params=asked).parse(_objects)

    def conversations(self, after: str | None) -> list[Json]:
        """Return the private conversations that changed right after the status ``after``, or the newest ones."""
        asked = {"limit": str(PAGE)} | ({"min_id": after} if after else {})
        return self._ask("GET", "/api/v1/conversations", params=asked).parse(_objects)

    def relationship(self, account_id: str) -> Json:
        """Return how the account stands to another, ``{}`` where the server tells nothing of them."""
        asked = {"id[]": [_id(account_id)]}
        found = self._ask("GET", "/api/v1/accounts/relationships", params=asked).parse(_objects)
        return next((item for item in found if str(item.get("id")) == account_id), {})

    # Keeping somebody away.

    def keep_away(self, action: str, account_id: str) -> None:
        """Mute or block an account."""
        self._ask("POST", f"/api/v1/accounts/{_id(account_id)}/{action}", json={})

    def report(self, account_id: str) -> None:
        """Report an account to the people who run the instance."""
        self._ask("POST", "/api/v1/reports", json={"account_id": _id(account_id), "forward": False})

    # The wire.

    def _reader(self) -> Client:
        return read_client(self.origin, self._deadline)

    def _ask(self, method: str, path: str, **request: Any) -> Answer:
        return _ok(self._reader().ask(method, path, headers=self._headers, **request))

    def _page(self, path: str, asked: Mapping[str, str]) -> Page:
        items = self._ask("GET", path, params=asked).parse(_objects)
        ids = [str(item["id"]) for item in items if "id" in item]
        return Page(items, min(ids, key=order) if ids else None)


def order(remote_id: str) -> tuple[int, str]:
    """Return what sorts ids: numbers by size, and the letters of other servers by length and spelling."""
    return len(remote_id), remote_id


_ID = re.compile(r"[0-9A-Za-z-]{1,64}")


def is_id(value: Any) -> bool:
    """Say whether a value of an answer is an id: a string here, a number on some other servers."""
    return isinstance(value, str | int) and bool(_ID.fullmatch(str(value)))


def read_id(value: Any) -> str:
    """Return an id out of an answer; ``ValueError`` when it is none."""
    if not is_id(value):
        raise ValueError("no id")
    return str(value)


def _id(remote_id: str) -> str:
    """Return an id that is safe in a path. Raises Refused when it is none."""
    if not _ID.fullmatch(remote_id):
        raise Refused(f"{remote_id[:40]!r} is no id of this network")
    return remote_id


def _objects(items: Json) -> list[Json]:
    if not isinstance(items, list):
        raise ValueError("not a list")
    return [item for item in items if isinstance(item, dict)]


def _ok(answer: Answer) -> Answer:
    if not answer.ok:
        raise_for(answer)
    return answer


def raise_for(answer: Answer) -> NoReturn:
    """Turn an error answer into the instruction it is.

    Only a 4xx with the API's own ``error`` is a sure refusal; what a gateway says in between is unclear.
    """
    error = str(answer.error_json().get("error") or "")
    if answer.status == 429:
        raise NotNow("the instance asks us to slow down", _reset(answer))
    if not 400 <= answer.status < 500 or answer.status in _UNCLEAR_4XX or not error:
        raise answer.unclear(f"the instance answered with status {answer.status}")
    if answer.status == 401 or (answer.status == 403 and any(word in error for word in _SHUT_OUT)):
        raise Disconnected(f"the instance no longer lets us in: {error}")
    if answer.status in (404, 410):
        raise Unknown(error)
    field = "attachments" if answer.status == 413 or _ABOUT_MEDIA.search(error) else "text"
    raise Refused(f"the instance refused: {error}", {field: error})


def _reset(answer: Answer) -> datetime | None:
    """Return the end of a rate limit: an ISO date here, epoch seconds on some other servers."""
    value = answer.headers.get("x-ratelimit-reset", "").strip()
    try:
        if value.isdigit():
            return datetime.fromtimestamp(int(value), UTC)
        read = datetime.fromisoformat(value)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return answer.retry_after()
