"""What may go wrong on a network, said as an instruction to whoever called.

    NetworkError
      ├── NotNow         not one byte left us, or a listed sure refusal: try again at ``until``
      ├── Refused        the network said no for good: show the reason, let a person change the post
      ├── Disconnected   our access is gone: hold the account's parts until a person reconnects it
      └── Unconfirmed    it may or may not have arrived: never send again blindly, reconcile

Anything a connector cannot place is :class:`Unconfirmed` when it wrote, and :class:`NotNow` when it read.
"""

from collections.abc import Mapping
from datetime import datetime


class NetworkError(Exception):
    """The root of the four instructions. ``reason`` is for a person and never holds a secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotNow(NetworkError):
    """Nothing was done. Try again at ``until`` (aware UTC), or after our own back-off when it is ``None``.

    ``refresh`` asks for fresh tokens first. ``whole_app`` says that the limit is of the app key, not of the
    account, so that the other accounts stop asking too. ``upload_again`` says that a file uploaded ahead is gone.
    """

    def __init__(
        self,
        reason: str,
        until: datetime | None = None,
        *,
        refresh: bool = False,
        whole_app: bool = False,
        upload_again: bool = False,
    ) -> None:
        super().__init__(reason)
        self.until = until
        self.refresh = refresh
        self.whole_app = whole_app
        self.upload_again = upload_again


class Refused(NetworkError):
    """The network refused for good. ``fields`` names what to change; ``duplicate`` that it saw the text before.

    ``by_hand`` says that the network forbids this to programs but lets a person do it in the browser.
    """

    def __init__(
        self,
        reason: str,
        fields: Mapping[str, str] | None = None,
        *,
        duplicate: bool = False,
        by_hand: bool = False,
    ) -> None:
        super().__init__(reason)
        self.fields = dict(fields or {})
        self.duplicate = duplicate
        self.by_hand = by_hand


class Disconnected(NetworkError):
    """The network no longer accepts our keys. Only a person can reconnect the account."""


class Unconfirmed(NetworkError):
    """The request left us and no readable answer came back. It may stand on the network."""
