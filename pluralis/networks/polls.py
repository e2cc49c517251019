"""A question with answers to choose from, and what a network takes of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Poll:
    """What a post asks: its answers in order, for how many minutes, and whether several may be chosen."""

    options: tuple[str, ...]
    minutes: int
    multiple: bool = False


@dataclass(frozen=True, slots=True)
class PollLimits:
    """What a poll may be where a post takes one: 2 to ``options`` answers, ``characters`` each, below words.

    No network here takes pictures beside a poll.
    """

    options: int
    characters: int
    least_minutes: int
    most_minutes: int
    multiple: bool
