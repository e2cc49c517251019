"""A wording as it will look, for people without a seat: no findings, no prices, nothing of the team's own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pluralis.networks.pages import cut
from pluralis.posts.models import Media
from pluralis.publishing.cards import card_link, limits_of, told_card
from pluralis.publishing.models import Card
from pluralis.teams.models import Account


@dataclass(frozen=True, slots=True)
class ShownCard:
    """What stands below the link of a message, where its network builds no card itself.

    ``off``: its writer wants none. ``read`` says whether anybody has read the page yet; if not, it may say what it
    likes. ``picture`` is the card whose picture is the one that stood there.
    """

    url: str
    off: bool = False
    read: bool = False
    title: str = ""
    description: str = ""
    picture: Card | None = None


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """One message with its pictures or film, the answers of its poll, and the card below its link."""

    text: str
    pictures: tuple[Media, ...]
    answers: tuple[str, ...] = ()
    card: ShownCard | None = None


@dataclass(frozen=True, slots=True)
class ShownWording:
    """What one account will say."""

    account: Account
    messages: tuple[ShownMessage, ...]


def shown_wording(content: dict[str, Any], accounts: Iterable[Account], team_id: UUID) -> list[ShownWording]:
    """Return by account what a wording says there: its own version, else the one for all.

    One query, and one for each card with a picture. No page is read: the cards are those that were handed in.
    """
    by_account = {version["account"]: version["segments"] for version in content["versions"]}
    ids = {each for segments in by_account.values() for segment in segments for each in segment["media"]}
    media = {str(one.id): one for one in Media.objects.filter(team=team_id, id__in=ids)} if ids else {}
    shown = []
    for account in accounts:
        segments = by_account.get(str(account.id)) or by_account[None]
        cards = _cards(content, segments, account)
        messages = (_message(one, media, cards.get(number)) for number, one in enumerate(segments))
        shown.append(ShownWording(account, tuple(messages)))
    return shown


def _message(segment: Mapping[str, Any], media: Mapping[str, Media], card: ShownCard | None) -> ShownMessage:
    pictures = tuple(media[each] for each in segment["media"] if each in media)
    return ShownMessage(segment["text"], pictures, tuple((segment.get("poll") or {}).get("options", ())), card)


def _cards(
    content: Mapping[str, Any], segments: Iterable[Mapping[str, Any]], account: Account
) -> dict[int, ShownCard]:
    if limits_of(account).card is None:
        return {}
    found = {}
    for number, segment in enumerate(segments):
        quote = bool(content.get("quote")) and number == 0
        pictures, visibility = bool(segment["media"]), content["visibility"]
        link = card_link(segment["text"], pictures=pictures, quote=quote, visibility=visibility)
        if link is not None:
            found[number] = _card(account, link, segment.get("card") or {})
    return found


def _card(account: Account, link: str, told: Mapping[str, Any]) -> ShownCard:
    limits = limits_of(account).card
    if limits is None or told.get("url") != link:
        return ShownCard(link)
    if told.get("off"):
        return ShownCard(link, off=True)
    title, description = cut(told["title"], limits.title), cut(told["description"], limits.description)
    return ShownCard(link, read=True, title=title, description=description, picture=told_card(account.team_id, told))
