"""X once more: in the newer dialect, and signed in by OAuth 2.0."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from tests.networks.harness import with_credentials
from tests.networks.harness_x import XHarness
from tests.networks.harness_x import open_harness as open_x


@dataclass
class NewerXHarness(XHarness):
    """Norlune with a bearer token."""

    def wrong_credentials(self) -> dict[str, str]:
        return {"access_token": "wrong", "refresh_token": "wrong", "consumer_key": "wrong"}


@contextmanager
def open_harness() -> Iterator[XHarness]:
    """Open a fake X that speaks the newer dialect."""
    with open_x("post") as opened:
        values = opened.network.open_account(opened.us).values
        tokens = {"access_token": values["oauth2_access_token"], "refresh_token": values["oauth2_refresh_token"]}
        newer = NewerXHarness(**{**vars(opened), "name": "x"})
        yield replace(newer, access=with_credentials(opened.access, tokens))
