"""Saved views, columns side by side, and how far a member has read."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from pluralis.inbox.access import access_conversation, access_view
from pluralis.inbox.models import Column, Conversation, ReadMark, SavedView
from pluralis.inbox.queries.filters import Filter
from pluralis.teams import audit
from pluralis.teams.access import Ability, require
from pluralis.teams.errors import Invalid, NotFound
from pluralis.teams.models import Membership

MOST_VIEWS = 40
MOST_COLUMNS = 8
LONGEST_NAME = 60


def save_view(*, actor: Membership, name: str, wanted: Filter, shared: bool, now: datetime) -> SavedView:
    """Keep a filter under a name, for oneself or for the team. Under a name in use it takes the old one's place."""
    require(actor, Ability.ANSWER if shared else Ability.VIEW)
    name = " ".join(name.replace("\x00", "").split())[:LONGEST_NAME]
    if not name:
        raise Invalid("no_name", _("A view needs a name."), fields={"name": _("What shall it be called?")})
    owner = None if shared else actor
    with transaction.atomic():
        own = SavedView.objects.select_for_update().filter(team=actor.team_id, owner=owner)
        kept = own.filter(name=name).first()
        if kept is None and own.count() >= MOST_VIEWS:
            raise Invalid("too_many_views", _("There are %(number)d views already.") % {"number": MOST_VIEWS},
                          next_step=_("Remove one that nobody needs."))  # fmt: skip
        if kept is None:
            position = (own.aggregate(last=Max("position"))["last"] or 0) + 1
            kept = SavedView(team_id=actor.team_id, owner=owner, name=name, position=position, made_at=now)
        kept.wanted = wanted.to_words()
        kept.save()
        audit.note("inbox.view.saved", team_id=actor.team_id, actor=actor, about=kept, now=now, shared=shared)
    return kept


def remove_view(*, actor: Membership, view_id: UUID, now: datetime) -> None:
    """Forget a view; its columns go with it."""
    view = access_view(actor, view_id)
    if view.owner_id is None:
        require(actor, Ability.ANSWER)
    shared = view.owner_id is None
    with transaction.atomic():
        audit.note("inbox.view.removed", team_id=actor.team_id, actor=actor, about=view, now=now, shared=shared)
        view.delete()


def add_column(*, actor: Membership, view_id: UUID) -> Column:
    """Put a view at the end of the actor's columns; one that stands there already stays."""
    view = access_view(actor, view_id)
    with transaction.atomic():
        own = Column.objects.select_for_update().filter(member=actor)
        standing = own.filter(view=view).first()
        if standing is not None:
            return standing
        if own.count() >= MOST_COLUMNS:
            raise Invalid("too_many_columns", _("%(number)d columns are as many as fit.") % {"number": MOST_COLUMNS},
                          next_step=_("Take one away first."))  # fmt: skip
        last = own.aggregate(last=Max("position"))["last"] or 0
        return Column.objects.create(team_id=actor.team_id, member=actor, view=view, position=last + 1)


def remove_column(*, actor: Membership, column_id: UUID) -> None:
    """Take a column away; the view stays."""
    gone, _kinds = Column.objects.filter(member=actor, id=column_id).delete()
    if not gone:
        raise NotFound("column")


def order_columns(*, actor: Membership, column_ids: Sequence[UUID]) -> None:
    """Put the actor's columns into this order; those not named keep theirs behind."""
    with transaction.atomic():
        own = {each.id: each for each in Column.objects.select_for_update().filter(member=actor).order_by("position")}
        named = [own.pop(each) for each in dict.fromkeys(column_ids) if each in own]
        columns = [*named, *own.values()]
        for position, each in enumerate(columns, 1):
            each.position = position
        Column.objects.bulk_update(columns, ["position"])


def mark_read(*, actor: Membership, conversation: Conversation) -> None:
    """Remember that the actor has seen a conversation up to its last message. One query."""
    mark = ReadMark(
        team_id=actor.team_id, member=actor, conversation=conversation, until=conversation.last_message_at
    )
    ReadMark.objects.bulk_create(
        [mark], update_conflicts=True, unique_fields=["conversation", "member"], update_fields=["until"]
    )


def mark_unread(*, actor: Membership, conversation_id: UUID) -> None:
    """Forget that the actor has seen a conversation."""
    conversation = access_conversation(actor, conversation_id)
    ReadMark.objects.filter(member=actor, conversation=conversation).delete()
