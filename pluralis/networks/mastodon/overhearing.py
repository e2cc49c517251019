"""What an instance lets us hear beyond what was written to us: whether statuses still stand, and hashtags."""

from collections.abc import Mapping, Sequence

from pluralis.networks.contract import Access, Batch, Gap, Reference
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import NotNow, Refused
from pluralis.networks.hearing import Older, SearchForm, SearchTerms, Standing
from pluralis.networks.mastodon import following
from pluralis.networks.mastodon.client import MastodonClient, is_id


class MastodonOverhears:
    """The capabilities *Follows* and *Searches* of an instance."""

    followed: tuple[str, ...] = ("mention", "reply", "quote", "direct", "search", "hashtag")
    at_once = following.AT_ONCE

    def look_again(
        self, access: Access, references: Sequence[Reference], deadline: Deadline
    ) -> Mapping[str, Standing]:
        """Return how statuses stand, up to twenty at once."""
        ids = [one.remote_id for one in references if is_id(one.remote_id)]
        return following.look_again(_client(access, deadline), access, ids) if ids else {}

    def search_forms(self, access: Access) -> tuple[SearchForm, ...]:
        """Return hashtags: whether an instance finds other words, it does not tell."""
        return ("hashtag",)

    def search(self, access: Access, terms: SearchTerms, cursor: str | None, deadline: Deadline) -> Batch:
        """Return one page of the timeline of a hashtag."""
        return following.search(_client(access, deadline), access, terms, cursor)

    def search_older(self, access: Access, terms: SearchTerms, gap: Gap, place: str, deadline: Deadline) -> Older:
        """Return one page of what a gap left out of the timeline of a hashtag."""
        try:
            return following.search_older(_client(access, deadline), access, terms, gap, place)
        except Refused as error:
            raise NotNow(f"the instance did not tell: {error}") from error


def _client(access: Access, deadline: Deadline) -> MastodonClient:
    return MastodonClient(access.host, deadline, access.credentials.get("access_token", ""))
