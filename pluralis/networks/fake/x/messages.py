"""Private messages."""

from typing import TYPE_CHECKING, Any

from pluralis.networks.fake.http import Request, Response
from pluralis.networks.fake.world import PrivateMessage, Window
from pluralis.networks.fake.x.posts import INVALID, make_token, read_token
from pluralis.networks.fake.x.render import conversation_of

if TYPE_CHECKING:
    from pluralis.networks.fake.x.network import FakeX


class Messages:
    """The addresses under ``/2/dm_events`` and ``/2/dm_conversations``."""

    def __init__(self, network: "FakeX") -> None:
        self.network = network

    def create(self, request: Request) -> Response:
        """Write to somebody in private."""
        sender = self.network.asker(request)
        recipient = self.network.world.profiles.get(request.captures["id"])
        body = request.json()
        media = tuple(one["media_id"] for one in body.get("attachments", ()))
        text = str(body.get("text", ""))
        if recipient is None or not (text or media):
            return self.network.refusal(400, "One or more parameters to your request was invalid.", INVALID)
        if not all(self.network.world.upload_of(sender.id, one) for one in media):
            return self.network.refusal(400, "Your media IDs are invalid.", INVALID)
        if not self.network.world.reached_by(sender.id, recipient):
            return self.network.refusal(403, "You cannot send messages to this user.")
        message = self.network.world.send_privately(sender.id, recipient.id, text, media=media)
        self.network.accept(
            request, sender, "message", message.id, text=text, recipient=recipient.id, media=list(media)
        )
        conversation = conversation_of(sender.id, recipient.id)
        return Response.of_json({"data": {"dm_conversation_id": conversation, "dm_event_id": message.id}}, 201)

    def events(self, request: Request) -> Response:
        """Return the newest private messages from and to the asker."""
        return self._page(request, self._all(request))

    def events_with(self, request: Request) -> Response:
        """Return the newest private messages between the asker and one other."""
        other = request.captures["id"]
        return self._page(request, [one for one in self._all(request) if other in (one.sender_id, one.recipient_id)])

    def _all(self, request: Request) -> list[PrivateMessage]:
        asker = self.network.asker(request)
        hidden = self.network.hidden_after("messages", asker.handle)
        return self.network.world.messages_of(asker.id, Window(until=hidden))

    def _page(self, request: Request, found: list[PrivateMessage]) -> Response:
        token = request.asked("pagination_token")
        if token:
            found = [one for one in found if int(one.id) < int(read_token(token))]
        asked = int(request.asked("max_results", "100"))
        size = self.network.page_size("messages", self.network.account_of(request), asked)
        page = found[:size]
        meta: dict[str, Any] = {"result_count": len(page)}
        if len(found) > size:
            meta["next_token"] = make_token(page[-1].id)
        renderer = self.network.renderer(request)
        rows = [renderer.message(one) for one in page]
        parts = {"data": rows, "includes": renderer.includes(), "meta": meta}
        return Response.of_json({name: part for name, part in parts.items() if part})
