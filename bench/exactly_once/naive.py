"""A naive publisher, as most tools have it: a flag in memory, a retry after an error, a restart after a kill."""

from bench.exactly_once.plan import MOODS, Run
from bench.exactly_once.world import World
from pluralis.networks.contract import Outgoing
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import NetworkError, Refused
from pluralis.networks.registry import network

TRIES = 3
KILLED_AFTER_THE_WRITE = ("send.after_write", "send.after_answer", "record.before", "record.before_commit")


def doubles(world: World, runs: list[Run], scale: float) -> int:
    """Publish the same runs naively, against the same fakes and moods; returns how many stand more than once."""
    count = 0
    for run in runs:
        account = world.accounts[run.network][0]
        world.fakes.ask(run.network, "DELETE", "moods")
        mood = MOODS[run.mood]
        if mood:
            world.fakes.ask(run.network, "POST", "moods", {**mood, "account": account.handle})
        text = f"Naive {run.number} {run.text}"
        _publish(world, run, account, text, scale)
        entries = world.fakes.sent(run.network)
        count += sum(1 for entry in entries if entry["detail"].get("text") == text) > 1
        world.fakes.ask(run.network, "DELETE", "ledger")
    return count


def _publish(world: World, run: Run, account: object, text: str, scale: float) -> None:
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
