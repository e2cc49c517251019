"""The end that nothing can hang: a hard limit after a stop signal, or after the supervisor's death.

A polite stop may wait for what no longer answers, such as a database that went at the same moment. The supervisor
kills what does not stop; when it is itself dead, nobody does. Ending hard is safe: a part on its way is then in
doubt, and looked up like any other (GUARANTEES 1).
"""

import asyncio
import ctypes
import faulthandler
import math
import os
import threading
import time
from collections.abc import Callable
from typing import TypeVarTuple

_PR_GET_PDEATHSIG = 2
_LOOK_SECONDS = 0.5
_Given = TypeVarTuple("_Given")
_ends_at = math.inf


def end_within(seconds: float) -> None:
    """End this process in ``seconds`` whatever hangs, and say on stderr where every thread stood.

    The earliest of several orders counts. The timer is a thread of C that needs no interpreter lock, so that even
    a lock that is never released cannot hold it up. Nothing happens when the process ends by itself before.
    """
    global _ends_at
    if (at := time.monotonic() + seconds) < _ends_at:
        _ends_at = at
        faulthandler.dump_traceback_later(seconds, exit=True)


def end_with_parent(seconds: float) -> None:
    """End at most ``seconds`` after the parent's death, if the parent asked for it (Linux: PR_SET_PDEATHSIG)."""
    if _dies_with_parent():
        threading.Thread(target=_watch, args=(os.getppid(), seconds), daemon=True, name="last resort").start()


class StoppingLoop(asyncio.SelectorEventLoop):
    """An event loop on which every stop signal also starts the clock of the last resort."""

    stop_seconds = 23.0

    def add_signal_handler(self, sig: int, callback: Callable[[*_Given], object], *args: *_Given) -> None:
        """Call ``callback`` on ``sig``, and end within `stop_seconds` from then on."""

        def stop() -> None:
            end_within(self.stop_seconds)
            callback(*args)

        super().add_signal_handler(sig, stop)


def _dies_with_parent() -> bool:
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    found = ctypes.c_int(0)
    return prctl is not None and prctl(_PR_GET_PDEATHSIG, ctypes.byref(found), 0, 0, 0) == 0 and found.value != 0


def _watch(parent: int, seconds: float) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    end_within(seconds)
