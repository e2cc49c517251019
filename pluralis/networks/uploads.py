"""Files that were uploaded ahead of their part: what a connector does when the network has lost one."""

from collections.abc import Iterator
from contextlib import contextmanager

from pluralis.networks.contract import Outgoing
from pluralis.networks.errors import NotNow, Refused

GONE = "a picture that was uploaded ahead is no longer there"


@contextmanager
def lost_is_not_now(outgoing: Outgoing) -> Iterator[None]:
    """Turn a sure refusal that is about the files into NotNow with ``upload_again``, if any was uploaded ahead."""
    try:
        yield
    except Refused as error:
        if "attachments" in error.fields and any(one.uploaded is not None for one in outgoing.files):
            raise NotNow(GONE, upload_again=True) from error
        raise
