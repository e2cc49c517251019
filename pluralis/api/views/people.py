"""The caller, the team, its accounts."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from pluralis.api.shapes.people import AccountShape, MeShape, WholeTeamShape
from pluralis.api.views.base import SeatedView
from pluralis.teams.access import Ability, access_account, accounts_of, require
from pluralis.teams.queries import members_of


class Me(SeatedView):
    """The caller."""

    @extend_schema(operation_id="me", tags=["team"], summary="In whose seat the caller sits", responses=MeShape)
    def get(self, request: Request) -> Response:
        return Response(MeShape(self.caller).data)


class Team(SeatedView):
    """The caller's team."""

    @extend_schema(operation_id="team", tags=["team"], summary="The team and its members", responses=WholeTeamShape)
    def get(self, request: Request) -> Response:
        require(self.actor, Ability.VIEW)
        team = self.actor.team
        team.members = members_of(team.id)  # type: ignore[attr-defined]
        return Response(WholeTeamShape(team).data)


class Accounts(SeatedView):
    """The accounts the caller may see."""

    @extend_schema(
        operation_id="list_accounts", tags=["accounts"], summary="List accounts", responses=AccountShape(many=True)
    )
    def get(self, request: Request) -> Response:
        return Response(AccountShape(accounts_of(self.actor), many=True).data)


class OneAccount(SeatedView):
    """One account."""

    @extend_schema(operation_id="read_account", tags=["accounts"], summary="Read an account", responses=AccountShape)
    def get(self, request: Request, account_id: str) -> Response:
        return Response(AccountShape(access_account(self.actor, account_id)).data)
