"""The questions a team asks its inbox, each timed as the server answers it."""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bench.inbox.seed import World
from bench.inbox.words import OLD_ONLY


@dataclass(frozen=True)
class Case:
    """A question: its budget in milliseconds, and what to ask the ``number``-th time, as one of the members."""

    name: str
    budget: float
    ask: Callable[[int], Any]


def ask(world: World, times: int) -> float:
    """Ask everything, print the table, return the worst p95 over its budget."""
    print(f"{'question':<44}{'budget':>8}{'p50 ms':>9}{'p95 ms':>9}{'max':>9}{'python':>9}{'queries':>9}")
    worst = 0.0
    for case in _cases(world):
        for number in range(5):
            case.ask(number)
        taken, queries, work = [], 0, time.process_time()
        for number in range(times):
            with counted() as seen:
                began = time.perf_counter()
                case.ask(number)
                taken.append((time.perf_counter() - began) * 1000)
            queries = max(queries, seen[0])
        taken.sort()
        work = (time.process_time() - work) / times * 1000
        p95 = taken[int(len(taken) * 0.95) - 1]
        worst = max(worst, p95 / case.budget)
        print(f"{case.name:<44}{case.budget:>8.0f}{statistics.median(taken):>9.1f}{p95:>9.1f}{taken[-1]:>9.1f}"
              f"{work:>9.1f}{queries:>9}", flush=True)  # fmt: skip
    return worst


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


def _cases(world: World) -> list[Case]:
    from pluralis.inbox import queries
    from pluralis.inbox.queries import Filter

    chance = random.Random(5)
    seat = lambda number: world.members[number % len(world.members)]  # noqa: E731
    words = world.vocabulary
    bands = ((0, 20), (20, 200), (200, 2_000), (2_000, 30_000))

    def inbox(wanted: Filter) -> Callable[[int], Any]:
        return lambda number: queries.inbox_page(seat(number), wanted)

    def next_page(number: int) -> Any:
        first = _first(queries, seat(number))
        return queries.inbox_page(seat(number), Filter(), first.older_than)

    def counts(number: int) -> Any:
        views = [Filter(label=each) for each in ("complaint", "abuse", "question")]
        views += [Filter(network="x"), Filter(language="ms"), Filter(unread=True), Filter(tag="VIP")]
        return queries.counts(seat(number)), queries.count_each(seat(number), views)

    def history(number: int) -> Any:
        return queries.history(seat(number), world.contacts[int(len(world.contacts) * chance.random() ** 2)])

    def found(count: int, low: int, high: int) -> Callable[[int], Any]:
        def look(number: int) -> Any:
            said = " ".join(words.ranked(low, high) for _each in range(count))
            return queries.inbox_page(seat(number), Filter(state="", words=said))

        return look

    def two_bands(number: int) -> Any:
        first, second = chance.sample(bands, 2)
        said = f"{words.ranked(*first)} {words.ranked(*second)}"
        return queries.inbox_page(seat(number), Filter(state="", words=said))

    def beginning(letters: int) -> Callable[[int], Any]:
        return lambda number: queries.people_page(seat(number), words="@" + chance.choice(world.handles)[:letters])

    pages = _Pages(world)
    made = [
        Case("open the inbox: list", 50, inbox(Filter())),
        Case("open the inbox: page", 50, lambda number: pages.get(number, "/inbox")),
        Case("next page: list", 50, next_page),
        Case("my late ones: list", 50, inbox(Filter(mine=True, late=True))),
        Case("my late ones: page", 50, lambda number: pages.get(number, "/inbox?mine=1&late=1")),
        Case("counts: states, mine, seven saved views", 50, counts),
        Case("contact history: list", 50, history),
        Case("open a conversation: page", 50,
             lambda number: pages.get(number, f"/inbox/{chance.choice(world.at_work)}")),
    ]  # fmt: skip
    for low, high in bands:
        made.append(Case(f"search one word, rank {low} to {high}", 100, found(1, low, high)))
    made += [
        Case("search one word, only long ago", 100, inbox(Filter(state="", words=OLD_ONLY))),
        Case("search a beginning of a word", 100, lambda number: queries.inbox_page(
            seat(number), Filter(state="", words=words.ranked(50, 30_000)[:5] + "*"))),
        Case("search one word among the open", 100, lambda number: queries.inbox_page(
            seat(number), Filter(words=words.ranked(20, 2_000)))),
        Case("search two words, frequent", 200, found(2, 0, 200)),
        Case("search two words, seldom", 200, found(2, 200, 5_000)),
        Case("search two words, one frequent", 200, two_bands),
        Case("handle by two letters", 50, beginning(2)),
        Case("handle by five letters", 50, beginning(5)),
        Case("search: page", 100, lambda number: pages.get(number, f"/inbox?words={words.ranked(20, 20_000)}")),
    ]  # fmt: skip
    return made


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
