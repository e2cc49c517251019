"""The fake Mastodon: the API of one instance, its page of consent, and pages for people."""

from pluralis.networks.fake.mastodon.network import FakeMastodon

__all__ = ["FakeMastodon"]
