"""The list of conversations as pages show it: the filter an address names, the lists one can choose, the chips."""

from dataclasses import fields, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pluralis.inbox import queries
from pluralis.inbox.models import SavedView
from pluralis.inbox.queries import Filter
from pluralis.inbox.queries.conversations import MOST_COUNTED
from pluralis.inbox.queries.hearing import connected
from pluralis.inbox.queries.searches import searches_named
from pluralis.inbox.queries.views import list_side
from pluralis.networks.registry import networks
from pluralis.teams.access import Ability, accounts_of, may, valid_id
from pluralis.teams.errors import NotFound
from pluralis.teams.models import LANGUAGES, Membership
from pluralis.web import words
from pluralis.web.gates import SeatedRequest
from pluralis.web.here import accounts_here, known_here
from pluralis.web.teamwork import answering_members


def asked_filter(request: SeatedRequest) -> Filter:
    """Return the filter an address names, narrowed to the account the desk stands on."""
    chosen = request.session.get("account")
    otherwise: dict[str, Any] = {"state": ""} if request.GET.get("words") else {}
    if chosen and not request.GET.get("account_id"):
        otherwise["account_id"] = valid_id(chosen)
    return Filter.from_words(request.GET, **otherwise)


def list_context(request: SeatedRequest) -> dict[str, Any]:
    """Return what the list pane shows: a page, the lists with their counts, the saved views, the filter's words.

    Three queries beside the people and accounts of the team; more for a search, one more where views are counted.
    """
    actor, wanted = request.membership, asked_filter(request)
    page = queries.inbox_page(actor, wanted, older_than(request.GET.get("before", "")), known=known_here(request))
    told = connected(accounts_here(request), wanted.account_id)
    side = list_side(actor, page.conversations, told, timezone.now())
    next_words = {"before": f"{page.older_than[0].isoformat()}_{page.older_than[1]}"} if page.older_than else None
    current = next((view for view in side.views if Filter.from_words(view.wanted) == replace(wanted, words="")), None)
    return {
        "page": page,
        "filter": wanted,
        "filters": _standard(wanted, queries.counts(actor)),
        "views": _views(actor, side.views, current),
        "current_view": current,
        "chips": chips(actor, wanted),
        "heard": side.heard,
        "may_share": may(actor, Ability.ANSWER),
        "bulk_members": answering_members(request),
        "query": query_of(wanted),
        "next_url": f"{reverse('inbox')}?{query_of(wanted, **next_words)}" if next_words else "",
    }


def older_than(typed: str) -> tuple[datetime, UUID] | None:
    """Return the place in the list that an address names."""
    at, _mark, last_id = typed.partition("_")
    try:
        instant = parse_datetime(at)
        return (instant, valid_id(last_id)) if instant and timezone.is_aware(instant) else None
    except (ValueError, NotFound):
        return None


def query_of(wanted: Filter, **more: str) -> str:
    """Return the filter as the query of an address."""
    return urlencode(wanted.to_words() | more)


def counted(number: int) -> str:
    """Return a count as it is shown: nothing for none, and no exact number where nobody reads it."""
    return "" if not number else f"{MOST_COUNTED - 1}+" if number >= MOST_COUNTED else str(number)


def _standard(wanted: Filter, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The lists everybody has, each with how many are in it."""
    base = Filter(state="", account_id=wanted.account_id)
    lists = [
        (pgettext("list of conversations", "Open"), replace(base, state="open"), counts["open"]),
        (pgettext("list of conversations", "Mine"), replace(base, mine=True), counts["mine"]),
        (pgettext("list of conversations", "Waiting"), replace(base, state="waiting"), counts["waiting"]),
        (pgettext("list of conversations", "Later"), replace(base, state="snoozed"), counts["snoozed"]),
        (pgettext("list of conversations", "Resolved"), replace(base, state="resolved"), 0),
    ]
    return [
        {"label": label, "url": f"{reverse('inbox')}?{query_of(one)}", "count": count, "current": one == wanted}
        for label, one, count in lists
    ]


def _views(actor: Membership, views: list[SavedView], current: SavedView | None) -> list[dict[str, Any]]:
    numbers = queries.count_each(actor, [Filter.from_words(view.wanted) for view in views])
    return [
        {"view": view, "count": counted(number), "current": view == current,
         "url": f"{reverse('inbox')}?{query_of(Filter.from_words(view.wanted))}"}
        for view, number in zip(views, numbers, strict=True)
    ]  # fmt: skip


KINDS = ("mention", "reply", "quote", "direct", "search", "hashtag")


def choices(actor: Membership, wanted: Filter) -> list[dict[str, Any]]:
    """Return what can be chosen in the filter form, each with the choice that stands."""
    accounts = [(str(one.id), f"@{one.handle}") for one in accounts_of(actor)]
    lists: list[tuple[str, Any, list[tuple[str, Any]]]] = [
        ("state", _("State"), [(name, words.STATES[name]) for name in ("open", "waiting", "snoozed", "resolved")]),
        ("account_id", _("Account"), accounts),
        ("network", _("Network"), [(name, one.title) for name, one in networks().items()]),
        ("kind", pgettext("field of a filter", "Kind"), [(name, words.KINDS[name]) for name in KINDS]),
        ("search_id", pgettext("field of a filter", "Search on a network"), searches_named(actor.team_id)),
        ("label", pgettext("field of a filter", "What it is"), list(words.LABELS.items())),
        ("language", _("Language"), list(LANGUAGES)),
        ("tag", pgettext("field of a filter", "Tag of the person"),
         [(tag, tag) for tag in queries.tags_in_use(actor.team_id)]),
    ]  # fmt: skip
    return [
        {"name": name, "label": label, "options": options, "chosen": str(getattr(wanted, name) or "")}
        for name, label, options in lists
        if options
    ]


SWITCHES = ("mine", "unassigned", "unread", "late")


def chips(actor: Membership, wanted: Filter) -> list[dict[str, str]]:
    """Return what narrows the list, each with its words and the address without it."""
    shown = []
    for each in fields(Filter):
        value = getattr(wanted, each.name)
        if not value or each.name in ("state", "words"):
            continue
        bare: dict[str, Any] = {each.name: each.default}
        without = replace(wanted, **bare)
        shown.append({"label": _said(actor, each.name, value), "url": f"{reverse('inbox')}?{query_of(without)}"})
    return shown


def _said(actor: Membership, name: str, value: Any) -> str:
    """Return a filter's value in words; what is in no list is said as it is."""
    if name in SWITCHES:
        return str(words.SWITCHES[name])
    if name == "account_id":
        account = accounts_of(actor, released=True).filter(id=value).first()
        return f"@{account.handle}" if account else "?"
    if name == "search_id":
        return dict(searches_named(actor.team_id)).get(str(value), "?")
    if name == "network":
        return networks()[value].title if value in networks() else str(value)
    known = {"kind": words.KINDS, "label": words.LABELS, "language": dict(LANGUAGES)}
    return str(known.get(name, {}).get(str(value), value))


def filter_context(request: SeatedRequest) -> dict[str, Any]:
    """Return what the filter's form shows; it is read when somebody opens it."""
    wanted = asked_filter(request)
    return {
        "filter": wanted,
        "choices": choices(request.membership, wanted),
        "switches": [(name, words.SWITCHES[name], getattr(wanted, name)) for name in SWITCHES],
    }
