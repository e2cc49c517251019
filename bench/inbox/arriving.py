"""Messages that arrive: read, judged and stored as polling does it, with a fake network beside.

First `ingest` alone, page by page, which is what the road in can do; then the whole road, polling the fake over HTTP.
"""

import time
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from bench.inbox.asking import counted, sessions, worked

TEXTS = (
    "@Norlune my fibre has been down since noon, can somebody help me please?",
    "@Norlune merci pour la réponse rapide, tout fonctionne maintenant !",
    "@Norlune ¿a qué hora abre la tienda del centro los sábados?",
    "@Norlune perkhidmatan anda sangat bagus, terima kasih banyak",
    "@Norlune you are the worst company I have ever had to deal with",
    "@Norlune call me on +33 6 12 34 56 78, my customer number is KD-4711",
)
PAGE = 100
WRITERS = 400


def arrive(number: int) -> float:
    """Print how many messages a second come in; returns how many of pages of a hundred, by the clock."""
    from django.utils import timezone

    account = _account()
    pages = _pages(number, timezone.now())
    print(f"{'arriving':<44}{'messages':>10}{'per s':>9}{'of work':>9}{'queries a page':>16}")
    _line("reading alone (language, triage, privacy)", number, *_timed(lambda: _read(account, pages)), 0)
    with counted() as seen:
        taken = _timed(lambda: _store(account, pages))
    _line("ingest, pages of 100", number, *taken, round(seen[0] / len(pages)))
    _poll(number)
    return number / taken[0]


def _account() -> Any:
    from django.utils import timezone

    from pluralis.teams.actions import found_team
    from pluralis.teams.models import Account, User

    name = f"rate-{uuid4().hex[:8]}"
    user = User.objects.create_user(email=f"{name}@example.org", name="Rate")
    seat = found_team(user=user, name="Rate", language="en", zone="UTC", now=timezone.now())
    return Account.objects.create(
        team=seat.team, network="x", host="https://example.org", remote_id=name, handle="Norlune", language="en",
        created_at=timezone.now(), connected=False,
    )  # fmt: skip


def _pages(number: int, now: datetime) -> list[Any]:
    from pluralis.networks.contract import Batch, Incoming, Reference, RemoteProfile

    writers = [RemoteProfile(f"w{each}", f"writer_{each}", f"Writer {each}") for each in range(WRITERS)]
    first = Incoming(Reference("0"), "mention", "", writers[0], now)
    made = []
    for start in range(0, number, PAGE):
        messages = tuple(
            replace(first, reference=Reference(f"r{each}"), author=writers[each % WRITERS],
                    text=f"{TEXTS[each % len(TEXTS)]} {each}")
            for each in range(start, min(start + PAGE, number))
        )  # fmt: skip
        made.append(Batch(messages, str(start)))
    return made


def _read(account: Any, pages: list[Any]) -> None:
    from pluralis.inbox.reading import read_message
    from pluralis.teams.queries import privacy_of

    rules = privacy_of(account.team)
    for page in pages:
        for message in page.messages:
            read_message(message, account.language, rules)


def _store(account: Any, pages: list[Any]) -> None:
    from django.utils import timezone

    from pluralis.inbox.actions import ingest

    for page in pages:
        ingest(account, "mentions", page, timezone.now())


def _poll(number: int) -> None:
    """The same through HTTP: a fake network that shows a hundred a page."""
    from django.utils import timezone

    from pluralis.inbox.listening import due_streams, poll_stream
    from pluralis.inbox.models import Cursor, Message
    from pluralis.networks.fake.world import Draft
    from tests.apps.cast import connect, fake_x, make_cast

    number = min(number, 700)  # X itself shows no more than 800 mentions back
    with fake_x() as network:
        account = connect(make_cast().alice, network)
        due_streams(timezone.now())
        cursors = list(Cursor.objects.filter(account=account))
        for cursor in cursors:
            poll_stream(cursor.id)
        profiles = [network.world.add_profile(f"polled{each}", f"Polled {each}") for each in range(40)]
        for each in range(number):
            network.world.write(profiles[each % 40].id, Draft(f"{TEXTS[each % len(TEXTS)]} {each}"))
        taken = _timed(lambda: [poll_stream(cursor.id) for cursor in cursors])
        found = Message.objects.filter(account=account).count()
        _line("the whole road, polled over HTTP", found, *taken, 0)


def _timed(work: Any) -> tuple[float, float]:
    """Return the seconds by the clock, and the processor seconds of this process and of the database."""
    places = sessions()
    began, before = time.perf_counter(), worked(places)
    work()
    return time.perf_counter() - began, (worked(places) - before) / 1000


def _line(name: str, number: int, taken: float, work: float, queries: int) -> None:
    print(f"{name:<44}{number:>10}{number / taken:>9.0f}{number / work:>8.0f}/s{queries:>15}", flush=True)
