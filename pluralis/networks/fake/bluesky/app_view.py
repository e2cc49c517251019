"""The app view: people, figures, notifications, muting and reporting."""

from typing import TYPE_CHECKING, Any

from pluralis.networks.fake.bluesky.naming import cid_of, did_of, handle_of, stamp
from pluralis.networks.fake.http import Request, Response
from pluralis.networks.fake.world import Post, Profile, Window

if TYPE_CHECKING:
    from pluralis.networks.fake.bluesky.network import FakeBluesky

MOST_ITEMS = 100


class AppView:
    """The addresses under ``app.bsky`` and the moderation service."""

    def __init__(self, network: "FakeBluesky") -> None:
        self.network = network

    def person(self, profile: Profile) -> dict[str, Any]:
        """Return a profile as views show it."""
        return {
            "did": did_of(profile.id),
            "handle": handle_of(profile),
            "displayName": profile.name,
            "description": profile.bio,
            "avatar": f"{self.network.origin}/avatars/{profile.id}.png",
            "followersCount": profile.followers,
            "followsCount": profile.following,
            "postsCount": profile.posts,
            "createdAt": stamp(profile.created_at),
        }

    def profile(self, request: Request) -> Response:
        """Return one profile."""
        found = self.network.find_person(request.asked("actor"))
        if found is None:
            return self._nobody()
        return Response.of_json(self.person(found) | self._standing(self.network.asker(request), found))

    def _standing(self, asker: Profile, other: Profile) -> dict[str, Any]:
        """Return how the asker stands to somebody, and from whom they take messages."""
        world, viewer = self.network.world, {"muted": (asker.id, other.id) in self.network.world.muted}
        pairs = {"following": (asker, other), "followedBy": (other, asker)}
        follows = {name: pair for name, pair in pairs.items() if (pair[0].id, pair[1].id) in world.follows}
        told = {name: f"at://{did_of(a.id)}/app.bsky.graph.follow/{b.id}" for name, (a, b) in follows.items()}
        chat = {"allowIncoming": "all" if other.accepts_messages else "following"}
        blocked = {"blockedBy": (other.id, asker.id) in world.blocked}
        return {"viewer": viewer | told | blocked, "associated": {"chat": chat}}

    def _nobody(self) -> Response:
        return self.network.refusal(400, "Profile not found", "InvalidRequest")

    def profiles(self, request: Request) -> Response:
        """Return the profiles that are known."""
        asked = [value for name, value in request.query if name == "actors"]
        found = [person for person in map(self.network.find_person, asked) if person]
        return Response.of_json({"profiles": [self.person(person) for person in found]})

    def resolve(self, request: Request) -> Response:
        """Return the DID of a handle."""
        found = self.network.find_person(request.asked("handle"))
        if found is None:
            return self.network.refusal(400, "Unable to resolve handle", "InvalidRequest")
        return Response.of_json({"did": did_of(found.id)})

    def posts(self, request: Request) -> Response:
        """Return the views of the posts that stand."""
        asked = [value for name, value in request.query if name == "uris"]
        found = [post for post in map(self.network.repository.find, asked) if post]
        asker = self.network.asker(request)
        return Response.of_json({"posts": [self._view(post) | self._viewer(post, asker) for post in found]})

    def _viewer(self, post: Post, asker: Profile) -> dict[str, Any]:
        repository = self.network.repository
        repost = repository.repost_of(did_of(asker.id), repository.uri(post))
        return {"viewer": {"repost": repost} if repost else {}}

    def search(self, request: Request) -> Response:
        """Return the newest posts that hold words or a hashtag; the cursor is how many came before."""
        asker, tag = self.network.asker(request), request.asked("tag")
        window = Window(until=self.network.hidden_after("search", asker.handle))
        found = self.network.world.posts_saying(f"{request.asked('q')} {f'#{tag}' if tag else ''}", window)
        asked, start = min(int(request.asked("limit", "25")), MOST_ITEMS), int(request.asked("cursor") or 0)
        end = start + self.network.page_size("search", asker.handle, asked)
        more = {"cursor": str(end)} if end < len(found) else {}
        return Response.of_json({"posts": [self._view(post) for post in found[start:end]]} | more)

    def _view(self, post: Post) -> dict[str, Any]:
        value = self.network.repository.value(post)
        return {
            "uri": self.network.repository.uri(post),
            "cid": cid_of(value),
            "author": self.person(self.network.world.profiles[post.author_id]),
            "record": value,
            "replyCount": post.replies,
            "repostCount": post.reshares,
            "likeCount": post.likes,
            "quoteCount": 0,
            "indexedAt": stamp(post.created_at),
        }

    def notifications(self, request: Request) -> Response:
        """Return who named, answered or quoted the asker, newest first; the cursor leads to older ones."""
        asker = self.network.asker(request)
        hidden = self.network.hidden_after("mentions", asker.handle)
        window = Window(before_id=request.asked("cursor") or None, until=hidden)
        found = self.network.world.posts_mentioning(asker.id, window)
        asked = min(int(request.asked("limit", "50")), MOST_ITEMS)
        page = found[: self.network.page_size("mentions", asker.handle, asked)]
        more = {"cursor": page[-1].id} if page and len(page) < len(found) else {}
        return Response.of_json({"notifications": [self._notification(post, asker) for post in page]} | more)

    def _notification(self, post: Post, asker: Profile) -> dict[str, Any]:
        view = self._view(post)
        told = {name: view[name] for name in ("uri", "cid", "author", "record", "indexedAt")}
        return told | {"reason": self._reason(post, asker), "isRead": False, "labels": []}

    def _reason(self, post: Post, asker: Profile) -> str:
        posts = self.network.world.posts
        for reason, other in (("reply", post.draft.reply_to), ("quote", post.draft.quote_of)):
            if other in posts and posts[other].author_id == asker.id:
                return reason
        return "mention"

    def mute(self, request: Request) -> Response:
        """Mute somebody."""
        return self._keep_away(request, str(request.json().get("actor")), "mute")

    def report(self, request: Request) -> Response:
        """Take a report."""
        subject = str(request.json()["subject"]["did"])
        response = self._keep_away(request, subject, "report")
        return Response.of_json({"id": 1, "subject": {"did": subject}}) if response.status == 200 else response

    def _keep_away(self, request: Request, did: str, action: str) -> Response:
        other = self.network.find_person(did)
        if other is None:
            return self._nobody()
        self.network.accept(request, self.network.asker(request), action, other.id)
        return Response(200)
