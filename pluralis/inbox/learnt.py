"""The sorting a team has taught: its own weights over the shipped model, read once per process and lesson."""

from dataclasses import replace
from functools import lru_cache
from uuid import UUID

from pluralis.core.triage import TriageModel, packaged_model
from pluralis.core.triage.overlay import Overlay
from pluralis.inbox.models import Lesson

MOST_HELD = 64


def model_of(team_id: UUID) -> TriageModel | None:
    """Return what a team's lesson in use makes of the shipped model; ``None`` for the model as shipped. One query,
    two when a lesson is met for the first time."""
    lesson_id = Lesson.objects.filter(team=team_id, in_use=True).values_list("id", flat=True).first()
    return _taught(lesson_id) if lesson_id is not None else None


@lru_cache(MOST_HELD)
def _taught(lesson_id: UUID) -> TriageModel:
    weights = Lesson.objects.values_list("overlay", flat=True).get(id=lesson_id)
    return replace(packaged_model(), overlay=Overlay.from_dict(weights or {}))
