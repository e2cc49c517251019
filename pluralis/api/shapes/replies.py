"""Shapes of answers by kind, cases, offers, figures and what is held of a contact."""

from rest_framework import serializers

from pluralis.api.shapes.common import AccountBrief, InstantField, TextField
from pluralis.core.replies import CommunityForm, Reason, ReplyKind, WayOut
from pluralis.inbox.models import HandOver, Offer, Repost

KINDS = [(one.value, one.value) for one in ReplyKind]
FORMS = [(one.value, one.value) for one in CommunityForm]
ABOUT = [(one, one) for one in Offer.About.values]


class ProposeShape(serializers.Serializer):
    """An answer as it stands so far; empty asks about the message alone."""

    text = TextField(default="", allow_blank=True)


class FormShape(serializers.Serializer):
    """One form of a reply for everyone; ``room`` is what it leaves to those who share it."""

    form = serializers.ChoiceField(FORMS)
    text = serializers.CharField()
    room = serializers.IntegerField()
    fits = serializers.BooleanField()
    by_hand = serializers.CharField(help_text="Why a person must finish it on the network; empty where not.")


class ProposalShape(serializers.Serializer):
    """Which kind of reply fits, why, and the way out where a private one is barred."""

    kind = serializers.ChoiceField(KINDS)
    reason = serializers.ChoiceField([(one.value, one.value) for one in Reason])
    way_out = serializers.ChoiceField([(one.value, one.value) for one in WayOut], allow_blank=True)
    delete_advised = serializers.BooleanField(help_text="Their own post shows personal data that should go.")
    ready_text = serializers.CharField(help_text="An open invitation in their language; empty where none is needed.")
    forms = FormShape(many=True)


class RelationShape(serializers.Serializer):
    """How the account stands to who wrote last; null where the network does not tell."""

    may_message = serializers.BooleanField(allow_null=True)
    they_follow = serializers.BooleanField(allow_null=True)
    we_follow = serializers.BooleanField(allow_null=True)
    seen_at = InstantField(allow_null=True)


class AskRelationShape(serializers.Serializer):
    """Whether to ask the network again today."""

    again = serializers.BooleanField(default=False)


class UnmaskShape(serializers.Serializer):
    """Until when the data is shown."""

    until = InstantField()


class HandOverShape(serializers.Serializer):
    """By which way, and when it comes back."""

    channel = serializers.ChoiceField(HandOver.Channel.choices)
    remind_at = InstantField()


class CaseShape(serializers.Serializer):
    """A conversation that goes on outside."""

    id = serializers.UUIDField()
    conversation_id = serializers.UUIDField()
    channel = serializers.CharField()
    case_number = serializers.CharField()
    remind_at = InstantField()
    closed_at = InstantField(allow_null=True)


class MakeOfferShape(serializers.Serializer):
    """As what a message is offered."""

    about = serializers.ChoiceField(ABOUT)


class OfferShape(serializers.Serializer):
    """A message offered to an account; its text without personal data."""

    id = serializers.UUIDField()
    message_id = serializers.UUIDField()
    conversation_id = serializers.UUIDField(source="message.conversation_id")
    account = AccountBrief()
    about = serializers.ChoiceField(ABOUT)
    state = serializers.CharField()
    text = serializers.CharField(source="shown", default="")
    offered_at = InstantField()


class RepostOfShape(serializers.Serializer):
    """From which account; ``by_hand`` says that a person did it on the network's page."""

    account_id = serializers.UUIDField()
    by_hand = serializers.BooleanField(default=False)


class TakeBackShape(serializers.Serializer):
    """Whether a person took it back on the network's page."""

    by_hand = serializers.BooleanField(default=False)


class RepostShape(serializers.Serializer):
    """A message that an account reposted."""

    id = serializers.UUIDField()
    message_id = serializers.UUIDField()
    account = AccountBrief()
    state = serializers.ChoiceField(Repost.State.values)
    by_hand = serializers.BooleanField()
    reposted_at = InstantField()
    taken_back_at = InstantField(allow_null=True)


class RepostWayAskedShape(serializers.Serializer):
    """From which account."""

    account = serializers.UUIDField()


class RepostWayShape(serializers.Serializer):
    """How an account reposts a message, and what became of it so far."""

    account = AccountBrief()
    page = serializers.CharField(help_text="The network's page, where a person does it for nothing.")
    price = serializers.DecimalField(12, 4, allow_null=True, help_text="What a program's call costs; null: nothing.")
    currency = serializers.CharField()
    reposts = RepostShape(many=True)


class BalanceShape(serializers.Serializer):
    """What went to one and to all over the last weeks, and what a visitor sees; definitions in the reference."""

    account = AccountBrief()
    weeks = serializers.IntegerField()
    private = serializers.IntegerField()
    open = serializers.IntegerField()
    community = serializers.IntegerField()
    posts = serializers.IntegerField()
    reposts = serializers.IntegerField()
    announcements = serializers.IntegerField()
    share_to_one = serializers.FloatField(allow_null=True)
    window_posts = serializers.IntegerField()
    window_burdened = serializers.IntegerField()
    window_reposts = serializers.IntegerField()


class HoldShape(serializers.Serializer):
    """Why and until when a contact's data must be kept."""

    reason = serializers.CharField(max_length=500)
    until = InstantField()


class LeftRepostShape(serializers.Serializer):
    """A repost that a person takes back on the network's page, and why no program does."""

    account = AccountBrief()
    page = serializers.CharField()
    why = serializers.CharField()


class ErasedShape(serializers.Serializer):
    """How many messages went, how many reposts of theirs were taken back, how many follow, and what is left to do."""

    messages = serializers.IntegerField()
    reposts = serializers.IntegerField()
    reposts_later = serializers.IntegerField()
    reposts_by_hand = LeftRepostShape(many=True)
