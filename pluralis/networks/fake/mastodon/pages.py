"""Pages for people: a profile, a status, a picture."""

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pluralis.networks.fake.http import Request, Response
from pluralis.networks.fake.mastodon.render import author_of, visibility_of
from pluralis.networks.fake.pictures import avatar
from pluralis.networks.fake.routes import Route
from pluralis.networks.fake.world import Post, Window

if TYPE_CHECKING:
    from pluralis.networks.fake.mastodon.network import FakeMastodon

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width">
<style>body{{font:16px/1.5 sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem}}
article{{border:1px solid #ccc;border-radius:.5rem;padding:.75rem 1rem;margin:.75rem 0}}
.invisible{{font-size:0}}.ellipsis::after{{content:"…"}}img{{max-width:100%}}</style>
{body}<p><small>The fake Mastodon of the Pluralis demo.</small></p></html>"""


class Pages:
    """What a browser sees of the fake Mastodon; direct statuses are never shown."""

    def __init__(self, network: "FakeMastodon") -> None:
        self.network = network

    def routes(self) -> Sequence[Route]:
        """Return the addresses."""
        return [
            Route("page", "GET", "/avatars/{id}.png", self.avatar),
            Route("page", "GET", "/media/{id}", self.media),
            Route("page", "GET", "/@{handle}/{id}", self.status),
            Route("page", "GET", "/@{handle}", self.profile),
        ]

    def avatar(self, request: Request) -> Response:
        """Return a profile's picture."""
        return Response(200, avatar(request.captures["id"]), {"content-type": "image/png"})

    def media(self, request: Request) -> Response:
        """Return an uploaded picture."""
        media = self.network.world.media.get(request.captures["id"])
        if media is None or not media.ready:
            return Response.of_html("<h1>Not found</h1>", 404)
        return Response(200, media.content, {"content-type": media.content_type, "x-content-type-options": "nosniff"})

    def status(self, request: Request) -> Response:
        """Show a status, what it answers and what answers it."""
        post = self.network.world.posts.get(request.captures["id"])
        if post is None or post.deleted or visibility_of(post) == "direct":
            return Response.of_html(PAGE.format(title="Not found", body="<h1>This page does not exist</h1>"), 404)
        posts = self.network.world.posts
        parent = posts.get(post.draft.reply_to or "")
        around = [
            *([parent] if parent else []),
            post,
            *(one for one in posts.values() if one.draft.reply_to == post.id),
        ]
        return Response.of_html(PAGE.format(title="Post", body="".join(map(self._article, around))))

    def profile(self, request: Request) -> Response:
        """Show a profile with its newest statuses."""
        profile = self.network.world.find_profile(request.captures["handle"].partition("@")[0])
        if profile is None:
            return Response.of_html(PAGE.format(title="Not found", body="<h1>Nobody has this name</h1>"), 404)
        newest = self.network.world.posts_of(profile.id, Window())[:50]
        head = f"<h1>{html.escape(profile.name)}</h1><p>{html.escape(profile.bio)}</p>"
        body = head + "".join(map(self._article, newest))
        return Response.of_html(PAGE.format(title=f"@{html.escape(profile.handle)}", body=body))

    def _article(self, post: Post) -> str:
        if post.deleted or visibility_of(post) == "direct":
            return ""
        author = self.network.world.profiles[author_of(post)]
        world = self.network.world
        pictures = "".join(
            f'<img src="/media/{one}" alt="{html.escape(world.media[one].alt_text)}">' for one in post.draft.media
        )
        return (
            f'<article id="post-{post.id}"><b>{html.escape(author.name)}</b> @{html.escape(author.handle)}'
            f"{self.network.renderer.content(post.text)}{pictures}"
            f"<small>{post.created_at:%Y-%m-%d %H:%M:%S} UTC</small></article>"
        )
