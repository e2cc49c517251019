"""What a team knows to say: what was answered before, saved replies, the FAQ, and what is asked and not in it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from pluralis.core.questions import ALIKE, SAME, Weights, fill, group_alike, likeness, terms_of
from pluralis.inbox.models import (
    EVERY_QUESTION,
    AnsweredQuestion,
    Conversation,
    FaqEntry,
    FaqPage,
    SavedReply,
    TermCount,
)
from pluralis.inbox.reading import masked_text
from pluralis.teams.access import accounts_of
from pluralis.teams.models import Account, Membership

MOST_CANDIDATES = 1_000
"""So many answered questions are compared at most; the rarest terms of the new one choose them."""
SAME_LANGUAGE = 0.15
"""An answer in the asker's language stands before a slightly more like one in another."""
PERIOD = timedelta(days=90)
MOST_GROUPED = 600
FEWEST_ASKED = 2


@dataclass(frozen=True, slots=True)
class Known:
    """One nearest answer: ``source`` is *faq* or *answered*; texts hold no personal data."""

    source: str
    id: UUID
    question: str
    answer: str
    language: str
    likeness: float
    answered_at: datetime
    answer_message_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question asked again and again without a public answer: how often, and the newest of them."""

    times: int
    newest: AnsweredQuestion
    question: str


def asked_before(actor: Membership, text: str, language: str, account: Account, most: int = 3) -> list[Known]:
    """Return the nearest answered questions and public answers, best first. At most four queries.

    Public answers of the account and what was answered on any account the actor may see; private answers too, since
    only members read them, always without personal data.
    """
    terms = terms_of(text)
    if not terms:
        return []
    weights = weights_of(actor.team_id, terms)
    found = _public_answers(account, terms, weights) + _answered(actor, terms, weights)
    alike = [each for each in found if each.likeness >= ALIKE]
    ranked = sorted(alike, key=lambda each: each.likeness + SAME_LANGUAGE * (each.language == language), reverse=True)
    return _without_repeats(ranked)[:most]


def weights_of(team_id: UUID, terms: Collection[str] | None = None) -> Weights:
    """Return how often terms (all, without any named) occur among a team's answered questions. One query."""
    rows = TermCount.objects.filter(team=team_id)
    rows = rows if terms is None else rows.filter(term__in=[*terms, EVERY_QUESTION])
    counts = dict(rows.values_list("term", "count"))
    return Weights(counts, counts.pop(EVERY_QUESTION, 0))


def _public_answers(account: Account, terms: Sequence[str], weights: Weights) -> list[Known]:
    entries = FaqEntry.objects.filter(account=account, state=FaqEntry.State.PUBLISHED, terms__overlap=list(terms))
    return [
        Known("faq", each.id, each.question, each.answer, each.language,
              likeness(terms, each.terms, weights), each.changed_at)
        for each in entries[:MOST_CANDIDATES]
    ]  # fmt: skip


def _answered(actor: Membership, terms: Sequence[str], weights: Weights) -> list[Known]:
    rarest = weights.rarest(terms, MOST_CANDIDATES)
    rows = AnsweredQuestion.objects.filter(
        team=actor.team_id, account__in=list(accounts_of(actor, released=True)), terms__overlap=rarest
    )
    scored = sorted(((likeness(terms, found, weights), row_id) for row_id, found in _candidates(rows)), reverse=True)[
        :10
    ]
    near = {row_id: score for score, row_id in scored if score >= ALIKE}
    whole = AnsweredQuestion.objects.filter(id__in=near).select_related("question", "answer")
    return [_known(each, near[each.id]) for each in whole]


def _candidates(rows: QuerySet[AnsweredQuestion]) -> list[tuple[UUID, list[str]]]:
    return list(rows.values_list("id", "terms")[: 2 * MOST_CANDIDATES])


def _known(row: AnsweredQuestion, score: float) -> Known:
    question = masked_text(row.question.text, row.question.personal_data)
    answer = masked_text(row.answer.text, row.answer.personal_data)
    return Known("answered", row.id, question, answer, row.language, score, row.answered_at, row.answer_id)


def _without_repeats(found: Sequence[Known]) -> list[Known]:
    """Leave out what says the same as something before it: an answer sent fifty times is one answer."""
    seen: set[str] = set()
    kept = []
    for each in found:
        words = " ".join(terms_of(each.answer)) or each.answer
        if words not in seen:
            kept.append(each)
            seen.add(words)
    return kept


def saved_replies_of(actor: Membership, *, aside: bool = False) -> list[SavedReply]:
    """Return the saved replies of the actor's accounts and of all, most used first. One query."""
    mine = Q(account__isnull=True) | Q(account__in=list(accounts_of(actor)))
    rows = SavedReply.objects.filter(mine, team=actor.team_id, put_aside_at__isnull=not aside)
    return list(rows.select_related("account", "changed_by__user").order_by("-used", "name"))


def ready_replies(
    actor: Membership, conversation: Conversation, language: str, case_number: str = ""
) -> list[tuple[SavedReply, str]]:
    """Return the saved replies that fit a conversation, filled in for its person. Two queries.

    Each in the person's language where it has that, else in the team's, else in any it has.
    """
    contact = conversation.contact
    profile = contact.profiles.first() if contact else None
    values = {
        "name": (contact.name.split() or [""])[0] if contact else "",
        "handle": f"@{profile.handle}" if profile else "",
        "account": f"@{conversation.account.handle}",
        "agent": str(actor.user).split()[0],
        "case": case_number,
    }
    rows = saved_replies_of(actor)
    fitting = [row for row in rows if row.account_id in (None, conversation.account_id)]
    return [(row, fill(_in_language(row.texts, language, actor.team.language), values)) for row in fitting]


def _in_language(texts: dict[str, str], wanted: str, usual: str) -> str:
    return texts.get(wanted) or texts.get(usual) or next(iter(texts.values()), "")


def faq_of(actor: Membership, account: Account) -> list[FaqEntry]:
    """Return every entry of an account that is not put aside, drafts first, newest first. One query."""
    rows = FaqEntry.objects.filter(team=actor.team_id, account=account).exclude(state=FaqEntry.State.PUT_ASIDE)
    return list(rows.select_related("changed_by__user").order_by("state", "language", "-changed_at"))


def faq_page_of(account: Account) -> FaqPage | None:
    """Return the public page of an account, open or not. One query."""
    return FaqPage.objects.filter(account=account).first()


def public_entries(page: FaqPage, language: str, typed: str = "") -> list[FaqEntry]:
    """Return what strangers read on a page in a language, newest first, or nearest to ``typed``. One query."""
    rows = FaqEntry.objects.filter(account=page.account_id, state=FaqEntry.State.PUBLISHED, language=language)
    entries = list(rows.order_by("-changed_at")[:500])
    terms = terms_of(typed)
    if not terms:
        return [] if typed.strip() else entries
    weights = Weights(_counted(entries), len(entries))
    scored = [(likeness(terms, terms_of(f"{each.question} {each.answer}"), weights), each) for each in entries]
    found = [pair for pair in scored if pair[0] > 0]
    return [each for _score, each in sorted(found, key=lambda pair: pair[0], reverse=True)]


def languages_of(page: FaqPage) -> list[str]:
    """Return the languages in which a page has entries, in order. One query."""
    rows = FaqEntry.objects.filter(account=page.account_id, state=FaqEntry.State.PUBLISHED)
    return sorted(set(rows.values_list("language", flat=True)))


def _counted(entries: Sequence[FaqEntry]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in entries:
        for term in set(terms_of(f"{each.question} {each.answer}")):
            counts[term] = counts.get(term, 0) + 1
    return counts


def asked_most(actor: Membership, account: Account, now: datetime, most: int = 10) -> list[Asked]:
    """Return what was asked at least twice in the last 90 days and has no entry yet, most asked first. Four queries.

    The newest 600 answered questions of the account are looked at.
    """
    rows = list(
        AnsweredQuestion.objects.filter(team=actor.team_id, account=account, answered_at__gte=now - PERIOD)
        .select_related("question", "answer")
        .order_by("-answered_at")[:MOST_GROUPED]
    )
    weights = weights_of(actor.team_id)
    known = list(FaqEntry.objects.filter(team=actor.team_id, account=account).values_list("terms", flat=True))
    groups = group_alike([row.terms for row in rows], weights)
    found = []
    for group in groups:
        newest = rows[group[0]]
        if len(group) >= FEWEST_ASKED and not any(likeness(newest.terms, each, weights) >= SAME for each in known):
            words = masked_text(newest.question.text, newest.question.personal_data)
            found.append(Asked(len(group), newest, words))
    return found[:most]
