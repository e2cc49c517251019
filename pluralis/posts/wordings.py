"""A wording as plain values: what is kept of every revision, so that two can be compared and one named by a hash."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pluralis.core.wording import Piece, compare_words
from pluralis.posts.drafts import Draft, DraftSegment
from pluralis.posts.polls import stored_poll


def content_of(draft: Draft) -> dict[str, Any]:
    """Return what of a draft stands on the networks: texts, pictures and polls by account, language, visibility.

    A message without a poll has no such key, so that wordings from before there were polls keep their hash.
    """
    return {
        "language": draft.language,
        "visibility": draft.visibility,
        "versions": [
            {
                "account": str(version.account_id) if version.account_id else None,
                "segments": [_segment(segment) for segment in version.segments],
            }
            for version in draft.versions
        ],
    }


def _segment(segment: DraftSegment) -> dict[str, Any]:
    content: dict[str, Any] = {"text": segment.text, "media": [str(each) for each in segment.media_ids]}
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
        version | {"segments": [(segment["media"], segment.get("poll")) for segment in version["segments"]]}
        for version in content["versions"]
    ]
    return content | {"versions": versions}


@dataclass(frozen=True, slots=True)
class SegmentChange:
    """How one message changed: on which account (``None``: all without words of their own), where, and how."""

    account_id: str | None
    position: int
    pieces: tuple[Piece, ...]
    new: bool = False
    gone: bool = False
    pictures_changed: bool = False


def changes_between(before: dict[str, Any], after: dict[str, Any]) -> list[SegmentChange]:
    """Return every message that differs between two wordings, the common version first, in reading order."""
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
            yield SegmentChange(account, position, pieces, came, went, beside)
