"""What people choose of the cards below links: read a page, read it again, leave a card out.

A card is a part of what was approved: another one makes a post another wording of itself (``rewording``).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.core.text.facets import first_link
from pluralis.posts.access import access_post
from pluralis.posts.actions.wordings import says_other
from pluralis.posts.models import Post, PostState
from pluralis.posts.queries import draft_from, post_with_words
from pluralis.publishing.access import access_delivery
from pluralis.publishing.actions.cards import FREE, TRY_AGAIN, carry_cards, read_card
from pluralis.publishing.actions.change import UNSETTLED, refuse_unsettled
from pluralis.publishing.actions.rewording import lock_parts, reword, still_on_the_road
from pluralis.publishing.actions.schedule import ability_for
from pluralis.publishing.cards import LONGEST_LINK, bare_links, latest_cards
from pluralis.publishing.models import BareLink, Card, Part
from pluralis.teams import audit
from pluralis.teams.access import Ability, may, require
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Invalid
from pluralis.teams.models import Membership


def card_for(*, actor: Membership, url: str, now: datetime, again: bool = False) -> Card:
    """Return the card of a link, its page read if it was not yet, or ``again``.

    Read again, a page that says something else is a change of every post that waits with its card: those of whoever
    may publish go with the new one, and where reviewers saw the old one they are asked. A page that says the same
    changes nothing. One that cannot be read gives a card that says why, or when it was read before, that one. Raises
    :class:`Invalid` for what is no link.
    """
    require(actor, Ability.WRITE)
    if first_link(url) != url or len(url.encode()) > LONGEST_LINK:
        raise Invalid("no_link", _("This is no address of a web page."), fields={"url": _("Give a whole address.")})
    known = latest_cards(actor.team_id, [url]).get(url)
    if known is not None and not again and (not known.problem or known.read_at > now - TRY_AGAIN):
        return known
    card = read_card(actor.team_id, url)
    if card.problem and known is not None and not known.problem:
        return known
    with transaction.atomic():
        card.save(force_insert=True)
        if known is not None and not card.problem:
            _give_instead(actor, card, now)
    return card


def choose_bare_links(
    *, actor: Membership, post_id: UUID, urls: Iterable[str], now: datetime, with_words: bool = False
) -> Post:
    """Say below which links of a post no card shall stand; every other gets one again. Parts that wait follow.

    On its road the post becomes a new wording, which asks for approval again where somebody has to see it first;
    ``with_words`` says that its words are saved in the same transaction, and carry the choice. Returns the post.

    Raises :class:`Conflict` while it is being sent or is in doubt.
    """
    post = access_post(actor, post_id)
    require(actor, Ability.WRITE)
    wanted = {url for url in urls if 0 < len(url.encode()) <= LONGEST_LINK}
    if bare_links([post.id]).get(post.id, set()) == wanted:
        return post
    with transaction.atomic():
        post = Post.objects.select_for_update().get(id=post.id)
        BareLink.objects.filter(post=post).exclude(url__in=wanted).delete()
        rows = [BareLink(team_id=post.team_id, post=post, url=url) for url in wanted]
        BareLink.objects.bulk_create(rows, ignore_conflicts=True)
        if not with_words:
            parts = lock_parts([post])
            refuse_unsettled(parts)
            for delivery_id in {part.delivery_id for part in parts if part.state in FREE}:
                access_delivery(actor, delivery_id, ability_for(post))
            _carry(actor, [post], parts, now)
        audit.note("publishing.post.cards_chosen", team_id=post.team_id, actor=actor, about=post, now=now,
                   without=len(wanted))  # fmt: skip
        note_change(post.team_id, "posts", f"post:{post.id}")
    return post


def _give_instead(actor: Membership, card: Card, now: datetime) -> None:
    """Let what waits with an older card of the same link go with this one. What is on its way keeps its own."""
    ids = _posts_with(card, planned=may(actor, Ability.PUBLISH))
    posts = list(Post.objects.select_for_update().filter(id__in=ids).order_by("id"))
    parts = lock_parts(posts)
    frozen = {part.delivery.post_id for part in parts if part.state in UNSETTLED}
    free = [post for post in posts if post.id not in frozen]
    _carry(actor, free, [part for part in parts if part.delivery.post_id not in frozen], now)
    note_change(card.team_id, "posts")


def _posts_with(card: Card, *, planned: bool) -> set[UUID]:
    """Return the posts that show an older card of the same link: by their words those that wait for approval, or for
    their plan after it, and would go out with the newest; by their parts those that are ``planned``."""
    waiting = Post.objects.filter(
        team=card.team_id, state__in=(PostState.SUBMITTED, PostState.APPROVED),
        versions__segments__text__contains=card.url,
    )  # fmt: skip
    older = Part.objects.filter(team=card.team_id, card__url=card.url, state__in=FREE).exclude(card=card)
    by_parts = older.values_list("delivery__post", flat=True) if planned else ()
    return {*waiting.values_list("id", flat=True), *by_parts}


def _carry(actor: Membership, posts: Sequence[Post], parts: Sequence[Part], now: datetime) -> None:
    """Give locked parts the cards of their links, and make locked posts new wordings where these say otherwise."""
    carry_cards(parts)
    for post in still_on_the_road(posts, parts):
        whole = post_with_words(post.id)
        if says_other(whole, draft_from(whole)):
            reword(actor=actor, post=post, parts=parts, now=now)
