"""Reblogging a status, and taking that back."""

from typing import TYPE_CHECKING

from pluralis.networks.fake.http import Request, Response
from pluralis.networks.fake.mastodon.statuses import NOT_FOUND
from pluralis.networks.fake.world import Post

if TYPE_CHECKING:
    from pluralis.networks.fake.mastodon.network import FakeMastodon


class Reposts:
    """The addresses ``reblog`` and ``unreblog`` of a status; both answer with it, as it stands then."""

    def __init__(self, network: "FakeMastodon") -> None:
        self.network = network

    def reblog(self, request: Request) -> Response:
        """Reblog a status that everybody may read. A second time is as the first, unless the instance is forgetful:
        then it takes a second one, as some servers do."""
        asker, post = self.network.asker(request), self._standing(request)
        if post is None or post.draft.visibility not in ("public", "unlisted"):
            return self.network.refusal(404, NOT_FOUND)
        fresh = self.network.world.repost(asker.id, post)
        if fresh or self.network.moods.standing("forgetful", "repost", asker.handle):
            self.network.accept(request, asker, "repost", post.id)
        shown = self.network.statuses.told(post, request)
        return Response.of_json(shown | {"id": self.network.world.make_id(), "reblog": shown})

    def unreblog(self, request: Request) -> Response:
        """Take a reblog back; none is fine too."""
        asker, post = self.network.asker(request), self._standing(request)
        if post is None:
            return self.network.refusal(404, NOT_FOUND)
        if self.network.world.take_back_repost(asker.id, post):
            self.network.accept(request, asker, "unrepost", post.id)
        return Response.of_json(self.network.statuses.told(post, request))

    def _standing(self, request: Request) -> Post | None:
        post = self.network.world.posts.get(request.captures["id"])
        return None if post is None or post.deleted else post
