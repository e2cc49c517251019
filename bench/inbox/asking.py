"""The questions a team asks its inbox, each timed as the server answers it."""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.inbox.seed import World
from bench.inbox.words import OLD_ONLY


@dataclass(frozen=True)
class Case:
    """A question: its budget in milliseconds, and what to ask the ``number``-th time, as one of the members."""

    name: str
    budget: float
    ask: Callable[[int], Any]


def ask(world: World, part: str, times: int) -> tuple[float, float]:
    """Ask the questions of a part (lists, searches, pages) and print their table.

    Returns the worst p95 over its budget, by the clock and by the work done.

    *Work* is processor time: of this process and of the database's sessions. On a machine that does nothing else
    the clock shows little more than that.
    """
    print(f"{'question':<44}{'budget':>8}{'p50 ms':>9}{'p95 ms':>9}{'max':>9}{'p95 work':>10}{'python':>9}"
          f"{'queries':>9}")  # fmt: skip
    worst, worst_work = 0.0, 0.0
    for case in CASES[part](world):
        for number in range(5):
            case.ask(number)
        taken, work, queries, python = [], [], 0, time.process_time()
        places = sessions()
        for number in range(times):
            with counted() as seen:
                before, began = worked(places), time.perf_counter()
                case.ask(number)
                taken.append((time.perf_counter() - began) * 1000)
                work.append(worked(places) - before)
            queries = max(queries, seen[0])
        python = (time.process_time() - python) / times * 1000
        taken.sort()
        work.sort()
        late = int(len(taken) * 0.95) - 1
        worst, worst_work = max(worst, taken[late] / case.budget), max(worst_work, work[late] / case.budget)
        print(f"{case.name:<44}{case.budget:>8.0f}{statistics.median(taken):>9.1f}{taken[late]:>9.1f}{taken[-1]:>9.1f}"
              f"{work[late]:>10.1f}{python:>9.1f}{queries:>9}", flush=True)  # fmt: skip
    return worst, worst_work


def sessions() -> list[Path]:
    """Return where Linux tells how long each session of the database has worked."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return [Path(f"/proc/{pid}/schedstat") for (pid,) in cursor.fetchall()]


def worked(places: list[Path]) -> float:
    """Return the processor time in milliseconds of this process and the database's sessions so far."""
    database = 0
    for each in places:
        with suppress(OSError):
            database += int(each.read_text().split()[0])
    return time.process_time() * 1000 + database / 1e6


@contextmanager
def counted() -> Iterator[list[int]]:
    """Count the queries of a block."""
    from django.db import connection

    seen = [0]

    def count(execute: Any, *rest: Any) -> Any:
        seen[0] += 1
        return execute(*rest)

    with connection.execute_wrapper(count):
        yield seen


BANDS = ((0, 20), (20, 200), (200, 2_000), (2_000, 30_000))
VIEWS = (
    {"label": "complaint"}, {"label": "abuse"}, {"label": "question"}, {"network": "x"}, {"language": "ms"},
    {"unread": True}, {"tag": "VIP"},
)  # fmt: skip


def _lists(world: World) -> list[Case]:
    from pluralis.inbox import queries
    from pluralis.inbox.queries import Filter

    chance = random.Random(5)
    views = [Filter(**wanted) for wanted in VIEWS]

    def listed(wanted: Filter) -> Callable[[int], Any]:
        return lambda number: queries.inbox_page(world.seat(number), wanted)

    def next_page(number: int) -> Any:
        first = _first(queries, world.seat(number))
        return queries.inbox_page(world.seat(number), Filter(), first.older_than)

    def counts(number: int) -> Any:
        return queries.counts(world.seat(number)), queries.count_each(world.seat(number), views)

    def history(number: int) -> Any:
        return queries.history(world.seat(number), world.contacts[int(len(world.contacts) * chance.random() ** 2)])

    return [
        Case("open the inbox: list", 50, listed(Filter())),
        Case("next page: list", 50, next_page),
        Case("my late ones: list", 50, listed(Filter(mine=True, late=True))),
        Case("counts: states, mine, seven saved views", 50, counts),
        Case("contact history: list", 50, history),
    ]


def _whole_pages(world: World) -> list[Case]:
    chance, pages = random.Random(7), _Pages(world)
    spoken = [chance.choice(world.at_work) for _each in range(1_000)]

    def next_page(number: int) -> Any:
        from pluralis.inbox import queries

        at, last_id = _first(queries, world.seat(number)).older_than
        return pages.get(number, f"/inbox?before={at.isoformat().replace('+', '%2B')}_{last_id}")

    def words(number: int) -> Any:
        return pages.get(number, f"/inbox?words={world.vocabulary.ranked(20, 20_000)}")

    return [
        Case("open the inbox: whole page", 50, lambda number: pages.get(number, "/inbox")),
        Case("next page: whole page", 50, next_page),
        Case("my late ones: whole page", 50, lambda number: pages.get(number, "/inbox?mine=1&late=1")),
        Case("open a conversation: whole page", 50, lambda number: pages.get(number, f"/inbox/{spoken[number]}")),
        Case("search one word: whole page", 100, words),
    ]


def _searches(world: World) -> list[Case]:
    from pluralis.inbox import queries
    from pluralis.inbox.queries import Filter

    chance, words = random.Random(6), world.vocabulary

    def look(number: int, said: str, state: str = "") -> Any:
        return queries.inbox_page(world.seat(number), Filter(state=state, words=said))

    def found(count: int, low: int, high: int) -> Callable[[int], Any]:
        return lambda number: look(number, " ".join(words.ranked(low, high) for _each in range(count)))

    def two_bands(number: int) -> Any:
        first, second = chance.sample(BANDS, 2)
        return look(number, f"{words.ranked(*first)} {words.ranked(*second)}")

    def beginning(letters: int) -> Callable[[int], Any]:
        return lambda number: queries.people_page(
            world.seat(number), words="@" + chance.choice(world.handles)[:letters]
        )

    return [
        *(Case(f"search one word, rank {low} to {high}", 100, found(1, low, high)) for low, high in BANDS),
        Case("search one word, only long ago", 100, lambda number: look(number, OLD_ONLY)),
        Case("search a beginning of a word", 100, lambda number: look(number, words.ranked(50, 30_000)[:5] + "*")),
        Case("search one word among the open", 100, lambda number: look(number, words.ranked(20, 2_000), "open")),
        Case("search two words, frequent", 200, found(2, 0, 200)),
        Case("search two words, seldom", 200, found(2, 200, 5_000)),
        Case("search two words, one frequent", 200, two_bands),
        Case("handle by two letters", 50, beginning(2)),
        Case("handle by five letters", 50, beginning(5)),
    ]


CASES = {"lists": _lists, "searches": _searches, "pages": _whole_pages}
_pages: dict[Any, Any] = {}


def _first(queries: Any, actor: Any) -> Any:
    """Return a first page, read once for each member: only the next one is timed."""
    if actor.id not in _pages:
        _pages[actor.id] = queries.inbox_page(actor, queries.Filter())
    return _pages[actor.id]


class _Pages:
    """The members' browsers."""

    def __init__(self, world: World) -> None:
        from django.test import Client

        self._clients = []
        for member in world.members[:5]:
            client = Client(HTTP_HOST="localhost")
            client.force_login(member.user)
            self._clients.append(client)

    def get(self, number: int, address: str) -> None:
        answer = self._clients[number % len(self._clients)].get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")
