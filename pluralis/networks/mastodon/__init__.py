"""Mastodon, and the other servers that speak its API."""

from pathlib import Path

from pluralis.networks.contract import Network
from pluralis.networks.mastodon.connector import MastodonConnector

NETWORK = Network(
    name="mastodon",
    title="Mastodon",
    connector=MastodonConnector(),
    default_host="https://mastodon.social",
    many_hosts=True,
    icon="mastodon",
    guide=str(Path(__file__).with_name("README.md")),
)
