"""Every connector of ours passes the one contract suite."""

from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from pluralis.networks.registry import BUILT_IN
from tests.networks.harness import NAMES, Harness, open_harness

CASES = ("suite", "attachments", "uploads")
pytest.register_assert_rewrite(*(f"tests.networks.contract_{name}" for name in CASES))

from tests.networks.contract_suite import *  # noqa: E402, F403 (the cases, collected here)


@pytest.fixture(params=NAMES)
def harness(request: pytest.FixtureRequest) -> Iterator[Harness]:
    with open_harness(request.param) as opened:
        yield opened


def test_no_registered_connector_is_without_a_harness() -> None:
    built = {name.rsplit(".", 1)[-1] for name in BUILT_IN if find_spec(name)}
    assert built <= set(NAMES)
