"""What the sorting of messages learnt from the team: corrections, lessons with their figures, and the way back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pluralis.inbox import actions, queries
from pluralis.teams.access import Ability, may, require, valid_id
from pluralis.web.gates import SeatedRequest, back, seated
from pluralis.web.words import SORTS

REFUSALS: dict[str, Any] = {
    "too_few": gettext_lazy("There were too few corrections."),
    "worse": gettext_lazy("The part that was held back would have got worse."),
    "not_learnable": gettext_lazy("These labels cannot be told from their texts better than by chance."),
    "contradicts": gettext_lazy("More than half of the corrections contradict what is sure."),
    "unlearns": gettext_lazy("What is right today would have been unlearnt."),
}


@seated
def sorting(request: SeatedRequest) -> HttpResponseBase:
    """The page: what was corrected, what was learnt, before and after."""
    require(request.membership, Ability.VIEW)
    lessons = queries.lessons_of(request.membership)
    for lesson in lessons:
        lesson.why = REFUSALS.get(lesson.refusal, lesson.refusal)  # type: ignore[attr-defined]
        lesson.usable = lesson.done_at is not None and not lesson.refusal  # type: ignore[attr-defined]
    found = queries.taught(request.membership)
    context = {
        "taught": found,
        "pairs": [(SORTS.get(old, old), SORTS.get(new, new), many) for old, new, many in found.pairs],
        "lessons": lessons,
        "waiting": any(lesson.done_at is None for lesson in lessons),
        "in_use": next((lesson for lesson in lessons if lesson.in_use), None),
        "may_teach": may(request.membership, Ability.OVERRIDE),
    }
    return render(request, "settings/sorting.html", context)


@require_POST
@seated
def learn(request: SeatedRequest) -> HttpResponseBase:
    """Ask for a lesson."""
    actions.ask_lesson(actor=request.membership, now=timezone.now())
    messages.success(request, _("Learning. It takes some seconds; the figures stand here then."))
    return redirect("settings_sorting")


@require_POST
@seated
def use(request: SeatedRequest) -> HttpResponseBase:
    """Go back to an earlier lesson, or to the sorting as shipped."""
    wanted = request.POST.get("lesson", "")
    lesson_id = valid_id(wanted) if wanted else None
    actions.use_lesson(actor=request.membership, lesson_id=lesson_id, now=timezone.now())
    messages.success(request, _("New messages are sorted so from now on. Your corrections are kept."))
    return redirect("settings_sorting")


@require_POST
@seated
def correct(request: SeatedRequest, message_id: UUID) -> HttpResponseBase:
    """Say what a message really is."""
    label = request.POST.get("label", "")
    kept = actions.correct_label(actor=request.membership, message_id=message_id, label=label, now=timezone.now())
    messages.success(request, _("Sorted as “%(label)s”. The sorting learns from it.") % {"label": SORTS[label]})
    return redirect(back(request, reverse("conversation", args=[kept.message.conversation_id])))
