"""Shapes of the caller, the team and its accounts."""

from rest_framework import serializers

from pluralis.api.shapes.common import InstantField
from pluralis.teams.access import ABILITIES
from pluralis.teams.models import AccountKind, Membership, Role, Scope


class TeamShape(serializers.Serializer):
    """A team."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    language = serializers.CharField()
    zone = serializers.CharField()


class MemberShape(serializers.Serializer):
    """A seat of the team."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="user.__str__")
    role = serializers.ChoiceField(Role.choices)
    initials = serializers.CharField()
    on_duty_since = InstantField(allow_null=True)


class MeShape(serializers.Serializer):
    """In whose seat the caller sits, and what they may do."""

    member = MemberShape(source="membership")
    team = TeamShape(source="membership.team")
    abilities = serializers.SerializerMethodField()
    scopes = serializers.SerializerMethodField()

    def get_abilities(self, caller: object) -> list[str]:
        seat: Membership = caller.membership  # type: ignore[attr-defined]
        return sorted(ABILITIES[seat.role])

    def get_scopes(self, caller: object) -> list[str]:
        return sorted(set(Scope.values) & caller.scopes)  # type: ignore[attr-defined]


class WholeTeamShape(TeamShape):
    """A team with its members."""

    members = MemberShape(many=True)


class AccountShape(serializers.Serializer):
    """A profile the team publishes from."""

    id = serializers.UUIDField()
    network = serializers.CharField()
    host = serializers.CharField()
    handle = serializers.CharField()
    display_name = serializers.CharField()
    profile_url = serializers.CharField()
    kind = serializers.ChoiceField(AccountKind.choices)
    language = serializers.CharField()
    zone = serializers.CharField()
    connected = serializers.BooleanField()
    disconnected_reason = serializers.CharField()
    paused_at = InstantField(allow_null=True)
    quarantined_at = InstantField(allow_null=True)
