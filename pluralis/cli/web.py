"""`pluralis web`: the web server (uvicorn, ASGI)."""

import argparse
import os
from typing import Any

NEEDS_INSTANCE = True
# An open event stream must not hold up a stop (GUARANTEES 2: two seconds).
_STOP_SECONDS = 2


def add_parser(subparsers: Any) -> None:
    subparsers.add_parser("web", help="serve the desk and the API")


def run(arguments: argparse.Namespace) -> int:
    """Serve until told to stop; settings come from the environment."""
    import uvicorn

    from pluralis.config.environment import Environment

    environment = Environment.from_environ(os.environ)
    uvicorn.run(
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
    return 0
