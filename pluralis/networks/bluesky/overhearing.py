"""What an app view lets us hear beyond what was written to us: whether posts still stand, and what a search finds."""

from collections.abc import Mapping, Sequence

from pluralis.networks.bluesky import following
from pluralis.networks.bluesky.client import POSTS_AT_ONCE, Client
from pluralis.networks.contract import Access, Batch, Gap, Reference
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import NotNow, Refused
from pluralis.networks.hearing import Older, SearchForm, SearchTerms, Standing

CHAT_SERVICE = "did:web:api.bsky.chat#bsky_chat"
APP_VIEW = "app_view"
"""Whether an app view answers behind the account's server: *yes* or *no*, as it was when the profile was read."""


class BlueskyOverhears:
    """The capabilities *Follows* and *Searches* of a server with an app view."""

    followed: tuple[str, ...] = ("mention", "reply", "quote", "direct", "search", "hashtag")
    at_once = POSTS_AT_ONCE

    def look_again(
        self, access: Access, references: Sequence[Reference], deadline: Deadline
    ) -> Mapping[str, Standing]:
        """Return how posts and direct messages stand, up to 25 at once.

        The service of direct messages is another one: while it does not answer, nothing is said of them.
        """
        client = _client(access, deadline)
        uris = [one.remote_id for one in references if one.remote_id.startswith("at://")]
        try:
            told = following.look_again(client, uris) if uris else {}
        except Refused as error:
            raise NotNow(f"the server did not tell: {error}") from error
        private = [one for one in references if not one.remote_id.startswith("at://")]
        if access.settings.get("direct_messages") == "no":
            return told
        try:
            service = access.settings.get("chat_service") or CHAT_SERVICE
            return told | following.look_again_privately(client, service, private)
        except NotNow as error:
            if error.refresh:
                raise
            return told

    def search_forms(self, access: Access) -> tuple[SearchForm, ...]:
        """Return words and hashtags, and nothing on a server without an app view behind it."""
        return () if access.settings.get(APP_VIEW) == "no" else ("words", "hashtag")

    def search(self, access: Access, terms: SearchTerms, cursor: str | None, deadline: Deadline) -> Batch:
        """Return what the app view found since ``cursor``."""
        return following.search(_client(access, deadline), access.profile_id, terms, cursor)

    def search_older(self, access: Access, terms: SearchTerms, gap: Gap, place: str, deadline: Deadline) -> Older:
        """Return one page of what a gap left out of a search."""
        return following.search_older(_client(access, deadline), access.profile_id, terms, gap, place)


def _client(access: Access, deadline: Deadline) -> Client:
    server = access.settings.get("pds") or access.host
    return Client(server, deadline, access.credentials.get("access", ""))
