"""Every write about people, teams, accounts and credentials."""

from pluralis.teams.actions.accounts import (
    Wish,
    begin_oauth,
    change_account,
    connect_with_keys,
    finish_oauth,
    keep_app,
    pause_account,
    register_app,
    store_connection,
)
from pluralis.teams.actions.credentials import (
    disconnect_account,
    ensure_fresh,
    mark_stale,
    refresh_credentials,
    rotate_keys,
    store_grant,
)
from pluralis.teams.actions.leaving import disconnect_by_hand, release_profile
from pluralis.teams.actions.people import (
    accept_invitation,
    change_member,
    found_team,
    initials_of,
    invite_member,
    open_invitation,
    remove_member,
    set_duty,
)
from pluralis.teams.actions.privacy import forget_reference, set_own_addresses, teach_reference
from pluralis.teams.actions.profiles import change_profile, change_team, withdraw_invitation
from pluralis.teams.actions.tokens import keep_answer, kept_answer, make_token, revoke_token, use_token

__all__ = [
    "Wish",
    "accept_invitation",
    "begin_oauth",
    "change_account",
    "change_member",
    "change_profile",
    "change_team",
    "connect_with_keys",
    "disconnect_account",
    "disconnect_by_hand",
    "ensure_fresh",
    "finish_oauth",
    "forget_reference",
    "found_team",
    "initials_of",
    "invite_member",
    "keep_answer",
    "keep_app",
    "kept_answer",
    "make_token",
    "mark_stale",
    "open_invitation",
    "pause_account",
    "refresh_credentials",
    "register_app",
    "release_profile",
    "remove_member",
    "revoke_token",
    "rotate_keys",
    "set_duty",
    "set_own_addresses",
    "store_connection",
    "store_grant",
    "teach_reference",
    "use_token",
    "withdraw_invitation",
]
