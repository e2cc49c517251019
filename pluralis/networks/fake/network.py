"""What every fake network has: a world, a ledger, moods, routes and an admin API behind a secret."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from pluralis.networks.fake.admin import admin_routes
from pluralis.networks.fake.clock import Clock
from pluralis.networks.fake.community import Community
from pluralis.networks.fake.http import BadRequest, Request, Response
from pluralis.networks.fake.keeping import Lasting
from pluralis.networks.fake.ledger import Ledger
from pluralis.networks.fake.moods import AFTER, BEFORE, Mood, Moods
from pluralis.networks.fake.pictures import avatar
from pluralis.networks.fake.routes import Route, find_route
from pluralis.networks.fake.world import Profile, World


@dataclass(slots=True)
class Plan:
    """A request on its way through the fake: who asked what, and the mood that came over it."""

    request: Request
    route: Route | None
    account: str = ""
    mood: Mood | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a person types to connect an account, and the profile it opens."""

    profile: Profile
    values: Mapping[str, str]


def _icon(request: Request) -> Response:
    """Return a picture for the browser's tab, so that no page of the demo has a failed request."""
    return Response(200, avatar("Pluralis"), {"content-type": "image/png"})


class FakeNetwork:
    """The common part. A protocol gives its routes, its way to tell who asks, and how it words a refusal.

    Moods know these endpoint names on every network: ``post``, ``delete``, ``timeline``, ``mentions``,
    ``messages`` (read), ``message`` (write), ``upload``, ``metadata``, ``figures``, ``profile``, ``mute``,
    ``repost``, ``token``.
    """

    name = "fake"

    def __init__(
        self, *, seed: int = 1, clock: Clock | None = None, ledger: Path | None = None, secret: str = ""
    ) -> None:
        self.seed = seed
        self.clock = clock or Clock()
        self.secret = secret or secrets.token_urlsafe(24)
        self.world = World(self.clock, self.stamp)
        self.ledger = Ledger(ledger)
        self.moods = Moods(seed)
        self.origin = ""
        self.latency = 0.0
        self.community: Community | None = None
        self._admin = admin_routes(self)
        self._routes = [*self.routes(), Route("page", "GET", "/favicon.ico", _icon), *self.pages()]

    # What a protocol adds.

    def stamp(self, at: datetime) -> int:
        """Return the least id of an instant, as this network makes its ids."""
        raise NotImplementedError

    def routes(self) -> Sequence[Route]:
        """Return the protocol's addresses."""
        raise NotImplementedError

    def pages(self) -> Sequence[Route]:
        """Return the pages for people, tried after the protocol's addresses."""
        return ()

    def account_of(self, request: Request) -> str:
        """Return the handle of the account that asks, ``""`` when nobody can be told."""
        raise NotImplementedError

    def open_account(self, profile: Profile) -> Credentials:
        """Return fresh keys for a profile."""
        raise NotImplementedError

    def refusal(self, status: int, detail: str = "") -> Response:
        """Return an error as this network words it."""
        raise NotImplementedError

    def limit_headers(self, reset_at: datetime, remaining: int, *, whole_app: bool = False) -> dict[str, str]:
        """Return the headers that tell a rate limit."""
        raise NotImplementedError

    def lasting(self) -> dict[str, Lasting]:
        """Return the parts whose ``KEPT`` attributes outlive the process, by the names they have in the file."""
        parts: dict[str, Lasting] = {"world": self.world, "ledger": self.ledger}
        if self.community:
            parts["community"] = self.community
        return parts

    def edit_by_hand(self, remote_id: str, text: str) -> str:
        """Let the author of a standing post give it other words; return its id from then on."""
        self.world.rewrite(remote_id, replace(self.world.posts[remote_id].draft, text=text))
        return remote_id

    # The way of a request.

    def begin(self, request: Request) -> Plan:
        """Find the route and draw the mood of a request."""
        if request.path.startswith("/_fake/"):
            return Plan(request, None)
        route = find_route(self._routes, request)
        if route is None:
            return Plan(request, None)
        account = self.account_of(request)
        return Plan(request, route, account, self.moods.draw(route.name, account))

    def wait_before(self, plan: Plan) -> float:
        """Return the seconds the request waits before it is looked at."""
        slow = plan.mood is not None and plan.mood.name == "slow"
        return self.clock.shorten(plan.mood.seconds) if slow and plan.mood else 0.0

    def finish(self, plan: Plan) -> Response:
        """Do what was asked, spoilt by the mood, and return the answer."""
        try:
            response = self._finish(plan)
        except BadRequest as bad:
            response = self.refusal(400, str(bad))
        return self._dress(plan, response)

    def _finish(self, plan: Plan) -> Response:
        if plan.request.path.startswith("/_fake/"):
            return self._administer(plan.request)
        if plan.route is None:
            return self.refusal(404, f"no such address: {plan.request.method} {plan.request.path}")
        if plan.mood and plan.mood.name in BEFORE:
            return self._spoil_before(plan.mood)
        mark = self.ledger.last
        with self.world.lock:
            response = plan.route.handle(plan.request)
        if plan.mood and plan.mood.name in AFTER and response.status < 300:
            response = self._spoil_after(plan.mood, response)
        for entry in self.ledger.entries(after=mark):
            entry.answer = response.fate if response.fate != "answer" else str(response.status)
        return response

    def _spoil_before(self, mood: Mood) -> Response:
        if mood.name == "drop_before":
            return Response(fate="drop")
        if mood.name == "redirect":
            return Response(307, b"", {"location": f"{self.origin}{mood.address}"})
        if mood.name == "unauthorised":
            return self.refusal(401, "Unauthorized")
        if mood.name == "error_before":
            return self.refusal(mood.status, "Service Unavailable")
        return self._limited(mood)

    def _limited(self, mood: Mood) -> Response:
        response = self.refusal(429, "Too Many Requests")
        if mood.name not in ("limit_silent", "limit_after"):
            reset = self.clock.now() + timedelta(seconds=mood.seconds)
            response.headers |= self.limit_headers(reset, 0, whole_app=mood.name == "limit_app")
        return response

    def _spoil_after(self, mood: Mood, response: Response) -> Response:
        if mood.name in ("drop", "cut"):
            response.fate = "drop" if mood.name == "drop" else "cut"
            return response
        if mood.name == "late":
            response.delay = self.clock.shorten(mood.seconds)
            return response
        if mood.name == "nonsense":
            return Response(response.status, b"<html>{]", {"content-type": "application/json"})
        return self._limited(mood) if mood.name == "limit_after" else self.refusal(mood.status, "Bad Gateway")

    def _dress(self, plan: Plan, response: Response) -> Response:
        """Add the Date header, the everyday latency and the standing moods of the connection."""
        name = plan.route.name if plan.route else ""
        skew = self.moods.standing("skew", name, plan.account)
        at = self.clock.now() + timedelta(seconds=skew.seconds if skew else 0)
        response.headers.setdefault("date", format_datetime(at.replace(microsecond=0), usegmt=True))
        response.delay += self.clock.shorten(self.latency)
        response.hang_up = response.hang_up or bool(self.moods.standing("idle", name, plan.account))
        return response

    def _administer(self, request: Request) -> Response:
        route = find_route(self._admin, request)
        if route is None:
            return Response.of_json({"error": "no such admin address"}, 404)
        offered = request.headers.get("fake-secret", "").encode()
        if route.name != "health" and not secrets.compare_digest(offered, self.secret.encode()):
            return Response.of_json({"error": "the header Fake-Secret is missing or wrong"}, 403)
        return route.handle(request)

    def tick(self) -> None:
        """Let the community do what is due; called a few times a second while the server runs."""
        if self.community:
            self.community.tick()

    # For protocols.

    def accept(self, request: Request, account: Profile, action: str, remote_id: str, **detail: Any) -> None:
        """Write an accepted write into the ledger."""
        self.ledger.write(self.clock.now(), account.handle, action, remote_id, raw=request.raw, **detail)

    def hidden_after(self, endpoint: str, account: str) -> datetime | None:
        """Return the instant after which a lagging list shows nothing, ``None`` when it does not lag."""
        lag = self.moods.standing("lag", endpoint, account)
        return self.clock.now() - timedelta(seconds=self.clock.shorten(lag.seconds)) if lag else None

    def page_size(self, endpoint: str, account: str, asked: int) -> int:
        """Return how many items a list gives at once."""
        paged = self.moods.standing("paged", endpoint, account)
        return min(asked, paged.size) if paged else asked
