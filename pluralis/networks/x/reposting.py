"""Reposts on X, which its self-serve tiers allow to programs (at most 50 in 15 minutes), and their price."""

import re
from datetime import datetime

from pluralis.networks.contract import Access, Price, Reference
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import NetworkError, Refused
from pluralis.networks.transport import Answer
from pluralis.networks.x.client import XClient
from pluralis.networks.x.pricing import price_of_repost
from pluralis.networks.x.reading import safe_id, web_origin
from pluralis.networks.x.refusals import refusal_of_write

# How X words that a tier or an app may not, where a person may (docs.x.com, error troubleshooting).
NOT_FOR_PROGRAMS = re.compile(
    r"not permitted to perform this action|subset of X API|different access level", re.IGNORECASE
)
ALREADY = re.compile(r"already (?:retweeted|reposted)", re.IGNORECASE)


class XReposts:
    """The capability *Reposts* of X."""

    def repost(self, access: Access, reference: Reference, at: datetime, deadline: Deadline) -> None:
        """Repost a post; X folds a second one into the first, and chooses ``at`` itself."""
        body = {"tweet_id": safe_id(reference.remote_id)}
        answer = XClient(access, deadline).change("POST", f"/2/users/{safe_id(access.profile_id)}/retweets", body)
        if answer.ok:
            answer.parse(lambda told: told["data"]["retweeted"])
            return
        error = _refusal(answer, access)
        if not ALREADY.search(error.reason):
            raise error

    def take_back_repost(self, access: Access, reference: Reference, deadline: Deadline) -> None:
        """End a repost; X answers *not reposted* where there was none, which is fine."""
        path = f"/2/users/{safe_id(access.profile_id)}/retweets/{safe_id(reference.remote_id)}"
        answer = XClient(access, deadline).change("DELETE", path)
        if not answer.ok and answer.status not in (404, 410):
            raise _refusal(answer, access)

    def repost_page(self, access: Access, reference: Reference) -> str:
        """Return X's own page that asks a person whether to repost (docs.x.com, web intents)."""
        return f"{web_origin(access.host)}/intent/retweet?tweet_id={safe_id(reference.remote_id)}"

    def price_of_repost(self, access: Access, *, back: bool = False) -> Price | None:
        """Return what the call costs by X's dated list, ``None`` for an enterprise contract."""
        return price_of_repost(access.settings, back=back)


def _refusal(answer: Answer, access: Access) -> NetworkError:
    error = refusal_of_write(answer, access)
    if isinstance(error, Refused) and NOT_FOR_PROGRAMS.search(error.reason):
        return Refused(error.reason, by_hand=True)
    return error
