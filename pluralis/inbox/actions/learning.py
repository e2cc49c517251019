"""Correct a label, learn from the corrections, and go back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis import jobs
from pluralis.core import triage
from pluralis.inbox.access import access_lesson, access_message
from pluralis.inbox.models import Conversation, Correction, Lesson, Message
from pluralis.teams import audit
from pluralis.teams.access import Ability, require
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Invalid
from pluralis.teams.ids import new_id
from pluralis.teams.models import Membership


def correct_label(*, actor: Membership, message_id: UUID, label: str, now: datetime) -> Correction:
    """Say what a message really is: it is shown so at once, and kept for the next lesson.

    ``label`` is one of the triage labels. Correcting again replaces the correction; what the program first proposed
    stays beside it. Raises :class:`Invalid` for another label, and for an answer of ours.
    """
    message = access_message(actor, message_id, Ability.ANSWER)
    if label not in triage.LABELS or message.direction != "in":
        raise Invalid("no_label", _("This is no label for this message."), kept=_("Nothing was changed."))
    with transaction.atomic():
        message = Message.objects.select_for_update().get(id=message.id)
        kept, _new = Correction.objects.update_or_create(
            message=message,
            defaults={"label": label, "member": actor, "corrected_at": now},
            create_defaults={
                "id": new_id(), "team_id": actor.team_id, "proposed": message.triage.get("label", ""), "label": label,
                "member": actor, "corrected_at": now,
            },
        )  # fmt: skip
        message.triage = {**message.triage, "label": label, "corrected": True}
        message.save(update_fields=["triage"])
        _show(message, label)
        audit.note("inbox.message.corrected", team_id=actor.team_id, actor=actor, about=message, now=now, label=label,
                   proposed=kept.proposed)  # fmt: skip
        topics = (f"conversation:{message.conversation_id}", f"inbox:{message.account_id}", "inbox")
        note_change(actor.team_id, *topics)
    return kept


def _show(message: Message, label: str) -> None:
    """The newest message of theirs gives the conversation its label."""
    newest = Message.objects.filter(conversation=message.conversation_id, direction="in").order_by(
        "-created_at", "-id"
    )
    if newest.values_list("id", flat=True).first() == message.id:
        Conversation.objects.filter(id=message.conversation_id).update(label=label)


def ask_lesson(*, actor: Membership, now: datetime) -> Lesson:
    """Have the program learn from every correction of the team; it takes seconds, and a worker does it.

    While one lesson is asked for, asking again returns it.
    """
    require(actor, Ability.OVERRIDE)
    with transaction.atomic():
        waiting = Lesson.objects.filter(team=actor.team_id, done_at__isnull=True).first()
        if waiting is not None:
            return waiting
        lesson = Lesson.objects.create(id=new_id(), team_id=actor.team_id, asked_by=actor, asked_at=now)
        jobs.defer("learn_lesson", queue=jobs.UPKEEP, lesson_id=str(lesson.id))
        audit.note("inbox.lesson.asked", team_id=actor.team_id, actor=actor, about=lesson, now=now)
        note_change(actor.team_id, "lessons")
    return lesson


def learn_lesson(lesson_id: UUID, now: datetime) -> Lesson:
    """Learn, outside any transaction; keep the result, and use it if it is better. A second run changes nothing."""
    lesson = Lesson.objects.get(id=lesson_id)
    if lesson.done_at is not None:
        return lesson
    learned = triage.learn(examples_of(lesson.team_id))
    with transaction.atomic():
        lesson = Lesson.objects.select_for_update().get(id=lesson_id)
        if lesson.done_at is not None:
            return lesson
        _write(lesson, learned, now)
        if learned.accepted:
            _use(lesson.team_id, lesson)
        audit.note(
            "inbox.lesson.learnt" if learned.accepted else "inbox.lesson.refused",
            team_id=lesson.team_id, about=lesson, now=now, before=learned.before, after=learned.after,
        )  # fmt: skip
        note_change(lesson.team_id, "lessons")
    return lesson


def use_lesson(*, actor: Membership, lesson_id: UUID | None, now: datetime) -> None:
    """Go back to an earlier lesson, or with ``None`` to the sorting as shipped. Corrections are kept either way."""
    require(actor, Ability.OVERRIDE)
    lesson = access_lesson(actor, lesson_id) if lesson_id else None
    if lesson is not None and lesson.overlay is None:
        raise Conflict("not_learnt", _("Nothing was learnt in this lesson."), kept=_("Nothing was changed."))
    with transaction.atomic():
        _use(actor.team_id, lesson)
        audit.note("inbox.lesson.chosen", team_id=actor.team_id, actor=actor, about=lesson, now=now)
        note_change(actor.team_id, "lessons")


def examples_of(team_id: UUID) -> list[triage.Correction]:
    """Return the newest corrections whose words are still kept, oldest first. One query."""
    rows = Correction.objects.filter(team=team_id, message__masked_at__isnull=True).exclude(message__text="")
    newest = rows.order_by("-corrected_at").values_list("message__text", "label", "message__language")[:5_000]
    return [triage.Correction(text, label, language or None) for text, label, language in reversed(newest)]


def _write(lesson: Lesson, learned: triage.Learned, now: datetime) -> None:
    overlay = learned.model.overlay
    lesson.overlay = overlay.to_dict() if learned.accepted and overlay else None
    lesson.examples, lesson.held_back = learned.examples, learned.held_back
    lesson.before, lesson.after = learned.before, learned.after
    lesson.reference_before, lesson.reference_after = learned.reference_before, learned.reference_after
    lesson.refusal, lesson.done_at = learned.refusal or "", now
    lesson.save()


def _use(team_id: UUID, lesson: Lesson | None) -> None:
    Lesson.objects.filter(team=team_id, in_use=True).update(in_use=False)
    if lesson is not None:
        Lesson.objects.filter(id=lesson.id).update(in_use=True)
        lesson.in_use = True
