"""A wording as plain values: what is kept of every revision, so that two can be compared and one named by a hash."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pluralis.core.wording import Piece, compare_words
from pluralis.posts.drafts import Draft, DraftSegment
from pluralis.posts.polls import stored_poll


def content_of(draft: Draft, described: Mapping[UUID, str | None] | None = None) -> dict[str, Any]:
    """Return what of a draft stands on the networks: texts, pictures and polls by account, language, visibility.

    ``described`` says by picture what people are told who cannot see it, ``None`` for mere decoration. A message
    without a poll or pictures, and a post that quotes and answers nothing, have no such keys: wordings from before
    there were these keep their hash.
    """
    place = {name: value for name, value in (("reply_to", draft.reply_to), ("quote", draft.quote)) if value}
    return place | {
        "language": draft.language,
        "visibility": draft.visibility,
        "versions": [
            {
                "account": str(version.account_id) if version.account_id else None,
                "segments": [_segment(segment, described or {}) for segment in version.segments],
            }
            for version in draft.versions
        ],
    }


def _segment(segment: DraftSegment, described: Mapping[UUID, str | None]) -> dict[str, Any]:
    content: dict[str, Any] = {"text": segment.text, "media": [str(each) for each in segment.media_ids]}
    if segment.media_ids:
        content["alt"] = [described.get(each, "") for each in segment.media_ids]
    return content | ({"poll": stored_poll(segment.poll)} if segment.poll else {})


def digest_of(content: dict[str, Any]) -> str:
    """Return the SHA-256 of a wording; the order of its versions does not matter."""
    versions = sorted(content["versions"], key=lambda one: one["account"] or "")
    plain = json.dumps(content | {"versions": versions}, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(plain.encode()).hexdigest()


def texts_of(content: dict[str, Any]) -> list[str]:
    """Return every text of a wording, in the order of its versions and segments."""
    return [segment["text"] for version in content["versions"] for segment in version["segments"]]


def without_texts(content: dict[str, Any]) -> dict[str, Any]:
    """Return all of a wording but its texts: what no trivial change may touch."""
    versions = [
        version | {"segments": [_beside(segment) for segment in version["segments"]]}
        for version in content["versions"]
    ]
    return content | {"versions": versions}


def _beside(segment: dict[str, Any]) -> tuple[Any, ...]:
    return segment["media"], segment.get("alt"), segment.get("poll")


def comparable(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return two wordings as they can be compared: of one from before descriptions were kept none is known."""
    known = all("alt" in one or not one["media"] for version in before["versions"] for one in version["segments"])
    return (before, after) if known else (before, _without_descriptions(after))


def _without_descriptions(content: dict[str, Any]) -> dict[str, Any]:
    versions = [
        version | {"segments": [{k: v for k, v in one.items() if k != "alt"} for one in version["segments"]]}
        for version in content["versions"]
    ]
    return content | {"versions": versions}


@dataclass(frozen=True, slots=True)
class DescriptionChange:
    """What people were told of a picture who cannot see it, and what they are told now. ``None``: decoration."""

    number: int
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class SegmentChange:
    """How one message changed: on which account (``None``: all without words of their own), where, and how."""

    account_id: str | None
    position: int
    pieces: tuple[Piece, ...]
    new: bool = False
    gone: bool = False
    pictures_changed: bool = False
    descriptions: tuple[DescriptionChange, ...] = ()


def changes_between(before: dict[str, Any], after: dict[str, Any]) -> list[SegmentChange]:
    """Return every message that differs between two wordings, the common version first, in reading order."""
    before, after = comparable(before, after)
    old, new = _by_account(before), _by_account(after)
    accounts = [*new, *(one for one in old if one not in new)]
    return [change for one in accounts for change in _changes(one, old.get(one, []), new.get(one, []))]


def _by_account(content: dict[str, Any]) -> dict[str | None, list[dict[str, Any]]]:
    return {version["account"]: version["segments"] for version in content["versions"]}


def _changes(account: str | None, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Iterator[SegmentChange]:
    empty: dict[str, Any] = {"text": "", "media": []}
    for position in range(max(len(old), len(new))):
        came, went = position >= len(old), position >= len(new)
        one = empty if came else old[position]
        other = empty if went else new[position]
        if one != other or came or went:
            pieces = compare_words(one["text"], other["text"])
            beside = (one["media"], one.get("poll")) != (other["media"], other.get("poll"))
            yield SegmentChange(account, position, pieces, came, went, beside, _descriptions(one, other))


def _descriptions(one: dict[str, Any], other: dict[str, Any]) -> tuple[DescriptionChange, ...]:
    """Return which pictures that stand in both are told of in other words, by their place in the newer one."""
    told = dict(zip(one["media"], one.get("alt", ()), strict=False))
    now = zip(other["media"], other.get("alt", ()), strict=False)
    numbered = enumerate(now, start=1)
    return tuple(
        DescriptionChange(number, told[media], words)
        for number, (media, words) in numbered
        if media in told and told[media] != words
    )
