"""What is looked at before a post is put on its road: lengths, findings, pictures, and doubles made by people."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pluralis.core.findings import Severity
from pluralis.core.text import canonical
from pluralis.posts.drafts import Draft, DraftSegment, DraftVersion
from pluralis.posts.models import Post
from pluralis.posts.polls import read_poll
from pluralis.posts.queries import ADVICE, SegmentCheck, check_segment, segments_for
from pluralis.publishing.models import Delivery, Part
from pluralis.teams.access import Ability, may
from pluralis.teams.errors import Conflict, Invalid, Text
from pluralis.teams.models import Account, Membership
from pluralis.teams.queries import network_of

SAME_TEXT = timedelta(hours=24)
ON_ITS_WAY = ("waiting", "sending", "sent", "unconfirmed", "held")


@dataclass(frozen=True, slots=True)
class Confirmations:
    """The questions a person has answered with yes, and the reason for overriding *stop* findings."""

    same_text: bool = False
    second_answer: bool = False
    override_reason: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks let pass only because a person with that right said so, by rule."""

    overridden: tuple[str, ...] = field(default=())


PROBLEMS: dict[str, Text] = {
    "nothing_to_say": gettext_lazy("There is no text and no picture."),
    "too_many_pictures": gettext_lazy("There are more pictures than this network takes."),
    "picture_too_large": gettext_lazy("A picture is too large for this network."),
    "picture_type": gettext_lazy("This network does not take pictures of this kind."),
    "alt_text_too_long": gettext_lazy("The description of a picture is too long."),
    "no_alt_text": gettext_lazy("A picture has no description for people who cannot see it."),
    "film_not_alone": gettext_lazy("A film goes out alone, without pictures and other films."),
    "no_films": gettext_lazy("This network takes no films."),
    "film_too_large": gettext_lazy("The film is too large for this network."),
    "film_type": gettext_lazy("This network does not take films of this kind."),
    "film_too_long": gettext_lazy("The film is too long for this network."),
    "film_length_unknown": gettext_lazy("The film does not tell how long it runs."),
    "film_codec": gettext_lazy("The film is packed in a way that this network may not play."),
    "film_not_described": gettext_lazy("This network keeps no description of a film."),
    "film_uncleaned": gettext_lazy("The film may still tell where it was taken."),
    "no_polls": gettext_lazy("This network has no polls."),
    "poll_without_words": gettext_lazy("A poll needs words above it."),
    "poll_with_pictures": gettext_lazy("A poll goes out without pictures."),
    "poll_too_few": gettext_lazy("A poll needs two answers to choose from."),
    "poll_too_many": gettext_lazy("The poll has more answers than this network takes."),
    "poll_option_too_long": gettext_lazy("An answer of the poll is too long for this network."),
    "poll_option_twice": gettext_lazy("Two answers of the poll are the same."),
    "poll_too_short": gettext_lazy("The poll ends too soon for this network."),
    "poll_too_long": gettext_lazy("The poll runs too long for this network."),
    "poll_one_choice": gettext_lazy("On this network a poll has one choice."),
}


def check_before_scheduling(
    post: Post, accounts: Sequence[Account], confirmed: Confirmations, actor: Membership, now: datetime
) -> Checked:
    """Return what was overridden. Raises :class:`Invalid` or :class:`Conflict` with every reason at once."""
    _check_second_answer(post, confirmed)
    _check_twins_among(post, accounts)
    reasons, overridden = look_over(post, accounts)
    if not confirmed.same_text:
        for account in accounts:
            _check_same_text(post, account, now)
    if overridden and not (confirmed.override_reason and may(actor, Ability.OVERRIDE)):
        reasons |= {f"rule:{rule}": stopped_text(rule) for rule in overridden}
    if reasons:
        raise Invalid(
            "cannot_go_out",
            _("This post cannot go out like this."),
            kept=_("It is kept as a draft."),
            next_step=_("Mend the marked places and schedule it again."),
            fields=reasons,
        )
    return Checked(tuple(sorted(set(overridden))))


def look_over(post: Post, accounts: Sequence[Account]) -> tuple[dict[str, Text], list[str]]:
    """Return by place why a post cannot go out on the accounts, and the rules that stop it unless overridden."""
    reasons: dict[str, Text] = {}
    stopped: list[str] = []
    for account in accounts:
        for segment in segments_for(post, account):
            pictures = [each.media for each in segment.pictures.all()]
            check = check_segment(segment.text, pictures, account, _draft(post), read_poll(segment.poll))
            reasons |= _refusals(check, account, segment.position)
            stopped += [each.rule for each in check.findings if each.severity is Severity.STOP]
    return reasons, stopped


def stopped_text(rule: str) -> Text:
    """Return the sentence that says why a rule stops a post."""
    if rule.startswith("personal_data"):
        return _("It holds personal data that everybody would see.")
    return _("It breaks a rule of the account's voice: %(rule)s.") % {"rule": rule.replace("_", " ")}


def _refusals(check: SegmentCheck, account: Account, position: int) -> dict[str, Text]:
    place = f"{account.id}:{position}"
    found: dict[str, Text] = {
        f"{place}:{code}": PROBLEMS[code] for code, _number in check.problems if code not in ADVICE
    }
    if not check.length.fits:
        found[f"{place}:too_long"] = _("Too long for %(network)s by %(over)d.") % {
            "network": network_of(account).title, "over": -check.length.left,
        }  # fmt: skip
    return found


def _draft(post: Post) -> Draft:
    """Return the options of a saved post that the checks look at."""
    empty = (DraftVersion((DraftSegment(""),)),)
    return Draft(versions=empty, language=post.language, visibility=post.visibility)


def _check_second_answer(post: Post, confirmed: Confirmations) -> None:
    if post.message_id is None or confirmed.second_answer:
        return
    others = Delivery.objects.filter(team=post.team_id, post__message_id=post.message_id, parts__state__in=ON_ITS_WAY)
    if others.exclude(post=post).exists():
        raise Conflict(
            "second_answer",
            _("This message already has an answer."),
            kept=_("Your text is kept."),
            next_step=_("Look at the other answer, then send yours as a second one if it is needed."),
        )


def _check_twins_among(post: Post, accounts: Sequence[Account]) -> None:
    """Refuse the same words on two accounts of the team where the network forbids it."""
    seen: dict[tuple[str, str], Account] = {}
    for account in accounts:
        if not network_of(account).same_text_days or post.message_id is not None:
            continue
        for segment in segments_for(post, account):
            twin = seen.setdefault((account.network, canonical(segment.text)), account)
            if segment.text.strip() and twin.id != account.id:
                raise _same_words(account, twin)


def _same_words(account: Account, twin: Account) -> Invalid:
    return Invalid(
        "same_words_on_two_accounts",
        _("%(network)s forbids the same text on two accounts of one owner (@%(one)s and @%(two)s).")
        % {"network": network_of(account).title, "one": twin.handle, "two": account.handle},
        kept=_("Your text is kept."),
        next_step=_("Write a version of its own for one of them, or let one repost the other."),
    )


def _check_same_text(post: Post, account: Account, now: datetime) -> None:
    recent = Part.objects.filter(account=account, state__in=ON_ITS_WAY, planned_at__gte=now - SAME_TEXT)
    words = {canonical(text) for text in recent.exclude(delivery__post=post).values_list("text", flat=True)[:500]}
    for segment in segments_for(post, account):
        if segment.text.strip() and canonical(segment.text) in words:
            raise same_text(account)


def same_text(account: Account) -> Conflict:
    """Return the question whether the same text shall go out again on an account."""
    return Conflict(
        "same_text",
        _("@%(handle)s has the same text within 24 hours.") % {"handle": account.handle},
        kept=_("Your post is kept as a draft."),
        next_step=_("Change the text, or send it all the same."),
    )
