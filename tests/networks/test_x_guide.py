"""The guide that a newcomer reads tells what the code does."""

import json
import re
from pathlib import Path

from pluralis.networks.x import NETWORK
from pluralis.networks.x.connector import SCOPES

FOLDER = Path(NETWORK.guide).parent
GUIDE = Path(NETWORK.guide).read_text(encoding="utf-8")
PRICES = json.loads((FOLDER / "prices.json").read_text(encoding="utf-8"))


def test_its_prices_are_those_of_the_list_and_carry_its_date() -> None:
    told = {f"{float(amount):.3f}" for amount in re.findall(r"\$(\d+\.\d+)", GUIDE)}
    lines = ("create_post", "create_post_with_url", "create_summoned_reply", "read_own")
    assert told == {PRICES[line] for line in lines}
    assert PRICES["as_of"] in GUIDE


def test_it_names_every_key_setting_and_value_that_the_code_reads() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.py"))
    settings = set(re.findall(r'settings\.get\("(\w+)"\)', code)) | {"premium"}
    assert settings == set(re.findall(r"^\| `(\w+)` \|", GUIDE, re.MULTILINE))
    for value in ("self-serve", "enterprise", "tweet", "post", "chunked"):
        assert f"`{value}`" in GUIDE


def test_it_says_which_rights_the_app_needs() -> None:
    assert "Read and write and Direct message" in GUIDE
    for right in ("dm.read", "dm.write", "media.write", "mute.write", "offline.access", "tweet.write"):
        assert right in SCOPES.split()


def test_a_price_is_an_amount_with_three_digits() -> None:
    amounts = {name: value for name, value in PRICES.items() if name.split("_")[0] in ("create", "read", "delete")}
    assert len(amounts) == 10
    assert all(re.fullmatch(r"\d\.\d{3}", amount) for amount in amounts.values())
