"""People: tags, facts with their ground, profiles joined and separated, the company's own list, new names."""

from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from pluralis.inbox.actions import contacts as actions
from pluralis.inbox.actions.contact_list import import_contacts
from pluralis.inbox.actions.ingest import ingest
from pluralis.inbox.models import AwaitedProfile, Contact, ContactFact, Conversation, FormerHandle, Profile
from pluralis.inbox.queries import fact_names, history, named, people_page, same_name, tags_in_use
from pluralis.networks.contract import Batch, Incoming, Reference, RemoteProfile
from pluralis.teams.errors import Conflict, Forbidden, Invalid, NotFound
from pluralis.teams.models import Account, AuditEntry, Membership, Role
from tests.apps.cast import Cast, make_user
from tests.apps.inbox.test_search import NOW, account_of, person, talk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account(cast: Cast) -> Account:
    return account_of(cast.alice)


@pytest.fixture
def dana(cast: Cast) -> Contact:
    return person(cast.alice, "Dana", "dana")


@pytest.fixture
def viewer(cast: Cast) -> Membership:
    return Membership.objects.create(team=cast.alice.team, user=make_user("Vera"), role=Role.VIEWER, created_at=NOW)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ([" VIP ", "vip", "partner"], ["VIP", "partner"]),
        (["", " ", "\x00"], []),
        (["x" * 90], ["x" * actions.LONGEST_TAG]),
        ([f"t{number}" for number in range(40)], [f"t{number}" for number in range(actions.MOST_TAGS)]),
    ],
)
def test_tags_are_kept_short_and_once(cast: Cast, dana: Contact, given: list[str], kept: list[str]) -> None:
    actions.set_tags(actor=cast.bob, contact_id=dana.id, tags=given, now=NOW)
    dana.refresh_from_db()
    assert dana.tags == kept


def test_tags_in_use_are_suggested_to_their_team_alone(cast: Cast, dana: Contact) -> None:
    assert tags_in_use(cast.alice.team_id) == []
    actions.set_tags(actor=cast.bob, contact_id=dana.id, tags=["partner"], now=NOW)
    assert tags_in_use(cast.alice.team_id) == ["partner"]
    assert tags_in_use(cast.charlie.team_id) == []
    assert [each.id for each in people_page(cast.bob, tag="partner").contacts] == [dana.id]


def fact(seat: Membership, contact: Contact, value: str, ground: str = "told", name: str = "Customer number") -> Any:
    return actions.set_fact(actor=seat, contact_id=contact.id, name=name, value=value, ground=ground, now=NOW)


def test_a_person_is_found_by_a_number_that_is_kept_of_them(cast: Cast, dana: Contact) -> None:
    fact(cast.bob, dana, "KD-4711")
    fact(cast.bob, dana, "KD-4712")
    assert named(cast.bob, "kd-471") == [dana.id]
    assert fact_names(cast.alice.team_id) == ["Customer number"]
    fact(cast.bob, dana, "")
    assert not ContactFact.objects.exists()


@pytest.mark.parametrize("ground", ["", "because", "TOLD "])
def test_a_fact_without_a_ground_is_refused(cast: Cast, dana: Contact, ground: str) -> None:
    with pytest.raises(Invalid):
        fact(cast.bob, dana, "4711", ground)
    assert not ContactFact.objects.exists()


def test_who_only_looks_and_who_is_elsewhere_change_nothing(cast: Cast, dana: Contact, viewer: Membership) -> None:
    for seat, error in ((viewer, Forbidden), (cast.charlie, NotFound)):
        with pytest.raises(error):
            fact(seat, dana, "4711")
        with pytest.raises(error):
            actions.set_tags(actor=seat, contact_id=dana.id, tags=["VIP"], now=NOW)
        with pytest.raises(error):
            actions.write_about(actor=seat, contact_id=dana.id, note="x", now=NOW)
    assert not AuditEntry.objects.filter(action__startswith="inbox.contact").exists()


def joined(cast: Cast, account: Account, dana: Contact) -> Contact:
    other = person(cast.alice, "Dana F.", "danaf")
    talk(account, dana, "from here")
    talk(account, other, "from there")
    actions.set_tags(actor=cast.bob, contact_id=other.id, tags=["VIP"], now=NOW)
    fact(cast.bob, other, "4711")
    actions.join_contacts(actor=cast.bob, contact_id=dana.id, other_id=other.id, now=NOW)
    return other


def test_two_joined_are_one_person_with_one_history(cast: Cast, account: Account, dana: Contact) -> None:
    joined(cast, account, dana)
    dana.refresh_from_db()
    assert (dana.tags, dana.profiles.count(), dana.facts.count()) == (["VIP"], 2, 1)
    assert [each.excerpt for each in history(cast.bob, dana.id)] == ["from there", "from here"]
    assert [each.id for each in people_page(cast.bob).contacts] == [dana.id]
    assert named(cast.bob, "danaf") == [dana.id]


def test_separated_again_everything_is_as_it_was(cast: Cast, account: Account, dana: Contact) -> None:
    other = joined(cast, account, dana)
    home = actions.separate_profile(
        actor=cast.bob, profile_id=dana.profiles.get(handle="danaf").id, now=timezone.now()
    )
    dana.refresh_from_db()
    assert home.id == other.id
    assert (dana.tags, dana.profiles.count(), dana.facts.count()) == ([], 1, 0)
    assert [each.excerpt for each in history(cast.bob, other.id)] == ["from there"]
    assert Contact.objects.get(id=other.id).tags == ["VIP"]
    actions.join_contacts(actor=cast.bob, contact_id=dana.id, other_id=other.id, now=NOW)


def test_two_that_are_one_already_and_a_last_profile_are_refused(cast: Cast, account: Account, dana: Contact) -> None:
    other = joined(cast, account, dana)
    for contact, second in ((dana, dana), (dana, other)):
        with pytest.raises(Conflict):
            actions.join_contacts(actor=cast.bob, contact_id=contact.id, other_id=second.id, now=NOW)
    alone = person(cast.alice, "Zoe", "zoe")
    with pytest.raises(Conflict):
        actions.separate_profile(actor=cast.bob, profile_id=alone.profiles.get().id, now=NOW)
    theirs = person(cast.charlie, "Dana", "dana")
    with pytest.raises(NotFound):
        actions.join_contacts(actor=cast.bob, contact_id=dana.id, other_id=theirs.id, now=NOW)


def test_the_stricter_of_two_do_not_engage_holds_after_joining(cast: Cast, dana: Contact) -> None:
    other = person(cast.alice, "Dana F.", "danaf")
    until = NOW.replace(microsecond=0)
    Contact.objects.filter(id=other.id).update(do_not_engage_until=until, do_not_engage_reason="threats")
    actions.join_contacts(actor=cast.bob, contact_id=dana.id, other_id=other.id, now=NOW)
    dana.refresh_from_db()
    assert (dana.do_not_engage_until, dana.do_not_engage_reason) == (until, "threats")


def test_the_same_name_is_suggested(cast: Cast, dana: Contact) -> None:
    alike, _other = person(cast.alice, "DANA", "dana_other"), person(cast.alice, "Zoe", "zoe")
    person(cast.charlie, "Dana", "dana")
    assert same_name(cast.bob, dana) == [alike]


LIST = "network,handle,name,tags,note,ground,Customer number\n"


def bring(seat: Membership, rows: str) -> Any:
    return import_contacts(actor=seat, content=(LIST + rows).encode(), now=NOW)


def test_the_companys_list_finds_who_wrote_and_awaits_who_did_not(cast: Cast, dana: Contact) -> None:
    rows = "x,@Dana,Dana Field,VIP;partner,likes tea,told,'+4711\nx,zoe,Zoé,journalist,,public,\n"
    result = bring(cast.bob, rows)
    assert (result.found, result.made, result.refused) == (1, 1, [])
    dana.refresh_from_db()
    assert (dana.tags, dana.note, dana.facts.get().value) == (["VIP", "partner"], "likes tea", "+4711")
    assert (AwaitedProfile.objects.get().handle, AwaitedProfile.objects.get().contact.name) == ("zoe", "Zoé")
    again = bring(cast.bob, rows)
    assert (again.found, again.made) == (2, 0)
    assert (Contact.objects.count(), ContactFact.objects.count()) == (2, 1)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("x,dana,Dana,,,,", "ground"),
        ("x,dana,Dana,,,because,", "ground"),
        ("nowhere,dana,Dana,,,told,", "no network"),
        (",,,,,told,", "names nobody"),
    ],
)
def test_a_row_that_cannot_be_read_is_left_out_and_named(cast: Cast, row: str, why: str) -> None:
    result = bring(cast.bob, f"{row}\nx,zoe,Zoe,,,told,\n")
    assert result.made == 1
    ((line, reason),) = result.refused
    assert line == 2 and why in reason


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"colour,size\nred,3\n", b"handle,name\ndana,Dana\n"])
def test_a_file_without_people_or_grounds_is_refused_whole(cast: Cast, content: bytes) -> None:
    with pytest.raises(Invalid):
        import_contacts(actor=cast.bob, content=content, now=NOW)
    assert not Contact.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_spreadsheets_write_in_many_ways(cast: Cast, encoding: str, mark: str) -> None:
    text = "name,tags,ground\nZoé Müller,VIP,told\n".replace(",", mark)
    assert import_contacts(actor=cast.bob, content=text.encode(encoding), now=NOW).made == 1
    assert Contact.objects.get().name == "Zoé Müller"


def test_another_team_and_a_viewer_bring_nothing(cast: Cast, dana: Contact, viewer: Membership) -> None:
    with pytest.raises(Forbidden):
        bring(viewer, "x,dana,Dana,VIP,,told,\n")
    assert bring(cast.charlie, "x,dana,Dana,VIP,,told,\n").made == 1
    dana.refresh_from_db()
    assert dana.tags == []


WRITER = RemoteProfile("r1", "Zoe", display_name="Zoe")


def hear(account: Account, number: int, **profile: str) -> None:
    message = Incoming(Reference(f"m{number}"), "mention", "hello", replace(WRITER, **profile), NOW)
    ingest(account, "mentions", Batch((message,), str(number)), NOW)


def test_who_was_awaited_is_known_when_they_first_write(cast: Cast, account: Account) -> None:
    bring(cast.bob, "x,zoe,Zoe from the list,VIP,,told,99\n")
    hear(account, 1)
    contact = Contact.objects.get()
    assert Conversation.objects.get().contact_id == contact.id
    assert (contact.name, contact.tags, contact.profiles.count()) == ("Zoe from the list", ["VIP"], 1)
    assert not AwaitedProfile.objects.exists()


def test_who_renames_stays_the_same_person_and_is_found_by_the_new_name(cast: Cast, account: Account) -> None:
    hear(account, 1)
    hear(account, 2, handle="ZOE")
    assert not FormerHandle.objects.exists()
    hear(account, 3, handle="zoe_new")
    profile = Profile.objects.get()
    assert (profile.handle, FormerHandle.objects.get().handle) == ("zoe_new", "ZOE")
    assert named(cast.bob, "zoe_n") == [profile.contact_id]
    assert Contact.objects.count() == 1
