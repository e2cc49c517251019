"""Notifications and private conversations."""

from typing import TYPE_CHECKING, Any

from pluralis.networks.fake.http import Request, Response
from pluralis.networks.fake.mastodon.asking import gather
from pluralis.networks.fake.mastodon.render import Written, author_of, instant, visibility_of
from pluralis.networks.fake.world import Post, Profile, Window

if TYPE_CHECKING:
    from pluralis.networks.fake.mastodon.network import FakeMastodon


class Listening:
    """What an account is told. A notification has the id of its status, so that both rise with time."""

    def __init__(self, network: "FakeMastodon") -> None:
        self.network = network

    def notifications(self, request: Request) -> Response:
        """Return who named or quoted the asker, in public or in private."""
        asker = self.network.asker(request)
        window = self._window(request, "mentions", asker)
        wanted = gather(request.query).get("types")
        found = [one for one in self._concerning(asker, window) if wanted is None or self._type(one, asker) in wanted]
        return self.network.page(request, "mentions", found, lambda one: self._notification(one, asker))

    def _window(self, request: Request, endpoint: str, asker: Profile) -> Window:
        asked = gather(request.query)
        after = asked.get("min_id") or asked.get("since_id")
        return Window(after, asked.get("max_id"), until=self.network.hidden_after(endpoint, asker.handle))

    def _concerning(self, asker: Profile, window: Window) -> list[Written]:
        """Return what others wrote to the asker, newest first."""
        world, renderer = self.network.world, self.network.renderer
        posts = [post for post in world.posts_mentioning(asker.id, window) if self._type(post, asker)]
        messages = [one for one in world.messages_of(asker.id, window) if one.recipient_id == asker.id]
        both: list[Written] = [*posts, *messages]
        return sorted((one for one in both if renderer.find(one.id)), key=lambda one: int(one.id), reverse=True)

    def _type(self, written: Written, asker: Profile) -> str:
        """Return the type of the notification; an answer that does not name the asker causes none."""
        if asker.id in {one.id for one in self.network.renderer.named(written)}:
            return "mention"
        quoted = self.network.world.posts.get(written.draft.quote_of or "") if isinstance(written, Post) else None
        return "quote" if quoted and quoted.author_id == asker.id else ""

    def _notification(self, written: Written, asker: Profile) -> dict[str, Any]:
        renderer = self.network.renderer
        return {
            "id": written.id,
            "type": self._type(written, asker),
            "group_key": f"ungrouped-{written.id}",
            "created_at": instant(written.created_at),
            "account": renderer.account(self.network.world.profiles[author_of(written)]),
            "status": renderer.status(written),
        }

    def conversations(self, request: Request) -> Response:
        """Return the asker's private conversations, each with its last status; pages go by that status."""
        asker = self.network.asker(request)
        lasts: dict[frozenset[str], Written] = {}
        for written in self._private(asker):
            people = frozenset({author_of(written), asker.id, *(one.id for one in self._named(written))})
            lasts[people] = max(written, lasts.get(people, written), key=lambda one: int(one.id))
        asked = self._window(request, "messages", asker)
        found = [one for one in lasts.values() if _is_within(one, asked)]
        ordered = sorted(found, key=lambda one: int(one.id), reverse=True)
        return self.network.page(request, "messages", ordered, lambda one: self._conversation(one, asker))

    def _named(self, written: Written) -> list[Profile]:
        return self.network.renderer.named(written)

    def _private(self, asker: Profile) -> list[Written]:
        world = self.network.world
        posts = [*world.posts_of(asker.id, Window()), *world.posts_mentioning(asker.id, Window())]
        direct: list[Written] = [post for post in posts if visibility_of(post) == "direct"]
        return [*direct, *world.messages_of(asker.id, Window())]

    def _conversation(self, last: Written, asker: Profile) -> dict[str, Any]:
        renderer = self.network.renderer
        people = {author_of(last), *(one.id for one in self._named(last))} - {asker.id}
        return {
            "id": last.id,
            "unread": author_of(last) != asker.id,
            "accounts": [renderer.account(self.network.world.profiles[one]) for one in sorted(people)],
            "last_status": renderer.status(last),
        }


def _is_within(written: Written, window: Window) -> bool:
    number = int(written.id)
    after = window.after_id is None or number > int(window.after_id)
    return after and (window.before_id is None or number < int(window.before_id))
