"""The fake networks' memory: what people, posts, keys and tokens there are outlives the process.

A demo that is stopped and started goes on where it was: its accounts' keys are still known, and its history has
the ids it had, so that nothing comes in twice. Each part of a network names its lasting attributes in ``KEPT``;
all networks of a process are one file, written whole (0600), a moment after an accepted write and at the stop.
"""

import io
import os
import pickle
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from pluralis.networks.fake.network import FakeNetwork

OUR_OWN = "pluralis.networks.fake."
# What the standard library adds to our own data classes; nothing here can run a command.
_PLAIN = {("builtins", "set"), ("datetime", "datetime"), ("datetime", "timezone"), ("datetime", "timedelta")}
_PLAIN |= {("random", "Random"), ("_codecs", "encode"), ("copyreg", "_reconstructor"), ("builtins", "object")}
SECONDS_BETWEEN = 3.0
# A big world takes longer to write; it is then written less often, so that this share of the time at most goes to it.
MOST_OF_THE_TIME = 0.05


class Lasting(Protocol):
    """A part of a network with attributes that outlive the process."""

    KEPT: ClassVar[tuple[str, ...]]


class UnreadableMemory(Exception):
    """The file is not one of ours, or damaged; the message says what to do."""


class _OurOwn(pickle.Unpickler):
    """Reads our own data classes and plain values, and refuses everything else."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _PLAIN or (module.startswith(OUR_OWN) and "." not in name):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} has no place in the memory of a fake network")


class Memory:
    """The file that holds what the networks of one process know."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._written = b""
        self._writes: dict[str, int] = {}
        self._at = 0.0
        self._took = 0.0

    def recall(self, networks: Iterable["FakeNetwork"]) -> set[str]:
        """Give the networks back what they knew; return the names of those that knew something.

        Raises ``UnreadableMemory``; the networks are untouched then.
        """
        if not self.path.exists():
            return set()
        try:
            known = {name: _read(content) for name, content in _read(self.path.read_bytes()).items()}
        except (pickle.UnpicklingError, EOFError, AttributeError, ImportError, IndexError, TypeError) as wrong:
            raise UnreadableMemory(f"{self.path} cannot be read ({wrong}). Move it away to begin anew.") from wrong
        return {network.name for network in networks if _give_back(network, known.get(network.name, {}))}

    def keep_when_due(self, networks: Sequence["FakeNetwork"]) -> None:
        """Write the file if a write was accepted since the last time, or if some seconds have passed."""
        writes = {network.name: network.ledger.last for network in networks}
        now = time.monotonic()
        accepted = writes != self._writes
        if now - self._at < max(0.0 if accepted else SECONDS_BETWEEN, self._took / MOST_OF_THE_TIME):
            return
        self.keep(networks)
        self._writes, self._at, self._took = writes, now, time.monotonic() - now

    def keep(self, networks: Iterable["FakeNetwork"]) -> None:
        """Write the file now, unless nothing changed."""
        content = pickle.dumps({network.name: _taken_down(network) for network in networks})
        if content != self._written:
            _replace(self.path, content)
            self._written = content


def _read(content: bytes) -> Any:
    return _OurOwn(io.BytesIO(content)).load()


def _taken_down(network: "FakeNetwork") -> bytes:
    """Return what one network knows; whole at one instant, because requests are answered under the same lock."""
    with network.world.lock:
        parts = network.lasting().items()
        return pickle.dumps({name: {kept: getattr(part, kept) for kept in part.KEPT} for name, part in parts})


def _give_back(network: "FakeNetwork", known: Mapping[str, Mapping[str, Any]]) -> bool:
    with network.world.lock:
        for name, part in network.lasting().items():
            for kept, value in known.get(name, {}).items():
                if kept in part.KEPT:
                    _complete(value)
                    setattr(part, kept, value)
    return bool(known)


def _complete(value: Any) -> None:
    """Give fields that a newer version added their defaults, in every data class of a table."""
    if isinstance(value, dict | list):
        for row in value.values() if isinstance(value, dict) else value:
            _complete(row)
    elif is_dataclass(value):
        for field in fields(value):
            if not hasattr(value, field.name) and field.default is not MISSING:
                object.__setattr__(value, field.name, field.default)
            elif is_dataclass(getattr(value, field.name, None)):
                _complete(getattr(value, field.name))


def _replace(path: Path, content: bytes) -> None:
    """Write the file so that a crash leaves the old one or the new one; ``mkstemp`` makes it 0600."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as unfinished:
            unfinished.write(content)
            unfinished.flush()
            os.fsync(unfinished.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
