"""Pages for people: a post, a profile, a picture, and the page where a person posts what is handed over."""

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from pluralis.networks.fake.http import Request, Response
from pluralis.networks.fake.pictures import avatar
from pluralis.networks.fake.routes import Route
from pluralis.networks.fake.world import Draft, Post, Window

if TYPE_CHECKING:
    from pluralis.networks.fake.x.network import FakeX

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width">
<style>body{{font:16px/1.5 sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem}}
article{{border:1px solid #ccc;border-radius:.5rem;padding:.75rem 1rem;margin:.75rem 0;white-space:pre-wrap}}
header{{display:flex;gap:.5rem;align-items:center}}header img{{width:2.5rem;border-radius:50%}}
figure{{margin:.5rem 0}}figure img{{max-width:100%}}
button,select,textarea{{font:inherit;padding:.5rem 1rem}}textarea{{width:100%;box-sizing:border-box}}</style>
{body}<p><small>The fake X of the Pluralis demo.</small></p></html>"""


class Pages:
    """What a browser sees of the fake X."""

    def __init__(self, network: "FakeX") -> None:
        self.network = network

    def routes(self) -> Sequence[Route]:
        """Return the addresses, the more special first."""
        return [
            Route("page", "GET", "/pictures/{id}.png", self.avatar),
            Route("page", "GET", "/media/{id}", self.media),
            Route("page", "GET", "/intent/post", self.intent),
            Route("page", "POST", "/intent/post", self.post_by_hand),
            Route("page", "GET", "/{handle}/status/{id}", self.post),
            Route("page", "GET", "/{handle}", self.profile),
        ]

    def avatar(self, request: Request) -> Response:
        """Return a profile's picture."""
        return Response(200, avatar(request.captures["id"]), {"content-type": "image/png"})

    def media(self, request: Request) -> Response:
        """Return an uploaded picture."""
        media = self.network.world.media.get(request.captures["id"])
        if media is None:
            return Response.of_html("<h1>Not found</h1>", 404)
        return Response(200, media.content, {"content-type": media.content_type, "x-content-type-options": "nosniff"})

    def post(self, request: Request) -> Response:
        """Show a post with what it answers and what answers it."""
        world = self.network.world
        post = world.posts.get(request.captures["id"])
        author = world.profiles.get(post.author_id) if post else None
        if post is None or post.deleted or author is None:
            return Response.of_html(PAGE.format(title="Not found", body="<h1>This post does not exist</h1>"), 404)
        parent = world.posts.get(post.draft.reply_to or "")
        around = [parent] if parent else []
        around += [post, *(other for other in world.posts.values() if other.draft.reply_to == post.id)]
        body = "".join(self._article(one) for one in around if not one.deleted)
        return Response.of_html(PAGE.format(title=f"@{html.escape(author.handle)}", body=body))

    def profile(self, request: Request) -> Response:
        """Show a profile with its newest posts."""
        profile = self.network.world.find_profile(request.captures["handle"])
        if profile is None:
            return Response.of_html(PAGE.format(title="Not found", body="<h1>Nobody has this name</h1>"), 404)
        newest = self.network.world.posts_of(profile.id, Window())[:50]
        head = f"<h1>{html.escape(profile.name)}</h1><p>{html.escape(profile.bio)}</p>"
        figures = f"<p>{profile.followers} followers · {profile.following} following</p>"
        body = head + figures + "".join(self._article(post) for post in newest)
        return Response.of_html(PAGE.format(title=f"@{html.escape(profile.handle)}", body=body))

    def _article(self, post: Post) -> str:
        author = self.network.world.profiles[post.author_id]
        pictures = "".join(self._figure(media_id) for media_id in post.draft.media)
        return (
            f'<article id="post-{post.id}"><header><img src="/pictures/{author.id}.png" alt="">'
            f"<b>{html.escape(author.name)}</b> @{html.escape(author.handle)}</header>"
            f"{html.escape(post.text)}{pictures}<br>"
            f'<a href="/@{html.escape(author.handle)}/status/{post.id}"><small>'
            f"{post.created_at:%Y-%m-%d %H:%M:%S} UTC</small></a></article>"
        )

    def _figure(self, media_id: str) -> str:
        described = html.escape(self.network.world.media[media_id].alt_text)
        return f'<figure><img src="/media/{media_id}" alt="{described}"></figure>'

    def intent(self, request: Request) -> Response:
        """Show the page of an intent link: the text ready, one click to post."""
        brands = [one for one in self.network.world.profiles.values() if one.role == "brand"]
        options = "".join(f'<option value="{one.id}">@{html.escape(one.handle)}</option>' for one in brands)
        text, reply_to = html.escape(request.asked("text")), html.escape(request.asked("in_reply_to"))
        body = (
            f'<h1>Post</h1><form method="post"><p><label>As <select name="profile">{options}</select></label></p>'
            f'<p><textarea name="text" rows="6" aria-label="Text">{text}</textarea></p>'
            f'<input type="hidden" name="in_reply_to" value="{reply_to}"><button>Post</button></form>'
        )
        return Response.of_html(PAGE.format(title="Post", body=body))

    def post_by_hand(self, request: Request) -> Response:
        """Post what a person confirmed; only as a brand, so that nobody can write into an inbox this way."""
        form = request.form()
        author = self.network.world.profiles.get(form.get("profile", ""))
        if author is None or author.role != "brand" or not form.get("text"):
            return Response.of_html(PAGE.format(title="Post", body="<h1>That did not work</h1>"), 400)
        text = form["text"].replace("\r\n", "\n")
        post = self.network.world.write(author.id, Draft(text, reply_to=form.get("in_reply_to") or None))
        return Response.redirect(f"/{author.handle}/status/{post.id}?{urlencode({'posted': 'by hand'})}")
