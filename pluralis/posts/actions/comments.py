"""Remarks about a post under review, with ``@name`` for those who should hear of one."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.core.review import named_in
from pluralis.posts.access import access_review
from pluralis.posts.actions.notices import notify
from pluralis.posts.models import Comment, Notice
from pluralis.teams import audit
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Invalid
from pluralis.teams.models import Membership
from pluralis.teams.queries import members_of

LONGEST_COMMENT = 4_000


@transaction.atomic
def add_comment(*, actor: Membership, review_id: UUID | str, text: str, now: datetime) -> Comment:
    """Add a remark; whoever is named by ``@name`` hears of it, and so does who asked for the review."""
    review = access_review(actor, review_id)
    comment = Comment.objects.create(
        team_id=actor.team_id, post_id=review.post_id, member=actor, name=str(actor.user)[:120],
        text=checked_comment(text, needed=True), revision=review.revision, at=now,
    )  # fmt: skip
    seats = {str(seat.id): seat for seat in members_of(actor.team_id) if seat.id != actor.id}
    named = named_in(comment.text, spellings(list(seats.values())))
    notify([seats[each] for each in named], Notice.Kind.MENTIONED, review, comment.name, now)
    others = {str(each) for each in (review.submitted_by_id, review.post.author_id)} & (seats.keys() - named)
    notify([seats[each] for each in others], Notice.Kind.COMMENTED, review, comment.name, now)
    audit.note("posts.review.commented", team_id=actor.team_id, actor=actor, about=review, now=now,
               text=audit.fingerprint(comment.text))  # fmt: skip
    note_change(actor.team_id, f"review:{review.id}")
    return comment


def spellings(seats: list[Membership]) -> dict[str, str]:
    """Return how members can be called in a comment, with their ids: full name, initials, and a first name that
    only one of them has."""
    found: dict[str, str] = {}
    firsts: dict[str, list[str]] = {}
    for seat in seats:
        name = str(seat.user)
        firsts.setdefault(name.split("@")[0].split()[0].casefold(), []).append(str(seat.id))
        found[name] = str(seat.id)
        if seat.initials:
            found.setdefault(seat.initials, str(seat.id))
    return {first: ids[0] for first, ids in firsts.items() if len(ids) == 1} | found


def checked_comment(text: str, *, needed: bool) -> str:
    """Return a remark as it is kept; :class:`Invalid` when it is missing, too long or damaged."""
    clean = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if needed and not clean:
        raise Invalid("no_comment", _("There is nothing written yet."), kept=_("Nothing was changed."),
                      next_step=_("Say in a sentence what you mean."),
                      fields={"comment": _("Say in a sentence what you mean.")})  # fmt: skip
    if len(clean) > LONGEST_COMMENT:
        said = _("A remark takes at most %(most)d characters.") % {"most": LONGEST_COMMENT}
        raise Invalid("comment_too_long", said, kept=_("Nothing was changed."), next_step=_("Shorten it."))
    return clean
