"""A fork server: it has imported everything, so that a process to kill costs a fork and not a start.

Reads one JSON line per order and answers with the child's pid; a child takes one job, stands at its fail-point,
and there kills or freezes itself. A second kind of line is written when a child ends.
"""

import json
import os
import select
import signal
import sys
from typing import Any


def main() -> None:
    """Fork until standard input closes; then end every child that is left."""
    import django

    django.setup()
    _warm_up()
    _say({"ready": os.getpid()})
    children: dict[int, str] = {}
    rest = b""
    while True:
        readable, _w, _x = select.select([0], [], [], 0.02)
        if readable:
            heard = os.read(0, 65536)
            if not heard:
                break
            *lines, rest = (rest + heard).split(b"\n")
            for line in lines:
                _fork(json.loads(line), children)
        _reap(children)
    for pid in children:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _fork(order: dict[str, Any], children: dict[int, str]) -> None:
    pid = os.fork()
    if pid == 0:
        _child(order)
    children[pid] = order["run"]
    _say({"run": order["run"], "pid": pid})


def _warm_up() -> None:
    """Import what a job needs, without opening a connection that a fork would share."""
    from bench.exactly_once import ordering
    from pluralis.networks import transport
    from pluralis.networks.addresses import allow_private_origins
    from pluralis.networks.registry import networks
    from pluralis.publishing import tasks

    networks()
    transport.trusted_roots()
    allow_private_origins(os.environ["BENCH_ORIGINS"].split(","))
    assert tasks.publish_part
    assert ordering.order


def _reap(children: dict[int, str]) -> None:
    for pid in list(children):
        found, status = os.waitpid(pid, os.WNOHANG | os.WUNTRACED)
        if not found:
            continue
        if os.WIFSTOPPED(status):
            _say({"run": children[pid], "stopped": True, "pid": pid})
            continue
        _say({"run": children.pop(pid), "ended": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0})


def _child(order: dict[str, Any]) -> None:
    """Do one job and stop at the fail-point; never returns."""
    from pluralis import failpoints
    from pluralis.config.embedded.system_user import dies_with_parent

    dies_with_parent(signal.SIGKILL)()
    reached: list[str] = []

    def hook(name: str) -> None:
        reached.append(name)
        if name == order["failpoint"] and reached.count(name) == order["passed"] + 1:
            os.kill(os.getpid(), signal.SIGKILL if order["action"] == "kill" else signal.SIGSTOP)

    os.close(0)
    failpoints.set_hook(hook)
    code = 0
    try:
        _do(order["job"], order["about"])
    except BaseException as problem:
        sys.stderr.write(f"{order['run']} {order['failpoint']}: {problem!r}\n")
        code = 3
    os._exit(code)


def _do(job: str, about: Any) -> None:
    from bench.exactly_once import ordering
    from pluralis.publishing import tasks

    match job:
        case "plan_and_publish":
            tasks.wake_due_parts(0)
            tasks.publish_part(about)
        case "order_and_publish":
            for part_ids in ordering.order(about).values():
                tasks.publish_part(part_ids[0])
        case _:
            getattr(tasks, job)(about)


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
