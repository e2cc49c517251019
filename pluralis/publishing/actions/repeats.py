"""Set a repeat up, change, pause, resume and end it; skip, bring back or move one of its times."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pluralis.core.delivery import MissedPolicy
from pluralis.core.schedule import Repeat, RuleError, is_local, nearly_same, occurrences
from pluralis.posts.access import access_post
from pluralis.posts.actions import mark_scheduled
from pluralis.posts.models import Post, PostState
from pluralis.posts.queries import draft_from, post_with_words
from pluralis.publishing.access_repeats import access_recurrence
from pluralis.publishing.actions.change import UNSETTLED, cancel_delivery, edit_scheduled, move_delivery
from pluralis.publishing.actions.planning import accounts_on, needs_own_text, plan_recurrence
from pluralis.publishing.checks import Confirmations
from pluralis.publishing.models import Delivery, Occurrence, Part, Recurrence, RecurrenceAccount, RecurrenceText
from pluralis.publishing.rule_words import refused_rule
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_account
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Invalid
from pluralis.teams.models import Account, Membership

MOST_TEXTS = 200
MOST_EXCEPTIONS = 366
LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class RepeatOrder:
    """How a post repeats. ``rule`` is RFC 5545, ``starts_on`` and ``local_time`` are read on a clock in ``zone``;
    ``exceptions`` are local days or times left out; ``texts`` are further texts, used in turn after the post's own.
    """

    rule: str
    zone: str
    starts_on: date
    local_time: time
    exceptions: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    missed_policy: MissedPolicy = MissedPolicy.ASK
    late_limit: timedelta = timedelta(hours=2)
    override_reason: str = ""
    repeat: Repeat = field(init=False)

    def __post_init__(self) -> None:
        start = datetime.combine(self.starts_on, self.local_time.replace(second=0, microsecond=0, tzinfo=None))
        object.__setattr__(self, "repeat", Repeat(self.rule, start, self.zone, frozenset(self.exceptions)))


def repeat_post(
    *,
    actor: Membership,
    post_id: UUID,
    account_ids: Sequence[UUID],
    order: RepeatOrder,
    client_key: str,
    now: datetime,
) -> Recurrence:
    """Let a post come again by a rule; its first times are planned at once. The same ``client_key`` again returns
    the same repeat.

    Raises :class:`Invalid` for a rule, zone or text that cannot be used, and whatever scheduling its first time
    would raise: then nothing is kept but the draft.
    """
    again = Recurrence.objects.filter(team=actor.team_id, client_key=client_key).first()
    if again is not None:
        return again
    post = access_post(actor, post_id)
    accounts = _accounts(actor, account_ids)
    _check_post(post)
    _check_order(order, accounts, post_with_words(post.id), now)
    try:
        with transaction.atomic():
            recurrence = _create(actor, post, order, client_key, now)
            _write_seats(recurrence, accounts)
            _write_texts(recurrence, _own_text(post), order.texts)
            mark_scheduled(actor=actor, post=post, now=now)
            _note(actor, recurrence, "created", now, rule=recurrence.rule, zone=recurrence.zone)
            return _planned(recurrence, now)
    except IntegrityError:
        twin = Recurrence.objects.filter(team=actor.team_id, client_key=client_key).first()
        if twin is None:
            raise
        return twin


def change_repeat(
    *, actor: Membership, recurrence_id: UUID, account_ids: Sequence[UUID], order: RepeatOrder, now: datetime
) -> Recurrence:
    """Change all later times: what is planned and not on its way is taken back, then planned by the new order.

    Texts that were used stay used; further texts are the new list. Changes made to single later times are lost.
    """
    accounts = _accounts(actor, account_ids)
    with transaction.atomic():
        recurrence = _lock(actor, recurrence_id)
        _check_order(order, accounts, post_with_words(recurrence.post_id), now)
        _withdraw_later(actor, recurrence, now)
        recurrence.rule, recurrence.zone, recurrence.starts_on = order.rule, order.zone, order.starts_on
        recurrence.local_time, recurrence.exceptions = order.repeat.start.time(), list(order.exceptions)
        recurrence.missed_policy, recurrence.late_limit = order.missed_policy, order.late_limit
        recurrence.override_reason = order.override_reason
        recurrence.decided_until = now
        recurrence.save()
        recurrence.seats.all().delete()
        _write_seats(recurrence, accounts)
        _write_texts(recurrence, _own_text(recurrence.post), order.texts)
        _note(actor, recurrence, "changed", now, rule=recurrence.rule, zone=recurrence.zone)
        return recurrence if recurrence.paused_at else _go_on(actor, recurrence, now)


def change_texts(*, actor: Membership, recurrence_id: UUID, texts: Sequence[str], now: datetime) -> Recurrence:
    """Replace the texts that were not used yet; if it waited for texts it goes on by itself."""
    with transaction.atomic():
        recurrence = _lock(actor, recurrence_id)
        used = [each.text for each in recurrence.texts.all() if each.uses]
        _check_texts(_own_text(recurrence.post), texts, accounts_on(recurrence), used)
        _write_texts(recurrence, _own_text(recurrence.post), texts)
        _note(actor, recurrence, "texts_changed", now, count=len(texts))
        plan_recurrence(recurrence.id, now=now)
    recurrence.refresh_from_db()
    return recurrence


def carry_words(*, actor: Membership, post_id: UUID, confirmed: Confirmations, now: datetime) -> int:
    """Give the words of a repeated post to its later times that say the same and are not on their way; returns how
    many. A time with words of its own keeps them."""
    with transaction.atomic():
        going = Recurrence.objects.select_for_update(of=("self",)).filter(post=post_id, ended_at__isnull=True)
        template, count = post_with_words(post_id), 0
        for recurrence in going.filter(team=actor.team_id):
            first = recurrence.texts.get(position=0)
            before, first.text = first.text, _own_text(template)
            first.save(update_fields=["text"])
            later = recurrence.occurrences.filter(state=Occurrence.State.PLANNED, planned_at__gt=now, text=first)
            for row in later.select_related("post"):
                count += _carry_one(actor, row, template, before, confirmed, now)
            _note(actor, recurrence, "reworded", now, count=count)
    return count


def _carry_one(
    actor: Membership, row: Occurrence, template: Post, before: str, confirmed: Confirmations, now: datetime
) -> bool:
    on_its_way = Part.objects.filter(delivery__post=row.post_id, state__in=(*UNSETTLED, "sent"))
    if row.post is None or on_its_way.exists() or _own_text(row.post) != before:
        return False
    edit_scheduled(
        actor=actor,
        post_id=row.post.id,
        draft=draft_from(template),
        revision=row.post.revision,
        confirmed=replace(confirmed, same_text=True),
        now=now,
    )
    return True


def pause_repeat(*, actor: Membership, recurrence_id: UUID, now: datetime) -> Recurrence:
    """Plan nothing more, and take back what is planned and not on its way; it can be resumed."""
    with transaction.atomic():
        recurrence = _lock(actor, recurrence_id)
        if recurrence.paused_at is None:
            recurrence.paused_at = now
            _withdraw_later(actor, recurrence, now)
            recurrence.decided_until = now
            recurrence.save(update_fields=["paused_at", "decided_until"])
            _note(actor, recurrence, "paused", now)
    return recurrence


def resume_repeat(*, actor: Membership, recurrence_id: UUID, now: datetime) -> Recurrence:
    """Let a repeat go on from now, in the actor's name: after a pause, after a stop, or when it lost its owner.

    What passed in the meantime is not made up for.
    """
    with transaction.atomic():
        recurrence = _lock(actor, recurrence_id)
        recurrence.decided_until = max(recurrence.decided_until, now)
        recurrence.paused_at = None
        recurrence.save(update_fields=["paused_at", "decided_until"])
        _note(actor, recurrence, "resumed", now)
        return _go_on(actor, recurrence, now)


def end_repeat(*, actor: Membership, recurrence_id: UUID, now: datetime) -> Recurrence:
    """End a repeat for good; what is planned and not on its way is taken back, what went out stays."""
    with transaction.atomic():
        recurrence = _lock(actor, recurrence_id)
        _withdraw_later(actor, recurrence, now)
        recurrence.ended_at = now
        recurrence.save(update_fields=["ended_at"])
        _note(actor, recurrence, "ended", now)
    return recurrence


def skip_occurrence(*, actor: Membership, recurrence_id: UUID, local: str, now: datetime) -> Occurrence:
    """Leave one time out, planned already or not; refused while it is being sent or in doubt."""
    with transaction.atomic():
        recurrence = _lock(actor, recurrence_id)
        row = recurrence.occurrences.filter(local=local).first() or _future_row(recurrence, local, now)
        if row.state == Occurrence.State.PLANNED and not row._state.adding:
            _take_back(actor, row, now)
        row.state = Occurrence.State.SKIPPED
        row.save()
        _note(actor, recurrence, "skipped", now, local=local)
    return row


def unskip_occurrence(*, actor: Membership, recurrence_id: UUID, local: str, now: datetime) -> Occurrence:
    """Bring a skipped time back, if it still lies ahead."""
    with transaction.atomic():
        recurrence = _lock(actor, recurrence_id)
        row = recurrence.occurrences.filter(local=local, state=Occurrence.State.SKIPPED).first()
        if row is None or row.planned_at <= now:
            raise Conflict("occurrence_gone", _("This time has passed, or it was not skipped."))
        row.state = Occurrence.State.WITHDRAWN
        row.save(update_fields=["state"])
        recurrence.decided_until = min(recurrence.decided_until, row.planned_at - timedelta(seconds=1))
        recurrence.save(update_fields=["decided_until"])
        _note(actor, recurrence, "unskipped", now, local=local)
        plan_recurrence(recurrence.id, now=now)
    row.refresh_from_db()
    return row


def move_occurrence(*, actor: Membership, recurrence_id: UUID, local: str, to: datetime, now: datetime) -> Occurrence:
    """Send one planned time at another instant, on all its accounts; the others stay."""
    with transaction.atomic():
        recurrence = _lock(actor, recurrence_id)
        row = recurrence.occurrences.filter(local=local, state=Occurrence.State.PLANNED).first()
        if row is None or row.post_id is None:
            raise Conflict("occurrence_gone", _("This time is not planned any more."))
        for delivery in _open_deliveries(row):
            move_delivery(actor=actor, delivery_id=delivery.id, to=to, now=now)
        row.planned_at = to
        row.save(update_fields=["planned_at"])
        _note(actor, recurrence, "moved", now, local=local, planned_at=to)
    return row


def _accounts(actor: Membership, account_ids: Sequence[UUID]) -> list[Account]:
    accounts = [access_account(actor, each, Ability.PUBLISH) for each in dict.fromkeys(account_ids)]
    if not accounts:
        raise Invalid("no_account", _("No account is chosen."), next_step=_("Choose at least one account."))
    return accounts


def _check_post(post: Post) -> None:
    if post.message_id is not None or post.recipient is not None:
        raise Invalid(
            "answer_repeats", _("An answer to somebody cannot repeat."), kept=_("Your post is kept as a draft.")
        )
    if post.state == PostState.DISCARDED:
        raise Conflict("post_discarded", _("This post was discarded."), next_step=_("Bring it back first."))


def _check_order(order: RepeatOrder, accounts: Sequence[Account], post: Post, now: datetime) -> None:
    try:
        if not occurrences(order.repeat, now, 1):
            raise RuleError("rule_over")
    except RuleError as error:
        raise refused_rule(error) from error
    wrong = [each for each in order.exceptions if not is_local(each)]
    if wrong or len(order.exceptions) > MOST_EXCEPTIONS:
        happened = _("This is no day: %(piece)s") % {"piece": ", ".join(wrong[:3]) or len(order.exceptions)}
        raise Invalid(
            "exception_unreadable", happened, kept=_("Your post is kept as a draft."),
            next_step=_("Write each day as 2026-12-24, or one time of it as 2026-12-24T09:00."),
            fields={"exceptions": happened},
        )  # fmt: skip
    _check_texts(_own_text(post), order.texts, accounts, ())


def _check_texts(own: str, texts: Sequence[str], accounts: Sequence[Account], used: Sequence[str]) -> None:
    """Refuse empty and nearly equal texts where each time needs its own, with the number of the text."""
    if len(texts) > MOST_TEXTS or any(not each.strip() or len(each) > LONGEST_TEXT for each in texts):
        happened = _("At most %(most)d texts, none of them empty.") % {"most": MOST_TEXTS}
        raise Invalid("texts_unusable", happened, kept=_("Nothing was changed."), fields={"texts": happened})
    if not needs_own_text(accounts):
        return
    for number, text in enumerate(texts):
        twin = nearly_same(text, [own, *used, *texts[:number]])
        if twin is not None:
            happened = _("Text %(number)d says nearly the same as “%(other)s”, and a network here forbids that.") % {
                "number": number + 2, "other": twin[:60],
            }  # fmt: skip
            raise Invalid(
                "texts_nearly_same", happened, kept=_("Nothing was changed."),
                next_step=_("Say it in other words. Pluralis never makes variants to slip past a network’s rule."),
                fields={"texts": happened},
            )  # fmt: skip


def _own_text(post: Post) -> str:
    version = next(each for each in post_with_words(post.id).versions.all() if each.account_id is None)
    return version.segments.all()[0].text


def _create(actor: Membership, post: Post, order: RepeatOrder, client_key: str, now: datetime) -> Recurrence:
    return Recurrence.objects.create(
        team_id=actor.team_id,
        post=post,
        client_key=client_key,
        rule=order.rule.strip(),
        zone=order.zone,
        starts_on=order.starts_on,
        local_time=order.repeat.start.time(),
        exceptions=list(order.exceptions),
        missed_policy=order.missed_policy,
        late_limit=order.late_limit,
        override_reason=order.override_reason,
        responsible=actor,
        created_at=now,
        resumed_at=now,
        decided_until=now,
    )


def _write_seats(recurrence: Recurrence, accounts: Sequence[Account]) -> None:
    RecurrenceAccount.objects.bulk_create(
        RecurrenceAccount(team_id=recurrence.team_id, recurrence=recurrence, account=account) for account in accounts
    )


def _write_texts(recurrence: Recurrence, own: str, texts: Sequence[str]) -> None:
    """Keep what was used, replace the rest. Position 0 stands for the post's own words."""
    if not recurrence.texts.filter(position=0).exists():
        RecurrenceText.objects.create(team_id=recurrence.team_id, recurrence=recurrence, position=0, text=own)
    recurrence.texts.filter(uses=0, position__gt=0).delete()
    used = {each.text: each for each in recurrence.texts.filter(position__gt=0)}
    last = recurrence.texts.order_by("-position").values_list("position", flat=True)[0]
    fresh = [each for each in texts if each not in used]
    RecurrenceText.objects.bulk_create(
        RecurrenceText(team_id=recurrence.team_id, recurrence=recurrence, position=position, text=text)
        for position, text in enumerate(fresh, start=last + 1)
    )


def _planned(recurrence: Recurrence, now: datetime) -> Recurrence:
    """Plan a new repeat at once; what stops its very first time is the answer to the person."""
    plan_recurrence(recurrence.id, now=now, strict=True)
    recurrence.refresh_from_db()
    return recurrence


def _go_on(actor: Membership, recurrence: Recurrence, now: datetime) -> Recurrence:
    recurrence.responsible, recurrence.resumed_at = actor, now
    recurrence.save(update_fields=["responsible", "resumed_at"])
    plan_recurrence(recurrence.id, now=now)
    recurrence.refresh_from_db()
    return recurrence


def _lock(actor: Membership, recurrence_id: UUID) -> Recurrence:
    found = access_recurrence(actor, recurrence_id, Ability.PUBLISH)
    recurrence = Recurrence.objects.select_for_update().get(id=found.id)
    if recurrence.ended_at is not None:
        raise Conflict("repeat_ended", _("This repeat has ended."), kept=_("Nothing was changed."),
                       next_step=_("Set up a new one from its post."))  # fmt: skip
    return recurrence


def _withdraw_later(actor: Membership, recurrence: Recurrence, now: datetime) -> None:
    """Take back every later time that is not on its way, and give its text back."""
    later = recurrence.occurrences.filter(state=Occurrence.State.PLANNED, planned_at__gt=now).select_related("text")
    for row in later.filter(post__deliveries__parts__state__in=("waiting", "held", "missed", "refused")).distinct():
        if Part.objects.filter(delivery__post=row.post_id, state__in=(*UNSETTLED, "sent")).exists():
            continue  # it is going out, or has begun to: what is on its way is not called back
        _take_back(actor, row, now)
        row.state = Occurrence.State.WITHDRAWN
        row.save(update_fields=["state"])


def _take_back(actor: Membership, row: Occurrence, now: datetime) -> None:
    for delivery in _open_deliveries(row):
        cancel_delivery(actor=actor, delivery_id=delivery.id, now=now)
    if row.text is not None and row.text.uses:
        RecurrenceText.objects.filter(id=row.text_id).update(uses=row.text.uses - 1)


def _open_deliveries(row: Occurrence) -> list[Delivery]:
    return list(
        Delivery.objects.filter(post=row.post_id).exclude(parts__state__in=("cancelled", "deleted")).distinct()
    )


def _future_row(recurrence: Recurrence, local: str, now: datetime) -> Occurrence:
    """Return the row of a time that is not planned yet."""
    for each in occurrences(recurrence.repeat, now, 400):
        if each.local == local:
            return Occurrence(team_id=recurrence.team_id, recurrence=recurrence, local=local, planned_at=each.at,
                              edge=each.edge.value, created_at=now)  # fmt: skip
    raise Conflict("occurrence_gone", _("This repeat does not come at this time."), kept=_("Nothing was changed."))


def _note(actor: Membership, recurrence: Recurrence, what: str, now: datetime, **data: object) -> None:
    audit.note(f"publishing.recurrence.{what}", team_id=actor.team_id, actor=actor, about=recurrence, now=now, **data)
    note_change(actor.team_id, "repeats", "calendar", f"recurrence:{recurrence.id}")
