"""What is read about posts: the words for an account, and what a check says of them before they go out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from pluralis.core import language, privacy, voice
from pluralis.core.findings import Finding, Severity
from pluralis.core.text import Length, measure
from pluralis.core.voice.profile import DEFAULT_SEVERITIES
from pluralis.networks.contract import Limits, Outgoing, Poll, Price, Prices, Reference
from pluralis.posts.drafts import Draft, DraftSegment, DraftVersion
from pluralis.posts.media_limits import FILM_ADVICE, picture_problems
from pluralis.posts.models import Media, Post, PostState, Segment
from pluralis.posts.polls import poll_problems, read_poll
from pluralis.teams.access import Ability, may
from pluralis.teams.models import Account, Membership
from pluralis.teams.queries import network_of, privacy_of, public_access_of

DRAFTS = (PostState.DRAFT, PostState.SUBMITTED, PostState.APPROVED)


@dataclass(frozen=True, slots=True)
class SegmentCheck:
    """One message on one account: its length by that network's rule, and what is to be said about it.

    ``findings`` are places in the text; ``problems`` are (code, number) pairs about the whole message: too many
    pictures, a picture too large, no text for those who cannot see, nothing at all.
    """

    text: str
    length: Length
    findings: tuple[Finding, ...]
    problems: tuple[tuple[str, int], ...]
    rewritten: str | None
    price: Price | None = None
    poll: Poll | None = None

    @property
    def blocked(self) -> bool:
        """Whether the message may not go out as it is."""
        stops = any(finding.severity is Severity.STOP for finding in self.findings)
        return stops or not self.length.fits or any(code not in ADVICE for code, _number in self.problems)


ADVICE = frozenset({"no_alt_text", *FILM_ADVICE})
"""Problems that are told and stop nothing."""


def drafts_of(actor: Membership, size: int = 50) -> list[Post]:
    """Return the drafts the actor may see, newest first, with their texts. Three queries."""
    return list(_with_words(_drafts(actor)).order_by("-updated_at")[:size])


def draft_count(actor: Membership) -> int:
    """Return how many drafts the actor may see. One query."""
    return _drafts(actor).count()


def _drafts(actor: Membership) -> QuerySet[Post]:
    posts = Post.objects.filter(team=actor.team_id, state__in=DRAFTS)
    return posts if may(actor, Ability.VIEW) else posts.filter(author=actor)


def post_with_words(post_id: UUID) -> Post:
    """Return a post with its versions, segments and pictures. Five queries."""
    return _with_words(Post.objects.filter(id=post_id)).get()


def posts_with_words(post_ids: Iterable[UUID]) -> list[Post]:
    """Return posts with their versions, segments and pictures. Five queries."""
    return list(_with_words(Post.objects.filter(id__in=list(post_ids))))


def _with_words(posts: QuerySet[Post]) -> QuerySet[Post]:
    segments = Segment.objects.order_by("position").prefetch_related("pictures__media")
    return posts.prefetch_related(Prefetch("versions__segments", queryset=segments)).select_related("author__user")


def segments_for(post: Post, account: Account) -> list[Segment]:
    """Return the messages a post sends on an account: its own version, else the one for all. No query after
    :func:`post_with_words`."""
    versions = {version.account_id: version for version in post.versions.all()}
    version = versions.get(account.id) or versions[None]
    return list(version.segments.all())


def draft_segments_for(draft: Draft, account_id: UUID) -> tuple[DraftSegment, ...]:
    """Return the messages a draft sends on an account. No query."""
    versions = {version.account_id: version.segments for version in draft.versions}
    return versions.get(account_id) or versions[None]


def preview(
    draft: Draft, accounts: Iterable[Account], media: dict[UUID, Media]
) -> dict[UUID, tuple[SegmentCheck, ...]]:
    """Return what each account would send, measured and checked. No query."""
    return {
        account.id: tuple(
            check_segment(
                segment.text,
                [media[each] for each in segment.media_ids if each in media],
                account,
                draft,
                segment.poll,
            )
            for segment in draft_segments_for(draft, account.id)
        )
        for account in accounts
    }


def check_segment(
    text: str, pictures: Sequence[Media], account: Account, draft: Draft, poll: Poll | None = None
) -> SegmentCheck:
    """Measure and check one message for one account. No query; reads packaged word lists on first use."""
    limits = network_of(account).connector.limits(public_access_of(account))
    code = draft.language or language.identify(text, prior=[account.language] if account.language else None).code
    spoken = voice.check(text, language=code, profile=voice_of(account))
    rules = privacy_of(account.team)
    data = privacy.find(text, language=code, references=rules.references, allow=rules.allow)
    found = privacy.findings(data, public=draft.visibility != "direct")
    return SegmentCheck(
        text=text,
        length=measure(text, limits.counting),
        findings=tuple(sorted((*spoken.findings, *found), key=lambda finding: finding.start)),
        problems=tuple(_problems(text, pictures, limits, poll)),
        poll=poll,
        rewritten=spoken.rewritten,
        price=price_of(text, account, draft),
    )


def price_of(text: str, account: Account, draft: Draft) -> Price | None:
    """Return what sending a message costs where the network is paid by use. No query."""
    connector = network_of(account).connector
    if not isinstance(connector, Prices):
        return None
    reply_to: dict[str, Any] = draft.reply_to or {}
    answered = reply_to and Reference(reply_to["remote_id"], reply_to.get("extra", {}))
    outgoing = Outgoing(text, "", timezone.now(), reply_to=answered or None, visibility=draft.visibility)  # type: ignore[arg-type]
    return connector.price(public_access_of(account), outgoing)


def voice_of(account: Account) -> voice.VoiceProfile:
    """Return the voice an account speaks with: the default of its part to play, and what its team chose."""
    chosen = account.voice
    profile = voice.VoiceProfile.for_account("persona" if chosen.get("persona") else account.kind)
    rules = {
        rule: Severity(word) for rule, word in chosen.get("severities", {}).items() if rule in DEFAULT_SEVERITIES
    }
    return replace(
        profile,
        languages=tuple(chosen.get("languages") or profile.languages),
        banned=tuple(chosen.get("banned", ())),
        preferred=dict(chosen.get("preferred", {})),
        sign_off=chosen.get("sign_off", ""),
        emoji=chosen.get("emoji") or profile.emoji,
        hashtags=chosen.get("hashtags") or profile.hashtags,
        allowed=(*profile.allowed, *chosen.get("allowed", ())),
        severities=rules,
    )


def _problems(text: str, pictures: Sequence[Media], limits: Limits, poll: Poll | None) -> Iterable[tuple[str, int]]:
    if not text.strip() and not pictures:
        yield "nothing_to_say", 0
    if poll is not None:
        yield from poll_problems(poll, text, len(pictures), limits.poll)
    yield from picture_problems(pictures, limits)


def draft_from(post: Post) -> Draft:
    """Return a saved post as the draft it came from. No query after ``post_with_words``."""
    versions = sorted(post.versions.all(), key=lambda one: one.account_id is not None)
    return Draft(
        versions=tuple(
            DraftVersion(
                tuple(
                    DraftSegment(
                        one.text, tuple(picture.media_id for picture in one.pictures.all()), read_poll(one.poll)
                    )
                    for one in version.segments.all()
                ),
                version.account_id,
            )
            for version in versions
        ),
        language=post.language,
        visibility=post.visibility,
        reply_to=post.reply_to,
        quote=post.quote,
        message_id=post.message_id,
        recipient=post.recipient,
    )
