"""Pluralis: the desk from which a team runs its company's accounts on X, Mastodon and Bluesky."""

__version__ = "0.1.0"
