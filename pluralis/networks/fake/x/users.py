"""Users: who am I, who is that, and muting."""

from typing import TYPE_CHECKING, Any

from pluralis.networks.fake.http import Request, Response
from pluralis.networks.fake.world import Profile

if TYPE_CHECKING:
    from pluralis.networks.fake.x.network import FakeX


class Users:
    """The addresses under ``/2/users`` that are about people."""

    def __init__(self, network: "FakeX") -> None:
        self.network = network

    def me(self, request: Request) -> Response:
        """Return the asker."""
        return Response.of_json({"data": self.network.renderer(request).user(self.network.asker(request))})

    def by_handle(self, request: Request) -> Response:
        """Return the user with a handle."""
        profile = self.network.world.find_profile(request.captures["handle"])
        if profile is None:
            return self.network.refusal(404, "User not found")
        return Response.of_json({"data": self.network.renderer(request).user(profile)})

    def by_id(self, request: Request) -> Response:
        """Return the user with an id, and how the asker stands to them where that was asked for."""
        profile = self.network.world.profiles.get(request.captures["id"])
        if profile is None:
            return self.network.refusal(404, "User not found")
        renderer = self.network.renderer(request)
        row = renderer.user(profile) | self._standing(self.network.asker(request), profile)
        asked = renderer.dialect.user_fields | {"id", "name", "username"}
        return Response.of_json({"data": {name: value for name, value in row.items() if name in asked}})

    def _standing(self, asker: Profile, other: Profile) -> dict[str, Any]:
        world = self.network.world
        states = {
            "following": (asker.id, other.id) in world.follows,
            "followed_by": (other.id, asker.id) in world.follows,
            "muting": (asker.id, other.id) in world.muted,
        }
        standing = [name for name, holds in states.items() if holds]
        return {"connection_status": standing, "receives_your_dm": world.reached_by(asker.id, other)}

    def mute(self, request: Request) -> Response:
        """Mute somebody; twice is as once."""
        asker = self.network.asker(request)
        target = str(request.json().get("target_user_id", ""))
        if request.captures["id"] != asker.id or target not in self.network.world.profiles:
            return self.network.refusal(403, "You are not allowed to mute this user.")
        self.network.world.muted.add((asker.id, target))
        self.network.accept(request, asker, "mute", target)
        return Response.of_json({"data": {"muting": True}})
