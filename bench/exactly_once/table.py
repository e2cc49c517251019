"""The table at the end: by fail-point, kind, mood and network, and the line that counts."""

from collections import Counter
from collections.abc import Callable, Iterable

from bench.exactly_once.oracle import Result
from bench.exactly_once.plan import KINDS, MOODS, NETWORKS

WIDTH = 26


def table(results: list[Result]) -> str:
    """Return how many runs there were, were struck and went wrong, seen from each side."""
    from pluralis.failpoints import NAMES

    heads = ("runs", "met", "doubled", "lost", "unresolved", "asked")
    lines = [f"{'':<{WIDTH}}" + "".join(f"{head:>11}" for head in heads)]
    sides: list[tuple[str, Iterable[str], Callable[[Result], str]]] = [
        ("fail-point", NAMES, lambda each: each.run.failpoint),
        ("what happens", KINDS, lambda each: each.run.kind),
        ("mood", MOODS, lambda each: each.run.mood),
        ("network", NETWORKS, lambda each: each.run.network),
        ("strike", ("kill", "freeze"), lambda each: each.run.action),
    ]
    for title, names, side in sides:
        lines += [title, *(_row(f"  {name}", [each for each in results if side(each) == name]) for name in names)]
    states = Counter(state for each in results for state in each.states)
    lines.append("ends: " + ", ".join(f"{state} {count}" for state, count in states.most_common()))
    return "\n".join(lines)


def _row(name: str, mine: list[Result]) -> str:
    counts = [len(mine), sum(each.met for each in mine), *counted(mine), sum(each.asked for each in mine)]
    return f"{name:<{WIDTH}}" + "".join(f"{count:>11}" for count in counts)


def counted(results: list[Result]) -> tuple[int, int, int]:
    """Return how many runs were doubled, lost and left unresolved."""
    return (
        sum(each.doubled for each in results),
        sum(each.lost for each in results),
        sum(each.unresolved for each in results),
    )


def last_line(results: list[Result], naive: dict[str, list[int]]) -> str:
    """Return the line that counts."""
    doubled, lost, unresolved = counted(results)
    return (
        f"doubled={doubled} lost={lost} unresolved={unresolved} runs={len(results)} "
        f"naive_doubled={naive_share(naive):.1f}%"
    )


def naive_share(naive: dict[str, list[int]]) -> float:
    """Return how many of a hundred posts the naive publisher doubled."""
    runs = sum(count for count, _ in naive.values())
    return 100 * sum(doubled for _, doubled in naive.values()) / runs if runs else 0.0
