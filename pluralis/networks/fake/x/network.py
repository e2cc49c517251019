"""The fake X as a whole: its addresses, its limits and how it words a refusal."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from pluralis.networks.fake.clock import Clock
from pluralis.networks.fake.http import Request, Response
from pluralis.networks.fake.keeping import Lasting
from pluralis.networks.fake.network import Credentials, FakeNetwork
from pluralis.networks.fake.routes import Handler, Route
from pluralis.networks.fake.world import Profile
from pluralis.networks.fake.x.limits import Limits
from pluralis.networks.fake.x.media import Uploads
from pluralis.networks.fake.x.messages import Messages
from pluralis.networks.fake.x.pages import PAGE, Pages
from pluralis.networks.fake.x.posts import Posts
from pluralis.networks.fake.x.render import Renderer, dialect_of
from pluralis.networks.fake.x.reposts import Reposts
from pluralis.networks.fake.x.sign_in import SignIn
from pluralis.networks.fake.x.users import Users

EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)
PROBLEM = "https://api.x.com/2/problems/"


class FakeX(FakeNetwork):
    """X API v2.

    ``spoken`` is the dialect of its answers: *mirror* (as asked), *tweet* or *post*. ``tier`` *self-serve*
    refuses answers to people who did not summon the account; ``self_threads`` whether an answer to one's own
    post counts as summoned (X does not say). ``limits`` switches the documented rate limits on,
    ``reposts_by_program`` that programs may repost.
    """

    name = "x"

    def __init__(
        self,
        *,
        seed: int = 1,
        clock: Clock | None = None,
        ledger: Path | None = None,
        secret: str = "",
        **rules: Any,
    ) -> None:
        self.spoken: Literal["mirror", "tweet", "post"] = rules.get("spoken", "mirror")
        self.tier: Literal["self-serve", "enterprise"] = rules.get("tier", "self-serve")
        self.self_threads: bool = rules.get("self_threads", True)
        self.long_posts: bool = rules.get("long_posts", False)
        self.processing_seconds: float = rules.get("processing_seconds", 0.0)
        self.reposts_by_program: bool = rules.get("reposts_by_program", True)
        self.limits = Limits(enforced=rules.get("limits", False))
        self.sign_in = SignIn(self)
        self.uploads = Uploads(self)
        super().__init__(seed=seed, clock=clock, ledger=ledger, secret=secret)

    def stamp(self, at: datetime) -> int:
        """Return the least snowflake of an instant: milliseconds since X's epoch, 22 bits of room."""
        return int((at - EPOCH) / timedelta(milliseconds=1)) << 22

    def routes(self) -> Sequence[Route]:
        """Return the addresses of API v2 that the fake knows."""
        posts, messages, uploads, users = Posts(self), Messages(self), self.uploads, Users(self)
        reposts = Reposts(self)
        table: list[tuple[str, str, str, Handler]] = [
            ("post", "POST", "/2/tweets", posts.create),
            ("delete", "DELETE", "/2/tweets/{id}", posts.delete),
            ("figures", "GET", "/2/tweets", posts.look_up),
            ("search", "GET", "/2/tweets/search/recent", posts.search),
            ("figures", "GET", "/2/tweets/{id}", posts.look_up_one),
            ("timeline", "GET", "/2/users/{id}/tweets", posts.timeline),
            ("mentions", "GET", "/2/users/{id}/mentions", posts.mentions),
            ("messages", "GET", "/2/dm_events", messages.events),
            ("messages", "GET", "/2/dm_conversations/with/{id}/dm_events", messages.events_with),
            ("message", "POST", "/2/dm_conversations/with/{id}/messages", messages.create),
            ("profile", "GET", "/2/users/me", users.me),
            ("profile", "GET", "/2/users/by/username/{handle}", users.by_handle),
            ("relation", "GET", "/2/users/{id}", users.by_id),
            ("mute", "POST", "/2/users/{id}/muting", users.mute),
            ("repost", "POST", "/2/users/{id}/retweets", reposts.repost),
            ("unrepost", "DELETE", "/2/users/{id}/retweets/{post}", reposts.take_back),
            ("upload", "POST", "/2/media/upload", uploads.one_shot),
            ("upload", "GET", "/2/media/upload", uploads.status),
            ("upload", "POST", "/2/media/upload/initialize", uploads.initialize),
            ("upload", "POST", "/2/media/upload/{id}/append", uploads.append),
            ("upload", "POST", "/2/media/upload/{id}/finalize", uploads.finalize),
            ("metadata", "POST", "/2/media/metadata", uploads.describe),
        ]
        routes = [Route(name, method, pattern, self._known(name, handle)) for name, method, pattern, handle in table]
        return [
            *routes,
            Route("token", "POST", "/2/oauth2/token", self.sign_in.token),
            Route("authorise", "GET", "/i/oauth2/authorize", self.sign_in.ask),
            Route("authorise", "POST", "/i/oauth2/authorize", self.sign_in.answer),
        ]

    def lasting(self) -> dict[str, Lasting]:
        """Return the parts that outlive the process: keys, tokens and unfinished uploads too."""
        own: dict[str, Lasting] = {"sign_in": self.sign_in, "uploads": self.uploads}
        return super().lasting() | own

    def _known(self, name: str, handle: Handler) -> Handler:
        """Let only requests with a right token or signature, and within the limits, through to ``handle``."""

        def check(request: Request) -> Response:
            asker = self.sign_in.proven(request)
            if asker is None:
                return self.refusal(401, "Unauthorized")
            state = self.limits.count(name, asker.id, self.clock.now())
            headers = self.limit_headers(state.reset_at, state.remaining, limit=state.limit)
            response = self.refusal(429, "Too Many Requests") if state.exceeded else handle(request)
            response.headers |= headers
            return response

        return check

    def edit_by_hand(self, remote_id: str, text: str) -> str:
        """Let a post's author edit it: on X that is another post, and both name all versions."""
        return self.world.reissue(remote_id, text).id

    def pages(self) -> Sequence[Route]:
        """Return the pages for people."""
        reposts = Reposts(self)
        return [
            Route("page", "GET", "/intent/retweet", reposts.ask),
            Route("page", "POST", "/intent/retweet", reposts.by_hand),
            *Pages(self).routes(),
        ]

    def page(self, title: str, body: str, status: int = 200) -> Response:
        """Return a page for people."""
        return Response.of_html(PAGE.format(title=title, body=body), status)

    def asker(self, request: Request) -> Profile:
        """Return the profile whose token or signature was found right."""
        return self.world.profiles[self.sign_in.claimed(request)]

    def renderer(self, request: Request) -> Renderer:
        """Return what words this request's answer."""
        subscription = "Premium" if self.long_posts else "None"
        return Renderer(self.world, self.origin, dialect_of(request, self.spoken), subscription)

    def account_of(self, request: Request) -> str:
        """Return the handle the request claims to be from; proof comes later."""
        profile = self.world.profiles.get(self.sign_in.claimed(request))
        return profile.handle if profile else ""

    def open_account(self, profile: Profile) -> Credentials:
        """Return fresh keys of both kinds. A profile with keys is one of ours: a brand."""
        profile.role = "brand"
        keys = self.sign_in.issue_keys(profile)
        tokens = self.sign_in.issue_tokens(profile.id, "tweet.read tweet.write users.read offline.access")
        return Credentials(
            profile,
            {
                "consumer_key": keys.consumer_key,
                "consumer_secret": keys.consumer_secret,
                "access_token": keys.access_token,
                "access_token_secret": keys.access_token_secret,
                "oauth2_access_token": str(tokens["access_token"]),
                "oauth2_refresh_token": str(tokens["refresh_token"]),
                "client_id": self.sign_in.client_id,
                "client_secret": self.sign_in.client_secret,
            },
        )

    def refusal(self, status: int, detail: str = "", kind: str = "about:blank", **more: Any) -> Response:
        """Return a problem as X words it; ``code`` and ``message`` make it fit X's own description too."""
        titles = {400: "Invalid Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found Error"}
        titles[429] = "Too Many Requests"
        title = titles.get(status, "Service Unavailable")
        body = {"title": title, "detail": detail or title, "type": kind, "status": status}
        body |= {"code": status, "message": detail or title} | more
        content = json.dumps(body, ensure_ascii=False).encode()
        return Response(status, content, {"content-type": "application/json; charset=utf-8"})

    def limit_headers(
        self, reset_at: datetime, remaining: int, *, whole_app: bool = False, limit: int = 100
    ) -> dict[str, str]:
        """Return X's rate-limit headers: epoch seconds; the app's own daily limit has names of its own."""
        reset = str(int(reset_at.timestamp()))
        headers = {"x-rate-limit-limit": str(limit), "x-rate-limit-remaining": str(remaining)}
        headers["x-rate-limit-reset"] = reset
        if whole_app:
            headers |= {"x-app-limit-24hour-remaining": "0", "x-app-limit-24hour-reset": reset}
        return headers
