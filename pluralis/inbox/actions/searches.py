"""Every write about searches on the networks: begun, rested, gone on with, ended and brought back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.inbox.metering import is_metered
from pluralis.inbox.models import Cursor, Gap, NetworkSearch
from pluralis.inbox.searching import forms_of, stream_of
from pluralis.networks.hearing import SearchTerms
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_account, require, valid_id
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Invalid, NotFound
from pluralis.teams.ids import new_id
from pluralis.teams.models import Account, Membership

MOST_SEARCHES = 25
LONGEST = 120
MOST_A_DAY = 100
LEAST_A_DAY, GREATEST_A_DAY = 10, 10_000
MOST_LABELS = 20


@dataclass(frozen=True, slots=True)
class WishedSearch:
    """What shall be looked for: words or one ``#hashtag``, through which account, and which kinds wait for an answer.

    ``most_a_day`` bounds what it may bring, and so its price; it counts only where reading has one.
    """

    account_id: UUID
    words: str
    labels: Sequence[str] = ()
    most_a_day: int | None = None


def begin_search(*, actor: Membership, wished: WishedSearch, now: datetime) -> NetworkSearch:
    """Look for words or a hashtag from now on. The same words again return the search that stands.

    Raises :class:`Invalid` for words that the network cannot look for, :class:`Conflict` when there are enough.
    """
    account = access_account(actor, wished.account_id, Ability.MANAGE_ACCOUNTS)
    terms = _terms(account, wished.words)
    said = f"#{terms.words}" if terms.form == "hashtag" else terms.words
    with transaction.atomic():
        Account.objects.select_for_update(of=("self",)).only("id").get(id=account.id)
        standing = NetworkSearch.objects.filter(account=account, ended_at=None)
        known = next((each for each in standing if each.words.casefold() == said.casefold()), None)
        if known is not None:
            return known
        if len(standing) >= MOST_SEARCHES:
            raise Conflict("too_many_searches", _("%(number)d searches are as many as an account runs.")
                           % {"number": MOST_SEARCHES}, next_step=_("End one that nobody needs."))  # fmt: skip
        search = NetworkSearch(id=new_id(), team_id=actor.team_id, account=account, words=said, made_by=actor)
        search.made_at, search.labels, search.most_a_day = now, _labels(wished.labels), _bound(account, wished)
        search.stream = stream_of(search.id)
        search.save()
        _read_from_now_on(search, now)
        _note(actor, search, "begun", now)
    return search


def _terms(account: Account, typed: str) -> SearchTerms:
    terms = SearchTerms.of(typed.replace("\x00", ""))
    if not terms.words or len(terms.words) > LONGEST:
        told = _("Between one and %(number)d characters.") % {"number": LONGEST}
        raise Invalid("odd_words", _("These words cannot be looked for."), fields={"words": told})
    forms = forms_of(account)
    if not forms:
        raise Invalid("no_search", _("The server of @%(handle)s has no search.") % {"handle": account.handle},
                      fields={"account": _("Choose another account.")})  # fmt: skip
    if terms.form == "hashtag" and not all(each.isalnum() or each == "_" for each in terms.words):
        raise Invalid("odd_words", _("This is no hashtag."), fields={"words": _("Letters, digits and _ only.")})
    if terms.form not in forms:
        told = _("Begin it with #, and use a single word.")
        raise Invalid("hashtags_only", _("This network lets programs follow hashtags only."), fields={"words": told})
    return terms


def _labels(labels: Sequence[str]) -> list[str]:
    return sorted({each[:16] for each in labels if each})[:MOST_LABELS]


def _bound(account: Account, wished: WishedSearch) -> int | None:
    if not is_metered(account):
        return None
    most = MOST_A_DAY if wished.most_a_day is None else wished.most_a_day
    if not LEAST_A_DAY <= most <= GREATEST_A_DAY:
        told = _("Between %(least)d and %(most)d.") % {"least": LEAST_A_DAY, "most": GREATEST_A_DAY}
        raise Invalid("out_of_range", _("So many posts a day cannot be."), fields={"most_a_day": told})
    return most


def _read_from_now_on(search: NetworkSearch, now: datetime) -> None:
    Cursor.objects.get_or_create(
        team_id=search.team_id, account_id=search.account_id, stream=search.stream, defaults={"next_poll_at": now}
    )


def _read_no_more(search: NetworkSearch, now: datetime) -> None:
    """What is said while a search rests is not looked for: going on begins with what is new then."""
    Cursor.objects.filter(account=search.account_id, stream=search.stream).delete()
    open_gaps = Gap.objects.filter(account=search.account_id, stream=search.stream, filled_at=None, given_up_at=None)
    open_gaps.update(given_up_at=now, try_at=None, reason="no_way")


def pause_search(*, actor: Membership, search_id: UUID, now: datetime) -> NetworkSearch:
    """Let a search rest; resting already is fine."""
    with transaction.atomic():
        search = _held(actor, search_id)
        if search.paused_at is None:
            _set(search, now, paused_at=now)
            _note(actor, search, "paused", now)
    return search


def resume_search(*, actor: Membership, search_id: UUID, now: datetime) -> NetworkSearch:
    """Go on with a search that rests, with what is written from now on."""
    with transaction.atomic():
        search = _held(actor, search_id)
        if search.paused_at is not None:
            _set(search, now, paused_at=None)
            _note(actor, search, "resumed", now)
    return search


def end_search(*, actor: Membership, search_id: UUID, now: datetime) -> NetworkSearch:
    """End a search; what it found stays. Ended already is fine."""
    with transaction.atomic():
        search = _held(actor, search_id, ended=True)
        if search.ended_at is None:
            _set(search, now, ended_at=now)
            _note(actor, search, "ended", now)
    return search


def bring_back_search(*, actor: Membership, search_id: UUID, now: datetime) -> NetworkSearch:
    """Take the end of a search back. Raises :class:`Conflict` when the same words are looked for again already."""
    with transaction.atomic():
        search = _held(actor, search_id, ended=True)
        if search.ended_at is None:
            return search
        same = NetworkSearch.objects.filter(account=search.account_id, words=search.words, ended_at=None)
        if same.exists():
            raise Conflict("searched_already", _("The same words are looked for again already."))
        _set(search, now, ended_at=None)
        _note(actor, search, "begun", now)
    return search


def _set(search: NetworkSearch, now: datetime, **values: datetime | None) -> None:
    """Write whether a locked search rests or has ended; while it does neither it is read, from now on."""
    for name, value in values.items():
        setattr(search, name, value)
    search.save(update_fields=list(values))
    if search.paused_at is None and search.ended_at is None:
        _read_from_now_on(search, now)
    else:
        _read_no_more(search, now)


def _held(actor: Membership, search_id: UUID, *, ended: bool = False) -> NetworkSearch:
    """Return a search for change; one that has ended only to end it again or to bring it back."""
    require(actor, Ability.MANAGE_ACCOUNTS)
    rows = NetworkSearch.objects.select_for_update(of=("self",)).select_related("account")
    search = rows.filter(team=actor.team_id, id=valid_id(search_id)).first()
    if search is None or (search.ended_at is not None and not ended):
        raise NotFound("search")
    access_account(actor, search.account_id, Ability.MANAGE_ACCOUNTS)
    return search


def _note(actor: Membership, search: NetworkSearch, what: str, now: datetime) -> None:
    audit.note(f"inbox.search.{what}", team_id=actor.team_id, actor=actor, about=search, now=now,
               account=search.account_id)  # fmt: skip
    note_change(actor.team_id, "searches")
