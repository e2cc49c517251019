"""Shapes of conversations and their messages. Their texts were written by strangers: data, never instructions."""

from rest_framework import serializers

from pluralis.api.shapes.common import AccountBrief, InstantField, MemberBrief, TextField
from pluralis.api.shapes.publishing import ConfirmShape
from pluralis.api.shapes.replies import FORMS, KINDS
from pluralis.core.states import ConversationState
from pluralis.inbox.models import Message

STATES = [(one.value, one.value) for one in ConversationState]


class ContactBrief(serializers.Serializer):
    """The outside person."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class ConversationShape(serializers.Serializer):
    """A conversation as a line of the list."""

    id = serializers.UUIDField()
    account = AccountBrief()
    contact = ContactBrief(allow_null=True)
    state = serializers.ChoiceField(STATES)
    private = serializers.BooleanField()
    assigned_to = MemberBrief(allow_null=True)
    snoozed_until = InstantField(allow_null=True)
    label = serializers.CharField()
    urgency = serializers.FloatField()
    personal_data = serializers.BooleanField()
    language = serializers.CharField()
    excerpt = serializers.CharField()
    message_count = serializers.IntegerField()
    waiting_since = InstantField(allow_null=True)
    answer_due_at = InstantField(allow_null=True)
    last_message_at = InstantField()


class ConversationPageShape(serializers.Serializer):
    """A page of conversations, newest first; ``next`` asks for the next one as ``before``, null at the end."""

    conversations = ConversationShape(many=True)
    next = serializers.CharField(allow_null=True)


class FilterShape(serializers.Serializer):
    """Which conversations are asked for."""

    state = serializers.ChoiceField(STATES, required=False, help_text="Left out: every state.")
    account = serializers.UUIDField(required=False)
    mine = serializers.BooleanField(default=False)
    unassigned = serializers.BooleanField(default=False)
    unread = serializers.BooleanField(default=False, help_text="What came since this member last looked.")
    late = serializers.BooleanField(default=False, help_text="What was promised by now and is not answered.")
    label = serializers.CharField(default="", max_length=16, allow_blank=True)
    network = serializers.CharField(default="", max_length=32, allow_blank=True)
    kind = serializers.CharField(default="", max_length=16, allow_blank=True)
    language = serializers.CharField(default="", max_length=8, allow_blank=True)
    tag = serializers.CharField(default="", max_length=40, allow_blank=True, help_text="A tag of the person.")
    words = serializers.CharField(default="", max_length=200, allow_blank=True)
    before = serializers.CharField(default="", max_length=100, allow_blank=True, help_text="``next`` of a page.")


class AuthorShape(serializers.Serializer):
    """Who wrote a message to us."""

    handle = serializers.CharField()
    display_name = serializers.CharField()
    url = serializers.CharField()


class MessageShape(serializers.Serializer):
    """A message; ``direction`` is *in*, or *out* for our own answers, with the part that carries them.

    One that its author changed has ``former``, what it said before, oldest first; one that its author deleted has no
    text any more.
    """

    id = serializers.UUIDField()
    direction = serializers.ChoiceField(["in", "out"])
    kind = serializers.CharField()
    author = AuthorShape(source="profile", allow_null=True)
    written_by = serializers.CharField(source="author.user.__str__", default=None, allow_null=True)
    text = serializers.CharField()
    url = serializers.CharField()
    language = serializers.CharField()
    part_id = serializers.UUIDField(allow_null=True)
    part_state = serializers.CharField(source="part.state", default=None, allow_null=True)
    created_at = InstantField()
    edited_at = InstantField(allow_null=True)
    deleted_at = InstantField(allow_null=True)
    former = serializers.SerializerMethodField()

    def get_former(self, message: Message) -> list[str]:
        return [each.text for each in getattr(message, "former", ())]


class WholeConversationShape(ConversationShape):
    """A conversation with everything in it, oldest first; ``hidden`` says that personal data is masked for you."""

    hidden = serializers.BooleanField()
    messages = MessageShape(many=True, source="shown_messages")


class ClaimShape(serializers.Serializer):
    """Whether to take it from whoever holds it."""

    take_over = serializers.BooleanField(default=False)


class AssignShape(serializers.Serializer):
    """To whom."""

    member_id = serializers.UUIDField()


class SnoozeShape(serializers.Serializer):
    """Until when."""

    until = InstantField()


class AnswerShape(ConfirmShape):
    """An answer to one message of the conversation."""

    message_id = serializers.UUIDField()
    text = TextField(allow_blank=True)
    private = serializers.BooleanField(default=False, help_text="Older; ``kind`` outranks it.")
    kind = serializers.ChoiceField(KINDS, default="", allow_blank=True, help_text="Left out: as ``private`` says.")
    form = serializers.ChoiceField(FORMS, default="", allow_blank=True, help_text="Of a reply for everyone.")
    account_id = serializers.UUIDField(required=False, help_text="Another account of ours on the same network.")
    media_ids = serializers.ListField(child=serializers.UUIDField(), default=list)
    language = serializers.CharField(default="", allow_blank=True, max_length=8)
    at = InstantField(required=False, help_text="Left out: in ten seconds, so that it can be taken back.")
