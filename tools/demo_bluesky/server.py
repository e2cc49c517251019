"""The ground of `make demo-bluesky`: the real PDS on a folder that survives, two accounts, a line that loses answers.

Killed and started again on the same folder, everything comes back under the same addresses: the server, its
accounts and their posts, and the line. Only the process that calls :func:`open_demo` keeps it running.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tools.bluesky_full.running import FullBluesky
from tools.demo_bluesky.losing_proxy import LosingProxy, every
from tools.pds.running import Pds, PdsAccount

NAMES = ("norlune", "dana")


@dataclass(frozen=True)
class Comparison:
    """What differs between the texts we meant, by record key, and what stands. All empty: every row stands once."""

    missing: tuple[str, ...]
    different: tuple[str, ...]
    extra: tuple[str, ...]
    doubled: tuple[str, ...]

    @property
    def is_exact(self) -> bool:
        """True when every row stands exactly once and nothing else does."""
        return not (self.missing or self.different or self.extra or self.doubled)


@dataclass(frozen=True)
class Demo:
    """The running demo: connect to ``host``; ``norlune`` is our account, ``dana`` writes to us from outside."""

    pds: Pds
    line: LosingProxy
    norlune: PdsAccount
    dana: PdsAccount

    @property
    def host(self) -> str:
        """The address to connect accounts to: the line that loses answers."""
        return self.line.origin

    @property
    def private_origins(self) -> tuple[str, ...]:
        """What the address guard must be told to allow: the line alone, so that nothing goes past it."""
        return (self.line.origin,)

    def compare(self, meant: Mapping[str, str]) -> Comparison:
        """Compare texts by record key with the server's own record list (``com.atproto.repo.listRecords``)."""
        standing = {key: str(record["value"]["text"]) for key, record in self.pds.records(self.norlune.did).items()}
        wanted, found = Counter(meant.values()), Counter(standing.values())
        return Comparison(
            missing=tuple(sorted(meant.keys() - standing.keys())),
            different=tuple(sorted(key for key in meant.keys() & standing.keys() if meant[key] != standing[key])),
            extra=tuple(sorted(standing.keys() - meant.keys())),
            doubled=tuple(sorted(text for text, times in found.items() if times > max(1, wanted[text]))),
        )


@contextmanager
def open_demo(folder: Path, *, lose_every: int = 3, full: bool = False) -> Iterator[Demo]:
    """Start or continue the demo in ``folder``; ``lose_every=0`` loses nothing.

    ``full`` runs the whole network with its app view (see ``tools/bluesky_full``), which is new with every start.
    Raises ``tools.pds.setup.Missing`` when the servers are not to be had on this machine.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with FullBluesky() if full else Pds(folder / "pds") as pds:
        accounts = _made(pds) if full else _accounts(pds, folder / "accounts.json")
        loses = every(lose_every) if lose_every else lambda number, path: False
        with LosingProxy(pds.origin, loses, port=_kept_port(folder / "line")) as line:
            _keep(folder / "line", str(line.port))
            yield Demo(pds, line, accounts["norlune"], accounts["dana"])


def _accounts(pds: Pds, file: Path) -> dict[str, PdsAccount]:
    if file.exists():
        return {name: PdsAccount(**fields) for name, fields in json.loads(file.read_text()).items()}
    made = _made(pds)
    _keep(file, json.dumps({name: asdict(account) for name, account in made.items()}))
    return made


def _made(pds: Pds) -> dict[str, PdsAccount]:
    return {name: pds.create_account(name) for name in NAMES}


def _kept_port(file: Path) -> int:
    return int(file.read_text()) if file.exists() else 0


def _keep(file: Path, content: str) -> None:
    """Write a file whole or not at all, readable by its owner only."""
    fresh = file.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(content)
    fresh.replace(file)
