"""The pages speak of the product alone: no folder of a machine, no private host, no address that nobody can open."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, pages

# Folders of one person's or one machine's; what any system has (/var/lib, /srv, /opt) may be named.
MACHINE = re.compile(r"(?<![\w.])/(?:work|home|Users|tmp|mnt|workspace|data)/\S*|[A-Z]:\\\\")
PRIVATE = re.compile(
    r"\b(?:10\.\d+|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+\b|\.(?:internal|intranet|corp|lan)\b"
)
HOST = re.compile(r"https?://(\w+(?:[.-]\w+)*)")
KNOWN = {
    "localhost", "127.0.0.1", "bsky.app", "developer.x.com", "keepachangelog.com", "semver.org", "www.apache.org",
}  # fmt: skip
READ = [*pages(), ROOT / "NOTICE"]


def is_known(host: str) -> bool:
    return host in KNOWN or host.endswith(("example.org", ".example", "example.com"))


@pytest.mark.parametrize("page", READ, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_no_machine_and_no_private_host(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert MACHINE.findall(text) == []
    assert PRIVATE.findall(text) == []
    assert [host for host in HOST.findall(text) if not is_known(host)] == []


@pytest.mark.parametrize(
    "words", ["/home/dana/notes", "see /tmp/x", "at 10.0.0.7", "http://build.corp/", "/data/keys"]
)
def test_the_reader_finds_what_it_looks_for(words: str) -> None:
    hosts = [host for host in HOST.findall(words) if not is_known(host)]
    assert MACHINE.findall(words) or PRIVATE.findall(words) or hosts


@pytest.mark.parametrize("words", ["/var/lib/pluralis", "docs/data/x", "https://desk.example.org", "version 10.0.0"])
def test_the_reader_lets_common_words_pass(words: str) -> None:
    assert not MACHINE.findall(words)
    assert not PRIVATE.findall(words)
    assert all(is_known(host) for host in HOST.findall(words))
