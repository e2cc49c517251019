"""People, teams, accounts and credentials, who is on duty, and what was done in the team's name."""

from pluralis.teams.models.duty import DutyChange, DutyNote, DutyNoteSeen, Shift
from pluralis.teams.models.hours import ServiceHours
from pluralis.teams.models.people import (
    LANGUAGES,
    Account,
    AccountKind,
    ApiToken,
    AppRegistration,
    AuditEntry,
    Change,
    Credential,
    Invitation,
    KeptAnswer,
    Membership,
    OAuthState,
    Role,
    Scope,
    Team,
    User,
    UserManager,
)

__all__ = [
    "LANGUAGES",
    "Account",
    "AccountKind",
    "ApiToken",
    "AppRegistration",
    "AuditEntry",
    "Change",
    "Credential",
    "DutyChange",
    "DutyNote",
    "DutyNoteSeen",
    "Invitation",
    "KeptAnswer",
    "Membership",
    "OAuthState",
    "Role",
    "Scope",
    "ServiceHours",
    "Shift",
    "Team",
    "User",
    "UserManager",
]
