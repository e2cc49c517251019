"""Reposts on Bluesky: a record whose key follows from the post, so that a second one finds the first in its place."""

import contextlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pluralis.networks.bluesky import records
from pluralis.networks.bluesky.client import Client, InvalidSwap, Unknown
from pluralis.networks.contract import Access, Reference
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import NotNow, Refused

REPOSTS = "app.bsky.feed.repost"


class BlueskyReposts:
    """The capability *Reposts* of a repository."""

    def repost(self, access: Access, reference: Reference, at: datetime, deadline: Deadline) -> None:
        """Put the record of a repost, unless a person made one in another program already."""
        client = _client(access, deadline)
        view = _view(client, reference)
        if _other_key(client, access, reference, view):
            return
        subject = {"uri": reference.remote_id, "cid": str(view.get("cid") or _cid(client, reference))}
        record = {"$type": REPOSTS, "subject": subject, "createdAt": records.stamp(at)}
        with contextlib.suppress(InvalidSwap):
            client.put_new_record(access.profile_id, REPOSTS, _key(reference), record, marks=None)

    def take_back_repost(self, access: Access, reference: Reference, deadline: Deadline) -> None:
        """Take the record away: ours, and one that a person made in another program."""
        client = _client(access, deadline)
        client.delete_record(access.profile_id, REPOSTS, _key(reference))
        other = _other_key(client, access, reference, _view(client, reference))
        if other:
            client.delete_record(access.profile_id, REPOSTS, other)

    def repost_page(self, access: Access, reference: Reference) -> str:
        """Return the post's page, with its button."""
        return records.page_of(reference.remote_id)


def _client(access: Access, deadline: Deadline) -> Client:
    server = access.settings.get("pds") or access.host
    return Client(server, deadline, access.credentials.get("access", ""))


def _key(reference: Reference) -> str:
    return records.key_for(f"{REPOSTS} {reference.remote_id}")


def _view(client: Client, reference: Reference) -> Mapping[str, Any]:
    """Return the post as the app view shows it, ``{}`` where none answers or none knows it."""
    try:
        return next(iter(client.posts([reference.remote_id])), {})
    except Refused:
        return {}
    except NotNow as error:
        if error.refresh:
            raise
        return {}


def _other_key(client: Client, access: Access, reference: Reference, view: Mapping[str, Any]) -> str:
    """Return the key of a repost under another key than ours that stands, else ``""``: an app view may lag behind."""
    told = (view.get("viewer") or {}).get("repost") or ""
    key = str(told).removeprefix(f"at://{access.profile_id}/{REPOSTS}/")
    if not told or "/" in key or key == _key(reference):
        return ""
    try:
        client.get_record(access.profile_id, REPOSTS, key)
    except Unknown:
        return ""
    return key


def _cid(client: Client, reference: Reference) -> str:
    """Return the content hash of a post that no app view shows. Raises Refused when it is gone."""
    try:
        repo, collection, key = reference.remote_id.removeprefix("at://").split("/")
        return client.get_record(repo, collection, key).cid
    except (Unknown, ValueError) as error:
        raise Refused("the post is gone", {"post": str(error)}) from error
