"""When a repeat falls: RFC 5545 rules by wall clock in a named zone, and what to do when a clock changes."""

from pluralis.core.schedule.clock import Edge, Moment, instant_at, zone_named
from pluralis.core.schedule.occurrences import Occurrence, Repeat, is_local, occurrences
from pluralis.core.schedule.rules import Rule, RuleError, parse_rule
from pluralis.core.schedule.sameness import nearly_same
from pluralis.core.schedule.summary import summary

__all__ = [
    "Edge",
    "Moment",
    "Occurrence",
    "Repeat",
    "Rule",
    "RuleError",
    "instant_at",
    "is_local",
    "nearly_same",
    "occurrences",
    "parse_rule",
    "summary",
    "zone_named",
]
