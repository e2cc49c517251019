"""A naive publisher, as most tools have it: a flag in memory, a retry after an error, a restart after a kill."""

from bench.exactly_once.ordering import WORDS
from bench.exactly_once.plan import Run
from bench.exactly_once.world import World, handle_of
from pluralis.networks.contract import Outgoing
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import NetworkError, Refused
from pluralis.networks.registry import network

TRIES = 3
KILLED_AFTER_THE_WRITE = ("send.after_write", "send.after_answer", "record.before", "record.before_commit")


def doubles(world: World, runs: list[Run], scale: float) -> dict[str, list[int]]:
    """Publish the same runs naively, against the same fakes and moods; by network: how many, how many doubled."""
    counts: dict[str, list[int]] = {}
    for run in runs:
        account = world.accounts[run.network][0]
        world.fakes.forget()
        world.fakes.set_mood(run, handle_of(account))
        text = f"Naive {run.number}: {WORDS}"
        _publish(run, account, text, scale)
        copies = sum(entry["text"] == text for entry in world.fakes.standing(run.network))
        count = counts.setdefault(run.network, [0, 0])
        count[0] += 1
        count[1] += copies > 1
    return counts


def _publish(run: Run, account: object, text: str, scale: float) -> None:
    """Send until something says yes; a process that was killed before it could note that starts again."""
    from django.utils import timezone

    from pluralis.teams.queries import access_of

    lives = 2 if run.failpoint in KILLED_AFTER_THE_WRITE else 1
    access = access_of(account)  # type: ignore[arg-type]
    for _life in range(lives):
        for attempt in range(TRIES):
            # A fresh key for each try: the naive publisher keeps none.
            outgoing = Outgoing(text=text, key=f"{run.number}-{_life}-{attempt}", created_at=timezone.now())
            try:
                network(run.network).connector.send(access, outgoing, Deadline.after(30 * scale))
                break
            except Refused:
                break
            except NetworkError:
                continue
