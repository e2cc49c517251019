"""When a repeat falls: RFC 5545 rules by wall clock in a named zone, and what to do when a clock changes."""

from pluralis.core.schedule.clock import Edge, Moment, instant_at, zone_named
from pluralis.core.schedule.occurrences import LOCAL, Occurrence, Repeat, is_local, occurrences
from pluralis.core.schedule.planning import AHEAD, Outlook, look_ahead
from pluralis.core.schedule.rules import Rule, RuleError, parse_rule
from pluralis.core.schedule.sameness import nearly_same
from pluralis.core.schedule.slots import Slot, slot_times
from pluralis.core.schedule.summary import summary

__all__ = [
    "AHEAD",
    "LOCAL",
    "Edge",
    "Moment",
    "Occurrence",
    "Outlook",
    "Repeat",
    "Rule",
    "RuleError",
    "Slot",
    "instant_at",
    "is_local",
    "look_ahead",
    "nearly_same",
    "occurrences",
    "parse_rule",
    "slot_times",
    "summary",
    "zone_named",
]
