"""What the frame of the desk shows around every page."""

from functools import cached_property
from operator import attrgetter
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from pluralis.inbox.models import Alarm, Notice
from pluralis.inbox.queries.teamwork import notices_for, ringing, ringing_alarms, unseen_notices
from pluralis.publishing.actions import active_stop
from pluralis.publishing.models import StopOrder
from pluralis.publishing.queries import unread_reviews, waiting_posts
from pluralis.teams.access import Ability, may
from pluralis.teams.models import Account, DutyNote, Membership, Team
from pluralis.teams.rostering import unread_notes
from pluralis.teams.together import Counts
from pluralis.web.here import accounts_here, members_here
from pluralis.web.places import PLACES, SETTINGS_PLACES, url_or_none

MOST_IN_MENU = 8
"""With more accounts than this their menu is read when somebody opens it."""

# What a frame looks for and mostly does not find. What is there is read afterwards, by a question of its own.
_COUNTS = Counts(
    seats=lambda actor: Membership.objects.filter(user=actor.user_id),
    on_duty=lambda actor: Membership.objects.filter(team=actor.team_id, on_duty_since__isnull=False),
    reviews=unread_reviews,
    notices=unseen_notices,
    ringing=ringing_alarms,
    waiting_posts=waiting_posts,
    stops=lambda actor: StopOrder.objects.filter(team=actor.team_id, lifted_at__isnull=True),
)


class Desk:
    """The frame's view of one request; each part is read when a template asks for it, and once.

    Two queries, the counts and the accounts, and one more for each thing that is there: seats in other teams, people
    on duty, notices, alarms, a stop, hand-over notes for whoever is on duty.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.membership: Membership | None = getattr(request, "membership", None)
        self.user = getattr(request, "user", None)

    @property
    def theme(self) -> str:
        return getattr(self.user, "theme", "") or "system"

    @property
    def shortcuts(self) -> bool:
        return getattr(self.user, "shortcuts", True)

    @property
    def team(self) -> Team | None:
        return self.membership.team if self.membership else None

    @property
    def here(self) -> str:
        """Where a form of the frame leads back to; the address of a callback holds a code and is not repeated."""
        match = self.request.resolver_match
        if match is not None and match.url_name == "connect_callback":
            return reverse("settings_accounts")
        return self.request.get_full_path()

    @property
    def home(self) -> str:
        return reverse("home")

    @property
    def door(self) -> str:
        """Where the browser goes when the session has ended."""
        return reverse("account_login")

    @property
    def live_url(self) -> str | None:
        return url_or_none("live") if self.membership else None

    @cached_property
    def counts(self) -> dict[str, int]:
        """How much there is of what a frame shows; empty for who has no seat. One query."""
        return _COUNTS.of(self.membership) if self.membership else {}

    @cached_property
    def memberships(self) -> list[Membership]:
        if self.membership and self.counts["seats"] == 1:
            return [self.membership]
        return list(Membership.objects.filter(user=self.user).select_related("team").order_by("created_at", "id"))

    @cached_property
    def accounts(self) -> list[Account]:
        return accounts_here(self.request) if self.membership else []

    @property
    def many_accounts(self) -> bool:
        """Whether there are too many accounts to put all of them into every page."""
        return len(self.accounts) > MOST_IN_MENU

    @cached_property
    def account(self) -> Account | None:
        """The account that pages are narrowed to; ``None`` means all."""
        chosen = self.request.session.get("account")
        return next((account for account in self.accounts if str(account.id) == chosen), None)

    @cached_property
    def on_duty(self) -> list[Membership]:
        if not self.counts.get("on_duty"):
            return []
        seats = [seat for seat in members_here(self.request) if seat.on_duty_since is not None]
        return sorted(seats, key=attrgetter("on_duty_since"))

    @property
    def sees_inbox(self) -> bool:
        """Whether the person shares in what the team does together; an employee posts from their own account only."""
        return self.membership is not None and may(self.membership, Ability.VIEW)

    @cached_property
    def ringing(self) -> list[Alarm]:
        """The alarms that ring on accounts the person may see. One query if there are any."""
        return ringing(self.membership) if self.membership and self.counts["ringing"] else []

    @cached_property
    def team_notices(self) -> list[Notice]:
        """What the person should know of conversations and duty. One query if there is any."""
        return notices_for(self.membership) if self.membership and self.counts["notices"] else []

    @cached_property
    def hand_overs(self) -> list[DutyNote]:
        """The hand-over notes that wait for whoever is on duty now. At most one query."""
        return unread_notes(self.membership, timezone.now()) if self.membership else []

    @property
    def on_duty_names(self) -> str:
        names = [str(seat.user).split()[0] for seat in self.on_duty]
        return ", ".join(names[:2]) + (f" +{len(names) - 2}" if len(names) > 2 else "")

    @cached_property
    def rail(self) -> list[dict[str, Any]]:
        """The places this person may enter and this version has."""
        here, entries = self.request.path, []
        for place in PLACES:
            url = url_or_none(place.name)
            if not url or (place.needs and self.membership and not may(self.membership, place.needs)):
                continue
            entries.append(
                {
                    "url": url,
                    "label": place.label,
                    "icon": place.icon,
                    "key": place.key,
                    "current": here.startswith(url),
                    "count": self.notices if place.name == "reviews" else 0,
                }
            )
        return entries

    @property
    def notices(self) -> int:
        """How many notices about reviews the person has not read. No query beside the counts."""
        return self.counts.get("reviews", 0)

    @cached_property
    def settings_places(self) -> list[dict[str, Any]]:
        """The pages of the settings this version has."""
        entries = []
        for place in SETTINGS_PLACES:
            url = url_or_none(place.name)
            if url and (place.needs is None or (self.membership and may(self.membership, place.needs))):
                current = self.request.path.startswith(url)
                entries.append({"url": url, "label": place.label, "icon": place.icon, "current": current})
        return entries

    @cached_property
    def may_stop(self) -> bool:
        return self.membership is not None and may(self.membership, Ability.STOP)

    @property
    def waiting_posts(self) -> int:
        """How many posts wait for a person since a stop or an outage. No query beside the counts."""
        return self.counts.get("waiting_posts", 0)

    @property
    def quarantined(self) -> bool:
        """Whether an account of the team waits to be compared with its network."""
        return any(account.quarantined_at is not None for account in self.accounts)

    @cached_property
    def stop(self) -> StopOrder | None:
        """The stop that stands over the team, if any. One query if there is one."""
        return active_stop(self.membership.team_id) if self.membership and self.counts["stops"] else None


def desk(request: HttpRequest) -> dict[str, Desk]:
    """Django's context processor: ``desk`` in every template."""
    return {"desk": Desk(request)}
