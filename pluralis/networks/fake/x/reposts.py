"""Reposting: by a program, and by a person on the page of an intent link."""

import html
from typing import TYPE_CHECKING

from pluralis.networks.fake.http import Request, Response
from pluralis.networks.fake.world import Post

if TYPE_CHECKING:
    from pluralis.networks.fake.x.network import FakeX

GONE = "Could not find tweet with id: [{}]."
NOT_FOR_PROGRAMS = "You are not permitted to perform this action."


class Reposts:
    """The addresses under ``/2/users/{id}/retweets``."""

    def __init__(self, network: "FakeX") -> None:
        self.network = network

    def repost(self, request: Request) -> Response:
        """Repost; what is reposted already stays as it is."""
        asker, wanted = self.network.asker(request), str(request.json().get("tweet_id", ""))
        post = self._standing(wanted)
        if request.captures["id"] != asker.id or not self.network.reposts_by_program:
            return self.network.refusal(403, NOT_FOR_PROGRAMS)
        if post is None:
            return self.network.refusal(404, GONE.format(wanted))
        if self.network.world.repost(asker.id, post):
            self.network.accept(request, asker, "repost", post.id)
        newer = self.network.renderer(request).dialect.is_post
        return Response.of_json({"data": {"rest_id" if newer else "id": post.id, "retweeted": True}})

    def take_back(self, request: Request) -> Response:
        """End a repost; X says *not reposted*, whether there was one or not."""
        asker, post = self.network.asker(request), self._standing(request.captures["post"])
        if request.captures["id"] != asker.id:
            return self.network.refusal(403, NOT_FOR_PROGRAMS)
        if post and self.network.world.take_back_repost(asker.id, post):
            self.network.accept(request, asker, "unrepost", post.id)
        return Response.of_json({"data": {"retweeted": False}})

    def _standing(self, remote_id: str) -> Post | None:
        post = self.network.world.posts.get(remote_id)
        return None if post is None or post.deleted else post

    # By a person.

    def ask(self, request: Request) -> Response:
        """Show the page of an intent link: one click to repost, or to take it back."""
        brands = [one for one in self.network.world.profiles.values() if one.role == "brand"]
        options = "".join(f'<option value="{one.id}">@{html.escape(one.handle)}</option>' for one in brands)
        post = self._standing(request.asked("tweet_id"))
        if post is None:
            return self.network.page("Repost", "<h1>This post does not exist</h1>", 404)
        return self.network.page(
            "Repost",
            f'<h1>Repost</h1><article>{html.escape(post.text)}</article><form method="post">'
            f'<p><label>As <select name="profile">{options}</select></label></p>'
            f'<input type="hidden" name="tweet_id" value="{post.id}"><button name="do" value="repost">Repost'
            f'</button> <button name="do" value="back">Undo repost</button></form>',
        )

    def by_hand(self, request: Request) -> Response:
        """Do what a person confirmed, as a brand."""
        form = request.form()
        us, post = self.network.world.profiles.get(form.get("profile", "")), self._standing(form.get("tweet_id", ""))
        if us is None or us.role != "brand" or post is None:
            return self.network.page("Repost", "<h1>That did not work</h1>", 400)
        world = self.network.world
        (world.take_back_repost if form.get("do") == "back" else world.repost)(us.id, post)
        author = world.profiles[post.author_id]
        return Response.redirect(f"/{author.handle}/status/{post.id}")
