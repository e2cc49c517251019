"""The fake Mastodon as a whole: its addresses, its pages of lists, and how it words a refusal."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from pluralis.networks.fake.clock import Clock
from pluralis.networks.fake.http import Request, Response
from pluralis.networks.fake.keeping import Lasting
from pluralis.networks.fake.mastodon.accounts import Accounts
from pluralis.networks.fake.mastodon.listening import Listening
from pluralis.networks.fake.mastodon.media import Uploads
from pluralis.networks.fake.mastodon.pages import Pages
from pluralis.networks.fake.mastodon.render import Renderer, Written, instant
from pluralis.networks.fake.mastodon.reposts import Reposts
from pluralis.networks.fake.mastodon.sign_in import SignIn
from pluralis.networks.fake.mastodon.statuses import Statuses
from pluralis.networks.fake.network import Credentials, FakeNetwork, Plan
from pluralis.networks.fake.routes import Handler, Route
from pluralis.networks.fake.world import Profile

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNAUTHORISED = "The access token is invalid"
MOST_ITEMS = 80
Item = TypeVar("Item", bound=Written)


class FakeMastodon(FakeNetwork):
    """One instance. ``processing_seconds`` is how long it works on a picture.

    It honours idempotency keys unless the mood ``forgetful`` stands; ``speechless`` loses the description that came
    with an upload.
    """

    name = "mastodon"

    def __init__(
        self,
        *,
        seed: int = 1,
        clock: Clock | None = None,
        ledger: Path | None = None,
        secret: str = "",
        processing_seconds: float = 0.0,
    ) -> None:
        self.processing_seconds = processing_seconds
        self.sign_in = SignIn(self)
        self.statuses, self.uploads = Statuses(self), Uploads(self)
        super().__init__(seed=seed, clock=clock, ledger=ledger, secret=secret)

    def stamp(self, at: datetime) -> int:
        """Return the least id of an instant: milliseconds, 16 bits of room."""
        return int((at - EPOCH) / timedelta(milliseconds=1)) << 16

    @property
    def renderer(self) -> Renderer:
        """Return what words the answers."""
        return Renderer(self.world, self.origin)

    def routes(self) -> Sequence[Route]:
        """Return the addresses of the API that the fake knows."""
        statuses, accounts, uploads, listening = self.statuses, Accounts(self), self.uploads, Listening(self)
        reposts = Reposts(self)
        table: list[tuple[str, str, str, Handler]] = [
            ("post", "POST", "/api/v1/statuses", statuses.create),
            ("figures", "GET", "/api/v1/statuses", statuses.show_many),
            ("delete", "DELETE", "/api/v1/statuses/{id}", statuses.delete),
            ("edit", "PUT", "/api/v1/statuses/{id}", statuses.edit),
            ("figures", "GET", "/api/v1/statuses/{id}", statuses.show),
            ("repost", "POST", "/api/v1/statuses/{id}/reblog", reposts.reblog),
            ("unrepost", "POST", "/api/v1/statuses/{id}/unreblog", reposts.unreblog),
            ("source", "GET", "/api/v1/statuses/{id}/source", statuses.source),
            ("context", "GET", "/api/v1/statuses/{id}/context", statuses.context),
            ("profile", "GET", "/api/v1/accounts/verify_credentials", accounts.own),
            ("profile", "GET", "/api/v1/accounts/lookup", accounts.look_up),
            ("relation", "GET", "/api/v1/accounts/relationships", accounts.relationships),
            ("profile", "GET", "/api/v1/accounts/{id}", accounts.show),
            ("timeline", "GET", "/api/v1/accounts/{id}/statuses", statuses.timeline),
            ("mute", "POST", "/api/v1/accounts/{id}/mute", accounts.mute),
            ("block", "POST", "/api/v1/accounts/{id}/block", accounts.block),
            ("report", "POST", "/api/v1/reports", accounts.report),
            ("search", "GET", "/api/v1/timelines/tag/{tag}", statuses.tagged),
            ("mentions", "GET", "/api/v1/notifications", listening.notifications),
            ("messages", "GET", "/api/v1/conversations", listening.conversations),
            ("upload", "POST", "/api/v2/media", uploads.upload),
            ("upload", "POST", "/api/v1/media", uploads.upload),
            ("media", "GET", "/api/v1/media/{id}", uploads.show),
            ("metadata", "PUT", "/api/v1/media/{id}", uploads.describe),
        ]
        open_to_all: list[tuple[str, str, str, Handler]] = [
            ("instance", "GET", "/api/v2/instance", accounts.instance),
            ("instance", "GET", "/api/v1/instance", accounts.old_instance),
            ("instance", "GET", "/.well-known/nodeinfo", accounts.node_info),
            ("app", "POST", "/api/v1/apps", self.sign_in.register),
            ("authorise", "GET", "/oauth/authorize", self.sign_in.ask),
            ("authorise", "POST", "/oauth/authorize", self.sign_in.answer),
            ("token", "POST", "/oauth/token", self.sign_in.token),
            ("revoke", "POST", "/oauth/revoke", self.sign_in.revoke),
        ]
        known = [Route(name, method, pattern, self._known(handle)) for name, method, pattern, handle in table]
        return [*known, *(Route(*row) for row in open_to_all)]

    def lasting(self) -> dict[str, Lasting]:
        """Return the parts that outlive the process: apps, tokens and idempotency keys too."""
        own: dict[str, Lasting] = {"sign_in": self.sign_in, "statuses": self.statuses, "uploads": self.uploads}
        return super().lasting() | own

    def _known(self, handle: Handler) -> Handler:
        """Let only requests with a token of ours through to ``handle``."""

        def check(request: Request) -> Response:
            return handle(request) if self.sign_in.asker(request) else self.refusal(401, UNAUTHORISED)

        return check

    def begin(self, request: Request) -> Plan:
        """Take a trailing slash for nothing, as Mastodon does."""
        path, mark, query = request.target.partition("?")
        if len(path) > 1:
            request.target = path.rstrip("/") + mark + query
        return super().begin(request)

    def pages(self) -> Sequence[Route]:
        """Return the pages for people."""
        return Pages(self).routes()

    def account_of(self, request: Request) -> str:
        """Return the handle of the account that asks."""
        asker = self.sign_in.asker(request)
        return asker.handle if asker else ""

    def asker(self, request: Request) -> Profile:
        """Return the profile whose token was found right."""
        asker = self.sign_in.asker(request)
        assert asker is not None
        return asker

    def open_account(self, profile: Profile) -> Credentials:
        """Return a fresh token. A profile with a token is one of ours: a brand."""
        profile.role = "brand"
        return Credentials(profile, {"access_token": self.sign_in.issue(profile)})

    def refusal(self, status: int, detail: str = "") -> Response:
        """Return an error as Mastodon words it."""
        told = UNAUTHORISED if status == 401 else detail
        return Response.of_json({"error": told or "Something went wrong"}, status)

    def limit_headers(self, reset_at: datetime, remaining: int, *, whole_app: bool = False) -> dict[str, str]:
        """Return the rate limit: the reset is an ISO date here."""
        reset = instant(reset_at)
        return {"x-ratelimit-limit": "300", "x-ratelimit-remaining": str(remaining), "x-ratelimit-reset": reset}

    def page(
        self, request: Request, endpoint: str, found: list[Item], word: Callable[[Item], dict[str, Any]]
    ) -> Response:
        """Return one page of ``found`` (newest first): after ``min_id`` the oldest of them, else the newest."""
        asked = min(int(request.asked("limit", "20") or 20), MOST_ITEMS)
        size = self.page_size(endpoint, self.account_of(request), asked)
        page = found[-size:] if request.asked("min_id") else found[:size]
        response = Response.of_json([word(one) for one in page])
        if page:
            here = f"{self.origin}{request.path}?limit={size}"
            older, newer = f"<{here}&max_id={page[-1].id}>", f"<{here}&min_id={page[0].id}>"
            response.headers["link"] = f'{older}; rel="next", {newer}; rel="prev"'
        return response
