"""X, by API v2. How to get keys stands in README.md, the prices in prices.json."""

from pathlib import Path

from pluralis.networks.contract import Network
from pluralis.networks.x.connector import XConnector
from pluralis.networks.x.pricing import price

__all__ = ["NETWORK", "XConnector", "price"]

NETWORK = Network(
    name="x",
    title="X",
    connector=XConnector(),
    default_host="https://api.x.com",
    many_hosts=False,
    icon="x",
    guide=str(Path(__file__).with_name("README.md")),
    same_text_days=30,
    repeats_need_own_text=True,
)
