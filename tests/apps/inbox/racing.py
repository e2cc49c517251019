"""Many members press *claim* at the same instant. For the suite, and for the bench that does it a thousand times."""

from collections.abc import Sequence
from threading import Barrier, Thread
from uuid import UUID

from django.db import connection
from django.utils import timezone

from pluralis.inbox.actions import claim_conversation
from pluralis.teams.errors import Conflict
from pluralis.teams.models import Membership

SECONDS = 120


def race(members: Sequence[Membership], conversation_ids: Sequence[UUID], *, keep: bool = False) -> list[list[UUID]]:
    """Let every member claim every conversation, all of them one conversation at the same instant.

    Returns who was told to have it, by conversation. Whatever else than "somebody is on it" is raised here. With
    ``keep`` everybody has a session of their own all the time, for which the pool must be large enough; without it
    each gives theirs back after a claim, as after a request.
    """
    won: list[list[UUID]] = [[] for _each in conversation_ids]
    failures: list[BaseException] = []
    together = Barrier(len(members))

    def press(member: Membership) -> None:
        try:
            for number, conversation_id in enumerate(conversation_ids):
                together.wait(SECONDS)
                _claim(member, conversation_id, won[number])
                if not keep:
                    connection.close()
        except BaseException as error:
            failures.append(error)
            together.abort()
        finally:
            connection.close()

    threads = [Thread(target=press, args=(member,)) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    if failures:
        raise failures[0]
    return won


def _claim(member: Membership, conversation_id: UUID, won: list[UUID]) -> None:
    try:
        claim_conversation(actor=member, conversation_id=conversation_id, now=timezone.now())
        won.append(member.id)
    except Conflict as error:
        if error.code != "already_claimed":
            raise
