"""Looking again at posts of others: edited ones live on under a new id, gone ones are named as errors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pluralis.networks.contract import Incoming, Reference
from pluralis.networks.hearing import GONE, Standing
from pluralis.networks.x.client import XClient
from pluralis.networks.x.dialect import Row
from pluralis.networks.x.reading import Included, read_odd_mention, versions_of
from pluralis.networks.x.refusals import refusal_of_read

# How X says that a post is deleted, or that its author is suspended or shows it no longer: both must be followed.
_GONE = ("/resource-not-found", "/not-authorized-for-resource")


@dataclass(slots=True)
class _Found:
    """What an answer tells: posts by id, the newest id of those that were edited since, and what is gone."""

    messages: dict[str, Incoming] = field(default_factory=dict)
    newest: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)


def look_again(client: XClient, references: Sequence[Reference]) -> dict[str, Standing]:
    """Return how posts stand; one that was edited is asked for once more, under its newest id."""
    first = _look_up(client, [reference.remote_id for reference in references])
    standing = {remote_id: _standing(message) for remote_id, message in first.messages.items()}
    if first.newest:
        again = _look_up(client, list(dict.fromkeys(first.newest.values())))
        for old, new in first.newest.items():
            if new in again.messages:
                standing[old] = _standing(again.messages[new])
            elif new in again.gone:
                standing[old] = GONE
    return standing | dict.fromkeys(first.gone, GONE)


def _standing(message: Incoming) -> Standing:
    return Standing(
        text=message.text,
        media=message.media,
        language=message.language,
        reference=message.reference,
        edited_at=message.created_at if message.earlier else None,
    )


def _look_up(client: XClient, ids: Sequence[str]) -> _Found:
    answer = client.read("/2/tweets", {"ids": ",".join(ids)} | client.dialect.mentions)
    if not answer.ok:
        raise refusal_of_read(answer, client.access)
    return answer.parse(lambda body: _read(body, client.access.host, _us(client), frozenset(ids)))


def _us(client: XClient) -> dict[str, str]:
    return {"id": client.access.profile_id, "handle": client.access.handle}


def _read(body: Row, host: str, us: Mapping[str, str], asked: frozenset[str]) -> _Found:
    found, included = _Found(), Included(body, host)
    for row in body.get("data") or ():
        remote_id, newest = str(row["id"]), versions_of(row)[-1]
        found.messages[remote_id] = read_odd_mention(row, included, us)
        if newest != remote_id:
            found.newest[remote_id] = newest
    errors: Sequence[Mapping[str, Any]] = body.get("errors") or ()
    named = {str(one.get("resource_id") or one.get("value")) for one in errors if _is_gone(one)}
    found.gone = (named & asked) - found.messages.keys()
    return found


def _is_gone(error: Mapping[str, Any]) -> bool:
    return str(error.get("type")).endswith(_GONE)
