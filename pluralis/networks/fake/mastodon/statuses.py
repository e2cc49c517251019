"""Writing, reading and taking down statuses."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from pluralis.core.text import counting_rule, measure
from pluralis.networks.fake.http import Request, Response
from pluralis.networks.fake.mastodon.asking import fields_of, gather
from pluralis.networks.fake.mastodon.render import Written, author_of, visibility_of
from pluralis.networks.fake.world import Draft, Post, Profile, Window

if TYPE_CHECKING:
    from pluralis.networks.fake.mastodon.network import FakeMastodon

VISIBILITIES = ("public", "unlisted", "private", "direct")
MOST_PICTURES = 4
MOST_AT_ONCE = 20
POLLS = {"max_options": 4, "max_characters_per_option": 50, "min_expiration": 300, "max_expiration": 2_629_746}
NOT_FOUND = "Record not found"
NO_PARENT = "The status you are trying to reply to does not appear to exist."


class Statuses:
    """The addresses under ``/api/v1/statuses`` and an account's own timeline."""

    KEPT: ClassVar[tuple[str, ...]] = ("_keys",)

    def __init__(self, network: "FakeMastodon") -> None:
        self.network = network
        self._keys: dict[tuple[str, str], str] = {}

    def create(self, request: Request) -> Response:
        """Publish; the same idempotency key gives the same status again, unless the instance is forgetful."""
        author = self.network.asker(request)
        known = self._known(request, author)
        if known is not None:
            return Response.of_json(self.network.renderer.status(known))
        asked = fields_of(request)
        draft = self._draft(asked, author)
        refused = self._refused(draft, author) or self._refused_poll(asked.get("poll"), draft)
        if refused is not None:
            return refused
        post = self.network.world.write(author.id, draft)
        key = request.headers.get("idempotency-key", "")
        if key:
            self._keys[author.id, key] = post.id
        detail = {"text": draft.text, "reply_to": draft.reply_to, "visibility": draft.visibility, "key": key}
        self.network.accept(request, author, "post", post.id, **detail, media=list(draft.media))
        return Response.of_json(self.network.renderer.status(post))

    def _known(self, request: Request, author: Profile) -> Written | None:
        key = request.headers.get("idempotency-key", "")
        if not key or self.network.moods.standing("forgetful", "post", author.handle):
            return None
        return self.network.renderer.find(self._keys.get((author.id, key)))

    def _draft(self, asked: dict[str, Any], author: Profile) -> Draft:
        wide = self.network.moods.standing("public", "post", author.handle)
        return Draft(
            str(asked.get("status") or "").strip(),
            reply_to=asked.get("in_reply_to_id"),
            quote_of=asked.get("quoted_status_id"),
            media=tuple(asked.get("media_ids") or ()),
            visibility="public" if wide else str(asked.get("visibility") or "public"),
            language=asked.get("language"),
            warning=str(asked.get("spoiler_text") or ""),
            poll=tuple((asked.get("poll") or {}).get("options", ())),
        )

    def _refused(self, draft: Draft, author: Profile) -> Response | None:
        refusal = self.network.refusal
        rule = counting_rule("characters")
        if not draft.text and not draft.media:
            return refusal(422, "Validation failed: Text can't be blank")
        if len(draft.text) > 20 * rule.limit or not measure(draft.text, rule).fits:
            return refusal(422, f"Validation failed: Text character limit of {rule.limit} exceeded")
        if draft.visibility not in VISIBILITIES:
            return refusal(422, "Validation failed: Visibility is not included in the list")
        if draft.reply_to and self.network.renderer.find(draft.reply_to) is None:
            return refusal(404, NO_PARENT)
        return self._refused_media(draft, author)

    def _refused_poll(self, poll: dict[str, Any] | None, draft: Draft) -> Response | None:
        if poll is None:
            return None
        seconds = int(poll.get("expires_in") or 0)
        if draft.media:
            return self.network.refusal(422, "Validation failed: Media attachments can't be combined with a poll")
        if not 2 <= len(draft.poll) <= POLLS["max_options"]:
            return self.network.refusal(422, "Validation failed: Options must be between 2 and 4")
        if any(not 1 <= len(one) <= POLLS["max_characters_per_option"] for one in draft.poll):
            return self.network.refusal(422, "Validation failed: Options can't be longer than 50 characters")
        if not POLLS["min_expiration"] <= seconds <= POLLS["max_expiration"]:
            return self.network.refusal(422, "Validation failed: Expires at is out of range")
        return None

    def _refused_media(self, draft: Draft, author: Profile) -> Response | None:
        if len(draft.media) > MOST_PICTURES:
            return self.network.refusal(422, "Validation failed: Cannot attach more than 4 files")
        for media_id in draft.media:
            media = self.network.world.upload_of(author.id, media_id)
            if media is None:
                return self.network.refusal(422, f"Media attachments {media_id} not found")
            if media.content_type.startswith("video/") and len(draft.media) > 1:
                return self.network.refusal(422, "Cannot attach a video to a post that already contains images")
            if not media.ready:
                return self.network.refusal(422, "Cannot attach files that have not finished processing.")
        return None

    def delete(self, request: Request) -> Response:
        """Take down an own status and return it with its source."""
        author = self.network.asker(request)
        post = self.network.world.posts.get(request.captures["id"])
        if post is None or post.deleted or post.author_id != author.id:
            return self.network.refusal(404, NOT_FOUND)
        shown = self.network.renderer.status(post) | {"text": post.text}
        self.network.world.delete(post.id)
        self.network.accept(request, author, "delete", post.id)
        return Response.of_json(shown)

    def edit(self, request: Request) -> Response:
        """Give an own status other words; pictures that are not named again are lost, as on Mastodon."""
        author, asked = self.network.asker(request), fields_of(request)
        post = self.network.world.posts.get(request.captures["id"])
        if post is None or post.deleted or post.author_id != author.id:
            return self.network.refusal(404, NOT_FOUND)
        media = tuple(str(one) for one in asked.get("media_ids") or ())
        draft = replace(post.draft, text=str(asked.get("status") or "").strip(), media=media)
        refused = self._refused(replace(draft, media=()), author)
        if refused is not None:
            return refused
        changed = draft != post.draft
        self.network.world.rewrite(post.id, draft)
        self.network.accept(request, author, "edit", post.id, text=draft.text, changed=changed)
        return Response.of_json(self.network.renderer.status(post))

    def show(self, request: Request) -> Response:
        """Return one status."""
        found = self._visible(request)
        return Response.of_json(self.told(found, request)) if found else self.network.refusal(404, NOT_FOUND)

    def told(self, found: Written, request: Request) -> dict[str, Any]:
        """Return a status as its asker reads it: with what they did to it."""
        asker, world = self.network.asker(request), self.network.world
        return self.network.renderer.status(found) | {"reblogged": (asker.id, found.id) in world.reposts}

    def show_many(self, request: Request) -> Response:
        """Return the statuses that stand among those asked for, at most twenty."""
        wanted = [str(one) for one in gather(request.query).get("id") or ()]
        if len(wanted) > MOST_AT_ONCE:
            return self.network.refusal(422, "Validation failed: Too many statuses")
        found = [one for remote_id in dict.fromkeys(wanted) if (one := self._seen(remote_id, request))]
        return Response.of_json([self.network.renderer.status(one) for one in found])

    def tagged(self, request: Request) -> Response:
        """Return the newest public statuses with a hashtag."""
        asked = gather(request.query)
        asker = self.network.asker(request)
        window = Window(
            after_id=asked.get("min_id") or asked.get("since_id"),
            before_id=asked.get("max_id"),
            until=self.network.hidden_after("search", asker.handle),
        )
        found = self.network.world.posts_saying(f"#{request.captures['tag']}", window)
        return self.network.page(request, "search", found, self.network.renderer.status)

    def source(self, request: Request) -> Response:
        """Return the text of an own status as it was written."""
        found = self._visible(request)
        if found is None or author_of(found) != self.network.asker(request).id:
            return self.network.refusal(404, NOT_FOUND)
        warning = found.draft.warning if isinstance(found, Post) else ""
        content = {"id": found.id, "text": self.network.renderer.source(found), "spoiler_text": warning}
        return Response.of_json(content)

    def context(self, request: Request) -> Response:
        """Return what stands above and below a status."""
        found = self._visible(request)
        if found is None:
            return self.network.refusal(404, NOT_FOUND)
        renderer = self.network.renderer
        above: list[Written] = []
        at: Written | None = found
        while isinstance(at, Post) and (at := renderer.find(at.draft.reply_to)):
            above.insert(0, at)
        below = [one for one in self.network.world.posts.values() if one.draft.reply_to == found.id]
        shown = [renderer.status(one) for one in below if not one.deleted]
        return Response.of_json({"ancestors": [renderer.status(one) for one in above], "descendants": shown})

    def _visible(self, request: Request) -> Written | None:
        """Return a status that the asker may see: a direct one only when it is from them or names them."""
        return self._seen(request.captures["id"], request)

    def _seen(self, remote_id: str, request: Request) -> Written | None:
        found, asker = self.network.renderer.find(remote_id), self.network.asker(request)
        if found is None or visibility_of(found) != "direct" or author_of(found) == asker.id:
            return found
        return found if asker.id in {one.id for one in self.network.renderer.named(found)} else None

    def timeline(self, request: Request) -> Response:
        """Return the newest statuses of an account; direct ones to itself only."""
        asker, profile_id = self.network.asker(request), request.captures["id"]
        asked = gather(request.query)
        window = Window(
            after_id=asked.get("min_id") or asked.get("since_id"),
            before_id=asked.get("max_id"),
            until=self.network.hidden_after("timeline", asker.handle),
        )
        found = self.network.world.posts_of(profile_id, window)
        if profile_id != asker.id:
            found = [post for post in found if post.draft.visibility in ("public", "unlisted")]
        return self.network.page(request, "timeline", found, self.network.renderer.status)
