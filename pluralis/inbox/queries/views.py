"""What is read about saved views and columns."""

from django.db.models import Q

from pluralis.inbox.models import Column, SavedView
from pluralis.teams.models import Membership


def views_of(actor: Membership) -> list[SavedView]:
    """Return the actor's own views, then the team's. One query."""
    found = SavedView.objects.filter(Q(owner=actor) | Q(owner=None), team=actor.team_id)
    return sorted(found, key=lambda view: (view.owner_id is None, view.position, view.name))


def columns_of(actor: Membership) -> list[Column]:
    """Return the actor's columns with their views, in order. One query."""
    own = Column.objects.filter(member=actor, team=actor.team_id).select_related("view")
    return list(own.order_by("position", "id"))
