"""The fake Bluesky as a whole: its addresses and how it words a refusal."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pluralis.networks.fake.bluesky.app_view import AppView
from pluralis.networks.fake.bluesky.chat import Chat
from pluralis.networks.fake.bluesky.naming import SUFFIX, did_of, handle_of
from pluralis.networks.fake.bluesky.repository import Repository
from pluralis.networks.fake.bluesky.sessions import Sessions
from pluralis.networks.fake.clock import Clock
from pluralis.networks.fake.http import Request, Response
from pluralis.networks.fake.keeping import Lasting
from pluralis.networks.fake.network import Credentials, FakeNetwork
from pluralis.networks.fake.pictures import avatar
from pluralis.networks.fake.routes import Handler, Route
from pluralis.networks.fake.world import Profile

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
XRPC = "/xrpc/"
ERRORS = {401: "AuthenticationRequired", 404: "NotFound", 429: "RateLimitExceeded"}


class FakeBluesky(FakeNetwork):
    """One server with its app view and message service. ``timeline`` is the endpoint that looks a record up."""

    name = "bluesky"

    def __init__(
        self, *, seed: int = 1, clock: Clock | None = None, ledger: Path | None = None, secret: str = ""
    ) -> None:
        self.sessions = Sessions(self)
        self.repository = Repository(self)
        self.app_view = AppView(self)
        self.chat = Chat(self)
        super().__init__(seed=seed, clock=clock, ledger=ledger, secret=secret)
        self.world.uploads_last = timedelta(hours=1)  # what its specification promises of a blob in no record

    def stamp(self, at: datetime) -> int:
        """Return the least id of an instant: microseconds, 10 bits of room, as in record keys."""
        return int((at - EPOCH) / timedelta(microseconds=1)) << 10

    def routes(self) -> Sequence[Route]:
        """Return the methods that the fake knows."""
        records, view, chat = self.repository, self.app_view, self.chat
        table: list[tuple[str, str, str, Handler]] = [
            ("post", "POST", "com.atproto.repo.putRecord", records.put),
            ("timeline", "GET", "com.atproto.repo.getRecord", records.get),
            ("delete", "POST", "com.atproto.repo.deleteRecord", records.delete),
            ("upload", "POST", "com.atproto.repo.uploadBlob", records.upload),
            ("resolve", "GET", "com.atproto.identity.resolveHandle", view.resolve),
            ("profile", "GET", "app.bsky.actor.getProfile", view.profile),
            ("profile", "GET", "app.bsky.actor.getProfiles", view.profiles),
            ("figures", "GET", "app.bsky.feed.getPosts", view.posts),
            ("search", "GET", "app.bsky.feed.searchPosts", view.search),
            ("mentions", "GET", "app.bsky.notification.listNotifications", view.notifications),
            ("mute", "POST", "app.bsky.graph.muteActor", view.mute),
            ("report", "POST", "com.atproto.moderation.createReport", view.report),
            ("convo", "GET", "chat.bsky.convo.getConvoForMembers", chat.behind_proxy(chat.with_members)),
            ("relation", "GET", "chat.bsky.convo.getConvoAvailability", chat.behind_proxy(chat.availability)),
            ("messages", "GET", "chat.bsky.convo.listConvos", chat.behind_proxy(chat.convos)),
            ("messages", "GET", "chat.bsky.convo.getLog", chat.behind_proxy(chat.log)),
            ("messages", "GET", "chat.bsky.convo.getMessages", chat.behind_proxy(chat.messages)),
            ("message", "POST", "chat.bsky.convo.sendMessage", chat.behind_proxy(chat.send)),
            ("convo", "POST", "chat.bsky.convo.deleteMessageForSelf", chat.behind_proxy(chat.delete_for_self)),
        ]
        known = [Route(name, method, XRPC + address, self._known(handle)) for name, method, address, handle in table]
        return [
            *known,
            Route("session", "POST", f"{XRPC}com.atproto.server.createSession", self.sessions.create),
            Route("token", "POST", f"{XRPC}com.atproto.server.refreshSession", self.sessions.renew),
        ]

    def lasting(self) -> dict[str, Lasting]:
        """Return the parts that outlive the process: passwords, tokens and records too."""
        own: dict[str, Lasting] = {"sessions": self.sessions, "repository": self.repository, "chat": self.chat}
        return super().lasting() | own

    def _known(self, handle: Handler) -> Handler:
        """Let only requests with a token that still serves through to ``handle``."""

        def check(request: Request) -> Response:
            return self.sessions.check(request) or handle(request)

        return check

    def pages(self) -> Sequence[Route]:
        """Return the pictures of people."""
        return [Route("page", "GET", "/avatars/{id}.png", self._avatar)]

    def _avatar(self, request: Request) -> Response:
        return Response(200, avatar(request.captures["id"]), {"content-type": "image/png"})

    def account_of(self, request: Request) -> str:
        """Return the handle of the account that asks."""
        asker = self.sessions.asker(request)
        return asker.handle if asker else ""

    def asker(self, request: Request) -> Profile:
        """Return the profile whose token was found right."""
        asker = self.sessions.asker(request)
        assert asker is not None
        return asker

    def find_person(self, actor: str) -> Profile | None:
        """Return a profile by DID or handle."""
        if not actor.startswith("did:"):
            return self.world.find_profile(actor) or self.world.find_profile(actor.removesuffix(SUFFIX))
        return next((one for one in self.world.profiles.values() if did_of(one.id) == actor), None)

    def open_account(self, profile: Profile) -> Credentials:
        """Return handle and a fresh app password."""
        profile.role = "brand"
        password = self.sessions.issue_password(profile)
        return Credentials(profile, {"identifier": handle_of(profile), "password": password})

    def refusal(self, status: int, detail: str = "", error: str = "") -> Response:
        """Return an error as XRPC words it."""
        name = error or ERRORS.get(status, "InvalidRequest" if status < 500 else "InternalServerError")
        return Response.of_json({"error": name, "message": detail or name}, status)

    def limit_headers(self, reset_at: datetime, remaining: int, *, whole_app: bool = False) -> dict[str, str]:
        """Return the rate limit: the reset in epoch seconds."""
        reset = str(int(reset_at.timestamp()))
        return {"ratelimit-limit": "3000", "ratelimit-remaining": str(remaining), "ratelimit-reset": reset}
