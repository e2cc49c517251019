"""A wording as it will look, for people without a seat: no findings, no prices, nothing of the team's own."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pluralis.posts.models import Media
from pluralis.teams.models import Account


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """One message with its pictures or film, and the answers of its poll."""

    text: str
    pictures: tuple[Media, ...]
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownWording:
    """What one account will say."""

    account: Account
    messages: tuple[ShownMessage, ...]


def shown_wording(content: dict[str, Any], accounts: Iterable[Account], team_id: UUID) -> list[ShownWording]:
    """Return by account what a wording says there: its own version, else the one for all. One query."""
    by_account = {version["account"]: version["segments"] for version in content["versions"]}
    ids = {each for segments in by_account.values() for segment in segments for each in segment["media"]}
    media = {str(one.id): one for one in Media.objects.filter(team=team_id, id__in=ids)} if ids else {}
    return [
        ShownWording(
            account,
            tuple(
                ShownMessage(
                    segment["text"],
                    tuple(media[each] for each in segment["media"] if each in media),
                    tuple((segment.get("poll") or {}).get("options", ())),
                )
                for segment in by_account.get(str(account.id)) or by_account[None]
            ),
        )
        for account in accounts
    ]
