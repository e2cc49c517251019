"""Who may do what, and what does not exist for whom."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pluralis.networks.fake.x import FakeX
from pluralis.teams.access import ABILITIES, Ability, access_account, access_member, accounts_of
from pluralis.teams.actions import (
    Wish,
    accept_invitation,
    change_account,
    change_member,
    connect_with_keys,
    invite_member,
    remove_member,
    set_duty,
    store_connection,
)
from pluralis.teams.errors import Conflict, Forbidden, Invalid, NotFound
from pluralis.teams.models import Account, AuditEntry, Membership, Role
from tests.apps.cast import Cast, connect, make_user

NOW = timezone.now


def seat(cast: Cast, role: str) -> Membership:
    return Membership.objects.create(team=cast.alice.team, user=make_user(role), role=role, created_at=NOW())


@pytest.mark.parametrize("role", Role.values)
def test_every_role_has_stated_abilities_and_only_owners_manage_the_team(role: str) -> None:
    assert (Ability.MANAGE_TEAM in ABILITIES[role]) == (role == Role.OWNER)
    assert (Ability.OVERRIDE in ABILITIES[role]) == (role in (Role.OWNER, Role.LEAD))


def test_another_teams_objects_do_not_exist(cast: Cast, account: Account) -> None:
    for act in (lambda: access_account(cast.charlie, account.id), lambda: access_member(cast.charlie, cast.bob.id),
                lambda: access_account(cast.charlie, "not-an-id")):  # fmt: skip
        with pytest.raises(NotFound):
            act()
    assert list(accounts_of(cast.charlie)) == []


def test_an_employee_sees_their_own_account_only(cast: Cast, account: Account, x: FakeX) -> None:
    employee = seat(cast, Role.EMPLOYEE)
    own = connect(employee, x, "erin", kind="employee")
    assert list(accounts_of(employee)) == [own]
    assert access_account(employee, own.id, Ability.PUBLISH) == own
    with pytest.raises(NotFound):
        access_account(employee, account.id)
    with pytest.raises(Conflict, match="employee"):
        change_account(actor=cast.alice, account_id=own.id, now=NOW(), kind="main")


@pytest.mark.parametrize("role", [Role.WRITER, Role.AGENT, Role.EMPLOYEE, Role.VIEWER])
def test_only_owners_and_leads_connect_company_accounts(cast: Cast, x: FakeX, role: str) -> None:
    with pytest.raises(Forbidden):
        connect(seat(cast, role), x)


def test_reconnecting_as_another_profile_is_refused_with_both_names(cast: Cast, account: Account, x: FakeX) -> None:
    other = dict(x.open_account(x.world.add_profile("private_bob", "Bob")).values)
    wish = Wish(account.network, account.host, account.kind, account.id)
    with pytest.raises(Conflict) as refused:
        connect_with_keys(actor=cast.alice, wish=wish, values=other, now=NOW())
    assert "private_bob" in str(refused.value)
    assert "Norlune" in str(refused.value)
    assert Account.objects.count() == 1


def test_a_second_team_learns_only_that_the_profile_is_connected(cast: Cast, account: Account, x: FakeX) -> None:
    with pytest.raises(Conflict) as refused:
        connect(cast.charlie, x)
    assert "already connected here" in str(refused.value)
    assert "Alice" not in str(refused.value)


def test_connecting_the_same_profile_again_renews_it(cast: Cast, account: Account, x: FakeX) -> None:
    Account.objects.update(connected=False, disconnected_reason="revoked")
    assert connect(cast.alice, x) == account
    account.refresh_from_db()
    assert account.connected


def test_wrong_keys_name_the_fields_and_store_nothing(cast: Cast, x: FakeX) -> None:
    wish = Wish(x.name, x.origin)
    with pytest.raises(Invalid) as refused:
        connect_with_keys(actor=cast.alice, wish=wish, values={"consumer_key": "wrong"}, now=NOW())
    assert refused.value.fields
    assert not Account.objects.exists()


def test_an_instance_that_is_not_there_is_a_clear_refusal(cast: Cast) -> None:
    wish = Wish("mastodon", "https://nowhere.invalid")
    with pytest.raises(Invalid, match="did not let us in"):
        connect_with_keys(actor=cast.alice, wish=wish, values={"access_token": "t"}, now=NOW())


def test_a_grant_without_a_profile_stores_nothing(cast: Cast) -> None:
    from pluralis.networks.contract import Grant

    with pytest.raises(Invalid):
        store_connection(actor=cast.alice, wish=Wish("x", "https://api.x.com"), grant=Grant({}), now=NOW())


def test_an_invitation_seats_one_person_once_and_ends(cast: Cast) -> None:
    invitation, token = invite_member(actor=cast.alice, email="New@example.org", role=Role.WRITER, now=NOW())
    assert token not in str(invitation.__dict__)
    late = NOW() + timedelta(days=15)
    with pytest.raises(NotFound):
        accept_invitation(user=make_user("New"), token=token, now=late)
    seated = accept_invitation(user=make_user("New"), token=token, now=NOW())
    assert (seated.role, seated.team_id) == (Role.WRITER, cast.alice.team_id)
    with pytest.raises(NotFound):
        accept_invitation(user=make_user("Second"), token=token, now=NOW())


def test_the_last_owner_stays(cast: Cast) -> None:
    for act in (lambda: change_member(actor=cast.alice, membership_id=cast.alice.id, now=NOW(), role=Role.VIEWER),
                lambda: remove_member(actor=cast.alice, membership_id=cast.alice.id, now=NOW())):  # fmt: skip
        with pytest.raises(Conflict):
            act()


def test_duty_is_written_down(cast: Cast) -> None:
    set_duty(actor=cast.bob, on=False, now=NOW())
    assert AuditEntry.objects.filter(action="teams.duty.ended").exists()


@pytest.mark.parametrize("act", ["invite", "change"])
def test_a_lead_does_not_manage_the_team(cast: Cast, act: str) -> None:
    lead = seat(cast, Role.LEAD)
    with pytest.raises(Forbidden):
        if act == "invite":
            invite_member(actor=lead, email="a@example.org", role=Role.VIEWER, now=NOW())
        else:
            change_member(actor=lead, membership_id=cast.bob.id, now=NOW(), role=Role.OWNER)
