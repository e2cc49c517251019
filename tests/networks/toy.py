"""The smallest fake network: enough protocol to try the common core of the fakes."""

from collections.abc import Sequence
from datetime import datetime

from pluralis.networks.fake import FakeNetwork
from pluralis.networks.fake.http import Request, Response
from pluralis.networks.fake.network import Credentials
from pluralis.networks.fake.routes import Route
from pluralis.networks.fake.world import Draft, Profile, Window


class ToyNetwork(FakeNetwork):
    """Posts are plain text; who asks is in the header ``who``."""

    name = "toy"

    def stamp(self, at: datetime) -> int:
        return int(at.timestamp() * 1000)

    def routes(self) -> Sequence[Route]:
        return [
            Route("post", "POST", "/posts", self.post),
            Route("timeline", "GET", "/posts", self.timeline),
            Route("picture", "POST", "/pictures/{name}.png", lambda request: Response.of_json(request.captures)),
        ]

    def account_of(self, request: Request) -> str:
        return request.headers.get("who", "")

    def open_account(self, profile: Profile) -> Credentials:
        return Credentials(profile, {"who": profile.handle})

    def refusal(self, status: int, detail: str = "") -> Response:
        return Response.of_json({"error": detail}, status)

    def limit_headers(self, reset_at: datetime, remaining: int, *, whole_app: bool = False) -> dict[str, str]:
        return {"reset": str(int(reset_at.timestamp())), "whole-app": str(whole_app)}

    def post(self, request: Request) -> Response:
        who = self.world.add_profile(self.account_of(request))
        post = self.world.write(who.id, Draft(request.body.decode()))
        self.accept(request, who, "post", post.id, text=post.text)
        return Response.of_json({"id": post.id}, 201)

    def timeline(self, request: Request) -> Response:
        who = self.world.add_profile(self.account_of(request))
        hidden = self.hidden_after("timeline", who.handle)
        posts = self.world.posts_of(who.id, Window(until=hidden))
        size = self.page_size("timeline", who.handle, 100)
        return Response.of_json([post.text for post in posts[:size]])
