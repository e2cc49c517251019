"""What goes out: deliveries, their parts, every attempt, and what holds them."""

from pluralis.publishing.models.corrections import Correction
from pluralis.publishing.models.costs import Budget, Charge
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

__all__ = [
    "STATES",
    "Attempt",
    "AttemptResult",
    "Budget",
    "Charge",
    "Correction",
    "Delivery",
    "Import",
    "ImportContent",
    "ImportRow",
    "ImportState",
    "Instance",
    "Part",
    "StopOrder",
    "Worker",
]
