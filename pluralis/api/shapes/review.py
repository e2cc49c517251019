"""Shapes of reviews: a request for approval, what was said of it, and the links that were made for it."""

from rest_framework import serializers

from pluralis.api.shapes.common import AccountBrief, InstantField, MemberBrief, TextField, ZoneField
from pluralis.core.delivery import MissedPolicy
from pluralis.core.review import MOST_APPROVALS, ReviewState
from pluralis.core.wording import Kind
from pluralis.posts.models import Verdict
from pluralis.publishing.models import Delivery

REVIEW_STATES = [(one.value, one.value) for one in ReviewState]
PIECE_KINDS = [(one.value, one.value) for one in Kind]


class SubmitShape(serializers.Serializer):
    """On which accounts and when an approved post shall go out."""

    account_ids = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=50)
    at = InstantField(required=False, help_text="Left out: as soon as it is approved.")
    zone = ZoneField(default="UTC")
    missed_policy = serializers.ChoiceField(Delivery.Missed.choices, default=MissedPolicy.ASK.value)
    late_limit_minutes = serializers.IntegerField(default=120, min_value=1, max_value=7 * 24 * 60)
    confirm_same_text = serializers.BooleanField(default=False)
    note = TextField(default="", allow_blank=True, max_length=4000, help_text="A word for the reviewers.")


class ReviewShape(serializers.Serializer):
    """A request for approval of one wording of a post."""

    id = serializers.UUIDField()
    post_id = serializers.UUIDField()
    revision = serializers.IntegerField()
    state = serializers.ChoiceField(REVIEW_STATES)
    submitted_by = MemberBrief(allow_null=True)
    submitted_at = InstantField()
    note = serializers.CharField()
    wished_at = InstantField(allow_null=True)
    zone = serializers.CharField()
    accounts = AccountBrief(many=True, source="shown_accounts")
    trouble = serializers.CharField(help_text="Why an approved post is not planned; empty when it is.")
    trouble_words = serializers.CharField()


class PieceShape(serializers.Serializer):
    """A stretch of text that stayed, came or went."""

    kind = serializers.ChoiceField(PIECE_KINDS)
    text = serializers.CharField()


class CardChangeShape(serializers.Serializer):
    """What stood on the card below a link, and what stands there now; null where there shall be none."""

    before = serializers.CharField(allow_null=True)
    after = serializers.CharField(allow_null=True)
    other_picture = serializers.BooleanField()


class SegmentChangeShape(serializers.Serializer):
    """How one message changed since the last approval."""

    account_id = serializers.UUIDField(allow_null=True)
    position = serializers.IntegerField()
    new = serializers.BooleanField()
    gone = serializers.BooleanField()
    pictures_changed = serializers.BooleanField()
    card = CardChangeShape(allow_null=True)
    pieces = PieceShape(many=True)


class VerdictShape(serializers.Serializer):
    """What somebody said; ``link_id`` stands where they came by a link."""

    kind = serializers.ChoiceField(Verdict.Kind.choices)
    name = serializers.CharField()
    comment = serializers.CharField()
    override_reason = serializers.CharField()
    member_id = serializers.UUIDField(allow_null=True)
    link_id = serializers.UUIDField(allow_null=True)
    at = InstantField()


class CommentShape(serializers.Serializer):
    """A remark."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    text = serializers.CharField()
    revision = serializers.IntegerField()
    at = InstantField()


class MissingShape(serializers.Serializer):
    """How many approvals an account still needs."""

    account_id = serializers.UUIDField()
    approvals = serializers.IntegerField()


class ApprovalLinkShape(serializers.Serializer):
    """A link for somebody without a seat; its address is never shown again."""

    id = serializers.UUIDField()
    recipient = serializers.CharField()
    created_at = InstantField()
    expires_at = InstantField()
    revoked_at = InstantField(allow_null=True)


class NewLinkShape(ApprovalLinkShape):
    """A link with its address, shown this once."""

    url = serializers.URLField()


class WholeReviewShape(serializers.Serializer):
    """A review with what changed since the last approval, what was said, and what is missing."""

    review = ReviewShape()
    changes = SegmentChangeShape(many=True, source="whole.changes")
    verdicts = VerdictShape(many=True, source="whole.verdicts")
    comments = CommentShape(many=True, source="whole.comments")
    links = ApprovalLinkShape(many=True, source="whole.links")
    missing = MissingShape(many=True)


class ReviewsShape(serializers.Serializer):
    """Which reviews are asked for."""

    of = serializers.ChoiceField(
        [("waiting", "waiting"), ("mine", "mine"), ("open", "open")], default="waiting",
        help_text="*waiting*: for my word; *mine*: handed in by me; *open*: all that are not settled.",
    )  # fmt: skip


class ApproveShape(serializers.Serializer):
    """An approval. ``at`` is a new time, where the wished one has passed."""

    comment = TextField(default="", allow_blank=True, max_length=4000)
    override_reason = TextField(
        default="", allow_blank=True, max_length=500, help_text="Why a *stop* finding may go out; leads only."
    )
    at = InstantField(required=False)


class RemarkShape(serializers.Serializer):
    """Words about a post."""

    text = TextField(max_length=4000)


class PlanApprovedShape(serializers.Serializer):
    """What an approved post lacked. ``at`` left out: now."""

    at = InstantField(required=False)
    override_reason = TextField(default="", allow_blank=True, max_length=500)


class MakeLinkShape(serializers.Serializer):
    """For whom a link is, and until when."""

    recipient = serializers.CharField(max_length=120)
    expires_at = InstantField(help_text="At most 30 days ahead.")


class ReviewRuleShape(serializers.Serializer):
    """What an account asks for before a post goes out on it."""

    approvals = serializers.IntegerField(min_value=0, max_value=MOST_APPROVALS)
    members = serializers.ListField(
        child=serializers.UUIDField(), default=list, max_length=100,
        help_text="Whose approval counts; empty: every owner and lead.",
    )  # fmt: skip
    own = serializers.BooleanField(default=False, help_text="People may approve their own words.")
    trivial = serializers.BooleanField(default=False, help_text="White space and capitals keep an approval.")
