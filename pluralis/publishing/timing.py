"""The spans of the protocol, in this process."""

from django.conf import settings

from pluralis.core.delivery import Times


def times() -> Times:
    """Return the spans of the protocol; only the crash tests set ``PROTOCOL_SCALE`` and shorten them."""
    return Times().scaled(getattr(settings, "PROTOCOL_SCALE", 1.0))
