"""What reading costs where a network is paid by use."""

from typing import Protocol, runtime_checkable

from pluralis.networks.contract import Access, Price


@runtime_checkable
class PricesReads(Protocol):
    """Takes a price for what is read."""

    def price_of_reads(self, access: Access, stream: str, items: int) -> Price | None:
        """Return the price of ``items`` messages that came with a stream, at most: what a network gives twice on a
        day it may charge once. ``None`` when the account's contract is not known. Reads nothing."""
        ...
