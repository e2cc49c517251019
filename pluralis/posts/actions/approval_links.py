"""Links by which somebody without a seat reads one wording and answers: made, ended, opened."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.core.review import ReviewState
from pluralis.posts.access import access_review
from pluralis.posts.models import ApprovalLink
from pluralis.teams import audit
from pluralis.teams.access import Ability, require, valid_id
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Invalid, NotFound
from pluralis.teams.models import Membership

LONGEST_LIFE = timedelta(days=30)
MOST_LINKS = 20
MOST_TRIES = 20


@transaction.atomic
def make_link(
    *, actor: Membership, review_id: UUID | str, recipient: str, expires_at: datetime, now: datetime
) -> tuple[ApprovalLink, str]:
    """Make a link to the wording under review. Returns it with its words, which are stored hashed and shown once."""
    require(actor, Ability.APPROVE)
    review = access_review(actor, review_id)
    if review.state != ReviewState.OPEN:
        raise Conflict("review_closed", _("This review is closed."), kept=_("Nothing was changed."))
    if not recipient.strip():
        raise Invalid("no_recipient", _("Say for whom the link is."), fields={"recipient": _("A name or a company.")})
    if not now < expires_at <= now + LONGEST_LIFE:
        raise Invalid("link_life", _("A link lives between one moment and 30 days."))
    if review.links.filter(revoked_at__isnull=True, expires_at__gt=now).count() >= MOST_LINKS:
        raise Conflict("too_many_links", _("There are enough links. End one first."))
    words = secrets.token_urlsafe(32)
    link = ApprovalLink.objects.create(
        team_id=actor.team_id, review=review, token_hash=hash_of(words), recipient=recipient.strip()[:120],
        created_by=actor, created_at=now, expires_at=expires_at,
    )  # fmt: skip
    audit.note("posts.link.made", team_id=actor.team_id, actor=actor, about=link, now=now,
               review=review.id, revision=review.revision)  # fmt: skip
    note_change(actor.team_id, f"review:{review.id}")
    return link, words


@transaction.atomic
def revoke_link(*, actor: Membership, link_id: UUID | str, now: datetime) -> ApprovalLink:
    """End a link at once. Twice is once; an answer that was given stays."""
    require(actor, Ability.APPROVE)
    link = ApprovalLink.objects.select_related("review").filter(team=actor.team_id, id=valid_id(link_id)).first()
    if link is None:
        raise NotFound("link")
    if link.revoked_at is None:
        link.revoked_at = now
        link.save(update_fields=["revoked_at"])
        audit.note("posts.link.revoked", team_id=actor.team_id, actor=actor, about=link, now=now)
        note_change(actor.team_id, f"review:{link.review_id}")
    return link


def open_link(words: str, now: datetime) -> ApprovalLink | None:
    """Return the living link that these words open, or ``None``: unknown, ended and expired look the same."""
    found = ApprovalLink.objects.select_related("review__post", "team", "created_by").filter(
        token_hash=hash_of(words), revoked_at__isnull=True, expires_at__gt=now
    )
    return found.first()


def count_try(link: ApprovalLink) -> None:
    """Count an answer that came by a link, also one that is refused; :class:`Conflict` after too many."""
    with transaction.atomic():
        locked = ApprovalLink.objects.select_for_update().get(id=link.id)
        locked.tries += 1
        locked.save(update_fields=["tries"])
    if locked.tries > MOST_TRIES:
        raise Conflict("too_many_tries", _("Too many answers came by this link."), kept=_("Nothing was changed."),
                       next_step=_("Ask for a new link."))  # fmt: skip


def hash_of(words: str) -> str:
    """Return under which hash the words of a link are stored."""
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()
