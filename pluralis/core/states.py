"""Declared states: which there are, which moves are legal, and nothing else can be written.

The tables are the ones of the promises (``docs/explanation/promises.md``). ``held -> sent`` is ours: a part that a
person finished by hand is *held (by hand)* until it is found in the account's own timeline, and only that reason
may take the move.
"""

from enum import StrEnum


class PartState(StrEnum):
    """Where a part is on its way out."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"
    DELETED = "deleted"


class ConversationState(StrEnum):
    """Whose turn it is in a conversation."""

    OPEN = "open"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


class HoldReason(StrEnum):
    """Why a part is held; shown to a person with the way on."""

    DISCONNECTED = "disconnected"
    STOPPED = "stopped"
    PAUSED = "paused"
    RESTORED = "restored"
    BY_HAND = "by_hand"
    CHANGED = "changed"
    THREAD_BROKEN = "thread_broken"
    OVER_BUDGET = "over_budget"


_P = PartState
PART_MOVES: dict[PartState, frozenset[PartState]] = {
    _P.WAITING: frozenset({_P.SENDING, _P.HELD, _P.MISSED, _P.CANCELLED}),
    _P.SENDING: frozenset({_P.SENT, _P.REFUSED, _P.UNCONFIRMED, _P.WAITING, _P.HELD}),
    _P.HELD: frozenset({_P.WAITING, _P.MISSED, _P.CANCELLED, _P.SENT}),
    _P.REFUSED: frozenset({_P.WAITING, _P.CANCELLED}),
    _P.MISSED: frozenset({_P.WAITING, _P.CANCELLED}),
    _P.UNCONFIRMED: frozenset({_P.SENT, _P.WAITING, _P.CANCELLED}),
    _P.SENT: frozenset({_P.DELETED}),
    _P.CANCELLED: frozenset(),
    _P.DELETED: frozenset(),
}

_C = ConversationState
CONVERSATION_MOVES: dict[ConversationState, frozenset[ConversationState]] = {
    _C.OPEN: frozenset({_C.WAITING, _C.SNOOZED, _C.RESOLVED}),
    _C.WAITING: frozenset({_C.OPEN, _C.SNOOZED, _C.RESOLVED}),
    _C.SNOOZED: frozenset({_C.OPEN, _C.RESOLVED}),
    _C.RESOLVED: frozenset({_C.OPEN}),
}


class IllegalMove(ValueError):
    """A move that is not declared; a fault of the program, never of a person."""


def check_part_move(before: PartState, after: PartState) -> None:
    """Raise :class:`IllegalMove` unless a part may go from ``before`` to ``after``."""
    if after not in PART_MOVES[before]:
        raise IllegalMove(f"a part cannot go from {before} to {after}")


def check_conversation_move(before: ConversationState, after: ConversationState) -> None:
    """Raise :class:`IllegalMove` unless a conversation may go from ``before`` to ``after``."""
    if after not in CONVERSATION_MOVES[before]:
        raise IllegalMove(f"a conversation cannot go from {before} to {after}")


def _complete(moves: dict, states: type[StrEnum]) -> None:  # type: ignore[type-arg]
    """Refuse at import a table that forgets a state."""
    missing = set(states) - set(moves)
    if missing:
        raise RuntimeError(f"states without declared moves: {missing}")


_complete(PART_MOVES, PartState)
_complete(CONVERSATION_MOVES, ConversationState)
