"""Which networks there are: our own, one line each, and those installed beside us by entry point."""

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

from pluralis.networks.contract import Network

BUILT_IN = (
    "pluralis.networks.x",
    "pluralis.networks.mastodon",
    "pluralis.networks.bluesky",
)
GROUP = "pluralis.networks"


@cache
def networks() -> dict[str, Network]:
    """Return every network by name, built-in ones first. A third party's module has a ``NETWORK`` like ours."""
    modules = [import_module(name) for name in BUILT_IN]
    modules += [point.load() for point in entry_points(group=GROUP)]
    return {module.NETWORK.name: module.NETWORK for module in modules}


def network(name: str) -> Network:
    """Return the network called ``name``; ``KeyError`` names the ones there are."""
    known = networks()
    if name not in known:
        raise KeyError(f"unknown network {name!r}; known: {', '.join(known)}")
    return known[name]
