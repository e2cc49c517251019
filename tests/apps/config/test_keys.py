"""The keys of an instance: private, made once, told apart from damage."""

import json
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from pluralis.config.keys import FILE, Keys, KeysError, new_field_key


def test_the_first_start_makes_private_keys_and_the_second_keeps_them(tmp_path: Path) -> None:
    first = Keys.ensure(tmp_path)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert Keys.ensure(tmp_path) == first
    assert len(first.secret_key) >= 32


def test_a_new_key_is_one_that_fernet_takes() -> None:
    key = Fernet(new_field_key())
    assert key.decrypt(key.encrypt(b"token")) == b"token"


def test_keys_that_others_can_read_are_refused_with_the_remedy(tmp_path: Path) -> None:
    Keys.ensure(tmp_path)
    (tmp_path / FILE).chmod(0o644)
    with pytest.raises(KeysError, match="chmod 600"):
        Keys.read(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"secret_key": "x"}', '{"secret_key": 1, "field_keys": 2}'])
def test_a_damaged_file_is_never_replaced_silently(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content)
    (tmp_path / FILE).chmod(0o600)
    with pytest.raises(KeysError, match="cannot be read"):
        Keys.ensure(tmp_path)
    assert (tmp_path / FILE).read_text() == content


def test_the_order_of_keys_is_kept_newest_first(tmp_path: Path) -> None:
    keys = [new_field_key() for _ in range(3)]
    (tmp_path / FILE).write_text(json.dumps({"secret_key": "s" * 40, "field_keys": keys}))
    (tmp_path / FILE).chmod(0o600)
    assert Keys.read(tmp_path).field_keys == tuple(keys)


@pytest.mark.parametrize("key", ["", "short", "é" * 44, "A" * 43, "A" * 60])
def test_what_is_no_fernet_key_is_named_by_its_place(key: str) -> None:
    assert Keys.problems_of((new_field_key(), key)) == ["FIELD_KEYS: key 2 is no Fernet key."]
