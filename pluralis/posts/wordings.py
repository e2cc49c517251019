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

Place = tuple[UUID | None, int]
"""Where a message of a draft stands: for which account (``None``: for all), and how many stand before it."""


def content_of(
    draft: Draft,
    described: Mapping[UUID, str | None] | None = None,
    cards: Mapping[Place, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """Return what of a draft stands on the networks: texts, pictures, polls and cards by account, language,
    visibility.

    ``described`` says by picture what people are told who cannot see it, ``None`` for mere decoration; ``cards`` what
    stands below the link of a message: ``{"url", "off": True}`` for a link that shall have none, else ``url``,
    ``title``, ``description`` and ``picture`` (a hash). A message without a poll, a card or pictures, and a post that
    quotes and answers nothing, have no such keys: wordings from before there were these keep their hash.
    """
    place = {name: value for name, value in (("reply_to", draft.reply_to), ("quote", draft.quote)) if value}
    return place | {
        "language": draft.language,
        "visibility": draft.visibility,
        "versions": [
            {
                "account": str(version.account_id) if version.account_id else None,
                "segments": [
                    _segment(segment, described or {}, (cards or {}).get((version.account_id, position)))
                    for position, segment in enumerate(version.segments)
                ],
            }
            for version in draft.versions
        ],
    }


def _segment(
    segment: DraftSegment, described: Mapping[UUID, str | None], card: Mapping[str, Any] | None
) -> dict[str, Any]:
    content: dict[str, Any] = {"text": segment.text, "media": [str(each) for each in segment.media_ids]}
    if segment.media_ids:
        content["alt"] = [described.get(each, "") for each in segment.media_ids]
    beside = {"poll": stored_poll(segment.poll) if segment.poll else None, "card": dict(card) if card else None}
    return content | {name: value for name, value in beside.items() if value}


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
    return segment["media"], segment.get("alt"), segment.get("poll"), segment.get("card")


def comparable(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return two wordings as they can be compared: of one from before descriptions were kept none is known, and a
    page that nobody has read yet may say whatever it says later."""
    known = all("alt" in one or not one["media"] for version in before["versions"] for one in version["segments"])
    after = after if known else _without_descriptions(after)
    return _with_cards_known_to(after, before), _with_cards_known_to(before, after)


def _with_cards_known_to(other: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    """Return ``content`` without the cards of messages of which ``other`` knows none; that a link shall have no card
    is somebody's choice, and stays."""
    theirs = {version["account"]: version["segments"] for version in other["versions"]}
    versions = []
    for version in content["versions"]:
        there = theirs.get(version["account"], [])
        known = [number < len(there) and "card" in there[number] for number in range(len(version["segments"]))]
        kept = [
            one if knows or "off" in one.get("card", ()) else _less_card(one)
            for one, knows in zip(version["segments"], known, strict=True)
        ]
        versions.append(version | {"segments": kept})
    return content | {"versions": versions}


def _less_card(segment: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in segment.items() if name != "card"}


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
class CardChange:
    """What stood on the card below a link and what stands there now: title and description. ``None``: no card."""

    before: str | None
    after: str | None
    other_picture: bool = False


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
    card: CardChange | None = None


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
            told = _descriptions(one, other), _card_change(one.get("card"), other.get("card"))
            yield SegmentChange(account, position, pieces, came, went, beside, *told)


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


def _card_change(before: dict[str, Any] | None, after: dict[str, Any] | None) -> CardChange | None:
    if before == after:
        return None
    pictures = [one.get("picture", "") for one in (before, after) if one and "off" not in one]
    return CardChange(_card_words(before), _card_words(after), len(set(pictures)) > 1)


def _card_words(card: dict[str, Any] | None) -> str | None:
    """Return what stands on a card, ``""`` for one whose page nobody has read, ``None`` where there shall be none."""
    if card is None:
        return ""
    return None if "off" in card else " · ".join(filter(None, (card.get("title"), card.get("description"))))
