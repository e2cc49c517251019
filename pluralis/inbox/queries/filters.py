"""What of the inbox is shown: one filter for the list, saved views, columns and the API.

A new filter is a field of :class:`Filter` and one line in :data:`CONDITIONS`; addresses, saved views and counts
then know it by themselves.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from pluralis.core.states import ConversationState
from pluralis.inbox.models import Conversation, ReadMark
from pluralis.teams.access import Ability, accounts_of, may, valid_id
from pluralis.teams.errors import NotFound
from pluralis.teams.models import Membership

LONGEST_WORDS = 200
SHOWN = ("account", "contact", "assigned_to__user")
UNSHOWN = (
    "account__voice", "account__settings", "account__disconnected_reason", "contact__note",
    "contact__do_not_engage_reason", "assigned_to__user__password",
)  # fmt: skip
"""What a line of the list shows of its people, and long columns of theirs that it does not."""
STATES = frozenset({"", *(each.value for each in ConversationState)})


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the inbox is shown; empty fields ask for nothing.

    ``search_id`` is what one search on a network found. ``mine`` is what the actor holds, ``unread`` what came since
    they last looked, ``late`` what was promised and is not answered, ``words`` a search over texts and people
    (:func:`pluralis.core.searching.asked`).
    """

    state: str = ConversationState.OPEN
    account_id: UUID | None = None
    network: str = ""
    kind: str = ""
    search_id: UUID | None = None
    label: str = ""
    language: str = ""
    tag: str = ""
    mine: bool = False
    unassigned: bool = False
    unread: bool = False
    late: bool = False
    words: str = ""

    def to_words(self) -> dict[str, str]:
        """Return the filter as strings by name, for an address or a saved view: the state, and what is asked for."""
        kept = {each.name: getattr(self, each.name) for each in fields(self)}
        said = {name: "1" if value is True else str(value) for name, value in kept.items() if value}
        return {"state": str(self.state)} | said

    @classmethod
    def from_words(cls, said: Mapping[str, Any], **otherwise: Any) -> "Filter":
        """Return the filter that such strings name. What names nothing is as if it had not been said."""
        values: dict[str, Any] = {}
        for each in fields(cls):
            if said.get(each.name) is not None:
                values[each.name] = _read(each.name, str(said[each.name]), each.default)
        if values.get("state", "") not in STATES:
            values.pop("state")
        return cls(**(otherwise | values))

    @property
    def without_words(self) -> "Filter":
        return replace(self, words="")

    @property
    def narrow(self) -> bool:
        """Whether anything but the state is asked for."""
        return any(getattr(self, each.name) for each in fields(self) if each.name != "state")


def _read(name: str, said: str, default: Any) -> Any:
    said = said.replace("\x00", "").strip()
    if isinstance(default, bool):
        return said in ("1", "true", "True")
    if name in ("account_id", "search_id"):
        try:
            return valid_id(said) if said else None
        except NotFound:
            return None
    return said[: LONGEST_WORDS if name == "words" else 64]


Condition = Callable[[Membership, Any], Q]


def _unread(actor: Membership, _asked: Any) -> Q:
    read = ReadMark.objects.filter(member=actor, conversation=OuterRef("id"), until__gte=OuterRef("last_message_at"))
    return Q(~Exists(read))


CONDITIONS: dict[str, Condition] = {
    "state": lambda _actor, asked: Q(state=asked),
    "account_id": lambda _actor, asked: Q(account=asked),
    "network": lambda actor, asked: Q(account__in=accounts_of(actor, released=True).filter(network=asked)),
    "kind": lambda _actor, asked: Q(kind=asked),
    "search_id": lambda _actor, asked: Q(found_by=asked),
    "label": lambda _actor, asked: Q(label=asked),
    "language": lambda _actor, asked: Q(language=asked),
    "tag": lambda _actor, asked: Q(contact__tags__contains=[asked]),
    "mine": lambda actor, _asked: Q(assigned_to=actor),
    "unassigned": lambda _actor, _asked: Q(assigned_to__isnull=True),
    "unread": _unread,
    "late": lambda _actor, _asked: Q(state=ConversationState.OPEN, answer_due_at__lt=Now()),
}


def visible(actor: Membership) -> QuerySet[Conversation]:
    """Return the conversations the actor may see. Rows of a team are held to its accounts by their foreign keys."""
    found = Conversation.objects.filter(team=actor.team_id)
    return found if may(actor, Ability.VIEW) else found.filter(account__member=actor)


def filtered(actor: Membership, wanted: Filter) -> QuerySet[Conversation]:
    """Return the conversations of a filter, its words left aside."""
    found = visible(actor)
    for name, condition in CONDITIONS.items():
        asked = getattr(wanted, name)
        if asked:
            found = found.filter(condition(actor, asked))
    return found
