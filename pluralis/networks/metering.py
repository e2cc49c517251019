"""What reading costs where a network is paid by use."""

from typing import Protocol, runtime_checkable

from pluralis.networks.contract import Access, HandOver, Outgoing, Price


@runtime_checkable
class PricesReads(Protocol):
    """Takes a price for what is read."""

    def price_of_reads(self, access: Access, stream: str, items: int) -> Price | None:
        """Return the price of ``items`` messages that came with a stream, at most: what a network gives twice on a
        day it may charge once. ``None`` when the account's contract is not known. Reads nothing."""
        ...


@runtime_checkable
class PricesReposts(Protocol):
    """Takes a price for a repost, and for taking one back."""

    def price_of_repost(self, access: Access, *, back: bool = False) -> Price | None:
        """Return the price of one call, ``None`` when the account's contract is not known. Reads nothing."""
        ...


CHEAPER = "cheaper_by_hand"
"""The reason of a hand-over that a person chose to save its price."""


@runtime_checkable
class CheaperByHand(Protocol):
    """Takes much less for some posts when a person sends them on the network's own page."""

    def cheaper_by_hand(self, access: Access, outgoing: Outgoing) -> HandOver | None:
        """Return the page with the part ready to send, ``None`` where a person would save little. Reads nothing."""
        ...
