"""The admin API of a fake network, under ``/_fake/``, behind the per-start secret in ``Fake-Secret``.

=======  ============================  ==============================================================
GET      /_fake/health                 the network's name (the only address without the secret)
GET      /_fake/ledger?after=&account=  accepted writes, oldest first
DELETE   /_fake/ledger                 forget them (numbers go on)
GET      /_fake/moods                  the standing rules and how often each struck
POST     /_fake/moods                  start one: the fields of ``Mood``, ``name`` required
DELETE   /_fake/moods                  end all of them
DELETE   /_fake/moods/{number}         end one
POST     /_fake/accounts               ``handle``, ``name``, ...: a profile with fresh keys
POST     /_fake/mentions               ``to``, ``text``, ``from``, ``reply_to``, ``quote_of``: somebody writes
POST     /_fake/messages               ``to``, ``text``, ``from``: somebody writes in private
POST     /_fake/posts                  ``handle``, ``text``, ...: an account posts by hand
PUT      /_fake/posts/{id}             ``text``: its author gives a post other words
DELETE   /_fake/posts/{id}             a post is taken down by hand
POST     /_fake/clock                  ``skew`` and ``latency`` in seconds, ``scale`` divides all waits,
                                       ``uploads_last`` seconds are uploads kept that nothing shows
POST     /_fake/lively                 ``per_minute``: let the community write
=======  ============================  ==============================================================
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pluralis.networks.fake.http import BadRequest, Request, Response
from pluralis.networks.fake.moods import FIELDS, Mood
from pluralis.networks.fake.routes import Route
from pluralis.networks.fake.world import Draft, Profile

if TYPE_CHECKING:
    from pluralis.networks.fake.network import FakeNetwork


def admin_routes(network: "FakeNetwork") -> Sequence[Route]:
    """Return the addresses under ``/_fake/`` of ``network``."""
    admin = Admin(network)
    table = [
        ("health", "GET", "/_fake/health", admin.health),
        ("ledger", "GET", "/_fake/ledger", admin.read_ledger),
        ("ledger", "DELETE", "/_fake/ledger", admin.forget_ledger),
        ("moods", "GET", "/_fake/moods", admin.read_moods),
        ("moods", "POST", "/_fake/moods", admin.start_mood),
        ("moods", "DELETE", "/_fake/moods", admin.end_moods),
        ("moods", "DELETE", "/_fake/moods/{number}", admin.end_mood),
        ("accounts", "POST", "/_fake/accounts", admin.open_account),
        ("mentions", "POST", "/_fake/mentions", admin.mention),
        ("messages", "POST", "/_fake/messages", admin.message),
        ("posts", "POST", "/_fake/posts", admin.post),
        ("posts", "PUT", "/_fake/posts/{id}", admin.edit_post),
        ("posts", "DELETE", "/_fake/posts/{id}", admin.delete_post),
        ("clock", "POST", "/_fake/clock", admin.set_clock),
        ("lively", "POST", "/_fake/lively", admin.set_lively),
    ]
    return [Route(*row) for row in table]


class Admin:
    """What a test or the demo may do to a fake network from another process."""

    def __init__(self, network: "FakeNetwork") -> None:
        self.network = network

    def health(self, request: Request) -> Response:
        """Tell that the network is up."""
        return Response.of_json({"network": self.network.name, "seed": self.network.seed})

    def read_ledger(self, request: Request) -> Response:
        """Return accepted writes, of one account where asked."""
        entries = self.network.ledger.entries(
            after=int(request.asked("after", "0")),
            account=request.asked("account"),
            action=request.asked("action"),
        )
        return Response.of_json({"entries": [entry.as_dict() for entry in entries]})

    def forget_ledger(self, request: Request) -> Response:
        """Empty the ledger."""
        self.network.ledger.forget()
        return Response(204)

    def read_moods(self, request: Request) -> Response:
        """Return the standing rules."""
        return Response.of_json({"moods": self.network.moods.rules()})

    def start_mood(self, request: Request) -> Response:
        """Start a rule."""
        fields = {name: value for name, value in request.json().items() if name in FIELDS}
        try:
            mood = self.network.moods.add(Mood(**fields))
        except (TypeError, ValueError) as wrong:
            return Response.of_json({"error": str(wrong)}, 422)
        return Response.of_json(mood.as_dict(), 201)

    def end_moods(self, request: Request) -> Response:
        """End every rule."""
        self.network.moods.clear()
        return Response(204)

    def end_mood(self, request: Request) -> Response:
        """End one rule."""
        number = request.captures["number"]
        return Response(204 if number.isdigit() and self.network.moods.end(int(number)) else 404)

    def open_account(self, request: Request) -> Response:
        """Create a profile, or find it, and return fresh keys for it."""
        fields = request.json()
        known = {name: fields[name] for name in ("bio", "language", "followers", "role") if name in fields}
        profile = self.network.world.add_profile(fields["handle"], fields.get("name", ""), **known)
        credentials = self.network.open_account(profile)
        return Response.of_json({"profile": _profile(profile), "credentials": dict(credentials.values)}, 201)

    def mention(self, request: Request) -> Response:
        """Let somebody write a post that names, answers or quotes an account."""
        fields = request.json()
        to, text = str(fields.get("to", "")), str(fields["text"])
        if to and f"@{to}".casefold() not in text.casefold():
            text = f"@{to} {text}"
        author = self._somebody(fields.get("from"))
        post = self.network.world.write(author.id, _draft(fields, text))
        return Response.of_json({"id": post.id, "from": author.handle}, 201)

    def message(self, request: Request) -> Response:
        """Let somebody write to an account in private."""
        fields = request.json()
        recipient = self._known(fields["to"])
        author = self._somebody(fields.get("from"))
        message = self.network.world.send_privately(author.id, recipient.id, fields["text"], at=_instant(fields))
        return Response.of_json({"id": message.id, "from": author.handle}, 201)

    def post(self, request: Request) -> Response:
        """Let an account post by hand, past the API and the ledger."""
        fields = request.json()
        post = self.network.world.write(self._known(fields["handle"]).id, _draft(fields, fields["text"]))
        return Response.of_json({"id": post.id}, 201)

    def delete_post(self, request: Request) -> Response:
        """Take a post down by hand."""
        return Response(204 if self.network.world.delete(request.captures["id"]) else 404)

    def edit_post(self, request: Request) -> Response:
        """Let its author give a post other words."""
        post = self.network.world.posts.get(request.captures["id"])
        if post is None or post.deleted:
            return Response(404)
        return Response.of_json({"id": self.network.edit_by_hand(post.id, str(request.json()["text"]))})

    def set_clock(self, request: Request) -> Response:
        """Move the network's clock, or make all its waits longer or shorter."""
        fields = request.json()
        self.network.clock.skew = float(fields.get("skew", self.network.clock.skew))
        self.network.clock.scale = float(fields.get("scale", self.network.clock.scale))
        self.network.latency = float(fields.get("latency", self.network.latency))
        if "uploads_last" in fields:
            self.network.world.uploads_last = timedelta(seconds=float(fields["uploads_last"]))
        return Response(204)

    def set_lively(self, request: Request) -> Response:
        """Set how many messages the community writes a minute."""
        if self.network.community is None:
            return Response.of_json({"error": "this network was started without a community"}, 409)
        self.network.community.per_minute = float(request.json()["per_minute"])
        return Response(204)

    def _somebody(self, handle: Any) -> Profile:
        return self.network.world.add_profile(str(handle or "dana_outside"), str(handle or "Dana"), followers=120)

    def _known(self, handle: Any) -> Profile:
        profile = self.network.world.find_profile(str(handle))
        if profile is None:
            raise BadRequest(f"nobody is called {handle}")
        return profile


def _instant(fields: dict[str, Any]) -> datetime | None:
    return datetime.fromisoformat(fields["created_at"]) if fields.get("created_at") else None


def _draft(fields: dict[str, Any], text: str) -> Draft:
    return Draft(
        text,
        reply_to=fields.get("reply_to"),
        quote_of=fields.get("quote_of"),
        visibility=fields.get("visibility", "public"),
        language=fields.get("language"),
        created_at=_instant(fields),
    )


def _profile(profile: Profile) -> dict[str, Any]:
    return asdict(profile) | {"created_at": profile.created_at.isoformat()}
