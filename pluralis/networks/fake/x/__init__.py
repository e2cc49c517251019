"""The fake X: API v2 in both dialects, OAuth 1.0a and 2.0, and pages for people."""

from pluralis.networks.fake.x.network import FakeX

__all__ = ["FakeX"]
