"""What goes out: deliveries, their parts, every attempt, and what holds them."""

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
    "Delivery",
    "Instance",
    "Part",
    "StopOrder",
    "Worker",
]
