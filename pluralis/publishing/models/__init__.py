"""What goes out: deliveries, their parts, every attempt, and what holds them."""

from pluralis.publishing.models.ahead import BareLink, Card, Upload
from pluralis.publishing.models.corrections import Correction
from pluralis.publishing.models.costs import Budget, Charge, Overrun
from pluralis.publishing.models.imports import Import, ImportContent, ImportRow, ImportState
from pluralis.publishing.models.parts import (
    STATES,
    Attempt,
    AttemptResult,
    Delivery,
    Instance,
    Part,
    StopOrder,
    Worker,
)
from pluralis.publishing.models.recurrences import Occurrence, Recurrence, RecurrenceAccount, RecurrenceText
from pluralis.publishing.models.slots import Evergreen, QueuedDelivery, QueueSlot, SlotFill

__all__ = [
    "STATES",
    "Attempt",
    "AttemptResult",
    "BareLink",
    "Budget",
    "Card",
    "Charge",
    "Correction",
    "Delivery",
    "Evergreen",
    "Import",
    "ImportContent",
    "ImportRow",
    "ImportState",
    "Instance",
    "Occurrence",
    "Overrun",
    "Part",
    "QueueSlot",
    "QueuedDelivery",
    "Recurrence",
    "RecurrenceAccount",
    "RecurrenceText",
    "SlotFill",
    "StopOrder",
    "Upload",
    "Worker",
]
