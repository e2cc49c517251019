"""What is shown of messages that their authors changed or deleted."""

from collections.abc import Iterable
from uuid import UUID

from pluralis.inbox.models import Message, MessageRevision
from pluralis.inbox.reading import masked_text


def show_changes(messages: Iterable[Message], *, masked: bool) -> bool:
    """Give edited messages their former words in memory (``former``, oldest first), and deleted ones none at all.

    ``masked`` hides personal data in the former words too; says whether there was any. One query where something was
    edited, else none.
    """
    edited: dict[UUID, list[MessageRevision]] = {}
    for message in messages:
        if message.deleted_at is not None:
            message.text, message.media = "", []
        elif message.edited_at is not None:
            message.former = edited[message.id] = []  # type: ignore[attr-defined]
    hidden = False
    revisions = MessageRevision.objects.filter(message__in=edited).order_by("seen_at", "id") if edited else ()
    for revision in revisions:
        if masked and revision.personal_data:
            hidden = True
            revision.text = masked_text(revision.text, revision.personal_data)
        edited[revision.message_id].append(revision)
    return hidden
