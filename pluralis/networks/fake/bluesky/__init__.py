"""The fake Bluesky: what the real server cannot show on a small machine (app view, messages) and its bad moods.

Publishing is proven on the real server; this one stands in where that is too heavy, or too well behaved.
"""

from pluralis.networks.fake.bluesky.network import FakeBluesky

__all__ = ["FakeBluesky"]
