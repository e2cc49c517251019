"""Cards below links: which link of a part gets one, and what stands in it. Reading pages is ``actions.cards``.

Only where the network builds none itself (``Limits.card``): for the first link of a message without pictures, a film
or a quote. A part carries its card from before its claim, and a card is never changed, so that the part is the same
record however often it is sent.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from pluralis.core.text.facets import first_link
from pluralis.networks.contract import Attachment, Limits
from pluralis.networks.contract import Card as RemoteCard
from pluralis.networks.pages import cut
from pluralis.posts.drafts import Draft
from pluralis.posts.models import Post
from pluralis.posts.wordings import Place
from pluralis.publishing.models import BareLink, Card, Part
from pluralis.teams.models import Account
from pluralis.teams.queries import network_of, public_access_of

LONGEST_LINK = 2000
"""Bytes: what the index of cards can hold; longer addresses get no card."""

CARD_PICTURE = "image/jpeg"

SAME = 20
"""How many readings of one page that say the same are looked through for one picture."""


def limits_of(account: Account) -> Limits:
    """Return what one post of an account may hold. No query."""
    return network_of(account).connector.limits(public_access_of(account))


def card_link(text: str, *, pictures: bool, quote: bool = False, visibility: str = "public") -> str | None:
    """Return the link of a message that gets a card, ``None`` where something else stands below the words."""
    if pictures or quote or visibility == "direct" or "." not in text:
        return None
    link = first_link(text)
    return link if link is not None and len(link.encode()) <= LONGEST_LINK else None


def link_of(part: Part) -> str | None:
    """Return the link of a part that gets a card on its network. At most one query, none for a text without a dot."""
    if "." not in part.text or limits_of(part.account).card is None:
        return None
    post = part.delivery.post
    pictures = part.segment is not None and len(part.segment.pictures.all()) > 0
    return card_link(
        part.text, pictures=pictures, quote=bool(post.quote) and part.position == 0, visibility=post.visibility
    )


def card_of(part: Part, *, with_picture: bool = True) -> RemoteCard | None:
    """Return the card that stands below a part. No query for a part without one."""
    if part.card_id is None or part.card is None or part.card.problem or part.card.url != link_of(part):
        return None
    limits = limits_of(part.account).card
    if limits is None:
        return None
    card = part.card
    picture = _picture(card, limits.picture_bytes) if with_picture and card.picture else None
    return RemoteCard(card.url, cut(card.title, limits.title), cut(card.description, limits.description), picture)


def _picture(card: Card, most: int) -> Attachment | None:
    with card.picture.open("rb") as stream:
        content = stream.read()
    return Attachment(content, CARD_PICTURE, "", card.width, card.height) if len(content) <= most else None


def latest_cards(team_id: UUID, urls: Iterable[str]) -> dict[str, Card]:
    """Return the newest card of each address that has one, with those that say why there is none. One query."""
    wanted = set(urls)
    if not wanted:
        return {}
    newest = Card.objects.filter(team=team_id, url__in=wanted).order_by("url", "-read_at", "-id").distinct("url")
    return {card.url: card for card in newest}


def bare_links(posts: Collection[Post | UUID]) -> Mapping[UUID, set[str]]:
    """Return by post the links below which its writer wants no card. One query."""
    found: dict[UUID, set[str]] = {}
    for post_id, url in BareLink.objects.filter(post__in=posts).values_list("post", "url"):
        found.setdefault(post_id, set()).add(url)
    return found


def set_known_cards(parts: Collection[Part]) -> list[Part]:
    """Give unsaved or locked parts the newest cards of their links, in memory; return those whose card changed.

    No query where none has a link on a network that takes cards; two, and one for the pictures of each, else.
    """
    links = {part.id: link for part in parts if (link := link_of(part)) is not None}
    changed = [part for part in parts if part.card_id is not None and part.id not in links]
    for part in changed:
        part.card = None
    if not links:
        return changed
    chosen = [part for part in parts if part.id in links]
    bare = bare_links({part.delivery.post_id for part in chosen})
    known = latest_cards(chosen[0].team_id, links.values())
    for part in chosen:
        card = known.get(links[part.id])
        if card is not None and (card.problem or card.url in bare.get(part.delivery.post_id, ())):
            card = None
        if part.card_id != (card.id if card is not None else None):
            part.card = card
            changed.append(part)
    return changed


def tell_cards(*, post: Post, draft: Draft, cards: dict[Place, dict[str, Any]]) -> None:
    """Hear that a wording is kept: the cards below its links are a part of it. Of pages that nobody has read nothing
    is told. No query for words without links, else two, and the picture of each card."""
    links = _links_of(draft)
    if not links:
        return
    bare = bare_links([post]).get(post.id, ())
    known = latest_cards(post.team_id, links.values())
    for place, url in links.items():
        card = known.get(url)
        if url in bare:
            cards[place] = {"url": url, "off": True}
        elif card is not None and not card.problem:
            cards[place] = {"url": url, "title": card.title, "description": card.description,
                            "picture": _fingerprint(card)}  # fmt: skip


def told_card(team_id: UUID, told: Mapping[str, Any]) -> Card | None:
    """Return the stored card that a wording tells of, as long as it is kept: whose picture stood there when the words
    were. One query for a card with a picture, none for another; reads pictures until one is the same."""
    if not told.get("picture"):
        return None
    same = Card.objects.filter(
        team=team_id, url=told["url"], title=told["title"], description=told["description"], problem=""
    ).exclude(picture="")
    return next((card for card in same.order_by("-read_at", "-id")[:SAME] if _is_told(card, told)), None)


def _is_told(card: Card, told: Mapping[str, Any]) -> bool:
    try:
        return _fingerprint(card) == str(told["picture"])
    except OSError:  # taken away by the nightly cleaning, or lost with the volume
        return False


def _links_of(draft: Draft) -> dict[Place, str]:
    found = {}
    for version in draft.versions:
        for number, segment in enumerate(version.segments):
            quote = bool(draft.quote) and number == 0
            link = card_link(segment.text, pictures=bool(segment.media_ids), quote=quote, visibility=draft.visibility)
            if link is not None:
                found[version.account_id, number] = link
    return found


def _fingerprint(card: Card) -> str:
    if not card.picture:
        return ""
    with card.picture.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:32]
