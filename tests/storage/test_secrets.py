"""Passwords are sealed with a key that is nobody else's."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from rules.terms.errors import KeyUnfit
from storage.secrets import VARIABLE, Vault


@pytest.fixture(autouse=True)
def no_key_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


def test_a_secret_comes_back(tmp_path: Path) -> None:
    key_file = tmp_path / "pool" / "kingpost.key"
    sealed = Vault(key_file).seal("Straße & 🎁")
    assert "Straße".encode() not in sealed
    assert Vault(key_file).open(sealed) == "Straße & 🎁"
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert list(key_file.parent.iterdir()) == [key_file]


def test_a_key_of_the_environment_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, Fernet.generate_key().decode() + "\n")
    vault = Vault(tmp_path / "key")
    sealed = vault.seal("x")
    assert vault.open(sealed) == "x"
    assert not (tmp_path / "key").exists()
    monkeypatch.delenv(VARIABLE)
    with pytest.raises(KeyUnfit, match="key"):
        vault.open(sealed)


def test_a_wrong_key_or_damage_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = Vault(tmp_path / "one").seal("x")
    with pytest.raises(KeyUnfit):
        Vault(tmp_path / "two").open(sealed)
    with pytest.raises(KeyUnfit):
        Vault(tmp_path / "one").open(sealed[:-5] + b"AAAA=")
    monkeypatch.setenv(VARIABLE, "much too short")
    with pytest.raises(KeyUnfit) as raised:
        Vault(tmp_path / "one").seal("x")
    assert VARIABLE in str(raised.value)
    assert VARIABLE in raised.value.text("de")


def test_all_who_need_the_key_first_use_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        sealed = list(threads.map(lambda _: Vault(tmp_path / "key").seal("x"), range(16)))
    assert {Vault(tmp_path / "key").open(one) for one in sealed} == {"x"}
