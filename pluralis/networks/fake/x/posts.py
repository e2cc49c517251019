"""Creating, deleting and reading posts."""

import base64
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pluralis.core.text import counting_rule, measure
from pluralis.networks.fake.http import Request, Response
from pluralis.networks.fake.world import Draft, Post, Profile, Window

if TYPE_CHECKING:
    from pluralis.networks.fake.x.network import FakeX

WINDOW_OF_MENTIONS = 800
WINDOW_OF_POSTS = 3200
SEARCHED = timedelta(days=7)
NOT_SUMMONED = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged "
    "by the author of the post you are replying to."
)
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
TARGET_GONE = "You attempted to reply to a Tweet that is deleted or not visible to you."
INVALID = "https://api.x.com/2/problems/invalid-request"
KNOWN_FIELDS = {"text", "reply", "quote_tweet_id", "media", "reply_settings", "poll", "geo", "made_with_ai"}


class Posts:
    """The addresses under ``/2/tweets`` and the timelines of ``/2/users/{id}``."""

    def __init__(self, network: "FakeX") -> None:
        self.network = network

    def create(self, request: Request) -> Response:
        """Publish a post, a reply or a quote."""
        author = self.network.asker(request)
        body = request.json()
        draft = _draft(body)
        refused = self._misshapen(body, draft) or self._unlawful(author, draft)
        if refused:
            return refused
        post = self.network.world.write(author.id, draft)
        detail = {"text": draft.text, "reply_to": draft.reply_to, "quote_of": draft.quote_of}
        self.network.accept(request, author, "post", post.id, **detail, media=list(draft.media))
        renderer = self.network.renderer(request)
        history = {renderer.dialect.word("edit_history_tweet_ids"): [post.id]}
        data = {"id": post.id, "text": renderer.shown(post)[0]} | history
        return Response.of_json({"data": data}, 201)

    def _misshapen(self, body: dict[str, Any], draft: Draft) -> Response | None:
        unknown = set(body) - KNOWN_FIELDS
        if unknown or not (draft.text or draft.media):
            what = f"$.{min(unknown)}: is not defined in the schema" if unknown else "text or media is required"
            errors = [{"parameters": {}, "message": what}]
            return self.network.refusal(
                400, "One or more parameters to your request was invalid.", INVALID, errors=errors
            )
        poll = body.get("poll")
        if poll and not _lawful_poll(poll, draft):
            return self.network.refusal(400, "One or more parameters to your request was invalid.", INVALID)
        if self._too_long(draft.text):
            return self.network.refusal(403, "You are not permitted to create a Tweet longer than 280 characters.")
        return None

    def _too_long(self, text: str) -> bool:
        rule = counting_rule("premium" if self.network.long_posts else "weighted")
        return len(text) > 4 * 25_000 or not measure(text, rule).fits

    def _unlawful(self, author: Profile, draft: Draft) -> Response | None:
        world = self.network.world
        for media_id in draft.media:
            media = world.upload_of(author.id, media_id)
            if media is None or not media.ready:
                return self.network.refusal(400, "Your media IDs are invalid.", INVALID)
        parent = world.posts.get(draft.reply_to or "")
        if draft.reply_to and (parent is None or parent.deleted):
            return self.network.refusal(403, TARGET_GONE)
        if parent and not self._summoned(author, parent):
            return self.network.refusal(403, NOT_SUMMONED)
        if self._stands(author, draft):
            return self.network.refusal(403, DUPLICATE)
        return None

    def _summoned(self, author: Profile, parent: Post) -> bool:
        if self.network.tier == "enterprise":
            return True
        if parent.author_id == author.id:
            return self.network.self_threads
        return author.id in parent.mentioned

    def _stands(self, author: Profile, draft: Draft) -> bool:
        """Tell whether X would call it a duplicate: the mood holds and the same text stands at the same place."""
        if not self.network.moods.standing("duplicate", "post", author.handle):
            return False
        own = self.network.world.posts_of(author.id, Window())
        return any(post.text == draft.text and post.draft.reply_to == draft.reply_to for post in own)

    def delete(self, request: Request) -> Response:
        """Take down an own post; one that is not there counts as deleted, as on X."""
        author = self.network.asker(request)
        post = self.network.world.posts.get(request.captures["id"])
        if post and post.author_id != author.id:
            return self.network.refusal(403, "You are not authorized to delete this Tweet.")
        deleted = self.network.world.delete(request.captures["id"])
        if deleted:
            self.network.accept(request, author, "delete", request.captures["id"])
        return Response.of_json({"data": {"deleted": deleted}})

    def timeline(self, request: Request) -> Response:
        """Return the newest posts of a profile."""
        window = self._window(request, "timeline")
        found = self.network.world.posts_of(request.captures["id"], window)
        return self._page(request, "timeline", found[:WINDOW_OF_POSTS])

    def mentions(self, request: Request) -> Response:
        """Return the newest posts that mention a profile; only the latest 800 exist."""
        window = self._window(request, "mentions")
        newest = self.network.world.posts_mentioning(request.captures["id"], Window(until=window.until))
        known = {post.id for post in newest[:WINDOW_OF_MENTIONS]}
        found = self.network.world.posts_mentioning(request.captures["id"], window)
        return self._page(request, "mentions", [post for post in found if post.id in known])

    def search(self, request: Request) -> Response:
        """Return the newest public posts of the last week that a query finds."""
        asked, window = request.asked("query"), self._window(request, "search")
        oldest = self.network.clock.now() - SEARCHED
        if window.after_id and int(window.after_id) < self.network.stamp(oldest):
            detail = f"'since_id' must be a tweet id created after {oldest:%Y-%m-%dT%H:%MZ}."
            errors = [{"parameters": {"since_id": [window.after_id]}, "message": detail}]
            return self.network.refusal(400, detail, INVALID, errors=errors)
        window.since = max(window.since or oldest, oldest)
        words = re.sub(r"-(?:is:retweet|from:\w+)|[()]", " ", asked)
        unwanted = [one.casefold() for one in re.findall(r"-from:(\w+)", asked)]
        found = self.network.world.posts_saying(words, window)
        authors = self.network.world.profiles
        wanted = [post for post in found if authors[post.author_id].handle.casefold() not in unwanted]
        return self._page(request, "search", wanted, least=10)

    def _window(self, request: Request, endpoint: str) -> Window:
        hidden = self.network.hidden_after(endpoint, self.network.account_of(request))
        until = _instant(request.asked("end_time"))
        return Window(
            after_id=request.asked("since_id") or None,
            before_id=request.asked("until_id") or None,
            since=_instant(request.asked("start_time")),
            until=min(filter(None, (hidden, until)), default=None),
        )

    def _page(self, request: Request, endpoint: str, found: list[Post], least: int = 5) -> Response:
        token = request.asked("pagination_token") or request.asked("next_token")
        if token:
            found = [post for post in found if int(post.id) < int(read_token(token))]
        asked = int(request.asked("max_results", "10"))
        if not least <= asked <= 100:
            return self.network.refusal(400, f"max_results must be between {least} and 100", INVALID)
        size = self.network.page_size(endpoint, self.network.account_of(request), asked)
        page = found[:size]
        meta: dict[str, Any] = {"result_count": len(page)}
        if page:
            meta |= {"newest_id": page[0].id, "oldest_id": page[-1].id}
        if len(found) > size:
            meta["next_token"] = make_token(page[-1].id)
        return Response.of_json(self.network.renderer(request).many(page, meta))

    def look_up(self, request: Request) -> Response:
        """Return posts by id; what is gone is told in ``errors``."""
        renderer = self.network.renderer(request)
        wanted = request.asked("ids").split(",")
        found = [post for one in wanted if (post := self.network.world.posts.get(one)) and not post.deleted]
        answer = renderer.many(found, {})
        gone = [_not_found(one) for one in wanted if one not in {post.id for post in found}]
        return Response.of_json(answer | ({"errors": gone} if gone else {}))

    def look_up_one(self, request: Request) -> Response:
        """Return one post."""
        post = self.network.world.posts.get(request.captures["id"])
        if post is None or post.deleted:
            return Response.of_json({"errors": [_not_found(request.captures["id"])]})
        renderer = self.network.renderer(request)
        return Response.of_json({"data": renderer.post(post), **_some("includes", renderer.includes())})


def _draft(body: dict[str, Any]) -> Draft:
    return Draft(
        str(body.get("text", "")),
        reply_to=body.get("reply", {}).get("in_reply_to_tweet_id"),
        quote_of=body.get("quote_tweet_id"),
        media=tuple(body.get("media", {}).get("media_ids", ())),
        poll=tuple(body.get("poll", {}).get("options", ())),
    )


def _lawful_poll(poll: dict[str, Any], draft: Draft) -> bool:
    minutes = poll.get("duration_minutes")
    fits = 2 <= len(draft.poll) <= 4 and all(1 <= len(one) <= 25 for one in draft.poll)
    return fits and not draft.media and isinstance(minutes, int) and 5 <= minutes <= 10080


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _some(name: str, content: dict[str, Any]) -> dict[str, Any]:
    return {name: content} if content else {}


def _not_found(remote_id: str) -> dict[str, Any]:
    return {
        "value": remote_id,
        "detail": f"Could not find tweet with ids: [{remote_id}].",
        "title": "Not Found Error",
        "resource_type": "tweet",
        "parameter": "ids",
        "resource_id": remote_id,
        "type": "https://api.x.com/2/problems/resource-not-found",
    }


def make_token(remote_id: str) -> str:
    """Return an opaque token of at least 16 characters that leads to what is older than ``remote_id``."""
    return base64.b32encode(f"older-than:{remote_id}".encode()).decode().lower().rstrip("=")


def read_token(token: str) -> str:
    """Return the id a token leads below."""
    padded = token.upper() + "=" * (-len(token) % 8)
    return base64.b32decode(padded).decode().removeprefix("older-than:")
