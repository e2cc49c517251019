"""A team's inbox of years, put in place by COPY: accounts, members, contacts, conversations, messages."""

import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from bench.inbox.words import OLD_ONLY, Vocabulary

ACCOUNTS, MEMBERS = 50, 20
MESSAGES_EACH = 4
YEARS = timedelta(days=730)
STATES = (("resolved", 0.90), ("open", 0.045), ("waiting", 0.04), ("snoozed", 0.015))
LABELS = ("question", "complaint", "praise", "abuse", "spam", "")
KINDS = ("mention", "reply", "quote", "direct")
TAGS = ("VIP", "partner", "journalist", "customer")


@dataclass
class World:
    """What was put in place, for the questions."""

    team: Any
    members: list[Any]
    accounts: list[UUID]
    vocabulary: Vocabulary
    contacts: list[UUID] = field(default_factory=list)
    handles: list[str] = field(default_factory=list)
    at_work: list[UUID] = field(default_factory=list)

    def seat(self, number: int) -> Any:
        """Return the member who asks the ``number``-th time."""
        return self.members[number % len(self.members)]


def new_id(chance: random.Random, at: datetime) -> UUID:
    """Return an id like the product's own, of the instant ``at``."""
    value = int(at.timestamp() * 1000) << 80 | chance.getrandbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def seed(messages: int, said: bool = True) -> World:
    """Put an inbox of so many messages in place; returns what is in it."""
    from django.db import connection

    began = time.monotonic()
    world = _team()
    chance = random.Random(11)
    with connection.cursor() as cursor:
        # Built anew at the end, as a restore does: a million rows one by one would measure something else.
        cursor.execute("DROP INDEX inbox_words_found")
        _people(world, cursor, chance, max(100, messages // 10))
        _conversations(world, cursor, chance, messages)
        cursor.execute(
            "CREATE INDEX inbox_words_found ON inbox_searchentry USING gin (words) WITH (fastupdate = off)"
        )
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    if said:
        print(f"seeded {messages} messages in {time.monotonic() - began:.0f} s", flush=True)
    return world


def _team() -> World:
    from django.utils import timezone

    from pluralis.teams.actions import found_team
    from pluralis.teams.models import Account, Membership, User

    now = timezone.now()
    alice = found_team(user=User.objects.create_user(email="alice@example.org", name="Alice"), name="Norlune",
                       language="en", zone="UTC", now=now)  # fmt: skip
    members = [alice]
    for number in range(MEMBERS - 1):
        user = User.objects.create_user(email=f"agent{number}@example.org", name=f"Agent {number}")
        members.append(Membership.objects.create(team=alice.team, user=user, role="agent", created_at=now))
    accounts = []
    for number in range(ACCOUNTS):
        network = ("x", "mastodon", "bluesky")[number % 3]
        made = Account.objects.create(
            team=alice.team, network=network, host="https://example.org", remote_id=f"brand{number}",
            handle=f"brand{number}", created_at=now,
        )  # fmt: skip
        accounts.append(made.id)
    _at_work(alice.team, members, accounts, now)
    return World(alice.team, members, accounts, Vocabulary(7))


VIEWS = {"Complaints": {"label": "complaint"}, "Late": {"late": "1"}, "In Malay": {"language": "ms"}}


def _at_work(team: Any, members: list[Any], accounts: list[UUID], now: datetime) -> None:
    """A day like others: everything was heard a moment ago, four are on duty, and the team has views of its own."""
    from pluralis.inbox.models import Cursor, SavedView
    from pluralis.teams.models import Membership

    later = now + timedelta(days=1)
    Cursor.objects.bulk_create(
        Cursor(team=team, account_id=account, stream=stream, seen_until=now, polled_at=now, next_poll_at=later)
        for account in accounts
        for stream in ("mentions", "messages")
    )
    Membership.objects.filter(id__in=[each.id for each in members[:4]]).update(on_duty_since=now)
    SavedView.objects.bulk_create(
        SavedView(team=team, name=name, wanted=wanted, made_at=now) for name, wanted in VIEWS.items()
    )


def _copy(cursor: Any, table: str, columns: str, rows: Iterator[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _people(world: World, cursor: Any, chance: random.Random, number: int) -> None:
    from pluralis.core.folding import fold

    start = datetime.now(UTC) - YEARS
    team = world.team.id
    world.contacts = [new_id(chance, start + YEARS * (each / number)) for each in range(number)]
    names = [f"{world.vocabulary.ranked(500, 30_000)} {world.vocabulary.ranked(500, 30_000)}".title()
             for _each in range(number)]  # fmt: skip
    world.handles = [f"{fold(name).replace(' ', '_')}{each % 97}" for each, name in enumerate(names)]
    tags = (json.dumps([chance.choice(TAGS)]) if chance.random() < 0.05 else "[]" for _each in range(number))
    _copy(cursor, "inbox_contact", "id, team_id, name, search_name, tags, note, do_not_engage_reason, created_at",
          ((one, team, name, fold(name), tag, "", "", start)
           for one, name, tag in zip(world.contacts, names, tags, strict=True)))  # fmt: skip
    _copy(cursor, "inbox_profile",
          "id, team_id, contact_id, network, host, remote_id, handle, search_handle, display_name, url, avatar_url,"
          " bio, seen_at",
          ((new_id(chance, start), team, one, "x", "https://example.org", str(each), handle, handle, name, "", "", "",
            start) for each, (one, handle, name) in
           enumerate(zip(world.contacts, world.handles, names, strict=True))))  # fmt: skip


def _conversations(world: World, cursor: Any, chance: random.Random, messages: int) -> None:
    """Make conversations of one to seven messages each, in the order of time, then their messages."""
    number = messages // MESSAGES_EACH
    start = datetime.now(UTC) - YEARS
    plan = []
    for each in range(number):
        at = start + YEARS * (each / number)
        # Most people write once; a few write all the time.
        contact = world.contacts[int(len(world.contacts) * chance.random() ** 2)]
        plan.append((new_id(chance, at), at, contact, chance.choice(world.accounts)))
    profile_of = _profiles(cursor)
    _copy(cursor, "inbox_conversation",
          "id, team_id, account_id, key, contact_id, state, private, kind, assigned_to_id, label, urgency,"
          " personal_data, language, excerpt, message_count, waiting_since, last_message_at, created_at,"
          " answer_due_at",
          (_conversation(world, chance, each, number, row) for each, row in enumerate(plan)))  # fmt: skip
    made = _messages(world, chance, plan, messages, profile_of)
    _copy(cursor, "inbox_message",
          "id, team_id, account_id, conversation_id, profile_id, direction, kind, remote_id, reference,"
          " in_reply_to_id, text, search_text, url, media, language, triage, personal_data, created_at, received_at",
          made)  # fmt: skip


def _profiles(cursor: Any) -> dict[UUID, UUID]:
    cursor.execute("SELECT contact_id, id FROM inbox_profile")
    return dict(cursor.fetchall())


def _conversation(
    world: World, chance: random.Random, each: int, number: int, row: tuple[Any, ...]
) -> tuple[Any, ...]:
    key, at, contact, account = row
    # What is old is done: only the last fifth may still be at work.
    state = "resolved"
    if each > number * 0.5:
        state = chance.choices([name for name, _share in STATES], [share for _name, share in STATES])[0]
    if state != "resolved":
        world.at_work.append(key)
    kind = chance.choice(KINDS)
    holder = chance.choice(world.members).id if state != "resolved" and chance.random() < 0.6 else None
    open_since = at if state == "open" else None
    due = datetime.now(UTC) + timedelta(hours=chance.uniform(-6, 30)) if open_since else None
    return (
        key, world.team.id, account, f"thread:{each}", contact, state, kind == "direct", kind, holder,
        chance.choice(LABELS), chance.random(), False, chance.choice(("en", "fr", "es", "ms")),
        world.vocabulary.text()[0][:280], MESSAGES_EACH, open_since, at, at, due,
    )  # fmt: skip


def _messages(
    world: World, chance: random.Random, plan: list[tuple[Any, ...]], number: int, profile_of: dict[UUID, UUID]
) -> Iterator[tuple[Any, ...]]:
    triage = json.dumps({"label": "question", "urgency": 0.2, "reasons": ["question mark"], "sentiment": "neutral"})
    for each in range(number):
        conversation, at, contact, account = plan[each * len(plan) // number]
        text, folded = world.vocabulary.text()
        if each < number / 10 and each % 3 == 0:
            text, folded = f"{text} {OLD_ONLY}", f"{folded} {OLD_ONLY}"
        at += timedelta(seconds=each % 7)
        yield (
            new_id(chance, at), world.team.id, account, conversation, profile_of[contact], "in", "mention",
            f"m{each}", "{}", "", text, folded, "", "[]", "en", triage, "[]", at, at,
        )  # fmt: skip
