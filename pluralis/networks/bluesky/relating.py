"""How the account stands to somebody: who follows whom, and whether they take our direct messages.

Sources: ``app.bsky.actor.defs#viewerState`` and ``#profileAssociatedChat`` (``allowIncoming``: all, none,
following), ``chat.bsky.convo.getConvoAvailability``.
"""

import contextlib

from pluralis.networks.bluesky.client import Client, Unknown
from pluralis.networks.contract import Relation
from pluralis.networks.errors import NotNow, Refused
from pluralis.networks.transport import Json


def read_relation(client: Client, service: str, did: str, *, direct_messages: bool) -> Relation:
    """Ask the message service whether we may write, and the app view who follows whom.

    Without ``direct_messages`` (an app password that may not) nobody can be written to. Where the message
    service tells nothing, the person's own choice decides. Raises Refused when the person is gone.
    """
    try:
        view = client.profile(did)
    except Unknown as error:
        raise Refused("this person is no longer there") from error
    viewer = view.get("viewer") or {}
    they, we = bool(viewer.get("followedBy")), bool(viewer.get("following"))
    if not direct_messages or viewer.get("blockedBy") or viewer.get("blocking"):
        return Relation(False, they, we)
    may = _by_choice(view, they)
    with contextlib.suppress(Refused, NotNow):
        may = client.chat_query(service, "getConvoAvailability", _can_chat, members=[did])
    return Relation(may, they, we)


def _can_chat(body: Json) -> bool:
    return bool(body["canChat"])


def _by_choice(view: Json, they_follow: bool) -> bool:
    """Read what the person chose; who chose nothing takes messages of those they follow."""
    chat = (view.get("associated") or {}).get("chat") or {}
    chosen = chat.get("allowIncoming") or "following"
    return chosen == "all" or (chosen == "following" and they_follow)
