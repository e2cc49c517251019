"""Named places on the road out where the crash tests kill or freeze the process.

In production no hook is set and :func:`reach` is one comparison. The names are declared here so that a test can
demand that every one of them is really passed.
"""

from collections.abc import Callable

NAMES = (
    "claim.before",
    "claim.before_commit",
    "claim.after_commit",
    "send.before_upload",
    "send.after_upload",
    "send.after_metadata",
    "send.before_write",
    "send.after_write",
    "send.after_answer",
    "record.before",
    "record.before_commit",
    "record.after_commit",
    "thread.before_next",
    "refresh.before_call",
    "refresh.after_answer",
    "refresh.after_commit",
    "reconcile.before_read",
    "reconcile.between_reads",
    "reconcile.before_record",
)

_hook: Callable[[str], None] | None = None


def set_hook(hook: Callable[[str], None] | None) -> None:
    """Call ``hook(name)`` at every fail-point from now on; ``None`` takes it away."""
    global _hook
    _hook = hook


def reach(name: str) -> None:
    """Mark that the process stands at the fail-point ``name``."""
    if _hook is not None:
        _hook(name)
