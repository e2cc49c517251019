"""Accounts, the instance itself, and keeping somebody away."""

from typing import TYPE_CHECKING, Any

from pluralis.networks.fake.http import Request, Response
from pluralis.networks.fake.mastodon.asking import fields_of
from pluralis.networks.fake.mastodon.media import FILMS, MOST_BYTES, MOST_FILM_BYTES, MOST_TEXT, TYPES
from pluralis.networks.fake.mastodon.render import instant
from pluralis.networks.fake.mastodon.statuses import MOST_PICTURES, NOT_FOUND, POLLS

if TYPE_CHECKING:
    from pluralis.networks.fake.mastodon.network import FakeMastodon

VERSION = "4.5.0"


class Accounts:
    """The addresses under ``/api/v1/accounts``, ``/api/v2/instance`` and ``/api/v1/reports``."""

    def __init__(self, network: "FakeMastodon") -> None:
        self.network = network

    def own(self, request: Request) -> Response:
        """Return the account of the token."""
        asker = self.network.asker(request)
        source = {
            "privacy": "public",
            "sensitive": False,
            "language": asker.language,
            "note": asker.bio,
            "fields": [],
        }
        return Response.of_json(self.network.renderer.account(asker) | {"source": source})

    def show(self, request: Request) -> Response:
        """Return an account by id."""
        profile = self.network.world.profiles.get(request.captures["id"])
        return Response.of_json(self.network.renderer.account(profile)) if profile else self._nobody()

    def look_up(self, request: Request) -> Response:
        """Return an account by its name."""
        profile = self.network.world.find_profile(request.asked("acct").partition("@")[0])
        return Response.of_json(self.network.renderer.account(profile)) if profile else self._nobody()

    def _nobody(self) -> Response:
        return self.network.refusal(404, NOT_FOUND)

    def mute(self, request: Request) -> Response:
        """Mute somebody."""
        return self._keep_away(request, self.network.world.muted, "mute")

    def block(self, request: Request) -> Response:
        """Block somebody."""
        return self._keep_away(request, self.network.world.blocked, "block")

    def _keep_away(self, request: Request, away: set[tuple[str, str]], action: str) -> Response:
        asker, other = self.network.asker(request), request.captures["id"]
        if other not in self.network.world.profiles:
            return self._nobody()
        if (asker.id, other) not in away:
            away.add((asker.id, other))
            self.network.accept(request, asker, action, other)
        return Response.of_json(self._relationship(asker.id, other))

    def relationships(self, request: Request) -> Response:
        """Return how the asker stands to each of the accounts asked for; unknown ones are left out."""
        asker = self.network.asker(request)
        asked = [value for name, value in request.query if name in ("id[]", "id")]
        known = [other for other in asked if other in self.network.world.profiles]
        return Response.of_json([self._relationship(asker.id, other) for other in known])

    def _relationship(self, own_id: str, other: str) -> dict[str, Any]:
        world = self.network.world
        told = {"id": other, "muting": (own_id, other) in world.muted, "blocking": (own_id, other) in world.blocked}
        told |= {"following": (own_id, other) in world.follows, "followed_by": (other, own_id) in world.follows}
        told |= {"blocked_by": (other, own_id) in world.blocked}
        other_names = ("requested", "requested_by", "domain_blocking")
        return told | dict.fromkeys(other_names, False) | {"note": "", "endorsed": False, "notifying": False}

    def report(self, request: Request) -> Response:
        """Take a report of an account."""
        asker, asked = self.network.asker(request), fields_of(request)
        target = self.network.world.profiles.get(str(asked.get("account_id", "")))
        if target is None:
            return self._nobody()
        self.network.accept(request, asker, "report", target.id, comment=str(asked.get("comment") or ""))
        shown = {"id": self.network.world.make_id(), "action_taken": False, "action_taken_at": None}
        shown |= {"category": "other", "comment": asked.get("comment") or "", "forwarded": False, "status_ids": []}
        created = instant(self.network.clock.now())
        target_account = self.network.renderer.account(target)
        return Response.of_json(shown | {"created_at": created, "rule_ids": [], "target_account": target_account})

    def instance(self, request: Request) -> Response:
        """Return what the instance says of itself."""
        return Response.of_json(
            {
                "domain": self.network.renderer.domain,
                "title": "The fake Mastodon of Pluralis",
                "version": VERSION,
                "source_url": "https://github.com/mastodon/mastodon",
                "description": "",
                "usage": {"users": {"active_month": len(self.network.world.profiles)}},
                "languages": ["en", "fr", "es", "ms"],
                "configuration": CONFIGURATION,
                "registrations": {"enabled": False, "approval_required": False, "message": None},
                "api_versions": {"mastodon": 7},
                "rules": [],
            }
        )

    def old_instance(self, request: Request) -> Response:
        """Return the same in the older shape that some clients ask for first."""
        told = {"uri": self.network.renderer.domain, "title": "The fake Mastodon of Pluralis", "version": VERSION}
        counts = {"user_count": len(self.network.world.profiles), "status_count": 0, "domain_count": 1}
        more = {"short_description": "", "description": "", "email": "", "urls": {}, "stats": counts, "rules": []}
        return Response.of_json(told | more | {"languages": ["en"], "configuration": CONFIGURATION})

    def node_info(self, request: Request) -> Response:
        """Return where the software's description lies: nowhere here."""
        return Response.of_json({"links": []})


CONFIGURATION: dict[str, Any] = {
    "urls": {},
    "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5},
    "statuses": {"max_characters": 500, "max_media_attachments": MOST_PICTURES, "characters_reserved_per_url": 23},
    "media_attachments": {
        "supported_mime_types": [*TYPES, *FILMS],
        "description_limit": MOST_TEXT,
        "image_size_limit": MOST_BYTES,
        "image_matrix_limit": 33_177_600,
        "video_size_limit": MOST_FILM_BYTES,
        "video_frame_rate_limit": 120,
        "video_matrix_limit": 8_294_400,
    },
    "polls": POLLS,
    "translation": {"enabled": False},
}
