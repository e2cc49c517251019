"""What some networks let us hear beyond their streams. Asked for with ``isinstance``, like every capability."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from pluralis.networks.contract import Access, Batch, Gap, Incoming, Reference, RemoteMedia
from pluralis.networks.deadline import Deadline


@dataclass(frozen=True, slots=True)
class Older:
    """One page of what a gap left out, oldest message first.

    ``place`` is where to go on. ``met`` says that the page came back to what was known before the gap: nothing is
    missing any more. ``ended`` says that the network gives nothing older; without ``met`` something may be lost.
    """

    messages: tuple[Incoming, ...]
    place: str
    met: bool = False
    ended: bool = False


@runtime_checkable
class Backfills(Protocol):
    """Can read back what a stream left out. ``read_back`` lists the streams that can be."""

    read_back: tuple[str, ...]

    def fetch_older(self, access: Access, stream: str, gap: Gap, place: str, deadline: Deadline) -> Older:
        """Return the page of ``gap`` at ``place`` (``""``: its newest). Messages outside the gap may come with it."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """How a message of somebody else stands now: gone (deleted, or no longer shown to us), or with these words.

    ``reference`` is how to answer it now, where that changed; ``edited_at`` when its author changed it, where told.
    """

    gone: bool = False
    text: str = ""
    media: tuple[RemoteMedia, ...] = ()
    language: str | None = None
    reference: Reference | None = None
    edited_at: datetime | None = None


GONE = Standing(gone=True)


@runtime_checkable
class Follows(Protocol):
    """Can look again at what others wrote.

    ``followed`` lists the kinds of message that can be, ``at_once`` how many a call takes.
    """

    followed: tuple[str, ...]
    at_once: int

    def look_again(
        self, access: Access, references: Sequence[Reference], deadline: Deadline
    ) -> Mapping[str, Standing]:
        """Return how messages stand, by the remote id that was asked for.

        Gone is only what the network names as gone; of what it says nothing about, nothing is said here.
        Raises NotNow or Disconnected.
        """
        ...


SearchForm = Literal["words", "hashtag"]


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """What is looked for: words, or one hashtag without its sign."""

    form: SearchForm
    words: str

    @classmethod
    def of(cls, typed: str) -> "SearchTerms":
        """Return what somebody typed: a single word behind ``#`` is a hashtag."""
        typed = " ".join(typed.split())
        if typed.startswith("#") and " " not in typed:
            return cls("hashtag", typed.lstrip("#"))
        return cls("words", typed)

    @property
    def kind(self) -> Literal["search", "hashtag"]:
        """The kind of message that is found so."""
        return "hashtag" if self.form == "hashtag" else "search"


@runtime_checkable
class Searches(Protocol):
    """Can look for words or hashtags among what everybody writes."""

    def search_forms(self, access: Access) -> tuple[SearchForm, ...]:
        """Return what this account can look for, nothing where its server has no search. Reads nothing."""
        ...

    def search(self, access: Access, terms: SearchTerms, cursor: str | None, deadline: Deadline) -> Batch:
        """Return one page of what was found since ``cursor``, as :meth:`Listens.fetch` does for a stream.

        Raises Refused when the network does not take these words.
        """
        ...

    def search_older(self, access: Access, terms: SearchTerms, gap: Gap, place: str, deadline: Deadline) -> Older:
        """Return the page of ``gap`` at ``place``, as :meth:`Backfills.fetch_older` does for a stream."""
        ...
