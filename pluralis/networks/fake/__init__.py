"""A fake network on loopback that ships with Pluralis: for the demo, the tests and the crash proof.

It speaks the real networks' HTTP, has a seeded community, keeps a ledger of every write it accepted, and has
moods: it can drop, delay, refuse and lie as the real ones do. Nothing outside this folder depends on it.
"""

from pluralis.networks.fake.clock import Clock
from pluralis.networks.fake.ledger import Entry, Ledger
from pluralis.networks.fake.moods import MOODS, Mood, Moods
from pluralis.networks.fake.network import FakeNetwork
from pluralis.networks.fake.server import FakeServer

__all__ = ["MOODS", "Clock", "Entry", "FakeNetwork", "FakeServer", "Ledger", "Mood", "Moods"]
