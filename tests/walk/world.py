"""Norlune with real objects of every kind, each marked with a word that nobody outside may ever read."""

from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from pluralis.core.states import PartState
from pluralis.inbox.actions import Words, lift_hold, make_evidence, open_incident, save_entry, save_reply
from pluralis.inbox.actions.contacts import set_fact
from pluralis.inbox.actions.views import add_column, save_view
from pluralis.inbox.listening import due_streams, poll_stream
from pluralis.inbox.models import Contact, Conversation, Cursor, Offer, Repost
from pluralis.inbox.queries import Filter
from pluralis.networks.fake.world import Draft as FakeDraft
from pluralis.networks.fake.x import FakeX
from pluralis.posts.actions import add_comment, add_picture, make_link
from pluralis.publishing.actions import (
    Decisions,
    RepeatOrder,
    ReviewWish,
    add_slots,
    add_to_queue,
    check_rows,
    decide,
    mark_evergreen,
    repeat_post,
    start_import,
    submit_post,
)
from pluralis.publishing.checks import Confirmations
from pluralis.publishing.models import Card, Import, Part, QueueSlot
from pluralis.teams.actions import invite_member, make_token
from pluralis.teams.models import Account, Membership, Role
from tests.apps.cast import Cast, connect, make_user, schedule, write
from tests.walk.sharing import share

MARK = "zirconmark"
"""Stands in every text of Norlune's: team, people, posts, pictures, messages, contacts, tokens, invitations."""

STAFF = (Role.OWNER, Role.LEAD, Role.WRITER, Role.AGENT, Role.EMPLOYEE, Role.VIEWER)
COLUMNS = (*(str(role) for role in STAFF), "charlie", "stranger")


@dataclass
class World:
    """Everybody's browser, and the ids of Norlune's objects by the names that addresses use."""

    clients: dict[str, Client]
    ids: dict[str, Any] = field(default_factory=dict)

    def fill(self, values: Any) -> Any:
        """Return a body with every ``$name`` replaced by the id of that name."""
        if isinstance(values, dict):
            return {name: self.fill(value) for name, value in values.items()}
        if isinstance(values, list):
            return [self.fill(value) for value in values]
        return str(self.ids[values[1:]]) if isinstance(values, str) and values.startswith("$") else values


def build(cast: Cast, x: FakeX) -> World:
    """Put one of everything in place, through the product's own actions."""
    now = timezone.now()
    alice = cast.alice
    alice.team.name = f"Norlune {MARK}"
    alice.team.save()
    world = World({})
    seats = {role: _seat(alice, role) for role in STAFF}
    account = connect(alice, x, handle=f"N{MARK}")
    world.ids = {"account_id": account.id, "network_name": account.network, "token": "an-invented-one"}
    world.ids |= {"key": "an-invented-one", "uidb36": "1", "pk": "1"}
    _talk(world, x, account)
    world.ids |= share(alice, account, Conversation.objects.get(), MARK)
    _publish(world, alice, account)
    _review(world, alice, account)
    _come_again(world, alice, account)
    _know(world, alice, account)
    invitation, _words = invite_member(actor=alice, email=f"{MARK}@example.org", role=Role.WRITER, now=now)
    week = now + timedelta(days=7)
    token, _words = make_token(actor=alice, name=f"Program {MARK}", scopes=["read"], expires_at=week, now=now)
    world.ids |= {"import_id": _hand_in(alice, account).id, "layout": "plain", "what": "posts"}
    world.ids |= {
        "invitation_id": invitation.id, "token_id": token.id, "member_id": seats[Role.AGENT].id,
        "team_id": alice.team_id, "soon": (now + timedelta(hours=3)).isoformat(),
        "start": (now - timedelta(days=1)).isoformat(), "end": week.isoformat(),
    }  # fmt: skip
    world.clients = {str(role): _browser(seat) for role, seat in seats.items()}
    world.clients |= {"charlie": _browser(cast.charlie), "stranger": Client(raise_request_exception=False)}
    return world


def _seat(alice: Membership, role: Role) -> Membership:
    user = make_user(f"{role.title()} {MARK}".replace(" ", "-"))
    return Membership.objects.create(team=alice.team, user=user, role=role, created_at=timezone.now())


def _browser(seat: Membership) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(seat.user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 9_999_999_999}]
    session.save()
    return client


def _talk(world: World, x: FakeX, account: Account) -> None:
    dana = x.world.add_profile("dana", f"Dana {MARK}")
    x.world.write(dana.id, FakeDraft(f"@{account.handle} when do you open, {MARK}?"))
    due_streams(timezone.now())
    for cursor in Cursor.objects.filter(account=account):
        poll_stream(cursor.id)
    conversation = Conversation.objects.get()
    message = conversation.messages.get()
    world.ids |= {"conversation_id": conversation.id, "message_id": message.id, "profile_id": message.profile_id}
    offer = Offer.objects.create(
        team=account.team, message=message, account=account, about="praise", offered_at=timezone.now()
    )
    repost = Repost.objects.create(team=account.team, message=message, account=account, reposted_at=timezone.now())
    world.ids |= {"offer_id": offer.id, "contact_id": conversation.contact_id, "repost_id": repost.id}
    _people(world, account, conversation)


def _people(world: World, account: Account, conversation: Conversation) -> None:
    """What is kept of people, and a view of the whole team with a column of the owner's."""
    now, alice = timezone.now(), Membership.objects.filter(team=account.team_id, role=Role.OWNER).latest("created_at")
    contact = conversation.contact
    other = Contact.objects.create(team=account.team, name=f"Elsewhere {MARK}", created_at=now)
    said = {"name": f"Number {MARK}", "value": MARK, "ground": "told"}
    set_fact(actor=alice, contact_id=contact.id, now=now, **said)
    view = save_view(actor=alice, name=f"View {MARK}", wanted=Filter(), shared=True, now=now)
    column = add_column(actor=alice, view_id=view.id)
    world.ids |= {"contact_id": contact.id, "other_id": other.id, "view_id": view.id, "column_id": column.id}


def _review(world: World, alice: Membership, account: Account) -> None:
    now = timezone.now()
    wish = ReviewWish((account.id,), now + timedelta(days=1), note=f"A word {MARK}")
    review = submit_post(actor=alice, post_id=write(alice, f"To be seen first: {MARK}.").id, wish=wish, now=now)
    until = now + timedelta(days=7)
    link, words = make_link(actor=alice, review_id=review.id, recipient=f"Client {MARK}", expires_at=until, now=now)
    add_comment(actor=alice, review_id=review.id, text=f"A remark {MARK}", now=now)
    world.ids |= {"review_id": review.id, "link_id": link.id, "link_words": words}


def _know(world: World, alice: Membership, account: Account) -> None:
    now = timezone.now()
    texts = {"en": f"We open at nine, {MARK}."}
    saved = save_reply(actor=alice, name=f"Hours {MARK}", texts=texts, saved=None, account_id=None, now=now)
    words = Words("en", f"When do you open, {MARK}?", f"We open at nine, {MARK}.")
    entry = save_entry(actor=alice, account_id=account.id, words=words, entry=None, message_id=None, now=now)
    contact_id = Conversation.objects.get(id=world.ids["conversation_id"]).contact_id
    pack = make_evidence(actor=alice, contact_id=contact_id, message_ids=(), until=now + timedelta(days=9), now=now)
    lift_hold(actor=alice, contact_id=contact_id, now=now)  # an erasure is walked too
    incident = open_incident(actor=alice, name=f"Outage {MARK}", conversation_ids=(), now=now)
    world.ids |= {"contact_id": contact_id, "evidence_id": pack.id, "incident_id": incident.id}
    soon = int((now + timedelta(days=9)).timestamp())
    world.ids |= {"saved_id": saved.id, "entry_id": entry.id, "wanted": "publish", "before": soon}


def _hand_in(alice: Membership, account: Account) -> Import:
    """A file of posts with a problem, checked and ready."""
    content = f"text,when\nRow {MARK},2035-05-05 10:00\nLate {MARK},2020-05-05 10:00\n".encode()
    now = timezone.now()
    one = start_import(actor=alice, file_name=f"{MARK}.csv", content=content, client_key=uuid4().hex, now=now)
    said = Decisions(("text", "when"), "UTC", (account.id,))
    decide(actor=alice, import_id=one.id, decisions=said, now=now)
    check_rows(one.id, now)
    return one


def _come_again(world: World, alice: Membership, account: Account) -> None:
    now = timezone.now()
    start = now + timedelta(days=2)
    order = RepeatOrder("FREQ=WEEKLY", "UTC", start.date(), start.time())
    made = repeat_post(actor=alice, post_id=write(alice, f"Comes again: {MARK}.").id, account_ids=[account.id],
                       order=order, client_key=uuid4().hex, now=now)  # fmt: skip
    add_slots(actor=alice, account_id=account.id, weekdays=range(7), times=[time(9), time(17)], now=now)
    queued = add_to_queue(actor=alice, post_id=write(alice, f"In the queue: {MARK}.").id, account_ids=[account.id],
                          confirmed=Confirmations(), client_key=uuid4().hex, now=now)[0]  # fmt: skip
    always = mark_evergreen(actor=alice, post_id=write(alice, f"Always {MARK}.").id, account_id=account.id, now=now)
    world.ids |= {
        "recurrence_id": made.id, "local": made.occurrences.get().local, "queued_id": queued.id,
        "weekday": 3, "slot_id": QueueSlot.objects.filter(account=account)[0].id, "evergreen_id": always.id,
        "clock": start.strftime("%Y-%m-%dT%H:%M"), "starts_on": start.date().isoformat(),
    }  # fmt: skip


def _publish(world: World, alice: Membership, account: Account) -> None:
    from io import BytesIO

    held = BytesIO()
    Image.new("RGB", (8, 6), "teal").save(held, "PNG")
    media = add_picture(actor=alice, content=held.getvalue(), alt_text=f"A field {MARK}", now=timezone.now())
    draft = write(alice, f"Not finished: {MARK}.")
    planned = write(alice, f"Planned: {MARK}.")
    delivery = schedule(alice, planned, account, after=7200)[0]
    doubtful = schedule(alice, write(alice, f"In doubt: {MARK}."), account, after=3600)[0]
    part = doubtful.parts.get()
    for state in (PartState.SENDING, PartState.UNCONFIRMED):
        Part.objects.filter(id=part.id).update(state=state)
    world.ids |= {
        "media_id": media.id, "card_id": _card(alice), "post_id": draft.id, "planned_id": planned.id,
        "delivery_id": delivery.id, "part_id": part.id, "client_key": uuid4().hex,
    }  # fmt: skip


def _card(alice: Membership) -> UUID:
    picture = ContentFile(b"\xff\xd8\xff", name="shop.jpg")
    told = {"url": "https://norlune.com/", "title": f"News {MARK}", "read_at": timezone.now()}
    return Card.objects.create(team_id=alice.team_id, picture=picture, **told).id
