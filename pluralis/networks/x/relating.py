"""How the account stands to somebody on X: who follows whom, and whether a private message would arrive."""

from collections.abc import Collection

from pluralis.networks.contract import Relation
from pluralis.networks.errors import Refused
from pluralis.networks.x.client import XClient
from pluralis.networks.x.dialect import Row
from pluralis.networks.x.refusals import refusal_of_read

FIELDS = "connection_status,receives_your_dm"


def read_relation(client: XClient, profile_id: str) -> Relation:
    """Ask X about one user (a paid read). Raises Refused when the user is gone."""
    answer = client.read(f"/2/users/{profile_id}", {"user.fields": FIELDS})
    if answer.status in (404, 410):
        raise Refused("this person is no longer on X")
    if not answer.ok:
        raise refusal_of_read(answer, client.access)
    return answer.parse(lambda body: _relation(body["data"]))


def _relation(row: Row) -> Relation:
    """Read what X told; a field that was left out tells nothing."""
    told = row.get("connection_status")
    states: Collection[str] | None = told if isinstance(told, list) else None
    takes = row.get("receives_your_dm")
    return Relation(
        may_message=takes if isinstance(takes, bool) else None,
        they_follow=None if states is None else "followed_by" in states,
        we_follow=None if states is None else "following" in states,
    )
