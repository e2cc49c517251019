"""What X lets us hear beyond what was written to us: whether posts still stand, and what a search finds."""

import re
from collections.abc import Mapping, Sequence

from pluralis.networks.contract import Access, Batch, Gap, Reference
from pluralis.networks.deadline import Deadline
from pluralis.networks.hearing import Older, SearchForm, SearchTerms, Standing
from pluralis.networks.x import following, searching
from pluralis.networks.x.client import XClient
from pluralis.networks.x.polling import PAGE


class XOverhears:
    """The capabilities *Follows* and *Searches* of X."""

    followed: tuple[str, ...] = ("mention", "reply", "quote", "search", "hashtag")
    at_once = PAGE

    def look_again(
        self, access: Access, references: Sequence[Reference], deadline: Deadline
    ) -> Mapping[str, Standing]:
        """Return how posts stand, up to a hundred at once.

        Private messages cannot be changed there, and whoever deletes one deletes it for themselves alone: there is
        nothing to look for.
        """
        known = [one for one in references if re.fullmatch(r"[0-9]{1,19}", one.remote_id)]
        return following.look_again(XClient(access, deadline), known) if known else {}

    def search_forms(self, access: Access) -> tuple[SearchForm, ...]:
        """Return words and hashtags: X searches the last seven days."""
        return ("words", "hashtag")

    def search(self, access: Access, terms: SearchTerms, cursor: str | None, deadline: Deadline) -> Batch:
        """Return what X's recent search found since ``cursor``."""
        return searching.search(XClient(access, deadline), terms, cursor)

    def search_older(self, access: Access, terms: SearchTerms, gap: Gap, place: str, deadline: Deadline) -> Older:
        """Return one page of what a gap left out of a search."""
        return searching.search_older(XClient(access, deadline), terms, gap, place)
