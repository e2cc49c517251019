"""Which conversation a message belongs to, and whose turn it is after it."""

from dataclasses import dataclass

from pluralis.core.states import ConversationState


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands on its network: its own id, what it answers, the network's thread, who wrote it."""

    remote_id: str
    author_id: str
    private: bool
    in_reply_to_id: str | None = None
    thread: str | None = None


FOUND = frozenset({"search", "hashtag"})
"""The kinds of message that were looked for: their authors did not write to us."""


def conversation_key(place: Place) -> str:
    """Return the key of a message's conversation, unique within an account.

    Private messages with one person are one conversation. In public it is the network's thread *and* the person,
    since two customers under one of our posts are two conversations; without a thread, the message itself starts
    one. A message that answers one we know joins that conversation instead: the caller looks that up first.
    """
    if place.private:
        return f"direct:{place.author_id}"
    return f"thread:{place.thread or place.remote_id}:{place.author_id}"


def after_incoming(state: ConversationState, *, do_not_engage: bool, asks: bool = True) -> ConversationState:
    """Return the state after somebody wrote to us: open, unless the contact is closed by *do not engage*.

    What only was looked for (not ``asks``) moves nothing: nobody waits for an answer to it.
    """
    if not asks:
        return state
    if do_not_engage and state is ConversationState.RESOLVED:
        return ConversationState.RESOLVED
    return ConversationState.OPEN


def after_answer(state: ConversationState) -> ConversationState:
    """Return the state after we answered: it is their turn; what was resolved stays so."""
    return state if state is ConversationState.RESOLVED else ConversationState.WAITING
