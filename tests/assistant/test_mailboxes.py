"""Whose mailbox it is: no command, no file and no removal makes somebody's own mail everybody's."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant.access import Access
from assistant.events import Event
from assistant.lookup import Lookup
from assistant.mailboxes import FILES, Mailboxes
from assistant.settings import MailboxSettings, Settings
from assistant.watching import Watcher
from rules.terms.errors import MailboxPersonal, NotFound, UnknownName, WrongUse
from rules.terms.mail import Mailbox, MailboxKind
from rules.terms.staff import Role, Staff, Viewer
from storage.pool import Pool
from tests.fakes import QUICK
from tests.storage.making import mail

OWN = Mailbox("mine", host="h", user="u", owner="anna")
SHARED = Mailbox("mine", host="h", user="u")


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    """A pool with anna's mailbox and one mail in it."""
    pool = Pool.create(f"sqlite:///{tmp_path}/pool.sqlite", str(tmp_path / "blobs"))
    with pool.begin() as work:
        work.mailboxes.put(OWN)
        work.messages.add([mail(mailbox="mine")])
    yield pool
    pool.close()


def mailboxes(pool: Pool, folder: Path, **declared: str | None) -> Mailboxes:
    """What can be done, with one mailbox in kingpost.toml where fields of it are given."""
    named = (MailboxSettings.model_validate({"host": "h", "user": "u", "name": "mine", **declared}),)
    return Mailboxes(Settings(home=folder, mailbox=named if declared else ()), pool)


def readers(pool: Pool) -> set[str]:
    """Who may read the mail."""
    access, lookup = Access(pool, hasher=QUICK), Lookup(pool, ZoneInfo("Europe/Berlin"))

    def may(viewer: Viewer) -> bool:
        try:
            return bool(lookup.mail(viewer, 1).message.text)
        except NotFound:
            return False

    return {login for login in ("anna", "bert") if may(access.viewer(Staff(login, "", Role.ADMIN)))}


def test_a_personal_mailbox_is_added_again_by_its_owner_only(pool: Pool, tmp_path: Path) -> None:
    boxes = mailboxes(pool, tmp_path)
    for other in (SHARED, Mailbox("mine", host="h", user="u", owner="bert")):
        with pytest.raises(MailboxPersonal, match="Name anna as its owner"):
            boxes.add(other, "secret")
    assert readers(pool) == {"anna"}
    boxes.add(OWN, "another")
    assert boxes.login(OWN) == "another"


def test_the_mail_of_a_removed_mailbox_stays_its_owners(pool: Pool, tmp_path: Path) -> None:
    boxes = mailboxes(pool, tmp_path)
    boxes.remove("mine")
    assert readers(pool) == {"anna"}
    with pytest.raises(MailboxPersonal):
        boxes.add(SHARED, "secret")
    with pytest.raises(MailboxPersonal):
        mailboxes(pool, tmp_path, owner="bert").declare()
    assert readers(pool) == {"anna"}
    assert boxes.all() == []
    boxes.add(OWN, "secret")
    assert readers(pool) == {"anna"}


@pytest.mark.parametrize("owner", [None, "bert"])
def test_kingpost_toml_cannot_take_a_mailbox_from_its_owner(pool: Pool, tmp_path: Path, owner: str | None) -> None:
    mailboxes(pool, tmp_path, owner="anna").declare()
    changed = mailboxes(pool, tmp_path, owner=owner)
    with pytest.raises(MailboxPersonal, match="kingpost mailbox share mine"):
        changed.declare()
    assert readers(pool) == {"anna"}
    if owner:
        with pytest.raises(WrongUse, match="take that line out"):
            changed.share("mine")
    mailboxes(pool, tmp_path, owner=None).share("mine")
    changed.declare()
    assert readers(pool) == ({owner} if owner else {"anna", "bert"})


@pytest.mark.parametrize("removed", [False, True])
def test_sharing_opens_a_mailbox_and_frees_its_name(pool: Pool, tmp_path: Path, removed: bool) -> None:
    boxes = mailboxes(pool, tmp_path)
    if removed:
        boxes.remove("mine")
    boxes.share("mine")
    boxes.add(SHARED, "secret")
    assert readers(pool) == {"anna", "bert"}
    with pytest.raises(UnknownName):
        boxes.share("nobody")


def test_the_mailbox_of_files_is_its_own(pool: Pool, tmp_path: Path) -> None:
    boxes = mailboxes(pool, tmp_path)
    with pytest.raises(WrongUse, match="Choose another name"):
        boxes.add(Mailbox("files", host="h", user="u"), "secret")
    assert boxes.add_files() == FILES
    kept = Mailbox("files", MailboxKind.FILES, members=frozenset({"anna"}))
    with pool.begin() as work:
        work.mailboxes.put(kept)
    assert boxes.add_files() == kept


def test_mail_by_file_does_not_open_a_mailbox_that_has_its_name(pool: Pool, tmp_path: Path) -> None:
    """Before the name was kept, an account could be added under it."""
    account = Mailbox("files", host="h", user="u", owner="anna")
    with pool.begin() as work:
        work.mailboxes.put(account)
    with pytest.raises(WrongUse, match="another mailbox has it"):
        mailboxes(pool, tmp_path).add_files()
    assert account in mailboxes(pool, tmp_path).all()


def test_a_watcher_says_nothing_more_of_a_mailbox_that_was_removed(pool: Pool, tmp_path: Path) -> None:
    told: list[Event] = []
    watcher = Watcher(OWN, "secret", pool, None, None, told.append, lambda name: False)  # type: ignore[arg-type]
    mailboxes(pool, tmp_path).remove("mine")
    watcher._health()
    assert told == []
    with pool.read() as work:
        assert work.mailboxes.health() == {}
