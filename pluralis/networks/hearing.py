"""What some networks let us hear beyond their streams. Asked for with ``isinstance``, like every capability."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from pluralis.networks.contract import Access, Gap, Incoming
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
