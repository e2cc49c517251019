"""What a person hands in when they save a post: plain values, checked before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from pluralis.networks.contract import Poll
from pluralis.teams.errors import Invalid

LONGEST_TEXT = 100_000
MOST_SEGMENTS = 25
MOST_PICTURES = 4
MOST_OPTIONS = 10
LONGEST_OPTION = 200
LONGEST_POLL = 366 * 24 * 60  # minutes


@dataclass(frozen=True, slots=True)
class DraftSegment:
    """One message: its text, the ids of its pictures in order, and what it asks."""

    text: str
    media_ids: tuple[UUID, ...] = ()
    poll: Poll | None = None


@dataclass(frozen=True, slots=True)
class DraftVersion:
    """The segments for one account, or for all that have no version of their own (``account_id`` None)."""

    segments: tuple[DraftSegment, ...]
    account_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole post as it was typed. ``reply_to`` is the network's reference of the message it answers.

    ``quote`` is the reference of the post it quotes; ``message_id`` our own id of what it answers.
    """

    versions: tuple[DraftVersion, ...]
    language: str = ""
    visibility: str = "public"
    reply_to: dict[str, object] | None = None
    quote: dict[str, object] | None = None
    message_id: UUID | None = None
    recipient: dict[str, str] | None = field(default=None)


def one_text(text: str, *, media_ids: Sequence[UUID] = ()) -> Draft:
    """Return the simplest draft: one message, the same for every account."""
    return Draft(versions=(DraftVersion((DraftSegment(text, tuple(media_ids)),)),))


def check_draft(draft: Draft) -> None:
    """Raise :class:`Invalid` for what cannot be stored: nothing of the draft is lost, the page still holds it."""
    if not draft.versions or draft.versions[0].account_id is not None:
        raise Invalid("no_text", _("There is no text for all accounts yet."), kept=_("Your draft is kept."))
    for version in draft.versions:
        if not 1 <= len(version.segments) <= MOST_SEGMENTS:
            raise Invalid(
                "too_many_segments",
                _("A thread has 1 to %(most)d messages.") % {"most": MOST_SEGMENTS},
                kept=_("Your draft is kept."),
                next_step=_("Make two posts of it."),
            )
        for segment in version.segments:
            _check_segment(segment)


def _check_segment(segment: DraftSegment) -> None:
    if len(segment.text) > LONGEST_TEXT:
        raise Invalid(
            "text_too_long",
            _("This text has %(count)d characters; Pluralis keeps at most %(most)d.")
            % {"count": len(segment.text), "most": LONGEST_TEXT},
            kept=_("The last saved version is kept."),
            next_step=_("Shorten it, or split it into a thread."),
        )
    if "\x00" in segment.text or any("\ud800" <= each <= "\udfff" for each in segment.text):
        raise Invalid(
            "text_damaged",
            _("This text holds characters that no network accepts (half of a symbol, or a null)."),
            kept=_("The last saved version is kept."),
            next_step=_("Paste it again from its source, or retype the place."),
        )
    if segment.poll is not None:
        _check_poll(segment.poll)
    if len(segment.media_ids) > MOST_PICTURES:
        raise Invalid(
            "too_many_pictures",
            _("A message takes at most %(most)d pictures.") % {"most": MOST_PICTURES},
            kept=_("Your draft is kept."),
            next_step=_("Remove some."),
        )


def _check_poll(poll: Poll) -> None:
    """Raise :class:`Invalid` for a poll that no network could take; what fits which network is told beside it."""
    strange = any("\x00" in one or len(one) > LONGEST_OPTION for one in poll.options)
    if strange or len(poll.options) > MOST_OPTIONS or not 1 <= poll.minutes <= LONGEST_POLL:
        raise Invalid(
            "poll_refused",
            _("A poll has at most %(most)d answers of %(longest)d characters and ends within a year.")
            % {"most": MOST_OPTIONS, "longest": LONGEST_OPTION},
            kept=_("Your draft is kept."),
            next_step=_("Shorten it."),
        )
