"""Direct messages of Bluesky on their way out: a service without keys, so a doubt is settled by reading."""

from datetime import datetime
from functools import partial

from pluralis.core.text.facets import facets
from pluralis.networks.bluesky.client import Client, Unknown
from pluralis.networks.bluesky.records import make_facets, moment
from pluralis.networks.contract import Outgoing, Reference, RemotePost, Search
from pluralis.networks.errors import NotNow, Refused
from pluralis.networks.transport import Json, sendable

MOST_PAGES = 10
PAGE = 100


def send_message(client: Client, service: str, outgoing: Outgoing) -> RemotePost:
    """Send a direct message to ``outgoing.recipient``. Raises Refused when there is none or it has pictures."""
    if not outgoing.recipient:
        raise Refused("a direct message needs somebody to go to", {"recipient": "missing"})
    if outgoing.attachments:
        raise Refused("direct messages on Bluesky cannot carry pictures", {"attachments": "not possible"})
    try:
        conversation = _conversation(client, service, outgoing.recipient)
    except Unknown as error:
        raise Refused("this person cannot be reached by direct message", {"recipient": str(error)}) from error
    text = sendable(outgoing.text).lstrip("\N{ZERO WIDTH NO-BREAK SPACE}")
    marked = make_facets(text, facets(text), {})
    message = {"text": text} | ({"facets": marked} if marked else {})
    return client.send_message(service, conversation, message, lambda body: _post(conversation, body))


def find_message(client: Client, service: str, own_did: str, outgoing: Outgoing, since: datetime) -> Search:
    """Return our own messages to the recipient back to ``since``; complete when that instant was reached."""
    try:
        conversation = _conversation(client, service, outgoing.recipient or "")
    except (Refused, Unknown) as error:
        raise NotNow(f"the conversation could not be read: {error}") from error
    found: list[RemotePost] = []
    reading = partial(_read_page, conversation, own_did)
    page: str | None = None
    for _ in range(MOST_PAGES):
        more = {"cursor": page} if page else {}
        posts, oldest, page = client.chat_query(
            service, "getMessages", reading, convoId=conversation, limit=str(PAGE), **more
        )
        found += posts
        if not page or (oldest is not None and oldest < since):
            return Search(_recent(found, since), complete=True)
    return Search(_recent(found, since), complete=False)


def _read_page(conversation: str, own_did: str, body: Json) -> tuple[list[RemotePost], datetime | None, str]:
    """Return our own messages of a page, the oldest instant on it and the name of the next page."""
    posts = [_post(conversation, item) for item in body["messages"] if _sender(item) == own_did]
    times = [at for at in (moment(item["sentAt"]) for item in body["messages"]) if at]
    return posts, min(times, default=None), str(body.get("cursor") or "")


def _recent(found: list[RemotePost], since: datetime) -> tuple[RemotePost, ...]:
    return tuple(post for post in found if post.created_at is None or post.created_at >= since)


def _conversation(client: Client, service: str, did: str) -> str:
    return client.chat_query(service, "getConvoForMembers", lambda body: str(body["convo"]["id"]), members=[did])


def _sender(item: Json) -> Json:
    return (item.get("sender") or {}).get("did")  # messages of the service itself have none


def _post(conversation: str, item: Json) -> RemotePost:
    return RemotePost(
        reference=Reference(str(item["id"]), {"conversation": conversation}),
        url=f"https://bsky.app/messages/{conversation}",
        text=str(item.get("text", "")),
        created_at=moment(item.get("sentAt")),
        visibility="direct",
    )
