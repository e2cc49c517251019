"""X API v2 over HTTP: one method per address, answers as they come, nothing decided here."""

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from pluralis.networks.contract import Access, App
from pluralis.networks.deadline import Deadline
from pluralis.networks.transport import Answer, Client, read_client, write_client
from pluralis.networks.x.dialect import Dialect
from pluralis.networks.x.signing import Keys, authorization

Params = Mapping[str, str]


class XClient:
    """Requests of one account before one deadline.

    ``read`` and ``upload`` may be repeated without harm; ``create`` and ``change`` may not, and fail as
    Unconfirmed once a byte was written. No method looks at the status of an answer.
    """

    def __init__(self, access: Access, deadline: Deadline) -> None:
        self.access = access
        self.deadline = deadline
        self.dialect = Dialect.of(access.settings)

    def create(self, path: str, body: Mapping[str, Any]) -> Answer:
        """POST what publishes a part; passes the fail-points around the socket write."""
        return self._ask(write_client(self.access.host, self.deadline), "POST", path, json=dict(body))

    def change(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        """Send a write that is no part: delete, mute."""
        client = write_client(self.access.host, self.deadline, marks=None)
        return self._ask(client, method, path, **({"json": dict(body)} if body is not None else {}))

    def read(self, path: str, params: Params) -> Answer:
        """GET, with the parameters in this order."""
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in params.items())
        return self._ask(read_client(self.access.host, self.deadline), "GET", f"{path}?{query}" if query else path)

    def upload(self, path: str, **request: Any) -> Answer:
        """POST a piece of a picture or its description: nothing is public yet."""
        return self._ask(read_client(self.access.host, self.deadline), "POST", path, **request)

    def _ask(self, client: Client, method: str, path: str, **request: Any) -> Answer:
        headers = {"authorization": self._authorization(method, client.base + path)}
        return client.ask(method, path, headers=headers, **request)

    def _authorization(self, method: str, url: str) -> str:
        credentials = self.access.credentials
        if uses_user_keys(credentials):
            return authorization(Keys.of(credentials), method, url)
        return f"Bearer {credentials['access_token']}"


def uses_user_keys(credentials: Mapping[str, str]) -> bool:
    """Whether these are OAuth 1.0a user keys, which never expire, and not OAuth 2.0 tokens."""
    return bool(credentials.get("access_token_secret"))


def ask_token(host: str, app: App, form: Mapping[str, str], deadline: Deadline) -> Answer:
    """POST to the token endpoint (RFC 6749, 3.2). Decisive: refresh tokens and codes work once."""
    client = write_client(host, deadline, marks=None)
    content = "&".join(f"{name}={quote(value, safe='')}" for name, value in form.items())
    headers = {"content-type": "application/x-www-form-urlencoded"}
    if app.client_secret:
        pair = f"{quote(app.client_id, safe='')}:{quote(app.client_secret, safe='')}"
        headers["authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        content += f"&client_id={quote(app.client_id, safe='')}"
    return client.ask("POST", "/2/oauth2/token", content=content.encode(), headers=headers)
