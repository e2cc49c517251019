"""Records and blobs: what the real server does with them, as far as the connector meets it."""

from typing import TYPE_CHECKING, Any, ClassVar

from pluralis.core.text import counting_rule, measure
from pluralis.networks.fake.bluesky.naming import POSTS, REPOSTS, cid_of, did_of, key_of, number_of, stamp
from pluralis.networks.fake.http import Request, Response
from pluralis.networks.fake.world import Draft, Post, Profile

if TYPE_CHECKING:
    from pluralis.networks.fake.bluesky.network import FakeBluesky

MOST_JSON = 150 * 1024
MOST_IMAGE = 1_000_000
MOST_FILM = 100_000_000
MOST_BLOB = MOST_FILM
EXTERNAL = ("uri", "title", "description")


class Repository:
    """The addresses under ``com.atproto.repo``. ``records`` holds what was put, by collection, owner and key."""

    KEPT: ClassVar[tuple[str, ...]] = ("records", "_posts", "_keys", "_blobs")

    def __init__(self, network: "FakeBluesky") -> None:
        self.network = network
        self.records: dict[tuple[str, str, str], dict[str, Any]] = {}
        self._posts: dict[tuple[str, str], str] = {}
        self._keys: dict[str, str] = {}
        self._blobs: dict[str, str] = {}

    # Posts of the world under their AT names.

    def uri(self, post: Post) -> str:
        """Return the address of a post."""
        key = self._keys.get(post.id) or key_of(int(post.id))
        return f"at://{did_of(post.author_id)}/{POSTS}/{key}"

    def find(self, uri: str) -> Post | None:
        """Return the standing post at an address."""
        did, _, key = uri.removeprefix("at://").partition(f"/{POSTS}/")
        found = self.network.world.posts.get(self._posts.get((did, key), ""))
        if found is None:
            found = self.network.world.posts.get(str(number_of(key)))
            if found is not None and self.uri(found) != uri:
                return None
        return found if found and not found.deleted else None

    def value(self, post: Post) -> dict[str, Any]:
        """Return the record of a post: as it was put, or as somebody of the community would have put it."""
        did = did_of(post.author_id)
        put = self.records.get((POSTS, did, self._keys.get(post.id, "")))
        if put is not None:
            return put
        made: dict[str, Any] = {"$type": POSTS, "text": post.text, "createdAt": stamp(post.created_at)}
        if post.draft.language:
            made["langs"] = [post.draft.language]
        parent = self.network.world.posts.get(post.draft.reply_to or "")
        if parent:
            root = self.network.world.posts.get(parent.conversation_id, parent)
            made["reply"] = {"root": self._strong(root), "parent": self._strong(parent)}
        quoted = self.network.world.posts.get(post.draft.quote_of or "")
        if quoted:
            made["embed"] = {"$type": "app.bsky.embed.record", "record": self._strong(quoted)}
        return made

    def _strong(self, post: Post) -> dict[str, str]:
        return {"uri": self.uri(post), "cid": cid_of(self.value(post))}

    # The addresses.

    def put(self, request: Request) -> Response:
        """Write a record; ``swapRecord: null`` refuses one that exists, an equal one is left as it is."""
        if len(request.body) > MOST_JSON:
            return self.network.refusal(413, "request entity too large", "PayloadTooLarge")
        asked, author = request.json(), self.network.asker(request)
        collection, key, value = str(asked["collection"]), str(asked["rkey"]), asked["record"]
        if asked["repo"] != did_of(author.id):
            return self.network.refusal(401, "Authentication Required", "AuthenticationRequired")
        place = (collection, asked["repo"], key)
        standing = self._standing(place)
        if standing is not None and standing != value and "swapRecord" in asked:
            return self.network.refusal(400, f"Record was at {cid_of(standing)}", "InvalidSwap")
        problem = self._problem(value) if collection == POSTS else ""
        if problem:
            return self.network.refusal(400, problem, "InvalidRequest")
        if standing != value:
            self.records[place] = value
            remote_id = self._publish(author, key, value) if collection == POSTS else key
            self._count_repost(collection, value, 1)
            action = "post" if collection == POSTS else collection.rpartition(".")[2]
            self.network.accept(request, author, action, remote_id, text=value.get("text", ""), key=key)
        uri = f"at://{asked['repo']}/{collection}/{key}"
        return Response.of_json({"uri": uri, "cid": cid_of(value), "validationStatus": "valid"})

    def _standing(self, place: tuple[str, str, str]) -> dict[str, Any] | None:
        collection, did, key = place
        if collection == POSTS and self.find(f"at://{did}/{POSTS}/{key}") is None:
            return None
        return self.records.get(place)

    def _problem(self, value: dict[str, Any]) -> str:
        text = str(value.get("text", ""))
        if not measure(text, counting_rule("graphemes")).fits:
            return "Invalid app.bsky.feed.post record: Record/text must not be longer than 300 graphemes"
        external = (value.get("embed") or {}).get("external")
        if external is not None and not all(isinstance(external.get(one), str) for one in EXTERNAL):
            return "Invalid app.bsky.feed.post record: Record/embed/external must have uri, title and description"
        film = _film(value)
        if film and film["video"]["mimeType"] != "video/mp4":
            return f"Invalid app.bsky.feed.post record: video must be video/mp4, got {film['video']['mimeType']}"
        for blob in [*_shown(value), *_thumb(value)]:
            if not self._lies_here(blob["ref"]["$link"]):
                return f"Could not find blob: {blob['ref']['$link']}"
            most = MOST_FILM if film else MOST_IMAGE
            if blob["size"] > most:
                return f"This file is too large. It is {blob['size']} but the maximum size is {most}."
        return ""

    def _lies_here(self, cid: str) -> bool:
        """Tell whether a blob is kept still. One name for the same bytes, whoever brought them last."""
        media = self.network.world.media.get(self._blobs.get(cid, ""))
        return media is not None and self.network.world.upload_of(media.owner_id, media.id) is not None

    def _publish(self, author: Profile, key: str, value: dict[str, Any]) -> str:
        parent = self.find(str(((value.get("reply") or {}).get("parent") or {}).get("uri", "")))
        film = _film(value)
        images = [film] if film else _images(value)
        media = tuple(self._blobs[blob["ref"]["$link"]] for blob in _shown(value))
        for media_id, image in zip(media, images, strict=True):
            self.network.world.media[media_id].alt_text = str(image.get("alt", ""))
        for thumb in _thumb(value):
            self.network.world.media[self._blobs[thumb["ref"]["$link"]]].shown = True
        draft = Draft(str(value.get("text", "")), reply_to=parent.id if parent else None, media=media)
        post = self.network.world.write(author.id, draft)
        self._keys[post.id] = key
        self._posts[did_of(author.id), key] = post.id
        return post.id

    def get(self, request: Request) -> Response:
        """Return a record."""
        did, collection, key = request.asked("repo"), request.asked("collection"), request.asked("rkey")
        uri = f"at://{did}/{collection}/{key}"
        post = self.find(uri) if collection == POSTS else None
        value = self.value(post) if post else self._standing((collection, did, key))
        if value is None:
            return self.network.refusal(400, f"Could not locate record: {uri}", "RecordNotFound")
        return Response.of_json({"uri": uri, "cid": cid_of(value), "value": value})

    def delete(self, request: Request) -> Response:
        """Take a record away; none is fine too."""
        asked, author = request.json(), self.network.asker(request)
        post = self.find(f"at://{asked['repo']}/{asked['collection']}/{asked['rkey']}")
        if post and post.author_id == author.id:
            self.network.world.delete(post.id)
            self.network.accept(request, author, "delete", post.id)
        value = self.records.pop((asked["collection"], asked["repo"], asked["rkey"]), None)
        if value is not None and asked["collection"] == REPOSTS:
            self._count_repost(REPOSTS, value, -1)
            self.network.accept(request, author, "unrepost", asked["rkey"])
        return Response.of_json({})

    def _count_repost(self, collection: str, value: dict[str, Any], more: int) -> None:
        post = self.find(str((value.get("subject") or {}).get("uri"))) if collection == REPOSTS else None
        if post:
            post.reshares += more

    def repost_of(self, did: str, uri: str) -> str:
        """Return the address of an owner's repost of a post, ``""`` when there is none."""
        standing = ((place, value) for place, value in self.records.items() if place[:2] == (REPOSTS, did))
        keys = (place[2] for place, value in standing if value["subject"]["uri"] == uri)
        return next((f"at://{did}/{REPOSTS}/{key}" for key in keys), "")

    def upload(self, request: Request) -> Response:
        """Keep a blob; the same bytes have the same name."""
        kind = request.headers.get("content-type", "application/octet-stream")
        if len(request.body) > MOST_BLOB:
            return self.network.refusal(413, "request entity too large", "PayloadTooLarge")
        cid = cid_of(request.body)
        media = self.network.world.add_media(self.network.asker(request).id, request.body, kind)
        self._blobs[cid] = media.id
        blob = {"$type": "blob", "ref": {"$link": cid}, "mimeType": kind, "size": len(request.body)}
        return Response.of_json({"blob": blob})


def _images(value: dict[str, Any]) -> list[dict[str, Any]]:
    embed = value.get("embed") or {}
    images: list[dict[str, Any]] = embed.get("images") or (embed.get("media") or {}).get("images") or []
    return images


def _film(value: dict[str, Any]) -> dict[str, Any] | None:
    embed = value.get("embed") or {}
    shown: dict[str, Any] = embed if "video" in embed else embed.get("media") or {}
    return shown if "video" in shown else None


def _thumb(value: dict[str, Any]) -> list[dict[str, Any]]:
    thumb = ((value.get("embed") or {}).get("external") or {}).get("thumb")
    return [thumb] if thumb else []


def _shown(value: dict[str, Any]) -> list[dict[str, Any]]:
    film = _film(value)
    return [film["video"]] if film else [image["image"] for image in _images(value)]
