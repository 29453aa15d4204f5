"""Another key for what is sealed: whatever happens in between, everything can be opened."""

import threading
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import LargeBinary

from assistant.erased import PURPOSE, Digests
from assistant.key_changing import change_key
from assistant.mailboxes import Mailboxes
from assistant.outbox import Outbox
from assistant.settings import OutgoingSettings, PoolSettings, Settings
from rules.terms.errors import KeyUnfit, PoolFull, WrongUse
from rules.terms.mail import Mailbox
from storage.columns import metadata
from storage.pool import Pool
from storage.sealed import SEALED, Sealed
from storage.secrets import VARIABLE, Vault
from tests.assistant.keeping import Office

OFFICE, SALES = Mailbox("office", host="h", user="u"), Mailbox("sales", host="h", user="u")


@pytest.fixture(autouse=True)
def no_key_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    outgoing = OutgoingSettings(host="h", user="u", sender="a@b.example")
    return Settings(home=tmp_path, pool=PoolSettings(key_file="key"), outgoing=outgoing)


@pytest.fixture
def pool(office: Office, settings: Settings) -> Pool:
    """A pool, on SQLite and on PostgreSQL, with every kind of secret in it."""
    mailboxes = Mailboxes(settings, office.pool)
    mailboxes.add(OFFICE, "geheim-1")
    mailboxes.add(SALES, "geheim-2")
    Outbox(office.pool, settings).set_password("geheim-3")
    return office.pool


def opened(pool: Pool, settings: Settings) -> list[object]:
    """All secrets, with the key as it lies there now."""
    mailboxes = Mailboxes(settings, pool)
    return [*(mailboxes.login(box) for box in (OFFICE, SALES)), Outbox(pool, settings)._password()]


ALL = ["geheim-1", "geheim-2", "geheim-3"]


def test_everything_is_sealed_anew_and_the_old_key_opens_nothing(
    pool: Pool, settings: Settings, tmp_path: Path
) -> None:
    old = (tmp_path / "key").read_bytes()
    digests = Digests(Vault(tmp_path / "key"))
    of_erika = digests.address("erika@example.org")
    assert change_key(settings, pool, 0) == 3
    assert opened(pool, settings) == ALL
    now = (tmp_path / "key").read_bytes()
    assert old.strip() not in now
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "key").write_bytes(old)
    with pytest.raises(KeyUnfit):
        opened(pool, settings)
    (tmp_path / "key").write_bytes(now)
    # Whoever was erased stays known by the same digest, also after another change.
    assert change_key(settings, pool, 0) == 3
    after = Digests(Vault(tmp_path / "key"))
    assert (after.address("erika@example.org"), after.key) == (of_erika, digests.key)


@pytest.mark.parametrize("step", ["begin", "first", "second", "end"])
def test_killed_at_any_step_both_keys_open_and_the_next_try_ends_it(
    pool: Pool, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    class Killed(BaseException):
        pass

    def dies(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as broken:
        if step == "begin":
            broken.setattr(Vault, "resealed", dies)
        elif step == "first":
            broken.setattr("assistant.key_changing.time.sleep", dies)
        elif step == "second":
            broken.setattr("assistant.key_changing.time.sleep", lambda _: broken.setattr(Sealed, "renew", dies))
        else:
            broken.setattr(Vault, "end_change", dies)
        with pytest.raises(Killed):
            change_key(settings, pool, 0)
    assert opened(pool, settings) == ALL
    Mailboxes(settings, pool).set_password("office", "geheim-4")
    change_key(settings, pool, 0)
    assert opened(pool, settings) == ["geheim-4", *ALL[1:]]
    assert len([line for line in (tmp_path / "key").read_text().splitlines() if "derived" not in line]) == 1


def test_what_is_sealed_with_the_old_key_meanwhile_is_sealed_anew(
    pool: Pool, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = Vault(tmp_path / "key").seal("geheim-5")

    def stores(_: float) -> None:
        with pool.begin() as work:
            work.mailboxes.set_secret("sales", late)

    monkeypatch.setattr("assistant.key_changing.time.sleep", stores)
    change_key(settings, pool)
    assert opened(pool, settings)[1] == "geheim-5"


def test_readers_and_writers_go_on_meanwhile(pool: Pool, settings: Settings) -> None:
    stop, failures = threading.Event(), []

    def reads() -> None:
        try:
            while not stop.is_set():
                assert opened(pool, settings) == ALL
        except BaseException as error:  # noqa: BLE001 — told below
            failures.append(error)

    reader = threading.Thread(target=reads)
    reader.start()
    for _ in range(5):
        change_key(settings, pool, 0.05)
    stop.set()
    reader.join()
    assert failures == []


def test_a_pool_that_takes_nothing_keeps_both_keys(
    pool: Pool, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise PoolFull(url="x", reason="y")

    with monkeypatch.context() as broken:
        broken.setattr(Sealed, "renew", full)
        with pytest.raises(PoolFull):
            change_key(settings, pool, 0)
    assert opened(pool, settings) == ALL


def test_a_key_of_the_environment_is_changed_by_a_person(
    pool: Pool, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, Fernet.generate_key().decode())
    with pytest.raises(WrongUse, match=VARIABLE):
        change_key(settings, pool, 0)


def test_a_secret_that_no_key_opens_is_told_before_the_old_key_goes(pool: Pool, settings: Settings) -> None:
    with pool.begin() as work:
        work.mailboxes.set_secret("sales", Fernet(Fernet.generate_key()).encrypt(b"x"))
    with pytest.raises(KeyUnfit):
        change_key(settings, pool, 0)
    assert Mailboxes(settings, pool).login(OFFICE) == "geheim-1"
    assert len(Vault(settings.path("key")).derived(PURPOSE)) == 32


def test_whatever_is_stored_as_bytes_is_sealed_and_gets_the_new_key() -> None:
    """A new table with secrets has to be named in storage.sealed."""
    bare = {
        column for table in metadata.tables.values() for column in table.columns if isinstance(column.type, LargeBinary)
    }
    assert bare == {secret for _, secret in SEALED}
