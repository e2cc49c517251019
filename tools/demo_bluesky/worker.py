"""The product's own worker, for which the demo's line on loopback is the one private address it may go to."""

import argparse
import os
import signal
import sys
from types import FrameType

ORIGINS = "DEMO_BLUESKY_ORIGINS"
CONCURRENCY = 5


def main() -> int:
    """Work until told to stop, as `pluralis worker` does."""
    signal.signal(signal.SIGTERM, _leave_before_starting)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pluralis.config.settings")
    import django

    django.setup()
    from pluralis.cli import worker
    from pluralis.networks.addresses import allow_private_origins

    allow_private_origins(os.environ[ORIGINS].split(","))
    return worker.run(argparse.Namespace(queues="", concurrency=CONCURRENCY))


def _leave_before_starting(number: int, frame: FrameType | None) -> None:
    """Until the engine listens to signals itself there is nothing to finish."""
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
