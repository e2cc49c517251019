"""One of several processes that share the runs: a database, networks and a fork server of its own.

Reads batches (JSON lists of runs) from standard input, writes the results of each as one JSON line.
"""

import json
import os
import sys
import time
import traceback
from contextlib import ExitStack

from bench.database import bench_database
from bench.exactly_once.plan import Run

SESSIONS = 400
"""A batch of frozen processes keeps three connections each."""


def main() -> None:
    """Take batches until standard input closes. Standard output belongs to the results alone."""
    scale, durable, real = float(sys.argv[1]), sys.argv[2] == "durable", "real" in sys.argv[3:]
    os.environ["PLURALIS_PROTOCOL_SCALE"] = str(scale)
    said = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    with bench_database(durable=durable, sessions=SESSIONS) as cluster, ExitStack() as stack:
        from bench.exactly_once.world import World

        world = World.build(scale, cluster, stack, real=real)
        said.write(json.dumps({"ready": True}) + "\n")
        for line in sys.stdin:
            said.write(json.dumps(_take(world, json.loads(line), scale)) + "\n")


def _take(world, order: dict, scale: float) -> dict:  # type: ignore[no-untyped-def, type-arg]
    from bench.exactly_once.batch import run_batch
    from bench.exactly_once.naive import doubles

    runs = [Run(**each) for each in order["runs"]]
    if order["naive"]:
        return {"naive": doubles(world, runs, scale)}
    began = time.monotonic()
    try:
        results = [each.as_dict() for each in run_batch(world, runs)]
    except Exception:
        return {"failed": traceback.format_exc(), "runs": order["runs"]}
    return {"results": results, "seconds": time.monotonic() - began}


if __name__ == "__main__":
    main()
