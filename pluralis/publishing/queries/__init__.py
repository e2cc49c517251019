"""What is read about deliveries and parts: the calendar, the queue, what needs a person."""

from pluralis.publishing.queries.parts import (
    NEEDS_A_PERSON,
    QUEUE_PAGE,
    calendar_between,
    demo_problem,
    held_after_restore,
    history_of,
    instance_row,
    living_workers,
    parts_of,
    queue_page,
    sent_page,
    waiting_for_a_person,
)

__all__ = [
    "NEEDS_A_PERSON",
    "QUEUE_PAGE",
    "calendar_between",
    "demo_problem",
    "held_after_restore",
    "history_of",
    "instance_row",
    "living_workers",
    "parts_of",
    "queue_page",
    "sent_page",
    "waiting_for_a_person",
]
