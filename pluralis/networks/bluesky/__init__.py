"""Bluesky and every other server of the AT Protocol."""

from pathlib import Path

from pluralis.networks.bluesky.connector import BlueskyConnector
from pluralis.networks.contract import Network

NETWORK = Network(
    name="bluesky",
    title="Bluesky",
    connector=BlueskyConnector(),
    default_host="https://bsky.social",
    many_hosts=True,
    icon="bluesky",
    guide=str(Path(__file__).with_name("README.md")),
)
