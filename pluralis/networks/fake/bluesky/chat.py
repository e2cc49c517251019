"""The message service behind the proxy header: conversations of two, a log, and sending."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from pluralis.networks.fake.bluesky.naming import did_of, stamp
from pluralis.networks.fake.http import Request, Response
from pluralis.networks.fake.world import PrivateMessage, Profile, Window

if TYPE_CHECKING:
    from pluralis.networks.fake.bluesky.network import FakeBluesky

MOST_ITEMS = 100
SERVICE = "#bsky_chat"


class Chat:
    """The addresses under ``chat.bsky.convo``."""

    KEPT: ClassVar[tuple[str, ...]] = ("hidden",)

    def __init__(self, network: "FakeBluesky") -> None:
        self.network = network
        self.hidden: set[tuple[str, str]] = set()
        """Whose side no longer shows which message: deleting one is for oneself alone."""

    def behind_proxy(self, handle: Callable[[Request], Response]) -> Callable[[Request], Response]:
        """Let only requests through that name the message service in the proxy header."""

        def check(request: Request) -> Response:
            if not request.headers.get("atproto-proxy", "").endswith(SERVICE):
                return self.network.refusal(404, "XRPCNotSupported", "XRPCNotSupported")
            return handle(request)

        return check

    def with_members(self, request: Request) -> Response:
        """Return the conversation with somebody."""
        asker, other = self.network.asker(request), self.network.find_person(request.asked("members"))
        if other is None:
            return self.network.refusal(400, "one of the members was not found", "InvalidRequest")
        if not self.network.world.reached_by(asker.id, other):
            return self.network.refusal(400, "recipient requires incoming messages to come from someone they follow")
        return Response.of_json({"convo": self._convo(asker, other)})

    def availability(self, request: Request) -> Response:
        """Tell whether the asker may write to somebody."""
        asker, other = self.network.asker(request), self.network.find_person(request.asked("members"))
        if other is None:
            return self.network.refusal(400, "one of the members was not found", "InvalidRequest")
        return Response.of_json({"canChat": self.network.world.reached_by(asker.id, other)})

    def _convo(self, asker: Profile, other: Profile) -> dict[str, Any]:
        messages = self._between(asker.id, other.id)
        members = [self.network.app_view.person(profile) for profile in (asker, other)]
        last = {"lastMessage": self._view(messages[0], asker)} if messages else {}
        told = {"id": _convo_id(asker.id, other.id), "members": members, "muted": False, "unreadCount": 0}
        return told | last | {"rev": messages[0].id if messages else "0"}

    def _between(self, one: str, other: str) -> list[PrivateMessage]:
        messages = self.network.world.messages_of(one, Window())
        return [message for message in messages if {message.sender_id, message.recipient_id} == {one, other}]

    def convos(self, request: Request) -> Response:
        """Return the asker's conversations."""
        asker = self.network.asker(request)
        people = {_other(message, asker.id) for message in self.network.world.messages_of(asker.id, Window())}
        convos = [self._convo(asker, self.network.world.profiles[one]) for one in people]
        return Response.of_json({"convos": sorted(convos, key=lambda convo: int(convo["rev"]), reverse=True)})

    def messages(self, request: Request) -> Response:
        """Return the messages of a conversation, newest first."""
        asker = self.network.asker(request)
        found = [
            message
            for message in self.network.world.messages_of(asker.id, Window(before_id=request.asked("cursor") or None))
            if _convo_id(message.sender_id, message.recipient_id) == request.asked("convoId")
        ]
        size = self.network.page_size("messages", asker.handle, min(int(request.asked("limit", "50")), MOST_ITEMS))
        more = {"cursor": found[size - 1].id} if len(found) > size else {}
        return Response.of_json({"messages": [self._view(message, asker) for message in found[:size]]} | more)

    def log(self, request: Request) -> Response:
        """Return what happened after the cursor, oldest first."""
        asker = self.network.asker(request)
        cursor = request.asked("cursor") or "0"
        found = self.network.world.messages_of(asker.id, Window(after_id=cursor if cursor != "0" else None))[::-1]
        page = found[: self.network.page_size("messages", asker.handle, MOST_ITEMS)]
        logs = [
            {
                "$type": "chat.bsky.convo.defs#logCreateMessage",
                "rev": message.id,
                "convoId": _convo_id(message.sender_id, message.recipient_id),
                "message": self._view(message, asker),
            }
            for message in page
        ]
        return Response.of_json({"logs": logs, "cursor": page[-1].id if page else cursor})

    def send(self, request: Request) -> Response:
        """Take a message."""
        asker, asked = self.network.asker(request), request.json()
        other = next(
            (one for one in self.network.world.profiles if _convo_id(asker.id, one) == asked.get("convoId")), None
        )
        if other is None:
            return self.network.refusal(400, "convo not found", "InvalidRequest")
        text = str(asked["message"]["text"])
        message = self.network.world.send_privately(asker.id, other, text)
        self.network.accept(request, asker, "message", message.id, text=text, recipient=other)
        return Response.of_json(self._view(message, asker))

    def delete_for_self(self, request: Request) -> Response:
        """Show a message to the asker no more. The other one still has it."""
        asker, asked = self.network.asker(request), request.json()
        message = self.network.world.messages.get(str(asked.get("messageId")))
        if message is None or asker.id not in (message.sender_id, message.recipient_id):
            return self.network.refusal(400, "message not found", "InvalidRequest")
        self.hidden.add((asker.id, message.id))
        return Response.of_json(self._view(message, asker))

    def _view(self, message: PrivateMessage, asker: Profile) -> dict[str, Any]:
        shown = {
            "$type": "chat.bsky.convo.defs#messageView",
            "id": message.id,
            "rev": message.id,
            "text": message.text,
            "sender": {"did": did_of(message.sender_id)},
            "sentAt": stamp(message.created_at),
        }
        if (asker.id, message.id) in self.hidden:
            shown["$type"] = "chat.bsky.convo.defs#deletedMessageView"
            del shown["text"]
        return shown


def _other(message: PrivateMessage, own_id: str) -> str:
    return message.sender_id if message.recipient_id == own_id else message.recipient_id


def _convo_id(one: str, other: str) -> str:
    return "convo" + "x".join(sorted((one, other)))
