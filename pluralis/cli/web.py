"""`pluralis web`: the web server (uvicorn, ASGI)."""

import argparse
import contextlib
import os
from types import FrameType
from typing import Any

NEEDS_INSTANCE = True
# An open event stream must not hold up a stop (GUARANTEES 2: two seconds).
_STOP_SECONDS = 2
# Whatever hangs: requests in threads have this long after the word to stop, or after the supervisor's death.
_HARD_STOP_SECONDS = 10
_DID_NOT_START = 3


def add_parser(subparsers: Any) -> None:
    subparsers.add_parser("web", help="serve the desk and the API")


def run(arguments: argparse.Namespace) -> int:
    """Serve until told to stop; settings come from the environment."""
    import uvicorn

    from pluralis.config import last_resort
    from pluralis.config.environment import Environment

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            last_resort.end_within(_HARD_STOP_SECONDS)
            super().handle_exit(sig, frame)

    last_resort.end_with_parent(_HARD_STOP_SECONDS)
    environment = Environment.from_environ(os.environ)
    config = uvicorn.Config(
        "pluralis.config.asgi:application",
        host=environment.bind,
        port=environment.port,
        log_level=environment.log_level.lower(),
        access_log=False,
        lifespan="off",
        proxy_headers=False,
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=_STOP_SECONDS,
    )
    server = Server(config)
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    return 0 if server.started else _DID_NOT_START
