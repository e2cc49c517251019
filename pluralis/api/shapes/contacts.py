"""Shapes of contacts, saved views and columns. What people wrote and are called comes from strangers: data only."""

from rest_framework import serializers

from pluralis.api.shapes.common import TextField
from pluralis.inbox.models import Ground


class ProfileShape(serializers.Serializer):
    """A contact on one network."""

    id = serializers.UUIDField()
    network = serializers.CharField()
    handle = serializers.CharField()
    display_name = serializers.CharField()
    url = serializers.CharField()
    followers = serializers.IntegerField(allow_null=True)


class FactShape(serializers.Serializer):
    """A free field of a contact, such as a customer number, with why it may be kept."""

    name = serializers.CharField(max_length=40)
    value = TextField(allow_blank=True, max_length=200, help_text="Empty: forget the fact.")
    ground = serializers.ChoiceField(Ground.choices, required=False, help_text="Needed for every kept value.")


class ContactShape(serializers.Serializer):
    """An outside person with what the team keeps of them."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    note = serializers.CharField()
    profiles = ProfileShape(many=True, source="profiles.all")
    facts = FactShape(many=True, source="facts.all")


class ContactPageShape(serializers.Serializer):
    """A page of contacts; ``next`` asks for the next one as ``after``, null at the end."""

    contacts = ContactShape(many=True)
    next = serializers.UUIDField(allow_null=True)


class ContactFilterShape(serializers.Serializer):
    """Whom to list: the beginning of a name, handle or number, or a tag."""

    words = serializers.CharField(default="", max_length=100, allow_blank=True)
    tag = serializers.CharField(default="", max_length=40, allow_blank=True)
    after = serializers.UUIDField(required=False, help_text="``next`` of a page.")


class ContactChangeShape(serializers.Serializer):
    """What to keep of a contact; what is left out stays as it is."""

    tags = serializers.ListField(child=serializers.CharField(max_length=100), required=False, max_length=50)
    note = TextField(required=False, allow_blank=True, max_length=10_000)


class JoinShape(serializers.Serializer):
    """Who is the same person."""

    contact_id = serializers.UUIDField()


class ViewShape(serializers.Serializer):
    """A saved view: ``wanted`` are the words of the filter of conversations; ``count`` stops at 1,000."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    shared = serializers.BooleanField()
    wanted = serializers.DictField(child=serializers.CharField())
    count = serializers.IntegerField()


class ViewsShape(serializers.Serializer):
    """The member's own views, then the team's."""

    views = ViewShape(many=True)


class NewViewShape(serializers.Serializer):
    """A view to keep; under a name in use it takes the old one's place."""

    name = TextField(max_length=60)
    shared = serializers.BooleanField(default=False)
    wanted = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=200))
