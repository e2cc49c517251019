"""Reposts on a Mastodon server: looked at first, since not every server folds a second one into the first."""

import contextlib
from datetime import datetime
from urllib.parse import quote

from pluralis.networks.contract import Access, Reference
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import Refused
from pluralis.networks.mastodon.client import MastodonClient, Unknown

FOR_EVERYBODY = ("public", "unlisted")


class MastodonReposts:
    """The capability *Reposts* of an instance."""

    def repost(self, access: Access, reference: Reference, at: datetime, deadline: Deadline) -> None:
        """Reblog a status for everybody, unless it is already; ``at`` is the server's to choose."""
        client = _client(access, deadline)
        try:
            status = client.status(reference.remote_id)
            if status.get("visibility") not in FOR_EVERYBODY:
                raise Refused("its author did not write it for everybody", {"post": "not public"})
            if status.get("reblogged") is not True:
                client.share_status(reference.remote_id, "reblog")
        except Unknown as error:
            raise Refused("the post is gone, or not for us to see", {"post": str(error)}) from error

    def take_back_repost(self, access: Access, reference: Reference, deadline: Deadline) -> None:
        """Take a reblog back, unless there is none."""
        client = _client(access, deadline)
        with contextlib.suppress(Unknown):
            if client.status(reference.remote_id).get("reblogged") is not False:
                client.share_status(reference.remote_id, "unreblog")

    def repost_page(self, access: Access, reference: Reference) -> str:
        """Return the status as our own instance shows it, with its button."""
        origin = MastodonClient(access.host, Deadline.after(0)).origin
        # The instance finds a status by its id, whoever stands before it.
        name = quote(reference.extra.get("handle") or access.handle, safe="@")
        return f"{origin}/@{name}/{quote(reference.remote_id, safe='')}"


def _client(access: Access, deadline: Deadline) -> MastodonClient:
    return MastodonClient(access.host, deadline, access.credentials.get("access_token", ""))
